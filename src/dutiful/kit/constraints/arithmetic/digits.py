"""How many numbers and digits there are.

A number is a run of ASCII digits; what stands between two runs parts them, so "3.5" is 3 and 5, but for `NumbersExactly`.
"""

from __future__ import annotations

import random as randomness
import re
import string
from typing import Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.fillers import counted, suited
from dutiful.kit.constraints.joints import lead
from dutiful.kit.constraints.mended import Mended

DIGITS = re.compile(r"[0-9]+")
_JOINED = re.compile(rf"[0-9](?:[{re.escape(string.punctuation)}]*[0-9])*")
LONGEST = 18
"""A run of more digits is no number that anyone counts with."""


def value_of(digits: str) -> int:
    return int(digits) if len(digits) <= LONGEST else 10**LONGEST


class NumbersExactly(Mended, frozen=True):
    """Exactly n numbers in figures. Marks within belong to a number: 3.5 is one, and so is 10-20 (as in IFBench)."""

    n: int

    kind, family, category, subtype = "numbers_exactly", "arithmetic", "content", "numbers"
    same_as = "ifbench:count:numbers"
    languages = ("en", "zh")
    wordings = (
        "Include exactly {n} numbers, in figures.",
        "The answer must hold {n} numbers written in digits, no more and no fewer.",
        "Use precisely {n} figures such as 12 or 3.5.",
    )
    wordings_zh = (
        "正好用阿拉伯数字写出{n}个数。",
        "回答中必须有{n}个用阿拉伯数字写的数，不多也不少。",
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
        figures = [str(index + 1) for index in range(missing)]
        return lead(text) + suited(text, f"See {', '.join(figures)}.", f"见{'、'.join(figures)}。")

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
    languages = ("en", "zh")
    wordings = ("Do not use any digits.", "Write all numbers as words; no figures.", "The answer must be free of digits.")
    wordings_zh = (
        "不要使用阿拉伯数字。",
        "回答中不能出现0到9的数字。",
    )

    def check(self, text: str) -> Finding:
        found = tuple(match.span() for match in DIGITS.finditer(text))
        return Finding(not found, f"{counted(len(found), 'number')} in digits", found)


class DigitsExactly(Mended, frozen=True):
    """Exactly n digits in all."""

    n: int

    kind, family, category, subtype = "digits_exactly", "arithmetic", "content", "numbers"
    languages = ("en", "zh")
    wordings = (
        "Use exactly {n} digits in the whole answer.",
        "The digits 0 to 9 must occur {n} times in all.",
        "There must be {n} digits in the answer, no more and no fewer.",
    )
    wordings_zh = (
        "整个回答中，0到9的数字正好出现{n}个。",
        "回答中一共用{n}个阿拉伯数字，不多也不少。",
    )

    def check(self, text: str) -> Finding:
        runs = [match.span() for match in DIGITS.finditer(text)]
        count = sum(end - start for start, end in runs)
        over = [(at, at + 1) for start, end in runs for at in range(start, end)][self.n :] if count > self.n else []
        return Finding(count == self.n, f"{counted(count, 'digit')}, exactly {self.n} asked for", tuple(over))

    def finish(self, text: str) -> str | None:
        missing = self.n - sum(map(len, DIGITS.findall(text)))
        if missing <= 0:
            return "" if not missing else None
        return lead(text) + suited(text, "See {}.", "见{}。").format(("1234567890" * missing)[:missing])

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(2, 8))

    def opposes(self, other: Rule) -> str:
        if isinstance(other, DigitsExactly) and other.n != self.n:
            return f"exactly {self.n} and exactly {other.n} digits"
        if isinstance(other, NumbersExactly) and other.n > self.n:
            return f"{other.n} numbers, but {self.n} digits"
        return f"{self.n} digits, but no digits" if isinstance(other, NoDigits) and self.n else ""


__all__ = ["DIGITS", "LONGEST", "DigitsExactly", "NoDigits", "NumbersExactly", "value_of"]
