"""Subgoals in front of everything: nothing is hidden."""

from __future__ import annotations

from dutiful.agents.memories.hiagent import HiAgent
from dutiful.core.parts import Card
from dutiful.core.records import Span


class Decomposed(HiAgent):
    """Task decomposition alone: the agent names its subgoals as in `hiagent`, and every turn stays in the prompt, word for word.

    The ablation "TD" of HiAgent: what subgoals do without the memory. Source: arXiv 2408.09559.
    """

    card = Card(
        kind="memory",
        name="decomposed",
        system="068",
        summary="subgoals are named, and every turn is shown word for word (an ablation of hiagent)",
        source="arXiv 2408.09559",
    )

    def __init__(self):
        super().__init__(summaries="none", retrieval=False)

    def render(self) -> tuple[Span, ...]:
        return tuple(span for number, chunk in enumerate(self.chunks) for span in self.full(number, chunk))
