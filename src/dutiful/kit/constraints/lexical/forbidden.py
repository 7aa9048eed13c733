"""Words and letters that must not occur."""

from __future__ import annotations

import random as randomness
import re
from functools import lru_cache
from typing import Self

from dutiful.kit.constraints.base import Finding, shown
from dutiful.kit.constraints.fillers import NOUNS, grown
from dutiful.kit.constraints.joints import first
from dutiful.kit.constraints.lexical.finding import need_words
from dutiful.kit.constraints.mended import Mended
from dutiful.kit.constraints.text import HAN


@lru_cache(512)
def _whole(words: tuple[str, ...]) -> re.Pattern[str]:
    edged = (  # Chinese has no blanks between words
        ("" if HAN.match(word) else r"(?<!\w)") + re.escape(word) + ("" if HAN.match(word[-1]) else r"(?!\w)") for word in words
    )
    return re.compile("|".join(edged), re.IGNORECASE)


class ForbiddenWords(Mended, frozen=True):
    """None of some words occurs as a whole word."""

    words: tuple[str, ...]

    kind, family, category, subtype = "forbidden_words", "lexical", "content", "keywords"
    same_as = "ifeval:keywords:forbidden_words"
    languages = ("en", "zh")
    wordings = (
        "Do not use the words {words}.",
        "Avoid these words: {words}.",
        "The answer must not contain {words}.",
    )
    wordings_zh = (
        "不要使用这些词：{words}。",
        "以下这些词一个也不能出现：{words}。",
    )

    def __post_init__(self) -> None:
        need_words(self.words)

    def found(self, text: str) -> list[re.Match[str]]:
        """Where forbidden words stand."""
        low = text.lower()
        if not any(word.lower() in low for word in self.words):  # far faster than the pattern, and most often enough
            return []
        return list(_whole(self.words).finditer(text))

    def check(self, text: str) -> Finding:
        found = self.found(text)
        if not found:
            return Finding(True, "no forbidden word")
        names = shown(tuple(dict.fromkeys(match[0].lower() for match in found)))
        return Finding(False, f"forbidden: {names}", tuple(match.span() for match in found))

    def finish(self, text: str) -> str | None:
        found = self.found(text)
        if not found:
            return ""
        # A text that breaks off at a forbidden word may still make a longer one of it.
        if len(found) > 1 or found[0].end() < len(text) or not text[-1].isalnum() or HAN.match(text[-1]):
            return None
        return first(self, text, grown())

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(
            tuple(random.sample(["very", "really", "also", "however", "many", "good", "often", *NOUNS], random.randint(1, 3)))
        )

    def peer(self) -> dict[str, object]:
        return {"forbidden_words": list(self.words)}


class ForbiddenLetters(Mended, frozen=True):
    """None of some letters occurs, in either case."""

    letters: str

    kind, family, category, subtype = "forbidden_letters", "lexical", "content", "identifiers"
    wordings = (
        "Do not use the letters {letters}.",
        "Write without any of these letters: {letters}.",
        'The letters "{letters}" must not occur anywhere.',
    )

    def __post_init__(self) -> None:
        if not self.letters.isalpha():
            raise ValueError(f"needs letters, got {self.letters!r}")

    def check(self, text: str) -> Finding:
        low = text.lower()
        found = [letter for letter in self.letters.lower() if letter in low]
        if not found:
            return Finding(True, "no forbidden letter")
        spans = tuple(match.span() for match in re.finditer(f"(?i)[{''.join(found)}]", text))
        return Finding(False, f"{len(spans)} times one of {shown(tuple(found))}", spans)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls("".join(random.sample("zqxjkvwybp", random.randint(1, 2))))


__all__ = ["ForbiddenLetters", "ForbiddenWords"]
