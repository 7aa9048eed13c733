"""How many letters each word has."""

from __future__ import annotations

import random as randomness
from collections.abc import Iterator
from typing import Self

from dutiful.kit.constraints.base import Finding
from dutiful.kit.constraints.lexical.every_word import EveryWord, tokens

_PRIMES = frozenset(n for n in range(2, 98) if all(n % d for d in range(2, n)))


class _Lengths(EveryWord, frozen=True):
    subtype = "word length"

    def endings(self, part: str) -> Iterator[str]:
        yield ""
        if not tokens(part):
            yield self.opening()
        for size in range(1, 9):  # the widest gap between primes below 97 is 8
            yield (
                "s"
                if size == 1
                else ("ly", "ing", "ness", "nings", "nesses", "iveness", "fulness.")[size - 2][:size].ljust(size, "s")
            )


class PrimeLengths(_Lengths, frozen=True):
    """Every word has a prime number of letters, below 100."""

    kind, same_as = "prime_lengths", "ifbench:words:prime_lengths"
    wordings = (
        "Use only words whose length is a prime number.",
        "Every word must have a prime number of letters.",
        "Write so that the number of letters of each word is prime (2, 3, 5, 7, 11, ...).",
    )

    def fits(self, word: str) -> bool:
        return len(word) in _PRIMES


class OddLengths(_Lengths, frozen=True):
    """Every word has an odd number of letters."""

    kind = "odd_lengths"
    wordings = (
        "Use only words with an odd number of letters.",
        "Every word must have an odd length.",
        "Write so that no word has an even number of letters.",
    )

    def fits(self, word: str) -> bool:
        return len(word) % 2 == 1

    def opening(self) -> str:
        return "Yes"


class WordLettersAtMost(EveryWord, frozen=True):
    """No word is longer than n characters. Met by a text without words."""

    n: int

    kind, subtype = "word_letters_at_most", "word length"
    wordings = (
        "Use no word of more than {n} letters.",
        "Every word must have at most {n} letters.",
        "Keep all words to {n} letters or fewer.",
    )

    def fits(self, word: str) -> bool:
        return len(word) <= self.n

    def check(self, text: str) -> Finding:
        longest = max(map(len, tokens(text)), default=0)
        if longest <= self.n:
            return Finding(True, f"the longest word has {longest} letters, at most {self.n} allowed")
        return super().check(text)

    def finish(self, text: str) -> str | None:
        return "" if self.check(text).passed else None

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(6, 10))


__all__ = ["OddLengths", "PrimeLengths", "WordLettersAtMost"]
