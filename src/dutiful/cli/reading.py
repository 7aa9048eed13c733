"""compare, show: what came out."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click
from tabulate import tabulate

from dutiful.cli.shared import store_option

if TYPE_CHECKING:
    from dutiful.core.records import Episode
    from dutiful.lab import Row, RunInfo


@click.command()
@click.argument("runs", nargs=-1)
@store_option
@click.option("--baseline", help="what the others are compared with [default: the first]")
@click.option("--pairwise", is_flag=True, help="all with all")
@click.option("--slices", is_flag=True, help="also where they differ: by tags of the tasks, starred where it stands out")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def compare(runs: tuple[str, ...], store: str, baseline: str | None, pairwise: bool, slices: bool, as_json: bool) -> None:
    """Sets agents side by side, paired by task: interval, McNemar, correction for several looks, power.

    Without arguments the last run. A winner is named only when the interval does not cross zero.

    \b
    Examples:
      dutiful compare
      dutiful compare plain taught --store dutiful.db
    """
    import msgspec

    from dutiful import lab
    from dutiful.core.errors import StoreError

    with lab.Store(store, create=False) as kept:
        groups: dict[str, list[lab.Row]] = {}
        infos = [kept.run(name) for name in runs] or [kept.run()]
        for info in infos:
            for label, rows in lab.grouped(kept.episodes(info)).items():
                groups[f"{info.name}: {label}" if len(runs) > 1 else label] = rows
        if len(groups) < 2:
            raise StoreError(
                f"there is only {', '.join(groups) or 'nothing'}: name two runs, or a run of several agents or models"
            )
        comparisons = lab.compare_all(groups, baseline=baseline, pairwise=pairwise, runs=infos)
        sides = [[[kept.episode(r) for r in groups[side] if not r.error] for side in (c.a, c.b)] for c in comparisons if slices]
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode([comparison.json() for comparison in comparisons])).decode())
    else:
        click.echo(lab.render_comparison(comparisons))
        for comparison, (a, b) in zip(comparisons, sides, strict=False):
            click.echo(f"\n{comparison.b} less {comparison.a}, by slice:\n{lab.render_slices(lab.sliced(a, b))}")


@click.command()
@click.argument("what", required=False)
@store_option
@click.option("--prompts", is_flag=True, help="also the words that went to the model, each with its source")
def show(what: str | None, store: str, prompts: bool) -> None:
    """Prints an episode as a person would read it; without a number, the runs; with a run's name, its episodes.

    \b
    Examples:
      dutiful show
      dutiful show my-run
      dutiful show 17
    """
    from dutiful import lab

    with lab.Store(store, create=False) as kept:
        if what is None:
            click.echo(_runs(kept.runs()))
        elif what.isdigit():
            episode = kept.episode(int(what))
            click.echo(lab.render(episode, colour=sys.stdout.isatty()))
            if prompts:
                click.echo(_prompts(episode))
        else:
            click.echo(_episodes(kept.episodes(kept.run(what))))


def _runs(runs: list[RunInfo]) -> str:
    rows = [
        (run.name, run.state, f"{run.done}/{run.cells}", run.errors, time.strftime("%Y-%m-%d %H:%M", time.localtime(run.created)))
        for run in runs
    ]
    return tabulate(rows, headers=["run", "state", "done", "errors", "begun"], disable_numparse=True)


def _episodes(found: list[Row]) -> str:
    rows = [
        (r.id, r.error or ("passed" if r.passed else "failed"), r.steps, f"{r.agent} {r.model}".strip(), r.task, r.instruction)
        for r in found
    ]
    return tabulate(rows, headers=["episode", "verdict", "steps", "who", "task", "instruction"])


def _prompts(episode: Episode) -> str:
    """The last prompt of the episode, span by span: one that only grows holds all the others."""
    spans = next(iter(reversed(episode.prompts())), ())
    return "\n".join(["", "the last prompt, with the source of each span:", *(f"{s.source.name:>7} | {s.text}" for s in spans)])
