"""The last k turns only."""

from __future__ import annotations

from itertools import chain

from dutiful.core.agent import Memory
from dutiful.core.parts import Card
from dutiful.core.records import Span


class Window(Memory):
    """Shows the last k turns word for word and drops what is older.

    The prompt stays short, but its beginning moves every turn, so that a KV cache helps less: `full` reads each
    token once as long as the episode fits into the context.
    """

    card = Card(kind="memory", name="window", summary="the last k turns, word for word")

    def __init__(self, k: int = 3):
        if k < 0:
            raise ValueError(f"window: k is {k}, expected 0 or more turns")
        self.k = k

    def recall(self) -> tuple[Span, ...]:
        return tuple(chain.from_iterable(turn.spans for turn in self.turns[-self.k :])) if self.k else ()
