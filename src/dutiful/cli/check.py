"""`dutiful check`: does an answer do what an instruction asks? A filter for scripts and CI."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from dutiful.cli.shared import NOT_FOLLOWED

if TYPE_CHECKING:
    from dutiful.kit.constraints import Finding
    from dutiful.kit.constraints.parse import Parsed

_SHOWN = 5
"""Breaks of one requirement that are shown; --json has all."""


@click.command()
@click.argument("instruction")
@click.option("--answer", type=click.Path(dir_okay=False), help="the file with the answer [default: standard input]")
@click.option("--loose", is_flag=True, help="pass also without the first line, the last line or asterisks, as IFEval does")
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
def check(instruction: str, answer: str | None, loose: bool, as_json: bool) -> None:
    """Checks an answer against the requirements in an instruction.

    Says which requirements were understood, which are met, and where the answer breaks them. What sounds like a
    requirement but was not understood is named, too: it is not checked. Exit code: 0 all met, 1 not all met, 2 nothing
    was understood or there is no answer.

    \b
    Examples:
      dutiful check "Describe the lamp in under 80 words, in two bullet points, no hashtags." < answer.txt
      dutiful check "Answer in lower case and do not use commas." --answer answer.txt --json
    """
    from dutiful.kit import constraints
    from dutiful.kit.constraints.conflicts import conflict
    from dutiful.kit.constraints.parse import parse, unread

    text = _read(answer)
    understood = parse(instruction)
    missed = unread(instruction, understood)
    if not understood:
        hint = f"; not understood: {'; '.join(repr(one.text) for one in missed)}" if missed else ""
        raise click.UsageError(
            f"no requirement that code can check was found in {instruction!r}{hint}. `dutiful check -h` shows examples"
        )
    verify = constraints.loose if loose else constraints.check
    found = [(one, verify(one.constraint, text)) for one in understood]
    clash = conflict([constraints.rule(one.constraint) for one in understood])
    passed = all(finding.passed for _, finding in found)
    if as_json:
        import msgspec

        report = {
            "passed": passed,
            "requirements": [_row(one, finding, text) for one, finding in found],
            "not_understood": [one._asdict() for one in missed],
            "conflict": clash,
        }
        click.echo(msgspec.json.format(msgspec.json.encode(report), indent=2).decode())
    else:
        _tell(found, text, answer or "answer")
        for one in missed:
            click.echo(f"warning: not understood, not checked: {one.text!r}", err=True)
        if clash:
            click.echo(f"warning: no answer can meet all of this: {clash}", err=True)
    sys.exit(0 if passed else NOT_FOLLOWED)


def _read(path: str | None) -> str:
    """The answer, without the line ends after it."""
    if path is None and sys.stdin.isatty():
        raise click.UsageError("no answer: pipe it in (`... < answer.txt`) or name its file with --answer FILE")
    try:
        data = open(path, "rb").read() if path else sys.stdin.buffer.read()  # noqa: PTH123, SIM115
        text = data.decode("utf-8-sig").replace("\r\n", "\n").rstrip("\n")
    except OSError as error:
        raise click.UsageError(f"cannot read the answer: {error}") from error
    except UnicodeDecodeError as error:
        raise click.UsageError(f"the answer is no UTF-8 text ({error}); convert it first, for example with iconv") from error
    if not text.strip():
        raise click.UsageError("the answer is empty")
    return text


def _tell(found: list[tuple[Parsed, Finding]], text: str, name: str) -> None:
    """One line a requirement, and one a place that breaks it: NAME:LINE:COLUMN."""
    for one, finding in found:
        mark = click.style("met    ", fg="green") if finding.passed else click.style("NOT MET", fg="red", bold=True)
        said = " ".join(one.constraint.wording.split())
        click.echo(f"{mark}  {said}\n         {one.constraint.kind}: {finding.evidence}")
        if finding.passed:
            continue
        for start, end in finding.spans[:_SHOWN]:
            line, column = _place(text, start)
            click.echo(f"         {name}:{line}:{column}: {_excerpt(text, start, end)}")
        if len(finding.spans) > _SHOWN:
            click.echo(f"         and {len(finding.spans) - _SHOWN} more places")
    met = sum(finding.passed for _, finding in found)
    click.echo(f"{met} of {len(found)} requirements met")


def _row(one: Parsed, finding: Finding, text: str) -> dict[str, Any]:
    constraint = one.constraint
    breaks = [
        dict(zip(("line", "column"), _place(text, start), strict=True), start=start, end=end, excerpt=_excerpt(text, start, end))
        for start, end in ([] if finding.passed else finding.spans)
    ]
    return {
        "kind": constraint.kind,
        "params": constraint.params,
        "said": constraint.wording,
        "start": one.start,
        "end": one.end,
        "passed": finding.passed,
        "evidence": finding.evidence,
        "breaks": breaks,
    }


def _place(text: str, at: int) -> tuple[int, int]:
    """Line and column of a character, both from 1."""
    return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1


def _excerpt(text: str, start: int, end: int) -> str:
    """What stands there, on one line; with a little around it when it is short."""
    around = 20 if end - start < 20 else 0
    low = max(text.rfind("\n", 0, start) + 1, start - around)
    stop = text.find("\n", end)
    high = min(len(text) if stop < 0 else stop, end + around)
    said = " ".join(text[low:high].split())
    before = "..." if text[:low].rpartition("\n")[2] else ""
    after = "..." if len(said) > 80 or text[high:].partition("\n")[0] else ""
    return before + said[:80] + after


__all__ = ["check"]
