"""Learner: changes an agent from experience."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from dutiful.core.agent import Agent
from dutiful.core.parts import Part
from dutiful.core.records import Json
from dutiful.core.world import World

Progress = Callable[[str, Json], Any]
"""Called with a word for what goes on, and its figures."""


class Learner(Part):
    """Learns from worlds, episodes or examples: each says in `fit` what it takes, and `gather` gets it from worlds."""

    def gather(self, agent: Agent, worlds: Sequence[World], demos: int, seed: int = 0) -> Iterable[Any]:
        """What `fit` learns from, out of the train splits of worlds: the worlds themselves, unless a learner wants examples.

        `demos` is the number of episodes in all that the worlds' experts demonstrate, where the learner takes a number.
        """
        return worlds

    def fit(self, agent: Agent, source: Iterable[Any], out: Path, progress: Progress | None = None) -> Agent:
        """The agent taught. Its artefact lies at `out`, with a card that says what it was made from.

        An interrupted fit resumes there; an earlier artefact is replaced by a finished one only.
        """
        raise NotImplementedError
