"""Learner: changes an agent from experience."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from dutiful.core.agent import Agent
from dutiful.core.parts import Part
from dutiful.core.records import Episode, Json


class Learner(Part):
    """Artefacts are saved under `out`, with a card that says what they were made from; an interrupted fit resumes there."""

    def fit(
        self, agent: Agent, source: Iterable[Episode], out: Path, progress: Callable[[str, Json], Any] | None = None
    ) -> Agent:
        """The agent taught from episodes. `progress` is called with a word for what goes on and its figures."""
        raise NotImplementedError
