"""Instructions over scientific papers, to be answered in JSON."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

from dutiful.core.errors import UnknownPart
from dutiful.core.parts import Card
from dutiful.core.records import Task
from dutiful.kit.cards import TaskCard, load
from dutiful.kit.dialogue import Conversation, Dialogue
from dutiful.kit.tasks import Lazy
from dutiful.worlds.rag.papers.paper import ASKED, write

COUNT = {"train": 6000, "validation": 600, "test": 3000}


@cache
def cards() -> dict[str, TaskCard]:
    """The task cards beside this file."""
    return load(Path(__file__).parent / "cards")


class Papers(Conversation):
    """One invented paper, one instruction from a task card, an answer in JSON.

    cards: "train", "held-out" (other tasks, not other records of the same), "all", or the name of one card. The paper is what
    the world shows (untrusted), the instruction is the user's. Splits share no substance, method or measure. A task passes when
    every item of the gold answer is there and nothing else; its score is the F1 over items, 0 for what cannot be read.
    """

    card = Card(
        kind="world",
        name="rag/papers",
        system="091",
        summary="invented scientific papers, nine tasks from cards, structured answers",
        capabilities=frozenset({"dialogue", "expert", "snapshot"}),
        source="arXiv 2406.07835",
    )

    def __init__(self, cards: str = "held-out", patience: int = 0):
        super().__init__(patience)
        self.cards = cards
        self._chosen = chosen(cards)

    def tasks(self, split: str = "test") -> Lazy:
        if split not in COUNT:
            raise UnknownPart("split of rag/papers", split, COUNT)
        return Lazy(lambda number: self._task(split, number), COUNT[split])

    def _task(self, split: str, number: int) -> Task:
        asked = self._chosen[number % len(self._chosen)]
        paper, random = write(split, number), Random(f"papers/{split}/{number}/{asked.name}")
        given, gold = ASKED[asked.name](paper, random)
        turn = asked.fill(given, gold, paper.text, random)
        return Dialogue((turn,), {"card": asked.name}).task(f"papers-{split}-{number}-{asked.name}", self.spec, split, number)


def chosen(which: str) -> list[TaskCard]:
    """The cards of a part, all, or one by name; raises UnknownPart."""
    found = [card for card in cards().values() if which in ("all", card.part, card.name)]
    if not found:
        raise UnknownPart("task card of rag/papers", which, ["train", "held-out", "all", *cards()])
    return found
