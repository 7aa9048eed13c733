"""demo, run, eval: episodes come about."""

from __future__ import annotations

import sys
from typing import Any

import click

from dutiful.cli.shared import (
    FAILED,
    NOT_FOLLOWED,
    agent_option,
    in_store,
    limit_options,
    limits_of,
    model_option,
    names,
    store_option,
)


@click.command()
@store_option
@click.option("--tasks", default=6, show_default=True, help="tasks of the closing table")
def demo(store: str, tasks: int) -> None:
    """Follows instructions in a household, step by step, and ends with a table of success.

    Offline, on the embedded model: first the taught one live, then random choice, the model as it comes and the taught one
    on the same tasks of the test split.

    \b
    Example:
      dutiful demo
    """
    from dutiful.cli.demonstration import demonstrate

    demonstrate(store, tasks)


@click.command()
@click.argument("world", shell_complete=names("world"))
@click.argument("instruction", required=False)
@agent_option
@model_option
@click.option("--seed", default=0, show_default=True, help="lays out the place around the instruction, and seeds the agent")
@click.option("--split", default="test", show_default=True, help="where a task comes from when no instruction is given")
@click.option("--task", default=0, show_default=True, help="which task of the split")
@store_option
@limit_options
def run(
    world: str, instruction: str | None, agent: str, model: str | None, seed: int, split: str, task: int, store: str, **given: Any
):
    """Follows one instruction, step by step: your own words, or a task of the world.

    Exits with 0 when it was followed, 1 when not, 3 when something broke.

    \b
    Examples:
      dutiful run text/home "put the red cup on the desk" --agent act --model embedded
      dutiful run grid "go to the red ball, then pick up the key" --agent expert
      dutiful run text/home --task 3 --model "embedded?adapter=home"
    """
    import dutiful
    from dutiful.cli.watching import follow, keep

    place = dutiful.world(world)
    wanted = place.ground(instruction, seed) if instruction else place.tasks(split)[task]
    follower = dutiful.agent(agent, dutiful.model(model) if model else None)
    episode = follow(follower, wanted, place, seed, limits_of(given))
    click.echo(f"kept in {store}: dutiful show {keep(store, episode)}{in_store(store)}")
    sys.exit(FAILED if episode.error else 0 if episode.passed else NOT_FOLLOWED)


@click.command("eval")
@click.argument("worlds", nargs=-1, required=True, shell_complete=names("world"))
@click.option(
    "--agent",
    "-a",
    "agents",
    multiple=True,
    default=("act",),
    show_default=True,
    shell_complete=names("agent"),
    help="an agent with its slots; several: -a act -a react",
)
@click.option("--model", "-m", "models", multiple=True, shell_complete=names("model"), help="a model; several: -m A -m B")
@click.option("--tasks", "-n", default=20, show_default=True, help="tasks a seed takes from the split")
@click.option("--seeds", default=1, show_default=True, help="how many seeds; each takes tasks of its own")
@click.option("--same-tasks", is_flag=True, help="every seed runs the same tasks (for agents that sample)")
@click.option("--split", default="test", show_default=True)
@click.option("--workers", default=8, show_default=True, help="episodes that go on at once")
@click.option("--name", help="the run's name [default: made from the date]")
@click.option("--resume", is_flag=True, help="goes on with the run of this name (or the last one) where it stopped")
@click.option("--stall", default=300.0, show_default=True, help="seconds without a step after which an episode is given up")
@click.option("--save", type=click.Path(), help="also writes the table as JSON, with command, versions and date")
@store_option
@limit_options
def evaluate(
    worlds: tuple[str, ...], agents: tuple[str, ...], models: tuple[str, ...], store: str, save: str | None, **given: Any
):
    """Runs agents x models x worlds x seeds, keeps every episode, and prints a table with intervals.

    Interrupted or killed, it goes on with --resume: nothing finished is lost or run twice. Exits with 3 when episodes
    ended in error, 130 when interrupted.

    \b
    Examples:
      dutiful eval text/home -a act -a random -m embedded --tasks 20 --seeds 5
      dutiful eval grid/GoToLocal -a policy -a expert --tasks 100 --workers 2 --name grid
      dutiful eval grid/GoToLocal -a policy -a expert --tasks 100 --workers 2 --name grid --resume
    """
    from dutiful import lab
    from dutiful.cli.watching import save_summary

    with lab.Store(store) as kept:
        if given["resume"] and given["name"] is None:
            given["name"] = kept.run().name
        done = lab.run(kept, agents, models, worlds, limits=limits_of(given), progress=lab.Terminal(), **given)
        table = lab.summary(done.rows)
        click.echo(f"\n{lab.render_summary(table)}\n")
        again = f"dutiful eval ... --name {done.name} --resume" if done.state == "interrupted" else f"dutiful compare {done.name}"
        click.echo(f"run {done.name} is {done.state} in {store}; next: {again}{in_store(store)}")
        if save:
            save_summary(save, table)
    if done.state == "interrupted":
        sys.exit(130)
    sys.exit(FAILED if done.errors else 0)
