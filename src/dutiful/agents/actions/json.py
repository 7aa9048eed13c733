"""The action as a JSON object."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from dutiful.agents.actions.line import parse
from dutiful.core.agent import Actions, Proposal
from dutiful.core.errors import FormatFailure
from dutiful.core.model import JsonSchema
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Action, Observation, Source, Span


class JsonActions(Actions):
    """`{"action": "..."}`. With `constrained`, decoding can produce nothing else, so that form is no longer the question.

    A grammar forces form, not sense: compare both, and read the format failures beside the successes.
    """

    card = Card(kind="actions", name="json", summary="a JSON object with the action, free or constrained by a schema")
    rules = 'Answer with JSON only: {"action": "..."}'

    def __init__(self, temperature: float = 0.0, max_tokens: int = 48, constrained: bool = True):
        super().__init__(temperature)
        self.max_tokens, self.constrained = max_tokens, constrained

    def propose(self, prompt: Prompt, observation: Observation, choices: Sequence[str]) -> Proposal:
        sampling = self.agent.sampling(self.temperature).replace(max_tokens=self.max_tokens)
        constraint = JsonSchema(schema(choices)) if self.constrained else None
        said = self.model.generate(prompt, sampling, constraint).text
        try:
            action = msgspec.json.decode(said)["action"]
        except (msgspec.DecodeError, TypeError, KeyError, IndexError) as error:
            raise FormatFailure(said, f'no JSON object with the key "action" ({error})') from error
        if not isinstance(action, str):
            raise FormatFailure(said, '"action" is no string')
        return Proposal(Action(parse(action, choices)), (Span(Source.MODEL, said),))


def schema(choices: Sequence[str]) -> dict[str, Any]:
    """The JSON schema of an answer; the admissible actions become an enum."""
    action = {"type": "string", "enum": list(choices)} if choices else {"type": "string", "maxLength": 200}
    return {"type": "object", "properties": {"action": action}, "required": ["action"], "additionalProperties": False}
