"""A protocol from a node on as a grammar: what decoding under it writes, the protocol allows.

    r0: "Thought: " TEXT0 "\\n" r1
    r1: "Action: lookup" "\\n" r2 | "Action: calculator" "\\n" r3 | "Answer: " TEXT1

A rule is a node of the automaton together with the positions left and the tool named last; its alternatives are the states
allowed there. The text ends where the environment has its turn, where a transcript may end, or after the prefix of a state
that somebody else fills. With few positions left only ways that still fit are rules, at last the shortest one alone.

Masks work on bytes, so a token may begin in a prefix and end in the content: no prefix forces an odd way to cut a text.
The notation is Lark's as llguidance reads it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from dutiful.kit.ltlf.progress import Node
from dutiful.kit.ltlf.protocol import Context, Protocol, State, options, schema_of

WORD_LIMIT, LIST_LIMIT = 60, 8
"""Characters of a string and items of a list in JSON, where its schema says nothing."""
_COMPACT = {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": "}
_PLAIN = {"integer": "-?(0|[1-9][0-9]{0,8})", "number": r"-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,4})?", "boolean": "true|false"}


class Place(NamedTuple):
    """A rule: where the automaton stands, how many positions are left, which tool was named last."""

    node: Node
    left: int
    tool: str


def grammar(protocol: Protocol, node: Node, left: int, context: Context) -> str:
    """The grammar of what a model may write from a node on, in at most `left` positions; raises ValueError for nothing."""
    return _Writer(protocol, context).write(Place(node, left, context.tool))


def turn_ends(protocol: Protocol, node: Node, left: int) -> bool:
    """Whether the model may stop writing here: the environment comes next, or the transcript may end."""
    allowed = protocol.automaton.allowed(node, left)
    given = any(protocol.by_name[name].source == "environment" for name in allowed)
    return given or protocol.automaton.accepting(node)


class _Writer:
    def __init__(self, protocol: Protocol, context: Context):
        self.protocol, self.context = protocol, context
        self.places: dict[Place, str] = {}
        self.lexemes: dict[str, str] = {}

    def write(self, start: Place) -> str:
        rules = [f"start: {self._name(start)}"]
        done = 0
        while done < len(self.places):  # alternatives name further places
            place, name = list(self.places.items())[done]
            ways = list(dict.fromkeys(self._ways(place)))
            if not ways:
                raise ValueError(
                    f"nothing may be written after this, no content fits: {self.protocol.automaton.allowed(place.node)}"
                )
            rules.append(f"{name}: " + " | ".join(ways))
            done += 1
        return "\n".join([*rules, *(f"{name}: {body}" for body, name in self.lexemes.items())])

    def _name(self, place: Place) -> str:
        return self.places.setdefault(place, f"r{len(self.places)}")

    def _ways(self, place: Place) -> Iterator[str]:
        """The alternatives of a rule."""
        if turn_ends(self.protocol, place.node, place.left):
            yield '""'
        context = self.context._replace(tool=place.tool)
        for name in self.protocol.automaton.allowed(place.node, place.left):
            state = self.protocol.by_name[name]
            if state.source == "environment":
                continue
            then = Place(self.protocol.automaton.next(place.node, name), max(0, place.left - 1), place.tool)
            if state.content == "action":
                yield _literal(state.prefix)
            elif state.content == "tool":
                for tool in options(state, context) or ():
                    yield f"{_literal(f'{state.prefix} {tool}')} {self._rest(state, then._replace(tool=tool))}"
            elif body := self._content(state, context):
                yield f"{_literal(state.prefix + ' ')} {body} {self._rest(state, then)}"

    def _rest(self, state: State, then: Place) -> str:
        """The end of a content, and what may follow."""
        stop = _literal(state.stop) if state.stop != "\n" and state.content != "text" else ""
        legal = self.protocol.automaton.allowed(then.node, then.left)
        if not any(self.protocol.by_name[name].source == "model" for name in legal):
            return stop
        more = f'"\\n" {self._name(then)}'
        return f"{stop} ({more})?" if turn_ends(self.protocol, then.node, then.left) else f"{stop} {more}"

    def _content(self, state: State, context: Context) -> str:
        """A content as a name or an expression; "" where there is none that would do."""
        if (listed := options(state, context)) is not None:
            return self._lexeme(" | ".join(map(_literal, listed)), "rule") if listed else ""
        if state.content == "pattern":
            return self._lexeme(_regex(state.pattern))
        if state.content in ("schema", "arguments"):
            return self._json(schema_of(state, context))
        if state.stop == "\n":
            return self._lexeme(_regex(rf"[^\s][^\n]{{0,{state.limit - 1}}}"))
        return self._lexeme(_regex(rf"[^\s](?s:.){{0,{state.limit - 1}}}{re.escape(state.stop)}"), "lazy")

    def _lexeme(self, body: str, kind: str = "") -> str:
        """The name of a terminal (capitals) or a rule with this body."""
        letter, attribute = ("T", "") if not kind else ("c", "[lazy]" if kind == "lazy" else "")
        return self.lexemes.setdefault(body, f"{letter}{len(self.lexemes)}{attribute}").removesuffix(attribute)

    def _json(self, schema: dict[str, Any]) -> str:
        """JSON in one spelling. Flat objects are spelt out, since a schema alone bounds no number's digits."""
        fields = schema.get("properties", {})
        kinds = [_kind(field) for field in fields.values()]
        needed = set(schema.get("required", ()))
        if schema.get("type") != "object" or not all(kinds) or needed != set(fields):
            bounded = {**_bounded(schema), "x-guidance": _COMPACT}
            return self._lexeme(f"%json {json.dumps(bounded)}", "rule")
        body: list[str] = []
        for number, (name, field) in enumerate(fields.items()):
            body.append(_literal(("{" if not number else ", ") + json.dumps(name) + ": "))
            body.append(self._value(field))
        return " ".join([*body, _literal("}" if fields else "{}")])

    def _value(self, field: dict[str, Any]) -> str:
        kind = _kind(field)
        if kind == "enum":
            return self._lexeme(" | ".join(_literal(json.dumps(value, ensure_ascii=False)) for value in field["enum"]), "rule")
        if kind == "string":
            return self._lexeme(_regex(rf'"[^"\\\x00-\x1f]{{1,{field.get("maxLength", WORD_LIMIT)}}}"'))
        return self._lexeme(_regex(_PLAIN[kind]))


def _kind(field: dict[str, Any]) -> str:
    """The kind of a plain value; "" for one that takes a whole schema."""
    if "enum" in field:
        return "enum"
    plain = set(field) <= {"type", "description", "title", "default", "maxLength"}
    return field["type"] if plain and field.get("type") in ("string", *_PLAIN) else ""


def _bounded(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema whose values come to an end: no unknown names, no endless strings, lists and whole numbers."""
    bounds: dict[str, dict[str, Any]] = {
        "object": {"additionalProperties": False},
        "string": {"maxLength": WORD_LIMIT},
        "array": {"maxItems": LIST_LIMIT},
        "integer": {"minimum": -999_999_999, "maximum": 999_999_999},
    }
    kind = schema.get("type")
    bounded = {**bounds.get(kind, {}), **schema} if isinstance(kind, str) and "enum" not in schema else {**schema}
    if "properties" in schema:
        bounded["properties"] = {name: _bounded(field) for name, field in schema["properties"].items()}
    if isinstance(schema.get("items"), dict):
        bounded["items"] = _bounded(schema["items"])
    return bounded


def _literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _regex(pattern: str) -> str:
    return "/" + pattern.replace("/", r"\/") + "/"
