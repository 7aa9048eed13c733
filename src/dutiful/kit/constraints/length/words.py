"""How many words an answer has, counted as `text.TOKEN` says, so that the verdicts are IFEval's."""

from __future__ import annotations

import random as randomness
from typing import Any, Self

from dutiful.kit.constraints.bounds import Bounded
from dutiful.kit.constraints.fillers import sayings
from dutiful.kit.constraints.joints import link
from dutiful.kit.constraints.text import HAN, TOKEN, chinese, count_words


class _Words(Bounded, frozen=True):
    unit = "words"
    family, category, subtype = "length", "length", "words"

    def spans(self, text: str) -> list[tuple[int, int]]:
        return [found.span() for found in TOKEN.finditer(text)]

    def count(self, text: str) -> int:
        return count_words(text)

    def add(self, text: str, count: int) -> str:
        new = sayings(count, text)
        return link(text) + ("" if chinese(new[0]) else " ").join(new)

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        mended = super().mend(text, random)
        cut = len(mended) < len(text) and mended[-1:].isalnum()
        return mended + ("。" if HAN.match(mended[-1]) else ".") if cut else mended


class WordsAtMost(_Words, frozen=True):
    """At most n words."""

    n: int

    kind = "words_at_most"
    same_as = "ifeval:length_constraints:number_words"
    wordings = (
        "Use at most {n} words.",
        "Answer in no more than {n} words.",
        "Keep it to {n} words or fewer.",
        "The answer must not be longer than {n} words.",
        "Make sure that it does not exceed {n} words.",
    )
    wordings_zh = (
        "回答不超过{n}个字。",
        "请把字数控制在{n}字以内。",
        "最多写{n}个字。",
    )

    def bounds(self) -> tuple[int, int | None]:
        return 0, self.n

    def peer(self) -> dict[str, Any]:
        return {"num_words": self.n + 1, "relation": "less than"}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((15, 20, 25, 30, 40, 50, 60, 80)))


class WordsAtLeast(_Words, frozen=True):
    """At least n words."""

    n: int

    kind = "words_at_least"
    same_as = "ifeval:length_constraints:number_words"
    wordings = (
        "Use at least {n} words.",
        "Write {n} words or more.",
        "The answer should have no fewer than {n} words.",
        "Make sure that it is at least {n} words long.",
    )
    wordings_zh = (
        "回答不少于{n}个字。",
        "至少写{n}个字。",
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.n, None

    def peer(self) -> dict[str, Any]:
        return {"num_words": self.n, "relation": "at least"}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((10, 20, 30, 40, 50)))


class WordsBetween(_Words, frozen=True):
    """From low to high words."""

    low: int
    high: int

    kind = "words_between"
    same_as = "ifbench:count:word_count_range"
    wordings = (
        "Use between {low} and {high} words.",
        "The answer should be {low} to {high} words long.",
        "Make sure that it has no fewer than {low} and no more than {high} words.",
        "Length: {low}-{high} words.",
    )
    wordings_zh = (
        "回答在{low}到{high}个字之间。",
        "字数为{low}至{high}字。",
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.low, self.high

    def peer(self) -> dict[str, Any]:
        return {"min_words": self.low, "max_words": self.high}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        low = random.choice((10, 15, 20, 30, 40))
        return cls(low, low + random.choice((5, 10, 20)))


class WordsExactly(_Words, frozen=True):
    """Exactly n words."""

    n: int

    kind = "words_exactly"
    same_as = "ifbench:count:word_count_range"
    wordings = (
        "Use exactly {n} words.",
        "The answer must be {n} words long, no more and no less.",
        "Make sure that it has exactly {n} words.",
    )
    wordings_zh = (
        "回答正好{n}个字。",
        "请写{n}个字，不多也不少。",
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.n, self.n

    def peer(self) -> dict[str, Any]:
        return {"min_words": self.n, "max_words": self.n}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((5, 8, 10, 12, 15, 20, 25)))


class WordsAround(_Words, frozen=True):
    """About n words: within a tenth of n."""

    n: int

    kind = "words_around"
    same_as = "ifbench:count:word_count_range"
    wordings = (
        "Write about {n} words.",
        "The answer should be around {n} words long.",
        "Aim for roughly {n} words.",
        "Length: approximately {n} words.",
    )
    wordings_zh = (
        "写大约{n}个字。",
        "字数在{n}字左右。",
    )

    def bounds(self) -> tuple[int, int | None]:
        return -(-9 * self.n // 10), 11 * self.n // 10

    def peer(self) -> dict[str, Any]:
        low, high = self.bounds()
        return {"min_words": low, "max_words": high}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((20, 30, 40, 50, 60, 80, 100)))


__all__ = ["WordsAround", "WordsAtLeast", "WordsAtMost", "WordsBetween", "WordsExactly"]
