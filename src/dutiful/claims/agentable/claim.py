"""111 Agentable: rules over the code of agents find eight kinds of defects, and leave sound agents alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import dutiful
from dutiful.claims.agentable.baselines import Hit, grep, ruff
from dutiful.claims.agentable.corpus import Program, programs
from dutiful.claims.evidence import Measured, at_least, at_most, difference, mean
from dutiful.core.claim import Claim, Evidence
from dutiful.core.parts import Card
from dutiful.kit.agentlint import DEFECTS, check, lint


class AgentableClaim(Claim):
    """12 held-out agents, with eight mutants each and a harmless edit beside each mutant; the rules were written on 12 others.

    A mutant counts as found when a finding of its defect names the line of the injection, as one of its two places. Every other
    finding is false. The bounds are those of the entry; the intervals of shares are Wilson's. The first measurement, before
    anything was tried on a held-out agent, found 92 of 96 mutants [0.898, 0.984] with no false finding; three of the four causes
    were mended then (a generator inside `join`, an argument by its place, a call of a call), so that later figures are not blind.
    """

    card = Card(
        kind="claim",
        name="agentable",
        system="111",
        summary="rules over a graph of the code find eight kinds of defects of agents, with few false alarms, better than patterns do",  # noqa: E501
        source="arXiv 2412.18371",
    )
    cost = "quick"
    beyond = (
        "What takes a reader: whether a tool's description tells what its code does, whether an unknown model is fit. Defects "
        "in real projects: the paper has 84 of them, these agents are our own and small."
    )

    def measure(self, lab: Any) -> Iterator[Evidence]:
        held = list(programs("heldout"))
        ours = {p.name: [Hit(f.defect, *_nearest(p, f)) for f in check(p.sources).findings] for p in held}
        patterns = {p.name: grep(p.sources) for p in held}
        linter = ruff({p.name: p.sources for p in held})
        mutants = [p for p in held if p.defect]
        twins = [p for p in held if not p.defect]
        found = [float(hits(p, ours[p.name])) for p in mutants]
        yield at_least("recall on held-out mutants, by line", mean(found), 0.9)
        right = [float(within(p, hit)) for p in held for hit in ours[p.name]]
        yield at_least("precision of all findings on held-out programs", mean(right), 0.9)
        yield at_most("clean twins with a finding", mean([float(bool(ours[p.name])) for p in twins]), 0.05)
        for name, baseline in (("grep", patterns), ("the linter", linter)):
            gain = difference(scores(held, ours), scores(held, baseline), sorted({p.agent for p in held}))
            yield at_least(f"F1 over that of {name}, by agent", gain, 0.2)
        library = lint(Path(dutiful.__file__).parent / "agents")
        per_file = defaultdict(int, {f.file: 0 for f in library.findings})
        for finding in library.findings:
            per_file[finding.file] += 1
            lab.note(f"our own: {finding.defect} {finding.file}:{finding.line} {finding.evidence}")
        counts = [float(count) for count in per_file.values()] + [0.0] * (library.files - len(per_file))
        yield at_most(
            "findings in a file of our own agents", Measured(mean(counts, list(range(len(counts)))).interval, len(counts)), 0.0
        )
        flagged = [float(any(hit.file == p.file and hit.line == p.line for hit in ours[p.name])) for p in twins if p.edit]
        yield at_least("harmless edits found, as mutants would be", mean(flagged), 0.9, control=True)
        lab.note(f"our own agents: {library.files} files, {library.status}, model calls through {', '.join(library.frameworks)}")
        for defect in DEFECTS:
            of = [p for p in mutants if p.defect == defect]
            lab.note(f"{defect}: {sum(hits(p, ours[p.name]) for p in of)} of {len(of)} found")
        for p, hit in ((p, hit) for p in held for hit in ours[p.name] if not within(p, hit)):  # noqa: B020
            lab.note(f"false: {p.name} {hit.defect} {hit.file}:{hit.line}")
        lab.note(f"missed: {', '.join(p.name for p in mutants if not hits(p, ours[p.name])) or 'none'}")
        for name, all_hits in (("rules", ours), ("grep", patterns), ("linter", linter)):
            recall = sum(hits(p, all_hits[p.name]) for p in mutants) / len(mutants)
            alarms = [within(p, hit) for p in held for hit in all_hits[p.name]]
            clean = sum(bool(all_hits[p.name]) for p in twins) / len(twins)
            lab.note(
                f"{name}: recall {recall:.3f}, precision {sum(alarms) / max(1, len(alarms)):.3f}, clean twins flagged {clean:.3f}"
            )


def _nearest(program: Program, finding: Any) -> tuple[str, int]:
    """The place of a finding: its second one, where that is the label."""
    label = f"{program.file}:{program.line}"
    return (program.file, program.line) if finding.also == label else (finding.file, finding.line)


def hits(program: Program, found: Sequence[Hit]) -> bool:
    """Whether the injected defect is among the findings, with its line."""
    return Hit(program.defect, program.file, program.line) in found


def within(program: Program, hit: Hit) -> bool:
    """Whether a finding is of the injected defect, in the lines that the injection laid open."""
    return (
        bool(program.defect)
        and hit.defect == program.defect
        and hit.file == program.file
        and program.line <= hit.line <= max(program.line, program.end)
    )


def scores(held: Sequence[Program], found: Mapping[str, Sequence[Hit]]) -> list[float]:
    """F1 of each agent's programs, in the order of the agents' names."""
    values: list[float] = []
    for agent in sorted({p.agent for p in held}):
        of = [p for p in held if p.agent == agent]
        mutants = [p for p in of if p.defect]
        recall = sum(hits(p, found[p.name]) for p in mutants) / len(mutants)
        alarms = [within(p, hit) for p in of for hit in found[p.name]]
        precision = sum(alarms) / len(alarms) if alarms else 0.0
        values.append(2 * precision * recall / (precision + recall) if precision + recall else 0.0)
    return values


__all__ = ["AgentableClaim"]
