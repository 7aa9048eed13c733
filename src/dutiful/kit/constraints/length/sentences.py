"""How many sentences an answer has, found as `text.sentence_spans` says, so that the verdicts are IFEval's."""

from __future__ import annotations

import random as randomness
from typing import Any, Self

from dutiful.kit.constraints.bounds import Bounded
from dutiful.kit.constraints.fillers import sayings
from dutiful.kit.constraints.joints import follow
from dutiful.kit.constraints.text import sentence_spans


class _Sentences(Bounded, frozen=True):
    unit = "sentences"
    family, category, subtype = "length", "length", "sentences"
    same_as = "ifeval:length_constraints:number_sentences"

    def spans(self, text: str) -> list[tuple[int, int]]:
        return sentence_spans(text)

    def add(self, text: str, count: int) -> str:
        sizes = (4, 6, 3, 7, 5)
        return follow(text, *(sayings(sizes[i % 5], text)[0] for i in range(count)))


class SentencesAtMost(_Sentences, frozen=True):
    """At most n sentences."""

    n: int

    kind = "sentences_at_most"
    wordings = (
        "Use at most {n} sentences.",
        "Answer in no more than {n} sentences.",
        "The answer must not be longer than {n} sentences.",
        "Make sure that there are {n} sentences or fewer.",
    )
    wordings_zh = (
        "最多用{n}句话回答。",
        "回答不超过{n}句话。",
    )

    def bounds(self) -> tuple[int, int | None]:
        return 0, self.n

    def peer(self) -> dict[str, Any]:
        return {"num_sentences": self.n + 1, "relation": "less than"}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((2, 3, 4, 5)))


class SentencesAtLeast(_Sentences, frozen=True):
    """At least n sentences."""

    n: int

    kind = "sentences_at_least"
    wordings = (
        "Use at least {n} sentences.",
        "Write {n} sentences or more.",
        "The answer should have no fewer than {n} sentences.",
        "Make sure that there are at least {n} sentences.",
    )
    wordings_zh = (
        "至少用{n}句话回答。",
        "回答不少于{n}句话。",
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.n, None

    def peer(self) -> dict[str, Any]:
        return {"num_sentences": self.n, "relation": "at least"}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((2, 3, 4, 5)))


class SentencesExactly(_Sentences, frozen=True):
    """Exactly n sentences."""

    n: int

    kind = "sentences_exactly"
    same_as = ""
    wordings = (
        "Use exactly {n} sentences.",
        "The answer must consist of exactly {n} sentences.",
        "Make sure that there are {n} sentences, no more and no less.",
        "Length: exactly {n} sentences.",
    )
    wordings_zh = (
        "正好用{n}句话回答。",
        "回答必须是{n}句话，不多也不少。",
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.n, self.n

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((2, 3, 4, 5)))


class SentencesBetween(_Sentences, frozen=True):
    """From low to high sentences."""

    low: int
    high: int

    kind = "sentences_between"
    same_as = ""
    wordings = (
        "Use between {low} and {high} sentences.",
        "The answer should be {low} to {high} sentences long.",
        "Make sure that it has no fewer than {low} and no more than {high} sentences.",
    )
    wordings_zh = (
        "用{low}到{high}句话回答。",
        "回答的句数在{low}句和{high}句之间。",
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.low, self.high

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        low = random.choice((2, 3, 4))
        return cls(low, low + random.choice((1, 2, 3)))


__all__ = ["SentencesAtLeast", "SentencesAtMost", "SentencesBetween", "SentencesExactly"]
