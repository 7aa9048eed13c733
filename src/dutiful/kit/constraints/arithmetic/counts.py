"""Counts of words and sentences that are divisible or prime."""

from __future__ import annotations

import random as randomness
from typing import Self

from dutiful.kit.constraints.base import Finding
from dutiful.kit.constraints.fillers import counted, filler
from dutiful.kit.constraints.joints import first, lead
from dutiful.kit.constraints.mended import Mended
from dutiful.kit.constraints.text import TOKEN, sentence_spans


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


__all__ = ["SentencesPrime", "WordsDivisible"]
