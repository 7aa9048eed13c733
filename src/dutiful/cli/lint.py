"""`dutiful lint-agent`: reads the code of an agent for eight kinds of defects. A check for scripts and CI."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from dutiful.cli.shared import NOT_FOLLOWED, WRONG_COMMAND

if TYPE_CHECKING:
    from dutiful.kit.agentlint import Report


@click.command("lint-agent")
@click.argument("path", type=click.Path())
@click.option("--only", help="defects to look for, comma-separated: TRE,ALS [default: all]")
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
def lint_agent(path: str, only: str | None, as_json: bool) -> None:
    """Reads the code of an agent for defects: nothing is run, no model is asked.

    Looks for models not made for chat (ADAL), calls that the client refuses (LARD), words parsed without protection (LPE), loops
    without a bound (MNFT), tools without a description (ITEI) or without an answer (TRE), stop words that tools say (ALS), and
    packages at odds (EPDD). Exit code: 0 none found, 1 some found, 2 the code cannot be read, in whole or in part: what
    goes through an unknown framework is never called clean.

    \b
    Examples:
      dutiful lint-agent my_agent/
      dutiful lint-agent agent.py --only TRE,LPE --json
    """
    from dutiful.kit.agentlint import lint

    report = lint(path, [name.strip().upper() for name in only.split(",")] if only else ())
    if as_json:
        import msgspec

        shown = {"status": report.status, **msgspec.to_builtins(report)}
        click.echo(msgspec.json.format(msgspec.json.encode(shown), indent=2).decode())
    else:
        _tell(report)
    sys.exit(NOT_FOLLOWED if report.findings else WRONG_COMMAND if report.not_analysed else 0)


def _tell(report: Report) -> None:
    """One finding a line, then what it means, then what was not looked at."""
    from dutiful.kit.agentlint import DEFECTS

    for finding in report.findings:
        mark = click.style(finding.defect, fg="red", bold=True)
        second = f" (see {finding.also})" if finding.also else ""
        click.echo(f"{finding.file}:{finding.line}: {mark} {finding.subject}: {finding.evidence}{second}")
    for defect in sorted({finding.defect for finding in report.findings}):
        click.echo(f"  {defect}: {DEFECTS[defect]}")
    for place, why in sorted(report.not_analysed.items()):
        click.echo(f"not analysed: {'' if place == '.' else f'{place}: '}{why}", err=True)
    through = f", models through {', '.join(report.frameworks)}" if report.frameworks else ""
    click.echo(f"{report.status}: {len(report.findings)} findings in {report.files} files{through}")


__all__ = ["lint_agent"]
