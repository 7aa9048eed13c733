"""How many syllables words have."""

from __future__ import annotations

import random as randomness
import re
from functools import lru_cache
from operator import eq

from dutiful.kit.constraints.base import Finding
from dutiful.kit.constraints.joints import first
from dutiful.kit.constraints.lexical.every_word import tokens, where_wrong
from dutiful.kit.constraints.mended import Mended
from dutiful.kit.constraints.text import settled

_VOWELS = re.compile(r"[aeiouyàâäáãåæèéêëìíîïòóôöõøœùúûüÿ]+")
_SILENT = re.compile(
    r"[^aeiouyl]e(?:ly|ful|less|ment)?$|[aeiouy]l+e$|(?<![tdei])(?<![^aeiouy]l)ed$|(?<=[^aeiouycgsxzh])(?<![^aeiouy][rl])es$"
    r"|^some(?=.)|^ever(?=y)"
)
"""An e that is not spoken: at the end, before some endings, in the endings -ed and -es."""

_APART = re.compile(
    r"(?<![tcsgx])i(?:a|o(?!ns?$))|ii|iu|eo$|(?<=[aeiouy][^aeiouy])ea$|eum|(?<!q)ua(?=[lt])|uou|uie|cie|i(?:er|est)$|[aeiouy]ing|ye[lr]|[^aeiou]ism$"
)
"""Neighbours that are two syllables, though there is one run of vowels."""


@lru_cache(8192)
def syllables(word: str) -> int:
    """The syllables of an English word in small letters, by its runs of vowels; 0 for one without letters.

    A rule of thumb; IFBench looks words up in syllapy, which gives "smaller" one and "rides" two. Of the words of the topics in
    this package, 19 in 20 get the same number.
    """
    if not any(map(str.isalpha, word)):
        return 0
    count = len(_VOWELS.findall(word)) + len(_APART.findall(word)) - len(_SILENT.findall(word))
    return max(1, count)


_FILLERS = (("so", "then", "now"), ("also", "very", "even"))
"""What may stand between two words of an even, and between two of an odd number of syllables."""


class SyllablesAlternate(Mended, frozen=True):
    """Words of an odd and of an even number of syllables take turns; either may begin. IFBench lets an empty text pass."""

    kind, family, category, subtype = "syllables_alternate", "lexical", "content", "words"
    same_as = "ifbench:words:odd_even_syllables"
    wordings = (
        "Alternate between words with odd and even numbers of syllables.",
        "A word with an odd number of syllables must be followed by one with an even number, and the other way round.",
        "Let words of odd and even syllable counts take turns.",
    )

    def _odd(self, text: str) -> tuple[list[str], list[int]]:
        """The words, and 1 for each that has an odd number of syllables."""
        found = tokens(text)
        return found, [syllables(word) % 2 for word in found]

    def check(self, text: str) -> Finding:
        found, odd = self._odd(text)
        wrong = {index for index in range(1, len(odd)) if odd[index] == odd[index - 1]}
        said = f"{len(wrong)} of {len(found)} words like the one before, odd or even in syllables"
        return Finding(bool(found) and not wrong, said, where_wrong(text, found, wrong) if wrong else ())

    def finish(self, text: str) -> str | None:
        whole, part = settled(text)
        _, odd = self._odd(whole)
        if any(map(eq, odd, odd[1:])):
            return None
        # One of the last two ends always does: a second syllable "ba" can only add one.
        return first(self, text, ("", "So" if not tokens(part) else "s", "ly", "ness", "ba", "baba"))

    def mend(self, text: str, random: randomness.Random) -> str:
        """Puts a word between any two that are alike."""
        found, odd = self._odd(text)
        places = self.check(text).spans
        kinds = [odd[index] for index in range(1, len(found)) if odd[index] == odd[index - 1]]
        for (start, _), kind in reversed(list(zip(places, kinds, strict=True))):
            text = f"{text[:start]}{random.choice(_FILLERS[kind])} {text[start:]}"
        return text if self.check(text).passed else super().mend(text, random)


__all__ = ["SyllablesAlternate", "syllables"]
