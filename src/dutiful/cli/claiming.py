"""claims, judge: what holds, and how it is judged."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click
from tabulate import tabulate

from dutiful.cli.shared import NOT_FOLLOWED, names, store_option

if TYPE_CHECKING:
    from dutiful.core.claim import Claim


@click.command()
@click.argument("wanted", nargs=-1)
@click.option("--out", type=click.Path(path_type=Path), help="folder for the results [default: the library's own]")
@click.option("--resume", is_flag=True, help="keeps the episodes of a measurement that was broken off")
def claims(wanted: tuple[str, ...], out: Path | None, resume: bool) -> None:
    """Measures claims of published systems, by number or name; without any, lists them and how they came out.

    Each inequality was fixed before it was measured, and each claim has a control that must fail. Exits with 1 when a claim
    is not shown in full, 130 when interrupted (--resume goes on).

    \b
    Examples:
      dutiful claims
      dutiful claims 030
      dutiful claims decrim --out my-results
    """
    from dutiful import lab
    from dutiful.claims import measuring
    from dutiful.core.errors import UnknownPart
    from dutiful.core.parts import make, registry

    known = registry("claim")
    folder = out or measuring.RESULTS
    if not wanted:
        rows = []
        for name, claim in sorted(known.items(), key=lambda item: item[1].card.system):
            result = measuring.read(claim.card.system, folder)
            rows.append(
                (
                    claim.card.system,
                    name,
                    cast("type[Claim]", claim).cost,
                    result.status if result else "not measured",
                    claim.card.summary,
                )
            )
        click.echo(tabulate(rows, headers=["system", "claim", "cost", "status", "says"], disable_numparse=True, maxcolwidths=80))
        return
    numbers = {claim.card.system: name for name, claim in known.items()}
    chosen = [numbers.get(each, each) for each in wanted]
    if unknown := [each for each in chosen if each not in known and ":" not in each]:
        raise UnknownPart("claim", unknown[0], [*known, *numbers])
    whole = True
    for name in chosen:
        claim = make("claim", name)
        click.echo(f"{claim.card.system} {name}: {claim.card.summary}", err=True)
        store = Path(".dutiful") / "claims" / f"{claim.card.name}.db"
        store.parent.mkdir(parents=True, exist_ok=True)
        if not resume:
            for left in store.parent.glob(f"{store.name}*"):
                left.unlink()
        laboratory = lab.Laboratory(store, lab.Terminal(), lambda text: click.echo(f"  {text}", err=True))
        try:
            result = measuring.measure(claim, laboratory, lambda each: click.echo(f"  {measuring.line(each)}", err=True))
        finally:
            laboratory.close()
        kept = measuring.write(result, folder)
        click.echo(f"{result.system} {name}: {result.status}, {result.seconds:.0f} s, kept in {kept.name}")
        whole = whole and result.status == "shown"
    sys.exit(0 if whole else NOT_FOLLOWED)


@click.command()
@click.argument("run", required=False)
@click.option("--judge", "-j", "judges", multiple=True, default=("outcome",), show_default=True, shell_complete=names("judge"))
@store_option
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def judge(run: str | None, judges: tuple[str, ...], store: str, as_json: bool) -> None:
    """Judges a finished run (the last, when none is named) by one or several judges, and prints their figures.

    Episodes that ended in error are left out, and counted.

    \b
    Examples:
      dutiful judge my-run -j outcome -j "rules?mode=loose"
    """
    import msgspec

    from dutiful import lab
    from dutiful.core.parts import make

    with lab.Store(store, create=False) as kept:
        rows = kept.episodes(kept.run(run))
        groups = {label: [kept.episode(row) for row in group if not row.error] for label, group in lab.grouped(rows).items()}
    with contextlib.ExitStack() as stack:
        made = {spec: make("judge", spec) for spec in judges}
        for by in made.values():
            stack.callback(getattr(by, "close", lambda: None))  # those that ask a model
        found = {spec: [figure for group in groups.items() for figure in lab.judge(by, *group)] for spec, by in made.items()}
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found)).decode())
        return
    table = [
        (spec, figure.name, f"{figure.value:.3g}", f"[{figure.low:.3g}, {figure.high:.3g}]", figure.n)
        for spec, figures in found.items()
        for figure in figures
    ]
    click.echo(tabulate(table, headers=["judge", "figure", "value", "95% interval", "n"], disable_numparse=True))
    if errors := sum(bool(row.error) for row in rows):
        click.echo(f"{errors} episodes ended in error and were not judged")
