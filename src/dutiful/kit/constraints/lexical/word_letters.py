"""Of which letters words are made, and with which they begin."""

from __future__ import annotations

import random as randomness
import re
import string
from collections.abc import Iterator
from operator import eq
from typing import Self

from dutiful.kit.constraints.base import Finding, shown
from dutiful.kit.constraints.fillers import several
from dutiful.kit.constraints.joints import first, lead
from dutiful.kit.constraints.lexical.every_word import EveryWord, tokens, where_wrong
from dutiful.kit.constraints.mended import Mended

_CLUSTER = re.compile(r"[b-df-hj-np-tv-z]{2}")


class ConsonantClusters(EveryWord, frozen=True):
    """Every word, split at blanks, holds two consonants side by side."""

    kind, subtype, same_as = "consonant_clusters", "letters", "ifbench:words:consonants"
    wordings = (
        "Every word must have at least one consonant cluster (two or more consonants together).",
        "Use only words in which two consonants stand side by side.",
        "Each word in your answer needs a consonant cluster.",
    )
    # IFBench leaves punctuation in the word, so "it's" has no cluster there ("t's"); here it is taken out first, and has one.
    # IFBench also takes a lone mark, such as that of a bullet, for a word, and passes an answer without words.

    def fits(self, word: str) -> bool:
        return _CLUSTER.search(word) is not None

    def opening(self) -> str:
        return "Strong"


class InitialLetter(EveryWord, frozen=True):
    """Every word begins with one letter."""

    letter: str

    kind, subtype = "initial_letter", "alliteration"
    wordings = (
        'Begin every word with the letter "{letter}".',
        'Use only words that start with "{letter}".',
        'Write in full alliteration: each word must begin with "{letter}".',
    )

    def __post_init__(self) -> None:
        if len(self.letter) != 1 or not self.letter.isalpha():
            raise ValueError(f"needs one letter, got {self.letter!r}")

    def fits(self, word: str) -> bool:
        return word[0] == self.letter.lower()

    def endings(self, part: str) -> Iterator[str]:
        yield ""
        yield self.letter.upper() + {"s": "ome", "t": "wo", "m": "any", "b": "ig", "p": "lain", "c": "lear"}.get(
            self.letter.lower(), ""
        )

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice("smtbpc"))


class AlphabetLoop(Mended, frozen=True):
    """Each word begins with the letter that follows the one before, and A follows Z."""

    kind, family, category, subtype = "alphabet_loop", "lexical", "content", "alliteration"
    same_as = "ifbench:words:alphabet"
    wordings = (
        "Each word must start with the next letter of the alphabet, going back to A after Z.",
        "Begin every word with the letter after the one that the previous word began with; after Z comes A.",
        "Let the first letters of your words run through the alphabet in order, round and round.",
    )

    def check(self, text: str) -> Finding:
        found = tokens(text)
        initials = [word[0] for word in found]
        if not initials or initials[0] not in string.ascii_lowercase:
            return Finding(False, "does not begin with a letter" if initials else "no words")
        for index, letter in enumerate(initials[1:]):
            asked = string.ascii_lowercase[(string.ascii_lowercase.index(initials[0]) + index + 1) % 26]
            if letter != asked:
                return Finding(False, f"word {index + 2}, {found[index + 1]!r}, should start with {asked}")
        return Finding(True, f"{len(found)} words in the order of the alphabet")

    def finish(self, text: str) -> str | None:
        return first(self, text, ("", "All"))


class InitialsDiffer(Mended, frozen=True):
    """No two words in a row begin with the same letter."""

    kind, family, category, subtype = "initials_differ", "lexical", "content", "alliteration"
    same_as = "ifbench:words:no_consecutive"
    wordings = (
        "No two consecutive words may share the same first letter.",
        "Words next to one another must begin with different letters.",
        "Never let a word start with the letter that the word before it starts with.",
    )

    def check(self, text: str) -> Finding:
        found = tokens(text)
        initials = [word[0] for word in found]
        if not any(map(eq, initials, initials[1:])):
            return Finding(True, "no two neighbours begin alike")
        wrong = {index for index in range(1, len(initials)) if initials[index] == initials[index - 1]}
        return Finding(False, f"{len(wrong)} times two neighbours begin alike", where_wrong(text, found, wrong))


_PALINDROMES = several("level radar civic rotor kayak refer madam tenet stats solos")


class PalindromesAtLeast(Mended, frozen=True):
    """At least n palindromes, each one word of at least 5 letters. The same one twice counts twice."""

    n: int

    kind, family, category, subtype = "palindromes_at_least", "lexical", "content", "words"
    same_as = "ifbench:words:palindrome"
    wordings = (
        "Include at least {n} palindromes of one word, each of at least 5 letters.",
        "Use {n} or more words of five letters or longer that read the same backwards.",
        "Work in no fewer than {n} single-word palindromes (5 letters at least).",
    )

    def check(self, text: str) -> Finding:
        found = [word for word in tokens(text) if len(word) > 4 and word[0] == word[-1] and word == word[::-1]]
        return Finding(len(found) >= self.n, f"{len(found)} palindromes, at least {self.n} asked for")

    def finish(self, text: str) -> str | None:
        missing = 0
        found = sum(len(word) > 4 and word == word[::-1] for word in tokens(text))
        missing = self.n - found
        if missing <= 0:
            return ""
        names = tuple(_PALINDROMES[index % len(_PALINDROMES)] for index in range(missing))
        return f"{lead(text)}Palindromes such as {shown(names)} fit in here."

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(1, 4))


_VOWELS = "aeiou"


class VowelsAtMost(Mended, frozen=True):
    """One paragraph, without line breaks, in which at most n of the five vowels occur."""

    n: int

    kind, family, category, subtype = "vowels_at_most", "lexical", "content", "letters"
    same_as = "ifbench:words:vowel"
    wordings = (
        "Write one paragraph with words that contain only {n} kinds of vowels.",
        "Use at most {n} of the five vowels, in a single paragraph.",
        "In one paragraph, leave out all vowels but {n}.",
    )

    def check(self, text: str) -> Finding:
        body = text.strip()
        if "\n" in body:
            return Finding(False, "more than one paragraph")
        low = body.lower()
        found = [vowel for vowel in _VOWELS if vowel in low]
        return Finding(len(found) <= self.n, f"vowels: {shown(tuple(found)) or 'none'}, at most {self.n} allowed")

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(2, 4))


__all__ = ["AlphabetLoop", "ConsonantClusters", "InitialLetter", "InitialsDiffer", "PalindromesAtLeast", "VowelsAtMost"]
