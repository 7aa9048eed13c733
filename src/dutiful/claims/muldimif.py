"""030: the more categories of requirements, the fewer answers that meet all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from random import Random
from typing import Any

from dutiful.claims.evidence import at_least, at_most, difference, mean, passed
from dutiful.core.claim import Claim, Evidence
from dutiful.core.parts import Card
from dutiful.core.records import Episode
from dutiful.judges.muldimif import MulDimIF
from dutiful.worlds.chat.rules import LEVELS

MEETS = 0.8
"""What the stand-in meets of single requirements."""


class LevelsClaim(Claim):
    """A writer of known skill falls as arithmetic says, so the harness is sound; then the embedded model is measured."""

    card = Card(
        kind="claim",
        name="muldimif",
        system="030",
        summary="accuracy falls from level to level: the more categories of requirements, the fewer answers meet all",
        source="arXiv 2505.07591",
    )
    cost = "full"
    stands_in = (
        f"a writer that meets each requirement with probability {MEETS}, independently (for the slope from level to level)"
    )
    beyond = "19 larger models; reinforcement learning on such data, and which weights it moves: not measured here"

    def measure(self, lab: Any) -> Iterator[Evidence]:
        writer = {level: lab.episodes("act", f"chat/rules?level={level}", f"writer?meets={MEETS}", **MANY) for level in LEVELS}
        for level, episodes in writer.items():
            expected = [MEETS ** len(episode.task.instruction.constraints) for episode in episodes]
            off = difference(passed(episodes), expected, places(episodes))
            yield at_least(f"writer, level {level}: accuracy minus {MEETS}^m, from below", off, -0.03)
            yield at_most(f"writer, level {level}: accuracy minus {MEETS}^m, from above", off, 0.03)
        for one, other in pairwise(LEVELS):
            fall = difference(passed(writer[one]), passed(writer[other]), places(writer[one]))
            yield at_least(f"writer: accuracy at level {one} minus level {other}", fall, 0.0)
        fall = difference(passed(writer["I"]), passed(writer["IV"]), places(writer["I"]))
        yield at_least("writer: accuracy at level I minus level IV", fall, 0.05)
        mixed = [episode for episodes in writer.values() for episode in episodes]
        Random(30).shuffle(mixed)
        quarter = len(mixed) // 4
        first, last = mixed[:quarter], mixed[-quarter:]
        yield at_least("writer, levels shuffled: accuracy at level I minus level IV", apart(first, last), 0.05, control=True)

        small = {level: lab.episodes("act", f"chat/rules?level={level}", EMBEDDED, **FEW) for level in LEVELS}
        yield at_least("embedded: accuracy at level I minus level IV", apart(small["I"], small["IV"]), 0.0)
        for level, episodes in small.items():
            lab.note(f"embedded, level {level}: all met {mean(passed(episodes)).interval.value:.3f} of {len(episodes)}")
        figures = MulDimIF().report([episode for episodes in small.values() for episode in episodes])
        lab.note("embedded: " + ", ".join(f"{f.name} {f.value:.2f}" for f in figures if not f.name.startswith("subtype")))


MANY = dict(tasks=40, seeds=50, same_tasks=True)
"""40 items a level, as the entry says; 50 draws of the writer on each, for an interval that three points can hold."""
FEW = dict(tasks=5, seeds=5)
"""25 items a level, 5 to a seed; the model is greedy, so a task need not be repeated."""
EMBEDDED = "embedded?threads=1"


def places(episodes: Sequence[Episode]) -> list[int]:
    """The place of each episode's task in its split: the unit that was drawn."""
    return [episode.task.seed for episode in episodes]


def apart(first: Sequence[Episode], last: Sequence[Episode]):
    """The difference of two shares that passed; in order, episodes are pairs by chance alone, so each is a unit."""
    return difference(passed(first), passed(last))
