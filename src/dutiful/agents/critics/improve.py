"""Asking for a better answer without saying what is wrong: self-refinement without decomposition."""

from __future__ import annotations

from dutiful.core.agent import Critic, Proposal
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Observation, Source, Span

IMPROVE = "Please improve your answer. Give the improved answer alone."


class Improve(Critic):
    """Asks `rounds` times to improve the answer, names nothing, and stops when two answers in a row are the same.

    The arm that DeCRIM is compared with; it spends a call a round whether or not anything is wrong. Only answers to a
    user are reviewed. Source: Self-Refine (arXiv 2303.17651) with an empty feedback.
    """

    card = Card(
        kind="critic",
        name="improve",
        summary="asks for a better answer without saying what is wrong",
        system="026",
        source="arXiv 2303.17651",
    )

    def __init__(self, rounds: int = 3):
        if rounds < 0:
            raise ValueError(f"improve: rounds is {rounds}, expected 0 or more")
        self.rounds = rounds

    def review(self, prompt: Prompt, observation: Observation, proposal: Proposal) -> Proposal:
        for _ in range(self.rounds if observation.said else 0):
            asked = prompt + (Span(Source.MODEL, proposal.action.text), Span(Source.PLAN, IMPROVE))
            improved = self.agent.propose(asked, observation)
            if improved.action.text == proposal.action.text:
                break
            proposal = improved
        return proposal
