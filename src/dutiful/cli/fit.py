"""fit: an agent is taught."""

from __future__ import annotations

from pathlib import Path

import click

from dutiful.cli.shared import agent_option, model_option, names


@click.command()
@click.argument("learner", shell_complete=names("learner"))
@click.option(
    "--world",
    "-w",
    "worlds",
    multiple=True,
    required=True,
    shell_complete=names("world"),
    help="where it learns; several: -w A -w B",
)
@agent_option
@model_option
@click.option("--demos", default=400, show_default=True, help="episodes that the world's expert demonstrates, train split")
@click.option("--seed", default=0, show_default=True)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="where the artefact goes, without its suffix; an interrupted fit resumes there",
)
def fit(learner: str, worlds: tuple[str, ...], agent: str, model: str | None, demos: int, seed: int, out: Path) -> None:
    """Teaches an agent from a world's own demonstrations.

    The artefact comes with a card: data, command, seed, versions, time, curve. Interrupted, the same command goes on.

    \b
    Examples:
      dutiful fit lora -w text/home --model embedded --demos 400 --out adapters/home
      dutiful fit "imitate?minutes=15" -w grid/GoToLocal --agent "policy?weights=" --out policies/local
    """
    import dutiful

    teacher = dutiful.build(learner, "learner")
    student = dutiful.agent(agent, dutiful.model(model) if model else None)
    places = [dutiful.world(world) for world in worlds]
    taught = teacher.fit(student, teacher.gather(student, places, demos, seed), out, progress=_say)
    for place in places:
        place.close()
    click.echo(f"taught: --agent {taught.spec!r}" + (f" --model {taught.model.spec!r}" if taught.model else ""))


def _say(what: str, figures: dict) -> None:
    shown = ", ".join(f"{key} {value:.4g}" if isinstance(value, float) else f"{key} {value}" for key, value in figures.items())
    click.echo(f"{what}: {shown}" if shown else what)
