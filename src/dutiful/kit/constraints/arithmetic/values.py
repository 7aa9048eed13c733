"""How large numbers are, and their sum."""

from __future__ import annotations

import random as randomness
from typing import Self

from dutiful.kit.constraints.arithmetic.digits import DIGITS, LONGEST, NoDigits, NumbersExactly, value_of
from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.fillers import counted
from dutiful.kit.constraints.joints import first, lead
from dutiful.kit.constraints.mended import Mended


class NumberAbove(Mended, frozen=True):
    """A number greater than n that is odd, or even."""

    n: int
    parity: str

    kind, family, category, subtype = "number_above", "arithmetic", "content", "numbers"
    wordings = (
        "Include an {parity} number greater than {n}.",
        "Mention at least one number above {n} that is {parity}.",
        "The answer must hold an {parity} number, in figures, that exceeds {n}.",
    )

    def __post_init__(self) -> None:
        if self.parity not in ("odd", "even") or not 0 <= self.n < 10**LONGEST // 10:
            raise ValueError(f"needs a number of at most {LONGEST - 1} digits and odd or even, got {self.n}, {self.parity!r}")

    def check(self, text: str) -> Finding:
        found = [value for digits in DIGITS.findall(text) if (value := value_of(digits)) > self.n and self._fits(value)]
        return Finding(bool(found), f"{self.parity} numbers above {self.n}: {found[:5] or 'none'}")

    def _fits(self, value: int) -> bool:
        return value % 2 == (self.parity == "odd")

    def finish(self, text: str) -> str | None:
        value = next(value for value in (self.n + 1, self.n + 2) if self._fits(value))
        return first(self, text, ("", f"{lead(text)}Take {value}.", f" {value}."))

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((10, 50, 100, 500)), random.choice(("odd", "even")))


class NumbersSum(Mended, frozen=True):
    """The numbers in the answer add up to n. An answer without numbers adds up to nothing, so it meets not even 0."""

    n: int

    kind, family, category, subtype = "numbers_sum", "arithmetic", "content", "numbers"
    wordings = (
        "The numbers in your answer must add up to {n}.",
        "Use numbers whose sum is exactly {n}.",
        "Mention figures that make {n} in total, and no others.",
    )

    def check(self, text: str) -> Finding:
        found = [value_of(match[0]) for match in DIGITS.finditer(text)]
        total = sum(found)
        spans: list[tuple[int, int]] = []
        if total > self.n:
            running = 0
            for match in DIGITS.finditer(text):
                running += value_of(match[0])
                if running > self.n:
                    spans.append(match.span())
                    running -= value_of(match[0])
        said = f"{counted(len(found), 'number')} that add up to {total}, {self.n} asked for"
        return Finding(bool(found) and total == self.n, said, tuple(spans))

    def finish(self, text: str) -> str | None:
        found = DIGITS.findall(text)
        rest = self.n - sum(map(value_of, found))
        if rest == 0 and found:
            return ""
        return f"{lead(text)}Then {rest} more." if rest >= 0 else None

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((10, 20, 42, 100, 150)))

    def opposes(self, other: Rule) -> str:
        if isinstance(other, NumbersSum) and other.n != self.n:
            return f"the numbers add up to {self.n} and to {other.n}"
        if isinstance(other, NoDigits) or (isinstance(other, NumbersExactly) and other.n == 0):
            return "numbers that add up, but no numbers"
        if isinstance(other, NumberAbove) and other.n >= self.n:
            return f"a number above {other.n}, but a sum of {self.n}"
        return ""


__all__ = ["NumberAbove", "NumbersSum"]
