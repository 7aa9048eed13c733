"""Reads JSON that breaks off anywhere: is it still the beginning of some JSON text, and how does it end?

One pass over the tokens, with a stack of open brackets. The language is that of Python's `json`, so NaN and Infinity are values.
"""

from __future__ import annotations

import json
import re
from typing import NamedTuple

_BLANK = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_CUT_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*(\\(?:u[0-9a-fA-F]{0,3})?)?\Z')
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_CUT_NUMBER = re.compile(r"-?(?:(?:0|[1-9]\d*)(?:\.\d*)?(?:(?<=\d)[eE][+-]?)?)?\Z")
_NAMES = ("true", "false", "null", "NaN", "Infinity", "-Infinity")


class Partial(NamedTuple):
    """Where a beginning of JSON breaks off.

    stack: the open brackets, `{` and `[`. state: what may come: value, first (a value or `]`), key (a key or `}`), next key
    (a key), colon, comma (or a closing bracket), end. patch: what the last token lacks. keys: those of the outermost object.
    cut: the key that is not yet ended, as far as it goes, when it is one of the outermost object.
    depth: of the deepest bracket so far. rest: where the value has ended (state end), else the length of the text.
    """

    stack: str
    state: str
    patch: str
    keys: frozenset[str]
    cut: str | None
    depth: int
    rest: int


def _after(stack: str) -> str:
    return "comma" if stack else "end"


def partial(text: str) -> Partial | None:  # noqa: PLR0912 - one branch a token
    """How far a text is JSON; None if no JSON text begins so. What follows a whole value is left: see `rest`."""
    stack, state, at, depth, keys = "", "value", 0, 0, set[str]()
    while state != "end":
        blank = _BLANK.match(text, at)
        at = blank.end() if blank else at
        if at == len(text):
            return Partial(stack, state, "", frozenset(keys), None, depth, at)
        char = text[at]
        if char == '"' and state in ("value", "first", "key", "next key"):
            is_key = "key" in state
            whole = _STRING.match(text, at)
            if whole is None:
                return _cut_string(text, at, stack, is_key, frozenset(keys), depth)
            if is_key and len(stack) == 1:
                keys.add(json.loads(whole[0]))
            at, state = whole.end(), "colon" if is_key else _after(stack)
        elif char in "{[" and state in ("value", "first"):
            stack, state, at = stack + char, "key" if char == "{" else "first", at + 1
            depth = max(depth, len(stack))
        elif (char == "}" and stack[-1:] == "{" and state in ("key", "comma")) or (
            char == "]" and stack[-1:] == "[" and state in ("first", "comma")
        ):
            stack, at = stack[:-1], at + 1
            state = _after(stack)
        elif char == "," and state == "comma":
            state, at = "next key" if stack[-1] == "{" else "value", at + 1
        elif char == ":" and state == "colon":
            state, at = "value", at + 1
        elif state in ("value", "first"):
            name = next((name for name in _NAMES if text.startswith(name, at)), None)
            number = _NUMBER.match(text, at)
            if name:
                at, state = at + len(name), _after(stack)
            elif number and number.end() < len(text) and not _CUT_NUMBER.match(text, at):
                at, state = number.end(), _after(stack)
            else:
                patch = _cut_value(text[at:])
                return None if patch is None else Partial(stack, _after(stack), patch, frozenset(keys), None, depth, len(text))
        else:
            return None
    return Partial(stack, state, "", frozenset(keys), None, depth, at)


def _cut_string(text: str, at: int, stack: str, is_key: bool, keys: frozenset[str], depth: int) -> Partial | None:
    cut = _CUT_STRING.match(text, at)
    if cut is None:
        return None
    escape = cut[1] or ""
    patch = {"": "", "\\": "n"}.get(escape, "0" * (6 - len(escape)))
    name = text[at + 1 :] if is_key and len(stack) == 1 and not escape else None
    return Partial(stack, "colon" if is_key else _after(stack), f'{patch}"', keys, name, depth, len(text))


def _cut_value(token: str) -> str | None:
    """What a name or number lacks, or None if it is none."""
    if _NUMBER.fullmatch(token):
        return ""
    if _CUT_NUMBER.fullmatch(token):
        return "0"
    return next((name[len(token) :] for name in _NAMES if name.startswith(token)), None)


_FRESH = {"value": "null", "first": "", "key": "", "next key": '"more": null', "colon": ": null", "comma": "", "end": ""}


def closing(found: Partial, down_to: int = 0) -> str:
    """What ends it at once, down to so many open brackets."""
    if len(found.stack) <= down_to:
        return found.patch
    end = found.patch + _FRESH[found.state]
    return end + "".join("}" if bracket == "{" else "]" for bracket in reversed(found.stack[down_to:]))


def deepening(found: Partial, levels: int) -> str | None:
    """What ends it with so many more brackets inside the innermost one; None where no value may follow."""
    inner = '{"more": ' * (levels - 1) + "{}" + "}" * (levels - 1)
    before = {"value": "", "first": "", "key": '"more": ', "next key": '"more": ', "colon": ": "}.get(found.state)
    if found.state == "comma":
        before = ', "more": ' if found.stack[-1] == "{" else ", "
    if before is None:
        return None
    return f"{found.patch}{before}{inner}" + "".join("}" if bracket == "{" else "]" for bracket in reversed(found.stack))


def keyed(found: Partial, missing: tuple[str, ...]) -> str | None:
    """What ends it as an object that has some more keys; None if it is no object, or already closed."""
    if not found.stack:
        if found.state != "value":
            return None
        return "{" + ", ".join(f'{json.dumps(key, ensure_ascii=False)}: ""' for key in missing) + "}"
    if found.stack[0] != "{":
        return None
    state, end = found.state, found.patch
    if len(found.stack) > 1:
        state, end = "comma", closing(found, 1)
    elif found.cut is not None and (key := next((key for key in missing if key.startswith(found.cut)), None)) and key.isalnum():
        end, missing = key[len(found.cut) :] + '"', tuple(other for other in missing if other != key)
    if state == "colon":
        state, end = "comma", end + ': ""'
    if state == "value":
        state, end = "comma", end + '""'
    pairs = ", ".join(f'{json.dumps(key, ensure_ascii=False)}: ""' for key in missing)
    if not pairs:
        pairs = '"more": ""' if state == "next key" else ""
    elif state == "comma":
        pairs = ", " + pairs
    return f"{end}{pairs}}}"
