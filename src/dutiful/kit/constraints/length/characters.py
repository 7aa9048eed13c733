"""How many characters an answer has."""

from __future__ import annotations

import random as randomness
import re
from typing import Self

from dutiful.kit.constraints.bounds import Bounded
from dutiful.kit.constraints.fillers import sayings
from dutiful.kit.constraints.joints import link
from dutiful.kit.constraints.text import chinese


class _Characters(Bounded, frozen=True):
    """Blanks inside count, those at both ends do not."""

    unit = "characters"
    family, category, subtype = "length", "length", "characters"

    def spans(self, text: str) -> list[tuple[int, int]]:
        start = len(text) - len(text.lstrip())
        return [(i, i + 1) for i in range(start, len(text.rstrip()))]

    def count(self, text: str) -> int:
        return len(text.strip())

    def finish(self, text: str) -> str | None:
        low, high = self.bounds()
        count = len(text.strip())
        if high is not None and count > high:
            return None
        if count >= low:
            return ""
        held = len(text.lstrip())  # with the blanks at the end, which will stand inside
        if high is not None and held >= high:
            return None
        need = max(1, low - held)
        new = sayings(need if chinese(text) else need // 3 + 2, text)
        more = link(text) + ("" if chinese(new[0]) else " ").join(new)
        if high is None:
            ends = (found.end() for found in re.finditer(r"\w+\b", more) if found.end() >= need)
            return more[: next(ends, len(more))] + ("." if more.isascii() else "。")
        room = high - held
        ends = [found.end() for found in re.finditer(r"\w+\b", more) if need <= found.end() + 1 <= room]
        if ends:
            return more[: ends[0]] + ("." if more.isascii() else "。")
        cut = more[:need]
        return cut[:-1] + "." if cut[-1].isspace() else cut

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        low, high = self.bounds()
        text = text.strip()
        if high is not None and len(text) > high:
            ends = [found.end() for found in re.finditer(r"\w+\b|[.!?。！？]", text[:high])]
            text = text[: ends[-1]] if ends and ends[-1] >= low else text[:high]
        text = text.strip()
        return text + (self.finish(text) or "")


class CharactersAtMost(_Characters, frozen=True):
    """At most n characters, blanks inside included."""

    n: int

    kind = "characters_at_most"
    wordings = (
        "Use at most {n} characters.",
        "The answer must not be longer than {n} characters, spaces included.",
        "Make sure that it fits into {n} characters.",
        "Stay under a limit of {n} characters.",
    )
    wordings_zh = (
        "最多写{n}个字符，空格和标点也算。",
        "回答不超过{n}个字符（含空格和标点）。",
    )

    def bounds(self) -> tuple[int, int | None]:
        return 0, self.n

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((80, 100, 140, 160, 200, 280)))


class CharactersAtLeast(_Characters, frozen=True):
    """At least n characters, blanks inside included."""

    n: int

    kind = "characters_at_least"
    wordings = (
        "Use at least {n} characters.",
        "The answer should be {n} characters long or longer, spaces included.",
        "Make sure that it has no fewer than {n} characters.",
    )
    wordings_zh = (
        "至少写{n}个字符，空格和标点也算。",
        "回答不少于{n}个字符（含空格和标点）。",
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.n, None

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((60, 80, 100, 150, 200)))


class CharactersBetween(_Characters, frozen=True):
    """From low to high characters, blanks inside included."""

    low: int
    high: int

    kind = "characters_between"
    wordings = (
        "Use between {low} and {high} characters.",
        "The answer should be {low} to {high} characters long, spaces included.",
        "Make sure that it has no fewer than {low} and no more than {high} characters.",
    )
    wordings_zh = (
        "写{low}到{high}个字符，空格和标点也算。",
        "回答的长度在{low}到{high}个字符之间。",
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.low, self.high

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        low = random.choice((60, 80, 100, 150))
        return cls(low, low + random.choice((20, 40, 80)))


__all__ = ["CharactersAtLeast", "CharactersAtMost", "CharactersBetween"]
