"""Calls of tools as a model writes them: JSON, a line of text, a command line, Python. One tool text serves them all.

    JSON      {"tool": "get_order", "arguments": {"order_id": "A17", "lines": 2}}
    TEXT      get_order, A17, 2
    COMMAND   get_order --order_id A17 --lines 2
    PYTHON    get_order(order_id='A17', lines=2)

`NOTATION.write(call, tools)` is the text, `NOTATION.read(said, tools)` finds the calls in what a model said, in order. What it
reads is form alone: whether there is such a tool, and whether the arguments fit, is the world's to say, in words that are the
same for all notations. TEXT and COMMAND carry no types, so a word becomes what the parameter's schema asks for, if it can.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, cast

from dutiful.core.records import Action, Observation
from dutiful.core.world import Tool, World
from dutiful.kit import calls
from dutiful.kit.calls import Call
from dutiful.kit.notations import lines, python
from dutiful.kit.notations.values import DECODER, value_of
from dutiful.kit.programs import Program
from dutiful.kit.wrapped import Wrapped

EXAMPLE = Tool(
    "look_up",
    "Finds a word in a dictionary.",
    {"type": "object", "properties": {"word": {"type": "string"}, "limit": {"type": "integer"}}, "required": ["word"]},
)
"""The made-up tool of the one example that every notation is shown by."""
SHOWN = Call("look_up", {"word": "oak", "limit": 2})


class Notation(NamedTuple):
    """A way to write calls. `how` says how, without the example; `read` raises ValueError where there is no call in a text."""

    name: str
    how: str
    write: Callable[[Call, Sequence[Tool]], str]
    read: Callable[[str, Sequence[Tool]], list[Call]]

    @property
    def rules(self) -> str:
        """What an agent is told: how to write a call, and the one example."""
        return f"Answer with one call of a tool and nothing else. {self.how} For example:\n{self.write(SHOWN, [EXAMPLE])}"


class Written(Wrapped):
    """A world with tools whose calls are written in one notation: its expert's, and those that come as text alone.

    `remind(action, text)` puts a text before the observation that follows on that action.
    """

    def __init__(self, inner: World, notation: Notation):
        super().__init__(inner)
        self.notation = notation
        self._reminder: tuple[Action, str] | None = None

    @property
    def rules(self) -> str:  # type: ignore[override]
        """Where a user talks, nobody else says how a call is written (`Agent.begin`)."""
        return "\n".join(filter(None, (self.inner.rules, self.notation.rules if self.can("dialogue") else "")))

    def program(self) -> Program | None:
        """The program of the task that is laid out, wherever wrappers hide it; None where the world has none."""
        inner: Any = self.inner
        while inner is not None:
            if callable(found := getattr(inner, "program", None)):
                return cast("Program | None", found())
            inner = getattr(inner, "inner", None)
        return None

    def expert(self) -> Action:
        return self.put(self.inner.expert())

    def put(self, action: Action) -> Action:
        """An action whose text is the call in this notation; a reply stays as it is."""
        try:
            call = Call(action.tool, action.arguments) if action.tool else calls.parse(action.text)
        except ValueError:
            return action
        return action.replace(text=self.notation.write(call, self.tools()), tool=call.tool, arguments=call.arguments)

    def remind(self, action: Action, text: str) -> None:
        self._reminder = (action, text)

    def step(self, action: Action) -> Observation:
        reminder, self._reminder = self._reminder, None
        seen = self._step(action)
        return seen.replace(text=f"{reminder[1]}\n{seen.text}") if reminder and reminder[0] == action else seen

    def _step(self, action: Action) -> Observation:
        if action.tool:
            return self.inner.step(action)
        try:
            call = self.notation.read(action.text, self.tools())[0]
        except ValueError as why:
            seen = self.inner.step(action)
            refused = "refused" in seen.info  # the world names its own notation: say what is wrong in this one
            return seen.replace(text=f"Error: {why}", info=seen.info | {"refused": str(why)}) if refused else seen
        return self.inner.step(calls.action(call, action.thought))


def _write_json(call: Call, tools: Sequence[Tool]) -> str:
    return calls.text(call)


def _read_json(said: str, tools: Sequence[Tool]) -> list[Call]:
    found: list[Call] = []
    why, at = "there is no JSON object", said.find("{")
    while at >= 0:
        try:
            value, end = DECODER.raw_decode(said, at)
        except (ValueError, RecursionError) as problem:
            why = f"that is no whole JSON object ({problem})" if not found else why
            end = at + 1
        else:
            name, arguments = value.get("tool"), value.get("arguments", {})
            if isinstance(name, str) and isinstance(arguments, dict):
                found.append(Call(name, cast("dict[str, Any]", arguments)))
            elif not found:
                why = 'a call needs "tool", a string, and "arguments", an object'
        at = said.find("{", end)
    if not found:
        raise ValueError(why)
    return found


JSON = Notation("json", 'Write it as a JSON object with "tool" and "arguments".', _write_json, _read_json)
TEXT = Notation(
    "text",
    "Write one line: the tool's name, then its arguments in order, with commas between.",
    lines.write_text,
    lines.read_text,
)
COMMAND = Notation(
    "command",
    "Write one line: the tool's name, then --parameter value for each argument.",
    lines.write_command,
    lines.read_command,
)
PYTHON = Notation("python", "Write it as a call of a function in Python.", python.write_python, python.read_python)
NOTATIONS = {notation.name: notation for notation in (JSON, TEXT, COMMAND, PYTHON)}
"""Every notation by its name."""

identifiers, code_in = python.identifiers, python.code_in

__all__ = [
    "COMMAND",
    "EXAMPLE",
    "JSON",
    "NOTATIONS",
    "PYTHON",
    "SHOWN",
    "TEXT",
    "Notation",
    "Written",
    "code_in",
    "identifiers",
    "value_of",
]
