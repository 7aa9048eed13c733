"""Calls of tools: how they are described, written, read and checked. The same tool text serves every notation.

describe(world.tools())                          "get_order(order_id: string): Shows an order.\n..."
action(Call("get_order", {"order_id": "A17"}))   an Action, whose text is JSON
of(action, tools)                                the Call back, whoever wrote the action; ValueError says what is wrong

The canonical text of a call is JSON: {"tool": "get_order", "arguments": {"order_id": "A17"}}.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from dutiful.core.records import Action, Json
from dutiful.core.world import Tool

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list, tuple),
    "object": (dict,),
    "null": (type(None),),
}


class Call(NamedTuple):
    """A tool by name, and its arguments by name (JSON values)."""

    tool: str
    arguments: Json


def describe(tools: Sequence[Tool]) -> str:
    """One line a tool: name, typed parameters (`= ?` marks those that may be left out), what it does."""
    return "\n".join(f"{signature(tool)}: {tool.description}" for tool in tools)


def signature(tool: Tool) -> str:
    """`name(parameter: type, other: type = ?)`."""
    needed = tool.parameters.get("required", ())
    parts = [
        f"{name}: {kind(schema)}"
        + ("" if name in needed else f" = {msgspec.json.encode(schema['default']).decode()}" if "default" in schema else " = ?")
        for name, schema in parameters(tool).items()
    ]
    return f"{tool.name}({', '.join(parts)})"


def parameters(tool: Tool) -> Mapping[str, Json]:
    """The schemas of a tool's parameters, by name, in order."""
    return tool.parameters.get("properties", {})


def kind(schema: Mapping[str, Any]) -> str:
    """A schema in a word or two: "string", "one of a, b", "array of integer"."""
    if "enum" in schema:
        return f"one of {', '.join(map(str, schema['enum']))}"
    if schema.get("type") == "array" and "items" in schema:
        return f"array of {kind(schema['items'])}"
    found = schema.get("type", "any")
    return found if isinstance(found, str) else " or ".join(found)


def action(call: Call, thought: str = "") -> Action:
    """A call as an action: `tool` and `arguments` are filled, the text is the canonical JSON."""
    return Action(text(call), thought, call.tool, call.arguments)


def text(call: Call) -> str:
    """The canonical text of a call."""
    return msgspec.json.encode({"tool": call.tool, "arguments": call.arguments}).decode()


def of(action: Action, tools: Sequence[Tool]) -> Call:
    """The call that an action makes, checked against the tools; raises ValueError with the reason, fit for an agent to read."""
    call = Call(action.tool, action.arguments) if action.tool else parse(action.text)
    check(call, tools)
    return call


def parse(said: str) -> Call:
    """A call out of its canonical text; raises ValueError."""
    try:
        found = msgspec.json.decode(said)
        name, arguments = found["tool"], found.get("arguments", {})
    except (msgspec.DecodeError, TypeError, KeyError, AttributeError):
        raise ValueError('this is no call of a tool; a call is {"tool": "name", "arguments": {...}}') from None
    if not isinstance(name, str) or not isinstance(arguments, dict):
        raise ValueError('"tool" must be a string and "arguments" an object')
    return Call(name, arguments)


def check(call: Call, tools: Sequence[Tool]) -> None:
    """Raises ValueError where no tool has that name, or its arguments do not fit: missing, unknown, of another type."""
    tool = next((tool for tool in tools if tool.name == call.tool), None)
    if tool is None:
        import difflib

        near = difflib.get_close_matches(call.tool, [tool.name for tool in tools], n=1)
        raise ValueError(f"there is no tool {call.tool!r}" + (f"; did you mean {near[0]}?" if near else ""))
    known = parameters(tool)
    if missing := [name for name in tool.parameters.get("required", ()) if name not in call.arguments]:
        raise ValueError(f"{tool.name} needs {', '.join(missing)}: {signature(tool)}")
    for name, value in call.arguments.items():
        if name not in known:
            raise ValueError(f"{tool.name} has no parameter {name!r}: {signature(tool)}")
        if why := mismatch(value, known[name]):
            raise ValueError(f"{tool.name}: {name}={value!r} {why}")


def mismatch(value: Any, schema: Mapping[str, Any]) -> str:
    """Why a value does not fit a schema (type, enum, items); "" where it does."""
    if "enum" in schema and value not in schema["enum"]:
        return f"is not one of {', '.join(map(str, schema['enum']))}"
    kinds = schema.get("type", ())
    kinds = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    accepted = tuple(each for name in kinds for each in _TYPES.get(name, (object,)))
    if accepted and (not isinstance(value, accepted) or (isinstance(value, bool) and bool not in accepted)):
        return f"is no {' or '.join(kinds)}"
    items: list[Any] = list(value) if isinstance(value, (list, tuple)) and "items" in schema else []  # pyright: ignore[reportUnknownArgumentType]
    return next((f"has an item that {why}" for item in items if (why := mismatch(item, schema["items"]))), "")
