"""Words in capitals."""

from __future__ import annotations

import random as randomness
import re
from typing import Any, Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.bounds import Bounded
from dutiful.kit.constraints.case.letters import AllLower
from dutiful.kit.constraints.joints import link
from dutiful.kit.constraints.text import WORD

_BREAK = r"\s,;:@#$%&?!()\[\]{}<>\"“”‘’«»„'`"
_CAPITALS = re.compile(rf"(?<![^{_BREAK}])[^{_BREAK}a-z]*[^\W\d_a-z][^{_BREAK}a-z]*(?![^{_BREAK}])")
_LOUD = ("THIS", "IS", "WHAT", "COUNTS", "MOST", "OF", "ALL")
_AFTER = "and but come down each for good how in just kind less more now often put quite rest so the under very we xray yes zero"
_REST = {word[0]: word[1:] for word in _AFTER.split()}


class _CapitalWords(Bounded, frozen=True):
    """Words in capitals, "I" and "A" too. An apostrophe parts words, as in IFEval: "I'M" is two."""

    unit = "words in capitals"
    languages = ("en",)
    family, category, subtype = "case", "language", "english"
    same_as = "ifeval:change_case:capital_word_frequency"

    def spans(self, text: str) -> list[tuple[int, int]]:
        return [found.span() for found in _CAPITALS.finditer(text) if found.group().isupper()]

    def add(self, text: str, count: int) -> str:
        return link(text) + " ".join(_LOUD[i % len(_LOUD)] for i in range(count)) + "."

    def finish(self, text: str) -> str | None:
        high = self.bounds()[1]
        found = self.spans(text)
        if high is None or len(found) <= high:
            return super().finish(text)
        if len(found) > high + 1 or found[-1][1] < len(text):
            return None
        last = text[found[-1][0] :]  # the word may not be at its end: N, Now
        return _REST.get(last.lower(), "-like") if len(last) == 1 else "-like"

    def mend(self, text: str, random: randomness.Random) -> str:
        low, high = self.bounds()
        found = self.spans(text)
        if high is not None and len(found) > high:
            letters = list(text)
            for start, end in found[high:]:
                word = text[start:end].capitalize() if end - start > 1 else text[start:end].lower()
                word = word if not word.isupper() else word.lower()
                letters[start:end] = [word] + [""] * (end - start - 1)
            return "".join(letters)
        if len(found) < low:
            have = set(found)
            letters = list(text)
            for each in WORD.finditer(text):
                if len(have) >= low:
                    break
                if each.group().isascii() and each.group().isalpha() and not each.group().isupper():
                    letters[each.start() : each.end()] = each.group().upper()
                    have.add(each.span())
            text = "".join(letters)
            return text + (self.finish(text) or "")
        return text

    def opposes(self, other: Rule) -> str:
        if self.bounds()[0] and isinstance(other, AllLower):
            return "words in capitals, but all small letters"
        return super().opposes(other)


class CapitalWordsAtLeast(_CapitalWords, frozen=True):
    """At least n words in capitals."""

    n: int

    kind = "capital_words_at_least"
    wordings = (
        "Write at least {n} words in all capital letters.",
        "Words in all capitals should appear at least {n} times.",
        "Make sure that {n} or more words are fully capitalised.",
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.n, None

    def peer(self) -> dict[str, Any]:
        return {"capital_frequency": self.n, "capital_relation": "at least"}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((1, 2, 3, 4, 5)))


class CapitalWordsAtMost(_CapitalWords, frozen=True):
    """At most n words in capitals."""

    n: int

    kind = "capital_words_at_most"
    wordings = (
        "Write at most {n} words in all capital letters.",
        "Words in all capitals should appear no more than {n} times.",
        "Make sure that {n} or fewer words are fully capitalised.",
    )

    def bounds(self) -> tuple[int, int | None]:
        return 0, self.n

    def peer(self) -> dict[str, Any]:
        return {"capital_frequency": self.n + 1, "capital_relation": "less than"}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((1, 2, 3, 5, 8)))


class WordInCapitals(Rule, frozen=True):
    """A word occurs, and in capitals wherever it does."""

    word: str

    kind, family, category, subtype = "word_in_capitals", "case", "language", "english"
    wordings = (
        'Write the word "{word}" in capital letters wherever it occurs, at least once.',
        'The word "{word}" must appear, always in all capitals.',
        'Make sure to use the word "{word}" and to put it in capital letters every time.',
    )

    def _found(self, text: str) -> list[re.Match[str]]:
        return list(re.finditer(rf"(?<!\w){re.escape(self.word)}(?!\w)", text, re.IGNORECASE))

    def check(self, text: str) -> Finding:
        found = self._found(text)
        wrong = tuple(each.span() for each in found if not each.group().isupper())
        evidence = f'"{self.word}" occurs {len(found)} times, {len(wrong)} of them not in capitals'
        return Finding(bool(found) and not wrong, evidence, wrong)

    def finish(self, text: str) -> str | None:
        found = self.check(text)
        if found.passed:
            return ""
        if len(found.spans) > 1 or (found.spans and found.spans[0][1] < len(text)):
            return None
        text += "s" if found.spans else ""  # the word may not be at its end
        return ("s" if found.spans else "") + link(text) + f"The word is {self.word.upper()}."

    def mend(self, text: str, random: randomness.Random) -> str:
        for start, end in self.check(text).spans:
            text = text[:start] + text[start:end].upper() + text[end:]
        return text + (self.finish(text) or "")

    def opposes(self, other: Rule) -> str:
        return "a word in capitals, but all small letters" if isinstance(other, AllLower) else ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("important", "free", "water", "never", "today", "safety", "warning", "home")))


__all__ = ["CapitalWordsAtLeast", "CapitalWordsAtMost", "WordInCapitals"]
