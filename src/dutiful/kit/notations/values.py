"""Values in words: a word becomes what the schema of its parameter asks for, if it can."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from dutiful.core.world import Tool
from dutiful.kit import calls


def schemas(tools: Sequence[Tool], name: str) -> Mapping[str, Any]:
    """The schemas of a tool's parameters; none where there is no such tool."""
    return next((calls.parameters(tool) for tool in tools if tool.name == name), dict[str, Any]())


def place(given: int, names: Sequence[str]) -> str:
    """The parameter of the argument that stands at a place (from 0); one too many gets a name that no tool has."""
    return names[given] if given < len(names) else f"argument {given + 1}"


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


DECODER = json.JSONDecoder(parse_constant=_refuse)


def _decode(word: str) -> tuple[bool, Any]:
    try:
        value, end = DECODER.raw_decode(word)
    except (ValueError, RecursionError):
        return False, None
    return end == len(word), value


def _stringly(schema: Mapping[str, Any]) -> bool:
    return schema.get("type") == "string" or ("type" not in schema and all(isinstance(v, str) for v in schema.get("enum", [0])))


def read_value(word: str, schema: Mapping[str, Any]) -> Any:
    """What a word means where a schema stands: the JSON value that fits, else the word itself."""
    if _stringly(schema):
        return word
    is_json, value = _decode(word)
    fits = is_json and not calls.mismatch(value, schema)
    kinds = schema.get("type", ())
    as_text = "string" in kinds and not fits
    return value if is_json and not as_text else word


def write_value(value: Any, schema: Mapping[str, Any]) -> str:
    """The word that `read_value` reads as this value; a string stands as it is where that can be."""
    if isinstance(value, str):
        again = read_value(value, schema)
        if isinstance(again, str) and again == value:
            return value
    return json.dumps(value, ensure_ascii=False)


def value_of(text: str) -> Any:
    """What a tool returned, out of the text of an observation: JSON as the value it is, anything else as text."""
    is_json, value = _decode(text)
    return value if is_json else text
