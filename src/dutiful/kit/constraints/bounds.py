"""A number that lies between bounds: the base of the types that count something."""

from __future__ import annotations

import random as randomness
from typing import ClassVar

from dutiful.kit.constraints.base import Finding, Rule


class Bounded(Rule, frozen=True):
    """Between `low` and `high` of a unit. A subclass says which unit, and how to add some."""

    unit: ClassVar[str]
    languages = ("en", "zh")

    def bounds(self) -> tuple[int, int | None]:
        """The least and the most; None: any number."""
        raise NotImplementedError

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where the counted things are."""
        raise NotImplementedError

    def count(self, text: str) -> int:
        """How many there are."""
        return len(self.spans(text))

    def add(self, text: str, count: int) -> str:
        """The continuation that adds `count` of them."""
        raise NotImplementedError

    def asked(self) -> str:
        """The bounds in words."""
        low, high = self.bounds()
        if high is None:
            return f"at least {low}"
        return f"at most {high}" if not low else f"exactly {low}" if low == high else f"{low} to {high}"

    def check(self, text: str) -> Finding:
        low, high = self.bounds()
        count = self.count(text)
        over: tuple[tuple[int, int], ...] = ()
        if high is not None and count > high:
            found = self.spans(text)
            over = ((found[high][0], found[-1][1]),)
        return Finding(count >= low and not over, f"{count} {self.unit}, {self.asked()} asked for", over)

    def finish(self, text: str) -> str | None:
        low, high = self.bounds()
        count = self.count(text)
        if high is not None and count > high:
            return None
        return self.add(text, low - count) if count < low else ""

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        _, high = self.bounds()
        found = self.spans(text)
        cut = text if high is None or len(found) <= high else text[: found[high - 1][1]] if high else ""
        return cut + (self.finish(cut) or "")

    def opposes(self, other: Rule) -> str:
        if not isinstance(other, Bounded) or other.unit != self.unit:
            return ""
        low, high = other.bounds()[0], self.bounds()[1]
        return f"{self.asked()} {self.unit}, but {other.asked()}" if high is not None and low > high else ""


__all__ = ["Bounded"]
