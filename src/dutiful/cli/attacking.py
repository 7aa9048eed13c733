"""attack: how far an agent is led astray, and what a defence is worth."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from tabulate import tabulate

from dutiful.cli.shared import NOT_FOLLOWED, STORE, agent_option, model_option, names

if TYPE_CHECKING:
    from dutiful.core.agent import Agent
    from dutiful.core.attack import Attack
    from dutiful.core.records import Figure
    from dutiful.core.world import World
    from dutiful.lab import Laboratory


@click.command()
@click.argument("world", shell_complete=names("world"))
@agent_option
@model_option
@click.option(
    "--attack", "by", default="injection", show_default=True, shell_complete=names("attack"), help="an attack on worlds"
)
@click.option("--defence", "-d", shell_complete=names("attack"), help="a defence of agents: tags; measured beside the bare agent")
@click.option("--tasks", "-n", default=20, show_default=True, help="tasks a seed takes from the split")
@click.option("--seeds", default=1, show_default=True, help="how many seeds; each takes tasks of its own")
@click.option("--split", default="test", show_default=True)
@click.option("--workers", default=8, show_default=True, help="episodes that go on at once")
@click.option(
    "--store", default=STORE, show_default=True, type=click.Path(), help="keeps the episodes; asked again, they are not run again"
)
def attack(
    world: str,
    agent: str,
    model: str | None,
    by: str,
    defence: str | None,
    tasks: int,
    seeds: int,
    split: str,
    workers: int,
    store: str,
) -> None:
    """Runs an agent in a clean world and under attack, and prints how far it is led astray.

    In dialogues a third run asks the injected question openly, for an agent that cannot answer it cannot be led to. PDR is
    the share of the accuracy that is lost (lower is better), IDR the share of answers that are the user's (higher is better).
    Exits with 1 when the attack succeeded at least once against the agent, or the defended one where there is a defence.

    \b
    Examples:
      dutiful attack rag/facts -m embedded
      dutiful attack "rag/facts?k=1&retriever=gold" -a act+layout -m embedded --attack "injection?family=ignore" -d tags
      dutiful attack text/home -a act -m "embedded?adapter=home" --attack "injection?relevance=irrelevant"
    """
    import dutiful
    from dutiful import lab
    from dutiful.core.parts import build

    place, attacker = dutiful.world(world), build(by, "attack")
    bare = dutiful.agent(agent, dutiful.model(model) if model else None)
    followers = {"bare": bare} | ({f"with {defence}": build(defence, "attack").apply(bare)} if defence else {})
    laboratory = lab.Laboratory(store, lab.Terminal())
    plan = dict(tasks=tasks, seeds=seeds, split=split, workers=workers)
    rows, astray = [], 0.0
    try:
        for label, follower in followers.items():
            figures = measure(laboratory, follower, place, attacker, plan)
            astray = next(figure.value for figure in figures if figure.name == "attack succeeded")
            rows += [(label, f.name, f"{f.value:.3f}", f"[{f.low:.3f}, {f.high:.3f}]", f.n) for f in figures]
    finally:
        laboratory.close()
        if bare.model:
            bare.model.close()
    click.echo(tabulate(rows, headers=["agent", "figure", "value", "95% interval", "n"], disable_numparse=True))
    sys.exit(NOT_FOLLOWED if astray else 0)


def measure(lab: Laboratory, agent: Agent, world: World, attack: Attack, plan: dict) -> list[Figure]:
    """The figures of one agent: accuracies and rates in a dialogue, elsewhere the shares that passed; how often it succeeded."""
    from dutiful.judges import Robustness
    from dutiful.kit.figures import share

    attacked_world = attack.apply(world)
    clean, attacked = (lab.episodes(agent, place.spec, **plan) for place in (world, attacked_world))
    if world.can("dialogue") and hasattr(attack, "openly"):
        openly = lab.episodes(agent, attack.openly(world).spec, **plan)  # type: ignore[attr-defined]
        figures = list(Robustness().report([*clean, *openly, *attacked]))
    else:
        pairs = (("passed, clean", clean), ("passed, attacked", attacked))
        figures = [share(name, [episode.passed for episode in some]) for name, some in pairs]
    return [*figures, share("attack succeeded", [attack.succeeded(episode) for episode in attacked])]
