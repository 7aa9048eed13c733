"""Reads requirements out of Chinese: every wording in `wordings_zh` of every type, with numbers in figures or characters."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, cast

import msgspec

from dutiful.core.records import Constraint
from dutiful.kit.constraints import TYPES
from dutiful.kit.constraints.base import Rule
from dutiful.kit.constraints.text import HAN

_ONES = {mark: number for number, mark in enumerate("零一二三四五六七八九")} | {"两": 2}
_NUMBER = r"(?:\d+|[一二两三四五六七八九十百]+)"


def readings(text: str) -> Iterator[tuple[Constraint, int, int]]:
    """The requirements that a text holds in Chinese words, each with where it stands; they may overlap."""
    if not HAN.search(text):
        return
    for rule in TYPES.values():
        for wording in rule.wordings_zh:
            if _anchor(wording) in text:
                yield from _read(rule, _template(rule, wording), text)


def _read(rule: type[Rule], pattern: re.Pattern[str], text: str) -> Iterator[tuple[Constraint, int, int]]:
    types = {field.encode_name: field.type for field in msgspec.structs.fields(rule)}
    named = {said: value for value, said in rule.names_zh.items()}
    for match in pattern.finditer(text):
        params = {name: _value(types[name], named.get(said, said)) for name, said in match.groupdict().items()}
        try:
            read = msgspec.convert(params, rule)
        except (msgspec.ValidationError, ValueError):
            continue  # it looks like it, but the parameters are none of this type
        yield Constraint(rule.kind, msgspec.to_builtins(read), match[0]), *match.span()


@lru_cache(maxsize=1024)
def _anchor(wording: str) -> str:
    """The longest literal piece of a wording, without its full stop."""
    return max((literal.rstrip("。") for literal, *_ in string.Formatter().parse(wording)), key=len)


@lru_cache(maxsize=1024)
def _template(rule: type[Rule], wording: str) -> re.Pattern[str]:
    types = {field.encode_name: field.type for field in msgspec.structs.fields(rule)}
    made: list[str] = []
    for literal, name, _, _ in string.Formatter().parse(wording.removesuffix("。")):
        made.append(re.escape(literal))
        if name:
            made.append(f"(?P<{name}>{_field(rule, types[name], literal[-1:] == '“')})")
    return re.compile("".join(made) + "。?")


def _field(rule: type[Rule], kind: Any, quoted: bool) -> str:
    """What a parameter may look like."""
    if kind is int:
        return _NUMBER
    if getattr(kind, "__origin__", None) is tuple:
        return r"[^，。；：\n]+"
    options = [*map(str, getattr(kind, "__args__", ())), *rule.names_zh.values()]
    return "|".join(map(re.escape, options)) or (r"[^“”\n]+" if quoted else r"[\w+#.-]+?")


def _value(kind: Any, said: str) -> Any:
    """A parameter from the words that stand for it."""
    if kind is int:
        return int(said) if said.isdigit() else _number(said)
    if getattr(kind, "__origin__", None) is tuple:
        *items, last = said.split("、")
        pair = re.fullmatch("(.+?)(?:和|或|以及)(.+)", last)
        items += pair.groups() if pair else (last,)
        return [_value(cast("tuple[Any, ...]", kind.__args__)[0], item.strip("“”\"'")) for item in items]
    return said


def _number(said: str) -> int:
    """A number below a thousand, in characters: 十二, 二十, 一百二十."""
    total = here = 0
    for mark in said:
        if mark in _ONES:
            here = _ONES[mark]
        else:
            total, here = total + max(1, here) * {"十": 10, "百": 100}[mark], 0
    return total + here


__all__ = ["readings"]
