"""How often a letter occurs."""

from __future__ import annotations

import random as randomness
from typing import Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.fillers import repeated, several
from dutiful.kit.constraints.joints import lead
from dutiful.kit.constraints.lexical.finding import spans_of
from dutiful.kit.constraints.lexical.forbidden import ForbiddenLetters
from dutiful.kit.constraints.mended import Mended

_WITH = {
    word[0]: word
    for word in several(
        "apple berry copper door energy flower green house island jelly kettle lemon mango novel orange pepper quartz river"
        " summer tulip umbrella velvet winter xylophone yellow zebra"
    )
}


class _Letter(Mended, frozen=True):
    letter: str
    n: int

    family, category, subtype = "lexical", "content", "identifiers"
    same_as = "ifeval:keywords:letter_frequency"

    def __post_init__(self) -> None:
        if len(self.letter) != 1 or not self.letter.isalpha():
            raise ValueError(f"needs one letter, got {self.letter!r}")

    def count(self, text: str) -> int:
        return text.lower().count(self.letter.lower())


class LetterAtLeast(_Letter, frozen=True):
    """A letter occurs at least n times, in either case."""

    kind = "letter_at_least"
    wordings = (
        'The letter "{letter}" must appear at least {n} times.',
        "Use the letter {letter} {n} times or more.",
        "Let the letter {letter} occur no fewer than {n} times.",
    )

    def check(self, text: str) -> Finding:
        count = self.count(text)
        return Finding(count >= self.n, f"the letter {self.letter} occurs {count} times, at least {self.n} asked for")

    def finish(self, text: str) -> str | None:
        missing = self.n - self.count(text)
        if missing <= 0:
            return ""
        word = _WITH.get(self.letter.lower(), self.letter)
        return f"{lead(text)}More of this: {repeated(word, -(-missing // word.count(self.letter.lower())))}."

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice("abcdefghiklmnoprstuvwy"), random.randint(3, 12))

    def opposes(self, other: Rule) -> str:
        if isinstance(other, ForbiddenLetters) and self.n > 0 and self.letter.lower() in other.letters.lower():
            return f"the letter {self.letter} is asked for and forbidden"
        if isinstance(other, LetterAtMost) and other.letter.lower() == self.letter.lower() and other.n < self.n:
            return f"the letter {self.letter} at least {self.n} times, but at most {other.n}"
        return ""

    def peer(self) -> dict[str, object]:
        return {"letter": self.letter, "let_frequency": self.n, "let_relation": "at least"}


class LetterAtMost(_Letter, frozen=True):
    """A letter occurs at most n times, in either case."""

    kind = "letter_at_most"
    wordings = (
        'The letter "{letter}" must appear at most {n} times.',
        "Use the letter {letter} no more than {n} times.",
        "Let the letter {letter} occur {n} times or fewer.",
    )

    def check(self, text: str) -> Finding:
        count = self.count(text)
        over = spans_of(self.letter, text, self.n) if count > self.n else ()
        return Finding(count <= self.n, f"the letter {self.letter} occurs {count} times, at most {self.n} allowed", over)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice("bcdfghjkpquvwxyz"), random.randint(2, 10))

    def peer(self) -> dict[str, object]:
        return {"letter": self.letter, "let_frequency": self.n + 1, "let_relation": "less than"}


__all__ = ["LetterAtLeast", "LetterAtMost"]
