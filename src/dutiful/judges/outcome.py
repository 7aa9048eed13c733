"""The world's own verdict."""

from __future__ import annotations

from dutiful.core.judge import Judge
from dutiful.core.parts import Card
from dutiful.core.records import Episode, Verdict


class Outcome(Judge):
    """What the world's state said when the episode ended."""

    card = Card(kind="judge", name="outcome", summary="the world's own verdict when the episode ended")

    def judge(self, episode: Episode) -> Verdict:
        if episode.verdict is None:
            message = episode.error.message if episode.error else "it was not judged"
            raise ValueError(f"the episode of task {episode.task.id!r} ended in error, nothing to judge: {message}")
        return episode.verdict
