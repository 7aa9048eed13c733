"""A given text backwards, by letters or words."""

from __future__ import annotations

import random as randomness
import string
from typing import Self

from dutiful.kit.constraints.base import Finding
from dutiful.kit.constraints.fillers import NOUNS
from dutiful.kit.constraints.joints import first, lead
from dutiful.kit.constraints.mended import Mended


class HoldsReversed(Mended, frozen=True):
    """Some words occur backwards, letter by letter, apart from case."""

    phrase: str

    kind, family, category, subtype = "holds_reversed", "structure", "content", "copies"
    same_as = "ifbench:custom:character_reverse"
    wordings = (
        'Write "{phrase}" backwards, letter by letter.',
        'The answer must hold the words "{phrase}" spelt in reverse.',
        'Mention "{phrase}", but with its letters from last to first.',
    )

    def __post_init__(self) -> None:
        if not self.phrase.strip():
            raise ValueError("needs words to reverse")

    def check(self, text: str) -> Finding:
        passed = self.phrase[::-1].lower() in text.lower()
        return Finding(passed, f"{self.phrase[::-1]!r} {'occurs' if passed else 'does not occur'}")

    def finish(self, text: str) -> str | None:
        return "" if self.check(text).passed else f"{lead(text)}{self.phrase[::-1]}."

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(f"{random.choice(NOUNS)} {random.choice(NOUNS)}")


class HoldsWordsReversed(Mended, frozen=True):
    """Some words occur in reverse order, one right after the other, apart from case and punctuation."""

    phrase: str

    kind, family, category, subtype = "holds_words_reversed", "structure", "content", "copies"
    same_as = "ifbench:custom:word_reverse"
    wordings = (
        'Write the words "{phrase}" in reverse order.',
        'The answer must hold "{phrase}" with its words from last to first.',
        'Mention "{phrase}", but the last word first and the first word last.',
    )

    def __post_init__(self) -> None:
        if not self.phrase.translate(_BARE).split():
            raise ValueError("needs words to reverse")

    def check(self, text: str) -> Finding:
        asked = " ".join(reversed(self.phrase.lower().translate(_BARE).split()))
        said = " ".join(text.lower().translate(_BARE).split())
        passed = f" {asked} " in f" {said} "
        return Finding(passed, f"{asked!r} {'occurs' if passed else 'does not occur'}")

    def finish(self, text: str) -> str | None:
        turned = " ".join(reversed(self.phrase.translate(_BARE).split()))
        return first(self, text, ("", f"{lead(text)}{turned}.", f" {turned}."))

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(f"{random.choice(NOUNS)} and {random.choice(NOUNS)}")


_BARE = str.maketrans("", "", string.punctuation)


__all__ = ["HoldsReversed", "HoldsWordsReversed"]
