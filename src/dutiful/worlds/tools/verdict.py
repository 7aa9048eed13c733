"""The verdict: the state that is there against the state that the gold program leads to, and the answer against its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from dutiful.core.records import Criterion, Verdict
from dutiful.worlds.tools.language import Row, Table, Tables


class Gold(NamedTuple):
    """What the gold program leads to. `asks`: whether an answer is wanted."""

    tables: Tables
    answer: Any
    asks: bool


Changes = dict[tuple[str, str], tuple[Row | None, Row | None]]
"""(table, key) -> (the row before, the row after); None where there is none."""


def changes(before: Tables, after: Tables) -> Changes:
    """The rows that differ."""
    found: Changes = {}
    for name, rows in after.items():
        old = before[name]
        if rows is old:
            continue
        for key in {**old, **rows}:
            if old.get(key) != rows.get(key):
                found[name, key] = (old.get(key), rows.get(key))
    return found


def judge(before: Tables, now: Tables, gold: Gold, finished: bool, answer: Any, specs: Mapping[str, Table]) -> Verdict:
    """One criterion for each change that is wanted, one for the answer, one for that nothing else changed.

    The last counts no more than the others are met, so that the score is progress.
    """
    wanted, made = changes(before, gold.tables), changes(before, now)
    criteria = [_change(specs[table], key, old, new, now[table].get(key)) for (table, key), (old, new) in wanted.items()]
    if gold.asks:
        right = finished and same(answer, gold.answer)
        given = f"the answer is {_show(answer)}" if finished else "no answer was given"
        criteria.append(Criterion("the answer is right", right, float(right), f"expected {_show(gold.answer)}; {given}"))
    others = [f"{specs[table].noun} {key}" for table, key in made if (table, key) not in wanted]
    met = sum(c.score for c in criteria) / len(criteria)
    evidence = f"changed besides: {', '.join(others)}" if others else f"{len(made)} records changed, all of them wanted"
    criteria.append(Criterion("nothing else is changed", not others, 0.0 if others else met, evidence))
    return Verdict.of(*criteria)


def _change(spec: Table, key: str, old: Row | None, new: Row | None, now: Row | None) -> Criterion:
    if new is None:
        return _criterion(f"{spec.noun} {key} is gone", now is None, f"expected none; it is {'gone' if now is None else 'there'}")
    if old is None:
        named = {field: value for field, value in new.items() if field != spec.key}
        evidence = f"expected {spec.noun} {_show(named)}; it is {'there' if now == new else 'not there'}"
        return _criterion(f"there is a new {spec.noun}", now == new, evidence)
    fields = [field for field in new if new[field] != old[field]]
    expected = ", ".join(f"{field}={_show(new[field])}" for field in fields)
    there = (
        ", ".join(f"{field}={_show(now[field])}" for field in new if now[field] != old[field] or field in fields)
        if now
        else "gone"
    )
    return _criterion(f"{spec.noun} {key} has {expected}", now == new, f"expected {expected}; it has {there}")


def _criterion(name: str, passed: bool, evidence: str) -> Criterion:
    return Criterion(name, passed, float(passed), evidence)


def _show(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def same(answer: Any, expected: Any) -> bool:
    """Whether an answer is the expected one, once both are of one type.

    Numbers may be written as text, to the cent; texts may differ in case and space; a list may be in any order.
    """
    if isinstance(expected, (list, tuple)):
        if isinstance(answer, str):
            answer = _list(answer)
        if not isinstance(answer, (list, tuple)):
            return False
        return Counter(map(_plain, answer)) == Counter(map(_plain, expected))
    if isinstance(answer, (list, tuple)) and len(answer) == 1:
        answer = answer[0]
    return _plain(answer) == _plain(expected)


def _list(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return [part for part in text.split(",") if part.strip()]


def _plain(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return str(value).lower()
    if isinstance(value, str):
        text = " ".join(value.casefold().split()).strip(" .\"'")
        try:
            value = float(text)
        except ValueError:
            return text
    return f"{value:.2f}" if isinstance(value, (int, float)) else _show(value)
