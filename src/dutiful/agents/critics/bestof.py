"""Best of n: draw answers afresh until the critic passes one, else take the one of which it passed most."""

from __future__ import annotations

from dutiful.agents.critics.requirements import Checker, Decomposer, Requirements
from dutiful.core.agent import Proposal
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Action, Observation, Source, Span


class BestOf(Requirements):
    """The baseline of critique and refinement under equal calls: the same critic, but answers drawn anew.

    Up to `n` answers, the first as the agent gave it, the others at `temperature`; each is checked by one question
    a requirement, and the first that passes wholly is taken, else the one with fewest failures (the earlier of equals). So
    with n = rounds + 1 it may write as many answers as DeCRIM, and it checks one more. Only answers to a user are reviewed.
    Decomposer and checker: see `Requirements`.
    """

    card = Card(
        kind="critic",
        name="bestof",
        summary="draws up to n answers and takes the one that a critic, asked requirement by requirement, likes best",
    )

    def __init__(
        self,
        n: int = 4,
        decomposer: Decomposer = "self",
        checker: Checker = "self",
        accuracy: float = 1.0,
        temperature: float = 0.7,
    ):
        if n < 1:
            raise ValueError(f"bestof: n is {n}, expected 1 or more")
        if temperature <= 0:
            raise ValueError(f"bestof: temperature is {temperature}; at 0 every answer is the same, expected more")
        super().__init__(decomposer, checker, accuracy)
        self.n, self.temperature = n, temperature

    def review(self, prompt: Prompt, observation: Observation, proposal: Proposal) -> Proposal:
        requirements = self.decompose(prompt, observation) if observation.said else ()
        fewest, chosen = len(requirements) + 1, proposal
        for drawn in range(self.n if requirements else 0):
            answer = self._another(prompt, drawn) if drawn else proposal
            failed = len(self.unmet(prompt, answer.action.text, requirements))
            if failed < fewest:
                fewest, chosen = failed, answer
            if not failed:
                break
        return chosen

    def _another(self, prompt: Prompt, drawn: int) -> Proposal:
        actions, usual = self.agent.actions, self.agent.sampling(self.temperature)
        sampling = usual.replace(seed=usual.seed + 7919 * drawn, max_tokens=actions.tokens)
        text = actions.reply(prompt, sampling)
        return Proposal(Action(text), (Span(Source.MODEL, text),))
