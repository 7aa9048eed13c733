"""What critics that check an answer requirement by requirement have in common: where requirements come from, who checks."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Sequence
from typing import Literal

from dutiful.core.agent import Critic
from dutiful.core.prompt import Prompt
from dutiful.core.records import NOTHING, Constraint, Observation, Source, Span
from dutiful.kit import constraints
from dutiful.kit.dialogue import read

Decomposer = Literal["self", "gold", "rules"]
Checker = Literal["self", "oracle"]

DECOMPOSE = (
    "List the requirements that the request above makes on the form and the content of the answer, one to a line, numbered. "
    "Each must be checkable by itself. Do not list the task itself, and add nothing that is not asked for."
)
ASK = "Look at the answer above. Does it meet this requirement? Answer Yes or No.\nRequirement: {}"
OPTIONS = ("Yes", "No")
_ITEM = re.compile(r"^\s*\d+\s*[.):]\s*(\S.*?)\s*$", re.MULTILINE)


class Requirements(Critic):
    """Base: `decompose` finds the requirements of a request, `unmet` those that an answer misses.

    decomposer: "self" asks the agent's own model for a numbered list, once a request; "gold" takes what came with the task;
    "rules" reads the requirements of known types out of the user's words (`kit.constraints.parse`), without a call.
    checker: "self" asks the agent's own model one yes/no question a requirement; "oracle" is code, which says the
    contrary of the truth with probability 1 - accuracy: the same of the same answer, drawn anew for another one. What the
    oracle says stands in the episode's log as calls that cost nothing (`Call.how` is "oracle").
    """

    def __init__(self, decomposer: Decomposer, checker: Checker, accuracy: float):
        if not 0 <= accuracy <= 1:
            raise ValueError(f"{self.card.name}: accuracy is {accuracy}, expected a rate from 0 to 1")
        if checker == "oracle" and decomposer == "self":
            raise ValueError(f"{self.card.name}: code cannot check what the model lists; take decomposer=gold or rules")
        if checker == "self" and accuracy != 1:
            raise ValueError(f"{self.card.name}: accuracy is set for the oracle; the model's own is what it is")
        self.decomposer, self.checker, self.accuracy = decomposer, checker, accuracy

    def decompose(self, prompt: Prompt, observation: Observation) -> Sequence[Constraint]:
        """The requirements of what the user asks for now; a list of the model's has constraints without a kind."""
        if self.decomposer == "gold":
            return self._gold(observation)
        if self.decomposer == "rules":
            from dutiful.kit.constraints.parse import parse

            return [found.constraint for found in parse(observation.said)]
        listed = self.model.generate(prompt + (Span(Source.PLAN, DECOMPOSE),), self.agent.sampling().replace(max_tokens=200))
        found = list(dict.fromkeys(_ITEM.findall(listed.text)))
        if not found:
            self.agent.episode.format_failure()
        return [Constraint("", wording=text) for text in found]

    def unmet(self, prompt: Prompt, answer: str, requirements: Sequence[Constraint]) -> list[Constraint]:
        """Those requirements that the critic finds missed: a question each."""
        return [requirement for requirement in requirements if not self._passes(prompt, answer, requirement)]

    def _passes(self, prompt: Prompt, answer: str, requirement: Constraint) -> bool:
        question = prompt + (Span(Source.MODEL, answer), Span(Source.PLAN, ASK.format(requirement.wording)))
        if self.checker == "self":
            return self.model.choose(question, OPTIONS, self.agent.sampling()).index == 0
        draw = random.Random(f"{self.agent.episode.seed}/{zlib.crc32(question.text.encode())}")
        says = constraints.check(requirement, answer).passed == (draw.random() < self.accuracy)
        self.agent.episode.spent(question, "choose", OPTIONS[not says], NOTHING, "oracle")
        return says

    def _gold(self, observation: Observation) -> Sequence[Constraint]:
        """The constraints of the turn that is going on."""
        task = self.agent.task
        if not task.setup.get("turns"):
            return task.instruction.constraints
        return read(task).turns[observation.info.get("turn", 1) - 1].constraints


def listed(requirements: Sequence[Constraint]) -> str:
    """The wordings, one to a line."""
    return "\n".join(f"- {requirement.wording}" for requirement in requirements)
