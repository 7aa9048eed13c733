"""LARD: calls held against the signatures of the clients."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from dutiful.kit.agentlint.findings import Finding
from dutiful.kit.agentlint.frameworks import CONSTRUCTED, RANGES, ROLES, SIGNATURES, Signature
from dutiful.kit.agentlint.rules.base import Analysed


def check(analysed: Analysed) -> Iterator[Finding]:
    """Missing, unknown and out-of-range parameters, and messages that are none."""
    for call in analysed.subjects.symbols.every_call:
        names = sorted(analysed.subjects.symbols.callees(call))
        for pattern, signature in SIGNATURES:
            if name := next((n for n in names if re.fullmatch(pattern, n)), ""):
                yield from _against(analysed, call, name, signature)
        for pattern, ranges in RANGES:
            if name := next((n for n in names if re.fullmatch(pattern, n)), ""):
                yield from _numbers(analysed, call, name, ranges)
                break
        for pattern, needed in CONSTRUCTED:
            if name := next((n for n in names if re.fullmatch(pattern, n)), ""):
                given, open_ended = _given(analysed, call)
                if not given & needed and not call.args and not open_ended:
                    yield analysed.finding("LARD", call, name, f"no model is named: {' or '.join(sorted(needed))} is missing")


def _given(analysed: Analysed, call: ast.Call) -> tuple[set[str], bool]:
    """The parameters that a call gives, and whether there may be more (`**` of something unknown)."""
    names, open_ended = {k.arg for k in call.keywords if k.arg}, False
    for keyword in call.keywords:
        if keyword.arg is not None:
            continue
        for each in analysed.subjects.symbols.expand(keyword.value):
            if not isinstance(each, ast.Dict) or None in each.keys:
                open_ended = True
                continue
            keys = [v.value for key in each.keys for v in analysed.subjects.symbols.resolve(key)]
            names |= {key for key in keys if isinstance(key, str)}
            open_ended |= len(keys) < len(each.keys) or _grows(analysed, keyword.value)
    return names, open_ended


def _grows(analysed: Analysed, node: ast.expr) -> bool:
    """Whether keys are added to a named dictionary later on."""
    if not isinstance(node, ast.Name):
        return False
    module = analysed.project.home[node]
    scope = module.function(node) or module.tree
    for each in ast.walk(scope):
        if isinstance(each, ast.Subscript) and isinstance(each.ctx, ast.Store) and _is_name(each.value, node.id):
            return True
        if isinstance(each, ast.Attribute) and each.attr in ("update", "setdefault") and _is_name(each.value, node.id):
            return True
    return False


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _against(analysed: Analysed, call: ast.Call, name: str, signature: Signature) -> Iterator[Finding]:
    given, open_ended = _given(analysed, call)
    missing = sorted(signature.required - given)
    if missing and not open_ended:
        yield analysed.finding("LARD", call, name, f"the call lacks {', '.join(missing)}")
    for unknown in sorted(given - signature.allowed):
        yield analysed.finding("LARD", call, name, f"{unknown!r} is no parameter of this call")
    yield from _numbers(analysed, call, name, signature.ranges)
    yield from _messages(analysed, call, name)


def _numbers(analysed: Analysed, call: ast.Call, name: str, ranges: dict[str, tuple[float, float]]) -> Iterator[Finding]:
    for parameter, (least, most) in ranges.items():
        for given in analysed.subjects.argument(call, parameter):
            for value in analysed.subjects.symbols.resolve(given):
                number = value.value
                if isinstance(number, str):
                    evidence = f"{parameter} is the text {number!r}, expected a number"
                elif number is not None and not isinstance(number, bool) and not least <= number <= most:
                    evidence = f"{parameter} is {number:g}, expected {least:g} to {most:g}"
                else:
                    continue
                yield analysed.finding("LARD", value.node, name, evidence, also=call)


def _messages(analysed: Analysed, call: ast.Call, name: str) -> Iterator[Finding]:
    symbols = analysed.subjects.symbols
    for given in analysed.subjects.argument(call, "messages"):
        if any(isinstance(v.value, str) for v in symbols.resolve(given)):
            yield analysed.finding("LARD", given, name, "messages is a text, expected a list of messages", also=call)
            continue
        for message in (m for item in symbols.items(given) for m in symbols.expand(item)):
            for role in (v for e in analysed.subjects.entries(message, "role") for v in symbols.resolve(e)):
                if isinstance(role.value, str) and role.value not in ROLES:
                    evidence = f"{role.value!r} is no role; there are {', '.join(sorted(ROLES))}"
                    yield analysed.finding("LARD", role.node, name, evidence, also=call)
                elif role.value == "system" and "anthropic" in name:
                    evidence = "'system' is no role of this client: the system text is a parameter of its own"
                    yield analysed.finding("LARD", role.node, name, evidence, also=call)
