"""One `finish` for several requirements, for decoding: a continuation after which all of them are met.

    whole = text
    repeat a few times, until all are met:
        for each rule, content before structure before length before endings:
            whole += rule.finish(whole)

What one rule adds may break another: the sentence that brings a keyword begins with a capital, and all was to be lower case.
Then the addition is tried in other dress (small, capital, without marks), the rules in other orders, and, where a line begins,
what one rule opens with and the others fill. What comes back was checked, so it is a proof; None is one only where a single
rule is dead. Else it means that none of the tries came out: so it goes for about one beginning in ten of texts that meet two or
three types drawn at random, among them odd ones, and for fewer of what `chat/rules` asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from dutiful.kit.constraints.base import Rule

_ORDER = ("language", "lexical", "arithmetic", "compound", "structure", "format", "length", "punctuation", "case", "position")
_ROUNDS = 4
_OPENING = re.compile(r"\W")
_CUTS = 8
_MARKS = re.compile(r"[^\w\s]")

Finish = Callable[[str], str | None]


def finish_all(rules: Sequence[Rule]) -> Finish:
    """`finish(text)`: "" if all the rules that steer are met, None if one is dead or no try met all, else what meets all."""
    steering = sorted((rule for rule in rules if rule.steers), key=lambda rule: _ORDER.index(rule.family))
    # Lengths and ends first where the usual order fails, then everything the other way round.
    late = [rule for rule in steering if rule.family in ("length", "position")]
    orders = [steering, [*late, *(rule for rule in steering if rule not in late)], steering[::-1]]
    orders = [order for place, order in enumerate(orders) if order not in orders[:place]]

    def finish(text: str) -> str | None:
        ends = [rule.finish(text) for rule in steering]
        if None in ends:
            return None
        if not any(ends):
            return ""
        whole = _plainly(text, steering)
        for order in orders:
            if whole is None:
                whole = _carefully(text, order)
        if whole is None and text[-1:] in ("", "\n"):
            whole = next(filter(None, (_carefully(text + begun, order) for begun, order in _openings(steering, ends))), None)
        return None if whole is None else whole[len(text) :]

    return finish


def finish_most(rules: Sequence[Rule]) -> tuple[Finish, list[Rule]]:
    """A joint finish that is alive at the start, and the rules it is for: all that steer, else without one, two, ... of them."""
    steering = [rule for rule in rules if rule.steers]
    for size in range(len(steering), 0, -1):
        for kept in combinations(steering, size):
            finish = finish_all(kept)
            if finish("") is not None:
                return finish, list(kept)
    return finish_all(()), []


def _plainly(text: str, order: Sequence[Rule]) -> str | None:
    """The text finished by each rule in turn, as each says; None where one dies of it or the rounds are over."""
    for _ in range(_ROUNDS):
        before = len(text)
        for rule in order:
            end = rule.finish(text)
            if end is None:
                return None
            text += end
        if len(text) == before:
            return text
    return None


def _carefully(text: str, order: Sequence[Rule]) -> str | None:
    """As `_plainly`, but nothing is added of which another rule dies."""
    for _ in range(_ROUNDS):
        before = len(text)
        for rule in order:
            end = rule.finish(text)
            if end is None:
                return None
            if not end:
                continue
            longer = (text + dress for dress in _dresses(end))
            found = next((new for new in longer if _serves(new, rule, order)), None)
            if found is None:
                return None
            text = found
        if len(text) == before:
            return text
    return None


def _openings(rules: Sequence[Rule], ends: Sequence[str | None]) -> Iterator[tuple[str, list[Rule]]]:
    """Beginnings of what single rules would add, with the order in which that rule comes last: it closes what it opened."""
    for rule, end in zip(rules, ends, strict=True):
        order = [*(other for other in rules if other is not rule), rule]
        cuts = [match.end() for match in _OPENING.finditer(end or "")][:_CUTS]
        starts = [(end or "")[:cut] for cut in cuts]
        if end and end[0] == "{":
            starts += [start for key in ("answer", "Answer") for start in (f'{{"{key}": "', f'{{"{key}": ' * 3 + '"')]
        yield from ((start, order) for start in starts)


def _serves(text: str, rule: Rule, others: Sequence[Rule]) -> bool:
    """Whether a rule is met, and no other is dead."""
    return rule.finish(text) == "" and all(other is rule or other.finish(text) is not None for other in others)


def _dresses(end: str) -> Iterator[str]:
    """An addition as it is, and in the forms that case and punctuation rules may want."""
    bare = _MARKS.sub("", end)
    marked = _MARKS.sub(lambda mark: mark[0] if mark[0] in ".!?" else "", end)
    yield from dict.fromkeys(
        (end, end.lower(), end.upper(), end.title(), marked, marked.lower(), bare, bare.lower(), bare.upper())
    )


__all__ = ["finish_all", "finish_most"]
