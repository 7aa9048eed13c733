"""The action as a JSON object."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

import msgspec

from dutiful.agents.actions.calling import Calling
from dutiful.agents.actions.line import parse
from dutiful.core.agent import Proposal
from dutiful.core.errors import FormatFailure
from dutiful.core.model import Format, JsonSchema
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Action, Observation, Source, Span
from dutiful.core.world import Tool, World
from dutiful.kit import notations
from dutiful.kit.wrapped import Wrapped

_KEPT = ("type", "enum", "const", "items", "properties", "required", "anyOf", "additionalProperties", "minimum", "maximum")
"""What of a parameter's schema holds decoding; the rest (titles, formats, defaults) only describes."""


class JsonActions(Calling):
    """`{"action": "..."}`, or where the world has tools `{"tool": "...", "arguments": {...}}`. Replies to a user stay plain.

    With `constrained`, decoding can produce nothing else, so that form is no longer the question. A grammar forces form, not
    sense: compare both, and read the format failures beside the successes. max_tokens: of an action. tokens: of a call.
    """

    card = Card(
        kind="actions",
        name="json",
        summary="a JSON object with the action or the call, free or constrained by a schema",
    )
    notation = notations.JSON
    plain = 'Answer with JSON only: {"action": "..."}'

    def __init__(self, temperature: float = 0.0, max_tokens: int = 48, constrained: bool = True, tokens: int = 256):
        super().__init__(temperature, tokens)
        self.max_tokens, self.constrained = max_tokens, constrained
        self._schema: tuple[tuple[str, ...], JsonSchema | None] = (), None

    def enter(self, world: World) -> World:
        place = super().enter(world)
        return place if world.can("tools") or world.can("dialogue") else Quoting(place)

    def choose(self, prompt: Prompt, choices: Sequence[str]) -> Proposal:
        sampling = self.agent.sampling(self.temperature).replace(max_tokens=self.max_tokens)
        constraint = JsonSchema(schema(choices)) if self.constrained else None
        said = self.model.generate(prompt, sampling, constraint).text
        try:
            text = read(said)
        except ValueError as why:
            raise FormatFailure(said, str(why)) from None
        return Proposal(Action(parse(text, choices)), (Span(Source.MODEL, said),))

    def constraint(self, tools: Sequence[Tool]) -> Format | None:
        names = tuple(tool.name for tool in tools)
        if self.constrained and names != self._schema[0]:
            self._schema = names, JsonSchema(call_schema(tools))  # made once, until other tools are shown
        return self._schema[1]


class Quoting(Wrapped):
    """A world whose expert says its actions as JSON; what is done may come in either form."""

    def expert(self) -> Action:
        action = self.inner.expert()
        return action.replace(text=msgspec.json.encode({"action": action.text}).decode())

    def step(self, action: Action) -> Observation:
        with contextlib.suppress(ValueError):
            action = action.replace(text=read(action.text))
        return self.inner.step(action)


def read(said: str) -> str:
    """The action in a JSON object; raises ValueError."""
    try:
        text = msgspec.json.decode(said)["action"]
    except (msgspec.DecodeError, TypeError, KeyError, IndexError) as error:
        raise ValueError(f'no JSON object with the key "action" ({error})') from error
    if not isinstance(text, str):
        raise ValueError('"action" is no string')
    return text


def schema(choices: Sequence[str]) -> dict[str, Any]:
    """The JSON schema of an answer; the admissible actions become an enum."""
    action = {"type": "string", "enum": list(choices)} if choices else {"type": "string", "maxLength": 200}
    return {"type": "object", "properties": {"action": action}, "required": ["action"], "additionalProperties": False}


def call_schema(tools: Sequence[Tool]) -> dict[str, Any]:
    """The JSON schema of a call: one of the tools, with arguments that fit it."""
    calls = [
        _object({"tool": {"const": tool.name}, "arguments": _arguments(tool.parameters)}, ["tool", "arguments"]) for tool in tools
    ]
    return calls[0] if len(calls) == 1 else {"anyOf": calls}


def _arguments(parameters: dict[str, Any]) -> dict[str, Any]:
    known = {name: kept(each) for name, each in parameters.get("properties", {}).items()}
    return _object(known, list(parameters.get("required", ())))


def _object(properties: dict[str, Any], required: Sequence[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def kept(part: Any) -> Any:
    """A parameter's schema, reduced to what a decoder is sure to know."""
    if not isinstance(part, dict):
        return part
    found = {name: value for name, value in part.items() if name in _KEPT}
    if "properties" in found:
        found["properties"] = {name: kept(each) for name, each in found["properties"].items()}
    if "items" in found:
        found["items"] = kept(found["items"])
    if "anyOf" in found:
        found["anyOf"] = [kept(each) for each in found["anyOf"]]
    return found
