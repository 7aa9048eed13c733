"""043 PIPA: does a profile of the process tell faults apart that the outcome does not show?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dutiful.agents.clerk import FAULTS
from dutiful.claims.evidence import Measured, at_least, at_most, difference, mean, note, tasks
from dutiful.core.claim import Claim, Evidence
from dutiful.core.parts import Card
from dutiful.core.records import Episode
from dutiful.judges.pipa import COMPLETION, PROFILE, Pipa, explained, profile
from dutiful.kit.statistics import mcnemar

OWN = {
    "intent": "state consistency",
    "premature": "tool efficiency",
    "repeats": "tool efficiency",
    "misreports": "observation alignment",
    "confirmation": "policy adherence",
    "stops": COMPLETION,
}
"""The metric that each planted fault should move."""
DIALOGUES, SEEDS = 50, 5
SAMPLE = 40
"""Units that the embedded model is asked about, each twice."""


class PipaClaim(Claim):
    """Clerks with one planted fault each against the clean one on the same 50 dialogues of `tools/desk` a seed, five seeds.

    Bounds of the entry: a fault moves its own metric by 15 points or more and each of the other four by 5 or fewer (the one with
    the highest upper end is shown); task completion separates at most 3 of the 6 (here: McNemar, p < 0.05 on the 50 dialogues
    of a seed). Ours: of a clean clerk's failures with a customer who errs, nine in ten are put down to the customer.
    Controls: completion shows the misreports, and the clean clerk in other words moves a metric. Beside it the embedded model
    judges single units; its kappa with code is a note, for the entry holds it too weak to judge.
    """

    card = Card(
        kind="claim",
        name="pipa",
        system="043",
        summary="agents fail at different stages, which five process metrics show and task completion alone does not",
        source="arXiv 2505.01592",
    )
    cost = "full"
    stands_in = "clerk: the world's expert with one planted fault, no language model"
    beyond = "ten agent models on travel plans, airline and retail; satisfaction rated by people and regressed on the profile"

    def measure(self, lab: Any) -> Iterator[Evidence]:
        judge = Pipa()
        found = {fault: lab.episodes(_spec(fault), "tools/desk", tasks=DIALOGUES, seeds=SEEDS) for fault in FAULTS}
        clean = found[""]
        profiles = {fault: [profile(judge.judge(episode)) for episode in episodes] for fault, episodes in found.items()}
        names = tasks(clean)

        def lost(fault: str, metric: str) -> Measured:
            """How much of a metric a fault costs, paired by dialogue; one without a unit of the metric is left out."""
            both = zip(profiles[""], profiles[fault], names, strict=True)
            pairs = [(a[metric], b[metric], name) for a, b, name in both if metric in a and metric in b]
            return difference([a for a, _, _ in pairs], [b for _, b, _ in pairs], [name for _, _, name in pairs])

        for fault, episodes in found.items():
            note(lab, fault or "clean", judge.report(episodes)[: len(PROFILE) + 1])
        for fault, own in OWN.items():
            moved = {metric: lost(fault, metric) for metric in PROFILE}
            yield at_least(f"{fault}: {own} lost", moved.pop(own), 0.15)
            metric, worst = max(moved.items(), key=lambda item: item[1].interval.high)
            yield at_most(f"{fault}: the most lost elsewhere ({metric})", worst, 0.05)
        separated = [float(sum(_separated(clean, found[fault], seed) for fault in OWN)) for seed in range(SEEDS)]
        yield at_most("faults that task completion separates, of six", mean(separated, range(SEEDS)), 3)
        erring = lab.episodes("clerk", "tools/desk?quits=0.2&contradicts=0.2", tasks=DIALOGUES, seeds=SEEDS)
        note(lab, "clean, erring customer", judge.report(erring))
        failures = [episode for episode in erring if not episode.passed]
        yield at_least("clean, erring customer: failures that the customer's errors explain", _blamed(failures), 0.90)
        stops = lab.episodes("clerk?fault=stops", "tools/desk?quits=0.2&contradicts=0.2", tasks=DIALOGUES, seeds=SEEDS)
        note(lab, "stops, erring customer", judge.report(stops)[-2:])
        yield at_least("misreports: task completion lost", lost("misreports", COMPLETION), 0.15, control=True)
        words = max((lost("courtesy", metric) for metric in PROFILE), key=lambda each: each.interval.value)
        yield at_least("the same in other words: the most lost", words, 0.15, control=True)
        asking = Pipa(by="embedded?threads=1", sample=SAMPLE)
        spread = [episode for fault in OWN for episode in found[fault][:DIALOGUES]]
        note(lab, "embedded model against code", asking.agreement(spread))


def _spec(fault: str) -> str:
    return f"clerk?fault={fault}" if fault else "clerk"


def _separated(clean: Sequence[Episode], faulty: Sequence[Episode], seed: int) -> bool:
    pairs = [(a.passed, b.passed) for a, b in zip(clean, faulty, strict=True) if a.seed == seed]
    return mcnemar(pairs.count((True, False)), pairs.count((False, True))) < 0.05


def _blamed(failures: Sequence[Episode]) -> Measured:
    return mean([float(explained(episode)) for episode in failures])


__all__ = ["PipaClaim"]
