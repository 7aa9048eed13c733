"""DeCRIM: decompose the request, critique requirement by requirement, refine only where something is missing."""

from __future__ import annotations

from collections.abc import Sequence

from dutiful.agents.critics.requirements import Checker, Decomposer, Requirements, listed
from dutiful.core.agent import Proposal
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Constraint, Observation, Source, Span

REFINE = (
    "Your answer does not meet:\n{}\nWrite the whole answer again so that it meets {} and keeps what is right already. "
    "Give the corrected answer alone."
)


class Decrim(Requirements):
    """Self-correction by requirements.

        y = G(q);  c_1 .. c_k = D(q)
        up to `rounds` times:
            F = {c_i : C(q, y, c_i) says no}, one question each
            if F is empty: return y
            y' = G(q, y, F);  if y' = y: return y
            y = y'
        return y, or with `best` the answer of which the critic passed most (the later one of equals)

    Decomposer D and critic C: see `Requirements`. Only answers to a user are reviewed; actions in other worlds pass. An
    answer written in the last round is not checked, unless `best` needs it.
    Defaults: rounds and the stop at equal answers are ours, the paper gives none. Source: arXiv 2410.06458.
    """

    card = Card(
        kind="critic",
        name="decrim",
        summary="lists the request's requirements, checks each by a question of its own, rewrites while some are unmet",
        system="026",
        source="arXiv 2410.06458",
    )

    def __init__(
        self,
        rounds: int = 3,
        decomposer: Decomposer = "self",
        checker: Checker = "self",
        accuracy: float = 1.0,
        best: bool = False,
    ):
        if rounds < 0:
            raise ValueError(f"decrim: rounds is {rounds}, expected 0 or more")
        super().__init__(decomposer, checker, accuracy)
        self.rounds, self.best = rounds, best

    def review(self, prompt: Prompt, observation: Observation, proposal: Proposal) -> Proposal:
        requirements = self.decompose(prompt, observation) if observation.said else ()
        if not requirements:
            return proposal
        fewest, chosen = len(requirements) + 1, proposal
        for remaining in range(self.rounds, -1, -1):
            if not remaining and not self.best:
                return proposal
            failed = self.unmet(prompt, proposal.action.text, requirements)
            if len(failed) <= fewest:
                fewest, chosen = len(failed), proposal
            if not failed or not remaining:
                break
            refined = self.refine(prompt, observation, proposal, failed)
            if refined.action.text == proposal.action.text:
                break
            proposal = refined
        return chosen if self.best else proposal

    def refine(self, prompt: Prompt, observation: Observation, proposal: Proposal, failed: Sequence[Constraint]) -> Proposal:
        """A full corrected answer; only what failed is named."""
        wish = Span(Source.PLAN, REFINE.format(listed(failed), "this" if len(failed) == 1 else "these"))
        return self.agent.propose(prompt + (Span(Source.MODEL, proposal.action.text), wish), observation)
