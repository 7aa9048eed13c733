"""Summaries by the clock: every few turns become one line."""

from __future__ import annotations

from dutiful.agents.memories.chunks import Chunked
from dutiful.core.parts import Card


class Summary(Chunked):
    """Every `every` turns are summed up in one line and hidden for good; the turns since are shown word for word.

    The ablation "summaries without subgoals" of HiAgent (arXiv 2408.09559): chunks of a fixed length, nothing to retrieve.
    `summaries` and `limit` as in `hiagent`. The number of turns is ours.
    """

    card = Card(
        kind="memory",
        name="summary",
        system="068",
        summary="every few turns become one line, the latest are shown word for word (an ablation of hiagent)",
        source="arXiv 2408.09559",
    )

    def __init__(self, every: int = 5, summaries: str = "model", limit: int = 100):
        if every < 1:
            raise ValueError(f"summary: every is {every}, expected 1 or more turns")
        super().__init__(summaries, limit)
        self.every = every

    def turn_begins(self) -> None:
        if len(self.turns) % self.every == 0:
            self.open()
