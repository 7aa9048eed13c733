"""Think aloud, then act."""

from __future__ import annotations

from dutiful.core.agent import Agent, Proposal
from dutiful.core.model import Model
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Observation, Source, Span


class React(Agent):
    """Each turn the model first writes a thought, and reads it when it chooses the action:

        thought ~ model(prompt + "Think: ...")        action ~ model(prompt + thought + "Now act.")

    Two calls a turn, so that thoughts go with every action space. Thoughts stay in the memory. Source: ReAct, Yao et al.
    2022 (arXiv 2210.03629), where one call writes both as text.
    """

    card = Card(kind="agent", name="react", summary="writes a thought before each action", source="arXiv 2210.03629")
    THINK = Span(Source.SYSTEM, "Think in one short sentence: what is still missing, and what helps next?", role="user")
    ACT = Span(Source.SYSTEM, "Now act.", role="user")

    def __init__(self, model: Model | None = None, thought_tokens: int = 40, retries: int = 1, **slots):
        super().__init__(model, retries=retries, **slots)
        self.thought_tokens = thought_tokens

    def propose(self, prompt: Prompt, observation: Observation) -> Proposal:
        assert self.model is not None, "begin() refuses an agent without a model"
        sampling = self.sampling().replace(max_tokens=self.thought_tokens, stop=("\n",))
        thought = self.model.generate(prompt + (self.THINK,), sampling).text.strip() or "..."
        aloud = (self.THINK, Span(Source.MODEL, thought), self.ACT)
        action, spans = super().propose(prompt + aloud, observation)
        return Proposal(action.replace(thought=thought), aloud + spans)
