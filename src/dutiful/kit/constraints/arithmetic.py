"""Requirements of the family arithmetic: what the numbers in an answer come to, and counts that must have a property.

A number is a run of ASCII digits; what stands between two runs parts them, so "3.5" is 3 and 5, but for `NumbersExactly`.
"""

from __future__ import annotations

import random as randomness
import re
import string
from typing import Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.endings import Mended, counted, filler, first, lead
from dutiful.kit.constraints.text import TOKEN, sentence_spans

_DIGITS = re.compile(r"[0-9]+")
_JOINED = re.compile(rf"[0-9](?:[{re.escape(string.punctuation)}]*[0-9])*")
_LONGEST = 18
"""A run of more digits is no number that anyone counts with."""


def _value(digits: str) -> int:
    return int(digits) if len(digits) <= _LONGEST else 10**_LONGEST


class NumbersExactly(Mended, frozen=True):
    """Exactly n numbers in figures. Marks within belong to a number: 3.5 is one, and so is 10-20 (as in IFBench)."""

    n: int

    kind, family, category, subtype = "numbers_exactly", "arithmetic", "content", "numbers"
    same_as = "ifbench:count:numbers"
    wordings = (
        "Include exactly {n} numbers, in figures.",
        "The answer must hold {n} numbers written in digits, no more and no fewer.",
        "Use precisely {n} figures such as 12 or 3.5.",
    )

    def check(self, text: str) -> Finding:
        found = [match.span() for match in _JOINED.finditer(text)]
        return Finding(
            len(found) == self.n, f"{counted(len(found), 'number')}, exactly {self.n} asked for", tuple(found[self.n :])
        )

    def finish(self, text: str) -> str | None:
        # IFBench's way of counting can make one number of two when a mark follows, but never the other way round.
        missing = self.n - len(_JOINED.findall(text))
        if missing <= 0:
            return "" if not missing else None
        return f"{lead(text) or ''}See {', '.join(str(index + 1) for index in range(missing))}." if missing else ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(1, 5))

    def opposes(self, other: Rule) -> str:
        if isinstance(other, NumbersExactly) and other.n != self.n:
            return f"exactly {self.n} and exactly {other.n} numbers"
        if isinstance(other, NoDigits) and self.n:
            return f"{self.n} numbers, but no digits"
        return ""

    def peer(self) -> dict[str, object]:
        return {"N": self.n}


class NoDigits(Mended, frozen=True):
    """No digit."""

    kind, family, category, subtype = "no_digits", "arithmetic", "content", "numbers"
    wordings = ("Do not use any digits.", "Write all numbers as words; no figures.", "The answer must be free of digits.")

    def check(self, text: str) -> Finding:
        found = tuple(match.span() for match in _DIGITS.finditer(text))
        return Finding(not found, f"{counted(len(found), 'number')} in digits", found)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


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
        if self.parity not in ("odd", "even") or not 0 <= self.n < 10**_LONGEST // 10:
            raise ValueError(f"needs a number of at most {_LONGEST - 1} digits and odd or even, got {self.n}, {self.parity!r}")

    def check(self, text: str) -> Finding:
        found = [value for digits in _DIGITS.findall(text) if (value := _value(digits)) > self.n and self._fits(value)]
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
        found = [_value(match[0]) for match in _DIGITS.finditer(text)]
        total = sum(found)
        spans: list[tuple[int, int]] = []
        if total > self.n:
            running = 0
            for match in _DIGITS.finditer(text):
                running += _value(match[0])
                if running > self.n:
                    spans.append(match.span())
                    running -= _value(match[0])
        said = f"{counted(len(found), 'number')} that add up to {total}, {self.n} asked for"
        return Finding(bool(found) and total == self.n, said, tuple(spans))

    def finish(self, text: str) -> str | None:
        found = _DIGITS.findall(text)
        rest = self.n - sum(map(_value, found))
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


