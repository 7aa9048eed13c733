"""What families of dialogues share: splits of a pool, and answers offered to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

from dutiful.core.errors import SpecError
from dutiful.core.records import Observation
from dutiful.kit.dialogue import Conversation

T = TypeVar("T")

SHARES = {"train": (0.0, 0.4), "validation": (0.4, 0.6), "test": (0.6, 1.0)}
"""Which stretch of a shuffled pool belongs to a split."""


def check_split(world: str, split: str) -> str:
    """The split; raises SpecError for one there is not."""
    if split not in SHARES:
        raise SpecError(f"{world} has no split {split!r}; there are: {', '.join(SHARES)}")
    return split


def share(pool: Sequence[T], split: str, key: str) -> list[T]:
    """The part of a pool that belongs to a split, in an order that `key` fixes. No two splits share a member."""
    shuffled = sorted(pool, key=repr)
    Random(key).shuffle(shuffled)
    low, high = SHARES[split]
    return shuffled[round(low * len(pool)) : round(high * len(pool))]


class Offering(Conversation):
    """A conversation that may offer the answers to choose from, if its parameter `choices` says so.

    They stand in a turn's tag `words`. A model that knows log-probabilities then scores each as its whole answer; shown
    they need not be (`act+text?choices=false`), where the user's words name them already.
    """

    choices: bool = False

    def _observe(self) -> Observation:
        seen = super()._observe()
        return seen if seen.done or not self.choices else seen.replace(choices=tuple(self.turn.tags["words"]))
