"""Long inputs, structured outputs: demonstrations made of task cards, mixed with general conversations."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence

from dutiful.core.errors import SpecError
from dutiful.core.parts import Card, world
from dutiful.core.records import Example
from dutiful.core.teacher import Teacher
from dutiful.kit.demonstrations import demonstrate, examples
from dutiful.worlds.rag.papers.world import chosen

MARGIN = 20
"""Tokens of the window that are kept free."""


class SciRIFF(Teacher):
    """Instantiates every training card and mixes the results with as many general conversations.

        for each card:     its template, filled from records of the train split, in a wording drawn for each;
                           gold answers that fit the card's schema; inputs beyond the window left out
        for each example:  `general` examples of the world `chat`

    cards: a part of the cards or one by name; general: general examples for each one (1: as many; 0: none); alone=true gives
    the general ones only (the control); window: tokens that fit, at three characters a token; most: instances a card.
    Held-out cards are other tasks, so that success there is transfer. Source: arXiv 2406.07835 (up to 1,000 instances a task,
    mixed 1:1, window 4,096).
    """

    card = Card(
        kind="teacher",
        name="sciriff",
        system="091",
        summary="task cards over papers, instantiated and mixed with general conversations",
        capabilities=frozenset({"make"}),
        source="arXiv 2406.07835",
    )

    def __init__(
        self,
        cards: str = "train",
        general: float = 1.0,
        alone: bool = False,
        chat: str = "chat/rules",
        window: int = 4096,
        most: int = 1000,
        agent: str = "act",
    ):
        if general < 0 or most < 1 or window <= MARGIN:
            raise SpecError(f"sciriff: general={general}, most={most}, window={window}: expected >= 0, >= 1 and > {MARGIN}")
        self.cards, self.general, self.alone, self.chat = cards, general, alone, chat
        self.window, self.most, self.agent = window, most, agent

    def make(self, n: int, seed: int = 0) -> Iterator[Example]:
        """n examples, science and general by their proportion throughout; raises SpecError where the cards have too few."""
        science = 0 if self.alone else round(n / (1 + self.general))
        asked = chosen(self.cards)
        if science > self.most * len(asked):
            raise SpecError(f"sciriff: {science} examples out of {len(asked)} cards, {self.most} at most each")
        taught = self._fitting(f"rag/papers?cards={self.cards}", science, seed)
        talk = self._fitting(self.chat, n - science, seed)
        return _merged((taught, science), (talk, n - science))

    def select(self, pool: Sequence[Example], k: int) -> list[int]:
        return self._cannot("select")

    def _fitting(self, place: str, n: int, seed: int) -> Iterator[Example]:
        """n examples out of the train split of a world that fit into the window."""
        if not n:
            return
        spare = min(len(world(place).tasks("train")), n + n // 5 + 5)
        found = 0
        for example in examples(demonstrate(self.agent, place, spare, seed=seed)):
            if sum(len(span.text) for span in example.spans) / 3 <= self.window - MARGIN:
                yield example
                found += 1
                if found == n:
                    return
        raise SpecError(f"sciriff: {place} gave {found} of {n} examples that fit into {self.window} tokens")


def _merged(*streams: tuple[Iterator[Example], int]) -> Iterator[Example]:
    """Streams of known lengths, each spread evenly over the whole; of two that fall together the first comes first."""

    def placed(stream: Iterator[Example], length: int, rank: int) -> Iterator[tuple[float, int, Example]]:
        return ((number / length, rank, example) for number, example in enumerate(stream))

    runs = (placed(stream, length, rank) for rank, (stream, length) in enumerate(streams))
    return (example for _, _, example in heapq.merge(*runs, key=lambda each: each[:2]))


__all__ = ["SciRIFF"]
