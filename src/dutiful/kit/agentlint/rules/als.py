"""ALS: stop words against the names and the possible answers of tools."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from dutiful.kit.agentlint.findings import Finding
from dutiful.kit.agentlint.rules.base import Analysed
from dutiful.kit.agentlint.subjects import Tool
from dutiful.kit.agentlint.values import HOLE, Value, returns


def check(analysed: Analysed) -> Iterator[Finding]:
    """A stop word that a tool's name or answer contains, alone or joined to it, ends the generation early."""
    stops = list(analysed.subjects.stops())
    if not stops:
        return
    for tool in analysed.subjects.tools:
        names = [str(v.value) for v in tool.names or ()] or [tool.title]
        answers = [(v, str(v.value)) for v in _answers(analysed, tool)]
        for stop in stops:
            word = str(stop.value)
            if clash := next((name for name in names if word in f"\n{name}"), None):
                evidence = f"the stop word {word!r} occurs in the tool's name {clash!r}"
                yield analysed.finding("ALS", stop.node, tool.title, evidence, also=tool.node)
                continue
            for node, text in answers:
                joined = [text, f"\n{text}\n", *(f"{name}{mark}{text}" for name in names for mark in ("_", ": ", " ", ""))]
                if any(word in each for each in joined):
                    shown = text.replace(HOLE, "...")[:60]
                    evidence = f"the stop word {word!r} occurs in what the tool returns: {shown!r}"
                    yield analysed.finding("ALS", stop.node, tool.title, evidence, also=node.node)
                    break


def _answers(analysed: Analysed, tool: Tool) -> Iterator[Value]:
    """The texts that a tool can return, as far as they are literals."""
    function = tool.function
    if function is None:
        return
    for value in returns(function):
        for each in analysed.subjects.symbols.resolve(value):
            if isinstance(each.value, str) and each.value.replace(HOLE, "").strip():
                yield each
        if isinstance(value, ast.Dict):
            for entry in value.values:
                yield from (v for v in analysed.subjects.symbols.resolve(entry) if isinstance(v.value, str) and v.value.strip())
