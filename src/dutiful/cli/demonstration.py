"""The demo: a language model follows instructions in a household, then a table with intervals."""

from __future__ import annotations

import time

import click
import msgspec

import dutiful
from dutiful import lab
from dutiful.cli.watching import follow
from dutiful.models.embedded.model import ADAPTERS

WORLD = "text/home"
SHOWN = 3
WORKERS = 4
LIMITS = dutiful.Limits(steps=30)


def demonstrate(store: str, tasks: int) -> None:
    """Shows the taught model at work, then sets it beside chance and the model as it comes, on the same tasks."""
    taught = msgspec.json.decode((ADAPTERS / "home.json").read_bytes())
    world = dutiful.world(WORLD)
    model = dutiful.model("embedded?adapter=home")
    agent = dutiful.agent(taught["agent"], model)
    click.echo(f"A language model of 135 million parameters follows instructions in a household ({WORLD}), offline.")
    click.echo("It was taught on demonstrations of other homes; these tasks ask for combinations it has never seen.\n")
    for task in _of_different_kinds(world, SHOWN):
        follow(agent, task, world, 0, LIMITS)
    click.echo(f"Now three followers on the same {tasks} tasks of the test split:\n")
    name = f"demo-{time.strftime('%Y-%m-%d-%H%M%S')}"
    followers = [dutiful.agent("random"), dutiful.agent(taught["agent"], dutiful.model("embedded")), agent]
    with lab.Store(store) as kept:
        done = lab.run(
            kept, followers, [], WORLD, tasks=tasks, limits=LIMITS, name=name, workers=WORKERS, progress=lab.Terminal()
        )
        click.echo(f"\n{lab.render_summary(lab.summary(done.rows))}\n")
        click.echo(f"Every episode is kept in {store}: dutiful show {name}, dutiful compare {name} --pairwise")


def _of_different_kinds(world: dutiful.World, n: int) -> list[dutiful.Task]:
    found: dict[str, dutiful.Task] = {}
    for task in world.tasks("test"):
        found.setdefault(task.setup.get("kind", task.id), task)
        if len(found) == n:
            break
    return list(found.values())
