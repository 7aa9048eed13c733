"""Running a battery and telling how it went."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from dutiful.core.parts import KINDS, Card, Part


class Result(NamedTuple):
    """One check. `status` is "passed", "failed", "skipped" or "expected" (it failed, as foreseen); `detail` says why."""

    name: str
    status: str
    detail: str = ""


class Skip(Exception):
    """Raised inside a check that does not fit the part."""


class CheckFailed(AssertionError):
    """At least one check of a battery failed; `report` has all of them."""

    def __init__(self, report: Report):
        failed = [result for result in report if result.status == "failed"]
        lines = [f"{report.part}: {len(failed)} of {report.ran} checks failed", *(f"  {r.name}: {r.detail}" for r in failed)]
        super().__init__("\n".join(lines))
        self.report = report


class Report(list[Result]):
    """The results of a battery, in order."""

    def __init__(self, part: str):
        super().__init__()
        self.part = part

    @property
    def ran(self) -> int:
        """How many checks ran, skipped ones not counted."""
        return sum(result.status != "skipped" for result in self)

    def __str__(self) -> str:
        width = max((len(result.name) for result in self), default=0)
        rows = (f"  {result.name:<{width}}  {result.status}{f': {result.detail}' if result.detail else ''}" for result in self)
        return "\n".join([f"{self.part}: {self.ran} checks ran, {len(self) - self.ran} skipped", *rows])


Check = tuple[str, Callable[[Any], None]]


def run_battery(part: Part, checks: Sequence[Check], subject: Any, expected: Mapping[str, str] | None) -> Report:
    """Runs the checks one by one; raises CheckFailed, or ValueError for an expected failure that no check bears."""
    expected = dict(expected or {})
    if unknown := set(expected) - {name for name, _ in checks}:
        raise ValueError(f"no check is called {sorted(unknown)}; there are: {[name for name, _ in checks]}")
    if empty := [name for name, reason in expected.items() if not reason.strip()]:
        raise ValueError(f"expected failures need a reason: {empty}")
    report = Report(part.spec)
    for name, check in checks:
        report.append(_run(name, check, subject, expected.get(name)))
    if any(result.status == "failed" for result in report):
        raise CheckFailed(report)
    return report


def _run(name: str, check: Callable[[Any], None], subject: Any, reason: str | None) -> Result:
    try:
        check(subject)
    except Skip as skip:
        return Result(name, "skipped", str(skip))
    except Exception as problem:
        detail = str(problem) if isinstance(problem, AssertionError) else f"{type(problem).__name__}: {problem}"
        return Result(name, "expected", reason) if reason else Result(name, "failed", detail or "assertion failed")
    if reason:
        return Result(name, "failed", f"it passes, though it was expected to fail ({reason}): drop the expectation")
    return Result(name, "passed")


def card_is_complete(part: Part, kinds: Sequence[str]) -> None:
    """The card says what the part is, in its own words."""
    card = getattr(part, "card", None)
    assert isinstance(card, Card), f"{type(part).__name__} has no card"
    assert card.kind in kinds and card.kind in KINDS, f"the card's kind is {card.kind!r}, expected one of {list(kinds)}"
    assert card.name and card.name == card.name.strip() and not set(card.name) & set("?&+="), f"bad name {card.name!r}"
    assert card.summary, "the card has no summary"


def need(part: Part, capability: str) -> None:
    """Skips the check unless the card lists the capability."""
    if not part.can(capability):
        raise Skip(f"the card does not list {capability!r}")
