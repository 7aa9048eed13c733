"""Reading answers that do not quite have the form that was asked for. What cannot be read is None, never a guess.

Each reader has a strict form (the one asked for) and a lenient one. A benchmark that reports both tells a failure of form from
a failure of substance; one that falls back on a default answer tells neither (arXiv 2312.11444 shows what that does).
"""

from __future__ import annotations

import itertools
import json
import re
from typing import Any, NamedTuple

_ANSWER = re.compile(r"(?:^|\n|[.:] *|\b)(?:final )?answer(?: is)?\s*[:=]\s*(.+)", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.])[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?!\w)")
_FENCE = re.compile(r"```[a-zA-Z]*\n(.*?)```", re.DOTALL)
_TRIES = 1000
"""Opening brackets that are tried: each costs a pass over what follows."""


class Rescued(NamedTuple):
    """What was read. `how`: "whole", "extracted", "null" (the text says null), or "failed", where `value` is the default."""

    value: Any
    how: str


def json_value(text: str, default: dict[str, Any] | list[Any]) -> Rescued:
    """JSON of the type of `default` (a dict or a list) out of a text: all of it, else the first balanced piece that parses.

    Source: the order of attempts of SciRIFF (arXiv 2406.07835).
    """
    kind: type[Any] = dict if isinstance(default, dict) else list
    for candidate in (text, *(match[1] for match in _FENCE.finditer(text))):
        try:
            value = json.loads(candidate.strip())
        except (ValueError, RecursionError):
            continue
        if isinstance(value, kind):
            return Rescued(value, "whole" if candidate is text else "extracted")
        if value is None:
            return Rescued(default, "null")
    decoder, starts = json.JSONDecoder(), re.finditer(r"\{" if kind is dict else r"\[", text)
    for start in itertools.islice(starts, _TRIES):
        try:
            return Rescued(decoder.raw_decode(text, start.start())[0], "extracted")
        except (ValueError, RecursionError):
            continue
    return Rescued(default, "failed")


def answer_line(text: str) -> str | None:
    """What stands after the last "Answer:", to the end of its line."""
    found = _ANSWER.findall(text)
    return found[-1].strip().rstrip(".*") if found else None


def number(text: str, strict: bool = False) -> float | None:
    """A number: after "Answer:" (strict: there or nowhere, and nothing beside it), else the last of the text."""
    line = answer_line(text)
    if strict:
        plain = line.lstrip("$") if line else ""
        return _value(plain) if _NUMBER.fullmatch(plain) else None
    for place in (line, text):
        if place and (found := _NUMBER.findall(place)):
            return _value(found[-1])
    return None


def _value(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))


def letter(text: str, letters: str = "ABCD", strict: bool = False) -> str | None:
    """A letter of an option: after "Answer:" (strict: there or nowhere, nothing beside it), else the last that stands alone."""
    line = answer_line(text)
    if strict:
        plain = (line or "").strip("()[]* ")
        return plain if len(plain) == 1 and plain in letters else None
    for place in (line, text):
        # A lower-case "a" is an article, so letters count as capitals only, or in brackets.
        if place and (found := re.findall(rf"(?<![\w'])[(\[]?([{letters}])(?![\w'])", place)):
            return found[-1]
    return None


def bracketed(text: str) -> str | None:
    """What stands in the first square brackets."""
    found = re.search(r"\[([^\[\]]+)\]", text)
    return found[1].strip() if found else None


def rating(text: str, low: int = 1, high: int = 10) -> int | None:
    """A whole number from low to high: the last such of the text, "8/10" read as 8."""
    found = [int(each) for each in re.findall(r"(?<![\d./])(\d{1,3})(?![\d.]\d|\d)", text) if low <= int(each) <= high]
    return found[-1] if found else None