class DigitsExactly(Mended, frozen=True):
    """Exactly n digits in all."""

    n: int

    kind, family, category, subtype = "digits_exactly", "arithmetic", "content", "numbers"
    wordings = (
        "Use exactly {n} digits in the whole answer.",
        "The digits 0 to 9 must occur {n} times in all.",
        "There must be {n} digits in the answer, no more and no fewer.",
    )

    def check(self, text: str) -> Finding:
        runs = [match.span() for match in _DIGITS.finditer(text)]
        count = sum(end - start for start, end in runs)
        over = [(at, at + 1) for start, end in runs for at in range(start, end)][self.n :] if count > self.n else []
        return Finding(count == self.n, f"{counted(count, 'digit')}, exactly {self.n} asked for", tuple(over))

    def finish(self, text: str) -> str | None:
        missing = self.n - sum(map(len, _DIGITS.findall(text)))
        if missing <= 0:
            return "" if not missing else None
        return f"{lead(text)}See {('1234567890' * missing)[:missing]}."

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(2, 8))

    def opposes(self, other: Rule) -> str:
        if isinstance(other, DigitsExactly) and other.n != self.n:
            return f"exactly {self.n} and exactly {other.n} digits"
        if isinstance(other, NumbersExactly) and other.n > self.n:
            return f"{other.n} numbers, but {self.n} digits"
        return f"{self.n} digits, but no digits" if isinstance(other, NoDigits) and self.n else ""


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
        for match in _DIGITS.finditer(text):
            value = _value(match[0])
            if value <= before:
                return Finding(False, f"{match[0][:20]} does not exceed {before}", (match.span(),))
            before, count = value, count + 1
        return Finding(count >= self.n, f"{counted(count, 'number')} in ascending order, at least {self.n} asked for")

    def finish(self, text: str) -> str | None:
        found = _DIGITS.findall(text)
        values = [_value(digits) for digits in found]
        if values != sorted(set(values)):
            open_end = bool(text) and text[-1] in string.digits
            if not open_end or values[:-1] != sorted(set(values[:-1])):
                return None
            # The number that the text breaks off in may still grow beyond the one before.
            longer = next((zeros for zeros in range(1, _LONGEST) if _value(found[-1] + "0" * zeros) > values[-2]), 0)
            end = "0" * longer
            more = self.finish(text + end) if longer else None
            return None if more is None else end + more
        missing = self.n - len(values)
        if missing <= 0:
            return ""
        top = values[-1] if values else 0
        if top + missing >= 10**_LONGEST:
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
        found, asked = list(_DIGITS.finditer(text)), self.numbers()
        said = [match[0] for match in found]
        if said == asked:
            return Finding(True, f"all {len(asked)} multiples in order")
        wrong = next((i for i, (a, b) in enumerate(zip(said, asked, strict=False)) if a != b), min(len(said), len(asked)))
        return Finding(False, f"{wrong} of {len(asked)} multiples in order", tuple(match.span() for match in found[wrong:]))

    def finish(self, text: str) -> str | None:
        said, asked = _DIGITS.findall(text), self.numbers()
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


class WordsDivisible(Mended, frozen=True):
    """The number of words is a multiple of n, and not 0."""

    n: int

    kind, family, category, subtype = "words_divisible", "arithmetic", "length", "words"
    wordings = (
        "The number of words must be divisible by {n}.",
        "Write so that your word count is a multiple of {n}.",
        "Count your words: there must be {n}, or twice as many, or three times as many, and so on.",
    )

    def __post_init__(self) -> None:
        if self.n < 1:
            raise ValueError(f"nothing is divisible by {self.n}")

    def check(self, text: str) -> Finding:
        count = len(TOKEN.findall(text))
        return Finding(count > 0 and count % self.n == 0, f"{counted(count, 'word')}, a multiple of {self.n} asked for")

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        start = "" if not text or text[-1].isspace() else " "
        missing = -len(TOKEN.findall(text)) % self.n or self.n
        return start + filler(missing)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(2, 10))


class SentencesPrime(Mended, frozen=True):
    """The number of sentences is a prime."""

    kind, family, category, subtype = "sentences_prime", "arithmetic", "length", "sentences"
    wordings = (
        "The number of sentences must be prime.",
        "Write 2, 3, 5, 7, 11 or another prime number of sentences.",
        "Let your sentences come to a prime number.",
    )

    def check(self, text: str) -> Finding:
        count = len(sentence_spans(text))
        prime = count > 1 and all(count % divisor for divisor in range(2, int(count**0.5) + 1))
        return Finding(prime, f"{counted(count, 'sentence')}, a prime number asked for")

    def finish(self, text: str) -> str | None:
        start = lead(text)
        start = start if start or not text or text[-1].isspace() else " "
        return first(self, text, ("", *(start + " ".join(["There is more to it."] * count) for count in range(1, 60))))

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


__all__ = [
    "DigitsExactly",
    "Multiples",
    "NoDigits",
    "NumberAbove",
    "NumbersAscending",
    "NumbersExactly",
    "NumbersSum",
    "SentencesPrime",
    "WordsDivisible",
]
