"""How long an answer is: words, sentences, paragraphs, characters."""

from __future__ import annotations

import random as randomness
from typing import Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.text import WORD, words


class WordsAtMost(Rule, frozen=True):
    """At most n words."""

    n: int

    kind, family, category, subtype = "words_at_most", "length", "length", "words"
    wordings = (
        "Use at most {n} words.",
        "Answer in no more than {n} words.",
        "Keep it to {n} words or fewer.",
    )

    def check(self, text: str) -> Finding:
        found = list(WORD.finditer(text))
        over = ((found[self.n].start(), found[-1].end()),) if len(found) > self.n else ()
        return Finding(not over, f"{len(found)} words, at most {self.n} allowed", over)

    def finish(self, text: str) -> str | None:
        return "" if self.check(text).passed else None

    def mend(self, text: str, random: randomness.Random) -> str:
        found = list(WORD.finditer(text))
        return text if len(found) <= self.n else text[: found[self.n - 1].end()] + "."

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((15, 20, 25, 30, 40, 50)))

    def opposes(self, other: Rule) -> str:
        return f"at most {self.n} words, but at least {other.n}" if isinstance(other, WordsAtLeast) and other.n > self.n else ""


class WordsAtLeast(Rule, frozen=True):
    """At least n words."""

    n: int

    kind, family, category, subtype = "words_at_least", "length", "length", "words"
    wordings = ("Use at least {n} words.", "Write {n} words or more.")

    def check(self, text: str) -> Finding:
        count = len(words(text))
        return Finding(count >= self.n, f"{count} words, at least {self.n} asked for")

    def finish(self, text: str) -> str | None:
        return " and more" * max(0, -(-(self.n - len(words(text))) // 2))

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((10, 20, 30, 40)))


__all__ = ["WordsAtLeast", "WordsAtMost"]
