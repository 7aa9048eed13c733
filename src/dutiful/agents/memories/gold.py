"""The past as it should have been."""

from __future__ import annotations

from dutiful.core.agent import Memory, Turn
from dutiful.core.parts import Card
from dutiful.core.records import Source


class Gold(Memory):
    """Shows every turn so far with the gold answer in place of the agent's own, where the world logs one.

    An oracle for an ablation: errors do not feed on earlier errors, and earlier answers show how the rules are kept.
    The history policy "gold answers" of MMMT-IF (arXiv 2409.18216), against "own answers" (`full`).
    """

    card = Card(
        kind="memory",
        name="gold",
        system="056",
        summary="every turn so far, with gold answers in place of its own (an ablation)",
        source="arXiv 2409.18216",
    )

    def add(self, turn: Turn) -> None:
        gold = turn.observation.info.get("gold", "")
        if gold:
            said = max((i for i, span in enumerate(turn.spans) if span.source is Source.MODEL), default=-1)
            spans = tuple(span.replace(text=gold) if i == said else span for i, span in enumerate(turn.spans))
            turn = turn._replace(spans=spans)
        super().add(turn)
