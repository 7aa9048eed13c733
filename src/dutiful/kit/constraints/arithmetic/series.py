"""Numbers in a series."""

from __future__ import annotations

import random as randomness
import string
from typing import Self

from dutiful.kit.constraints.arithmetic.digits import DIGITS, LONGEST, NoDigits, value_of
from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.fillers import counted
from dutiful.kit.constraints.joints import lead
from dutiful.kit.constraints.mended import Mended


class NumbersAscending(Mended, frozen=True):
    """At least n numbers, each greater than the one before it."""

    n: int

    kind, family, category, subtype = "numbers_ascending", "arithmetic", "content", "numbers"
    wordings = (
        "Mention at least {n} numbers, in ascending order.",
        "Use {n} or more figures, each greater than the one before it.",
        "The numbers in the answer must grow from first to last; give no fewer than {n}.",
    )

    def check(self, text: str) -> Finding:
        before, count = -1, 0
        for match in DIGITS.finditer(text):
            value = value_of(match[0])
            if value <= before:
                return Finding(False, f"{match[0][:20]} does not exceed {before}", (match.span(),))
            before, count = value, count + 1
        return Finding(count >= self.n, f"{counted(count, 'number')} in ascending order, at least {self.n} asked for")

    def finish(self, text: str) -> str | None:
        found = DIGITS.findall(text)
        values = [value_of(digits) for digits in found]
        if values != sorted(set(values)):
            open_end = bool(text) and text[-1] in string.digits
            if not open_end or values[:-1] != sorted(set(values[:-1])):
                return None
            # The number that the text breaks off in may still grow beyond the one before.
            longer = next((zeros for zeros in range(1, LONGEST) if value_of(found[-1] + "0" * zeros) > values[-2]), 0)
            end = "0" * longer
            more = self.finish(text + end) if longer else None
            return None if more is None else end + more
        missing = self.n - len(values)
        if missing <= 0:
            return ""
        top = values[-1] if values else 0
        if top + missing >= 10**LONGEST:
            return None
        return f"{lead(text)}Then {', '.join(str(top + index + 1) for index in range(missing))}."

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(2, 5))

    def opposes(self, other: Rule) -> str:
        return f"{self.n} numbers, but no digits" if isinstance(other, NoDigits) and self.n else ""


class Multiples(Mended, frozen=True):
    """The numbers in the answer are the multiples of `step` from `low` to `high`, all of them, in order."""

    step: int
    low: int
    high: int

    kind, family, category, subtype = "multiples", "arithmetic", "content", "numbers"
    same_as = "ifbench:custom:multiples"
    wordings = (
        "Count from {low} to {high}, but only print multiples of {step}.",
        "Give all multiples of {step} from {low} to {high}, in order and in figures, and no other number.",
        "The only numbers in the answer must be the multiples of {step} between {low} and {high}, ascending.",
    )

    def __post_init__(self) -> None:
        if self.step < 1 or not 0 <= self.low <= self.high or not self.numbers():
            raise ValueError(f"there is no multiple of {self.step} from {self.low} to {self.high}")

    def numbers(self) -> list[str]:
        """The numbers asked for."""
        return [str(value) for value in range(-(-self.low // self.step) * self.step, self.high + 1, self.step)]

    def check(self, text: str) -> Finding:
        found, asked = list(DIGITS.finditer(text)), self.numbers()
        said = [match[0] for match in found]
        if said == asked:
            return Finding(True, f"all {len(asked)} multiples in order")
        wrong = next((i for i, (a, b) in enumerate(zip(said, asked, strict=False)) if a != b), min(len(said), len(asked)))
        return Finding(False, f"{wrong} of {len(asked)} multiples in order", tuple(match.span() for match in found[wrong:]))

    def finish(self, text: str) -> str | None:
        said, asked = DIGITS.findall(text), self.numbers()
        if said == asked:
            return ""
        rest = ""
        if said and text[-1] in string.digits and len(said) <= len(asked):  # the last number may still grow
            target = asked[len(said) - 1]
            if not target.startswith(said[-1]):
                return None
            rest, said = target[len(said[-1]) :], [*said[:-1], target]
        if said != asked[: len(said)]:
            return None
        more = ", ".join(asked[len(said) :])
        glue = "" if not text or text[-1].isspace() or not more else ", " if text[-1] in string.digits else " "
        return rest + glue + more

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        low = random.choice((1, 10, 20))
        return cls(random.randint(3, 9), low, low + random.choice((20, 30, 40)))


__all__ = ["Multiples", "NumbersAscending"]
