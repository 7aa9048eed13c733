"""What requirements say about counts, as bounds that are tightened against one another until one is empty."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from math import inf
from typing import Any, NamedTuple, cast

from dutiful.kit.constraints.base import Rule


class Bound(NamedTuple):
    """A count (of "words", or of ("keyword", "tea")) that lies from low to high."""

    what: object
    low: float
    high: float


_AT = re.compile(r"(.+)_(at_least|at_most|exactly|around|between)$")
_SAME = {
    "distinct_words": ("words", "at_least"),
    "conjunctions": ("words", "at_least"),
    "pronouns": ("words", "at_least"),
    "names": ("words", "at_least"),
    "palindromes": ("words", "at_least"),
    "capital_words": ("words", "at_least"),
    "headings": ("lines", "at_least"),
    "quote_lines": ("lines", "at_least"),
    "bullets": ("lines", "at_least"),
    "numbered": ("lines", "at_least"),
    "table_rows": ("lines", "at_least"),
    "paragraphs": ("lines", "at_least"),
    "sentences": ("words", "at_least"),
    "questions": ("sentences", "at_least"),
}
"""A lower bound of the first is one of the second, too: what holds a heading is a line."""

_PARTS = (("bullets", "lines"), ("headings", "lines"), ("quote_lines", "lines"), ("paragraphs", "lines"), ("sentences", "words"))
"""The first is never more than the second."""


_Of = Callable[[dict[str, Any]], float]


def _just(n: float) -> _Of:
    return lambda _: n


_SAYS: dict[str, tuple[tuple[str, _Of, _Of], ...]] = {
    "vowels_at_most": (("lines", _just(0), _just(1)),),
    "no_whitespace": (("lines", _just(0), _just(1)), ("sentences", _just(0), _just(1))),
    "sentences_prime": (("sentences", _just(2), _just(inf)),),
    "english_then_chinese": (("paragraphs", _just(2), _just(2)),),
    "balanced_sentences": (("sentences", _just(3), _just(inf)),),
    "statements_to_questions": (("sentences", _just(2), _just(inf)),),
    "sentences_then_bullets": (("sentences", _just(2), _just(inf)), ("lines", _just(3), _just(inf))),
    "line_acrostic": (("lines", lambda p: len(p["word"]), lambda p: len(p["word"])),),
    "bullet_letters": (("bullets", lambda p: len(p["word"]), _just(inf)),),
    "csv_answer": (("lines", lambda p: p["rows"] + 1, lambda p: p["rows"] + 1),),
    "table": (("lines", lambda p: p["rows"] + 2, _just(inf)),),
    "multiple_choice": (("words", lambda p: p["questions"] * (p["options"] + 1), _just(inf)),),
    "lines_in_order": (("lines", lambda p: p["n"], _just(inf)),),
}
"""Counts that are no parameter in the name of a type: lower and upper bound by its parameters."""


def bounds(rule: Rule) -> Iterator[Bound]:
    """What one rule says about counts."""
    params = rule.params()
    n = params.get("n", 0)
    if match := _AT.match(rule.kind):
        what, how = match.groups()
        rest = tuple(str(value).lower() for name, value in params.items() if name not in ("n", "low", "high"))
        low = {"at_least": n, "exactly": n, "between": params.get("low", 0), "around": -(-n * 9 // 10)}.get(how, 0)
        high = {"at_most": n, "exactly": n, "between": params.get("high", inf), "around": n * 11 // 10}.get(how, inf)
        if not what.endswith(("per_sentence", "depth", "level", "word_letters")) and isinstance(low, int):
            yield Bound((what, *rest) if rest else what, low, high)
            if what in _SAME:
                yield Bound(_SAME[what][0], low, inf)
    yield from (Bound(what, low(params), high(params)) for what, low, high in _SAYS.get(rule.kind, ()))


def contradiction(rules: Sequence[Rule]) -> str:
    """Why the counts that the rules ask for cannot be had together, or ""."""
    ranges: dict[object, tuple[float, float]] = {}

    def narrow(what: object, low: float, high: float) -> bool:
        old = ranges.get(what, (0, inf))
        ranges[what] = max(old[0], low), min(old[1], high)
        return ranges[what] != old

    for rule in rules:
        for bound in bounds(rule):
            narrow(*bound)
    chinese = any("zh" in rule.languages[:1] or rule.kind == "english_then_chinese" for rule in rules)
    for _ in range(8):
        changed = False
        for part, whole in _PARTS:
            (low, _), (_, high) = ranges.get(part, (0, inf)), ranges.get(whole, (0, inf))
            changed |= narrow(whole, low, inf) | narrow(part, 0, high)
        if not chinese:  # two words have a blank between them
            (low, _), (_, high) = ranges.get("words", (0, inf)), ranges.get("characters", (0, inf))
            changed |= narrow("characters", 2 * low - 1, inf) | narrow("words", 0, (high + 1) // 2)
        for rule in rules:
            changed |= _ratio(rule, ranges, narrow)
        if not changed:
            break
    for what, (low, high) in ranges.items():
        if low > high:
            name = " of ".join(map(str, cast("tuple[str, ...]", what))) if isinstance(what, tuple) else what
            return f"at least {low:g} {name} are needed, but at most {high:g} are possible"
    for rule in rules:  # a multiple within the bounds
        what = {"words_divisible": "words", "sentences_per_paragraph": "sentences"}.get(rule.kind)
        low, high = ranges.get(what, (0, inf))
        if what and high < inf and not any(k % rule.params()["n"] == 0 for k in range(max(1, int(low)), int(high) + 1)):
            return f"no number of {what} from {low:g} to {high:g} is divisible by {rule.params()['n']}"
    return ""


def _ratio(rule: Rule, ranges: dict[object, tuple[float, float]], tighten: Callable[[object, float, float], bool]) -> bool:
    """Tightens what a rule ties together: words with sentences, sentences with paragraphs."""
    pair = {"sentences_per_paragraph": ("sentences", "paragraphs")}.get(rule.kind, ("words", "sentences"))
    match = re.match(r"words_per_sentence_(at_least|at_most|exactly)$|sentences_per_paragraph$", rule.kind)
    if not match:
        return False
    n, how = rule.params()["n"], match[1] or "exactly"
    (low, high), (few, many) = ranges.get(pair[0], (0, inf)), ranges.get(pair[1], (0, inf))
    changed = False
    if how != "at_most":
        changed |= tighten(pair[0], n * few, inf) | tighten(pair[1], 0, high // n)
    if how != "at_least":
        changed |= tighten(pair[0], 0, n * many) | tighten(pair[1], -(-low // n), inf)
    return changed


__all__ = ["Bound", "bounds", "contradiction"]
