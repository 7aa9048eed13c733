"""Writes the generated parts of README and docs from the cards, the commands' help and what was measured.

    python docs/generate.py            writes them
    python docs/generate.py --check    exits with 1 when one of them is stale (the tests call this)

A generated part stands between `<!-- generated: NAME -->` and `<!-- end -->`.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
from tabulate import tabulate

from dutiful.claims import measuring
from dutiful.cli import main
from dutiful.core.parts import KINDS, parameters, registry

ROOT = Path(__file__).parent.parent
PAGES = ("README.md", "docs/parts.md", "docs/cli.md", "docs/results.md", "docs/claims.md", "docs/constraints.md")


def markdown(rows: list[list[str]], headers: list[str]) -> str:
    return tabulate(rows, headers=headers, tablefmt="github", disable_numparse=True)


def parts() -> str:
    """One table a kind, from the cards."""
    blocks = []
    for kind in KINDS:
        rows = [
            [
                f"`{name}`",
                part.card.summary,
                ", ".join(sorted(part.card.capabilities)),
                " ".join(f"`[{x}]`" for x in part.card.needs),
            ]
            for name, part in registry(kind).items()
        ]
        if rows:
            blocks.append(f"### {kind}\n\n" + markdown(rows, ["name", "what it is", "can", "needs"]))
    return "\n\n".join(blocks)


def pages() -> str:
    """What every part says of itself, with its parameters."""
    blocks = []
    for kind in KINDS:
        for name, part in registry(kind).items():
            lines = [f"### `{name}` ({kind})", inspect.cleandoc(part.__doc__ or "")]
            if settings := {key: p for key, p in parameters(part).items() if key != "variant"}:
                lines.append("Parameters: " + ", ".join(f"`{key}={p.default}`" for key, p in settings.items()))
            if part.card.source:
                lines.append(f"Source: {part.card.source}")
            blocks.append("\n\n".join(lines))
    return "\n\n".join(blocks)


def summary() -> str:
    """How many parts there are of each kind."""
    rows = [[kind, ", ".join(f"`{name}`" for name in registry(kind))] for kind in KINDS if registry(kind)]
    return markdown(rows, ["kind", "parts"])


def commands() -> str:
    """The help of every command."""

    def walk(command: click.Command, path: list[str]) -> Iterator[str]:
        context = click.Context(command, info_name=" ".join(path), max_content_width=110, terminal_width=110)
        yield f"## {' '.join(path)}\n\n```\n{command.get_help(context)}\n```"
        if isinstance(command, click.Group):
            for name, sub in command.commands.items():
                yield from walk(sub, [*path, name])

    return "\n\n".join(walk(main, ["dutiful"]))


def measured() -> str:
    """Success on the test splits, one table a file of docs/results."""
    blocks = []
    for file in sorted((ROOT / "docs/results").glob("*.json")):
        result = json.loads(file.read_text())
        rows = [
            [
                f"`{row['world']}`",
                f"`{row['agent']}`",
                f"`{row['model']}`" if row["model"] else "",
                f"**{row['success']:.1%}** [{row['low']:.1%}, {row['high']:.1%}]",
                str(row["episodes"]),
                f"{row['steps']:.1f}",
                f"{row['read']:.0f} / {row['reused']:.0f} / {row['written']:.0f}",
                str(row["errors"]),
            ]
            for row in result["rows"]
        ]
        headers = [
            "world",
            "agent",
            "model",
            "success, 95% interval",
            "episodes",
            "steps",
            "tokens read / reused / written",
            "errors",
        ]
        note = f"\n\n{result['note']}" if result.get("note") else ""
        blocks.append(f"### {result['title']}\n\n{markdown(rows, headers)}\n\n`{result['command']}`, {result['date']}.{note}")
    return "\n\n".join(blocks) or "Nothing measured yet."


def systems() -> str:
    """The published systems: their parts, from the cards, and how their claims came out, from the results."""
    found: dict[str, list[str]] = {}
    for kind in KINDS:
        for name, part in registry(kind).items():
            if part.card.system and kind != "claim":
                found.setdefault(part.card.system, []).append(f"{kind} `{name}`")
    claims = {claim.card.system: claim for claim in registry("claim").values()}
    rows = []
    for system in sorted({*found, *claims}):
        claim, result = claims.get(system), measuring.read(system)
        mains = [each for each in result.evidence if not each.control] if result else []
        held = f"{sum(each.holds for each in mains)} of {len(mains)}"
        held += ", scripted in part" if result and result.stands_in else ""
        rows.append(
            [
                f"{system} {claim.card.name if claim else ''}".strip(),
                claim.card.summary if claim else "",
                ("" if not claim else f"**{result.status}** ({held})" if result else "not measured"),
                ", ".join(found.get(system, [])),
            ]
        )
    headers = ["system", "claim", "came out (inequalities that hold)", "parts"]
    return markdown(rows, headers) if rows else "None yet."


def claims() -> str:
    """Every claim in full: evidence, controls, notes, what is beyond it, command."""
    blocks = []
    for name, claim in sorted(registry("claim").items(), key=lambda item: item[1].card.system):
        result = measuring.read(claim.card.system)
        lines = [f"### {claim.card.system} `{name}`: {result.status if result else 'not measured'}", claim.card.summary]
        if result:
            lines.append("\n".join(f"- {measuring.line(each)}" for each in result.evidence))
            lines.append("\n".join(f"- {note}" for note in result.notes))
            lines.append(f"`{result.command}`, {result.date}, {result.seconds:.0f} s on {result.machine}.")
            lines.append(f"A scripted model stands in: {result.stands_in}." if result.stands_in else "")
            lines.append(f"Beyond this claim: {result.beyond}" if result.beyond else "")
        blocks.append("\n\n".join(filter(None, lines)))
    return "\n\n".join(blocks) or "None yet."


def benches() -> str:
    """The measurements against the named peers, from bench/results."""
    rows = []
    for file in sorted((ROOT / "bench/results").glob("*.json")):
        result = json.loads(file.read_text())
        for row in result.get("rows", [result]):
            head = {**result, **row}
            if "what" not in head:  # a curve that a claim reads, no comparison
                continue
            rows.append(
                [
                    f"{head['what']} (`{head['name']}`)" if "/" in head["name"] else head["what"],
                    _number(head.get("ours"), head.get("unit", "")),
                    f"{_number(head.get('peer'), head.get('unit', ''))} {head.get('peer_name', '')}".strip(),
                    _number(head.get("ratio")),
                    str(head.get("bound", "")),
                    {True: "yes", False: "**no**", None: ""}[head["holds"]],
                    f"`{head['command']}`",
                ]
            )
    return markdown(rows, ["what", "ours", "peer", "ratio", "bound", "holds", "command"]) if rows else "Nothing measured yet."


def _number(value: float | None, unit: str = "") -> str:
    return "" if value is None else f"{value:.3g} {unit}".strip()


def constraints() -> str:
    """Every type of requirement, a table a family."""
    from dutiful.kit.constraints import TYPES

    blocks = []
    for family in dict.fromkeys(rule.family for rule in TYPES.values()):
        rows = [
            [
                f"`{kind}`",
                ", ".join(f"`{name}`" for name in rule.__struct_fields__),
                (rule.__doc__ or "").split("\n\n")[0].replace("\n", " ").replace("|", "\\|"),
                rule.wordings[0].replace("|", "\\|"),
                f"`{rule.same_as}`" if rule.same_as else "",
            ]
            for kind, rule in TYPES.items()
            if rule.family == family
        ]
        blocks.append(f"### {family}\n\n" + markdown(rows, ["type", "parameters", "met by", "said as", "same as"]))
    return "\n\n".join(blocks)


GENERATORS: dict[str, Callable[[], str]] = {
    "parts": parts,
    "pages": pages,
    "summary": summary,
    "commands": commands,
    "measured": measured,
    "benches": benches,
    "systems": systems,
    "claims": claims,
    "constraints": constraints,
}


def fill(text: str) -> str:
    """The page with its generated parts made anew; raises KeyError for a name that nothing generates."""
    pattern = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
    return pattern.sub(lambda m: f"{m[1]}\n{GENERATORS[m[2]]()}\n\n{m[3]}", text)


def stale() -> list[str]:
    """The pages whose generated parts are not what they would be now."""
    return [page for page in PAGES if fill((ROOT / page).read_text()) != (ROOT / page).read_text()]


if __name__ == "__main__":
    if "--check" in sys.argv:
        if old := stale():
            sys.exit(f"stale: {', '.join(old)}; run: make docs")
    else:
        for page in PAGES:
            (ROOT / page).write_text(fill((ROOT / page).read_text()))
