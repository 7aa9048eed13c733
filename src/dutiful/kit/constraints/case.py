"""Capital and small letters."""

from __future__ import annotations

import random as randomness
import re
from typing import Any, Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.length import Bounded
from dutiful.kit.constraints.text import WORD, gap, link, sentence_spans

_UPPER = re.compile(r"[A-Z]+|[^\W\d_a-z]")
_LOWER = re.compile(r"[a-z]+|[^\W\d_A-Z]")


class _OneCase(Rule, frozen=True):
    """All letters of one case, and at least one of them."""

    family, category, subtype = "case", "language", "english"

    def opposes(self, other: Rule) -> str:
        if isinstance(other, _OneCase | TitleCase | SentenceCase) and type(other) is not type(self):
            return f"{self.kind.replace('_', ' ')}, but {other.kind.replace('_', ' ')}"
        if isinstance(self, AllLower) and isinstance(other, CapitalWordsAtLeast | WordInCapitals):
            return "all small letters, but words in capitals"
        return ""


class AllLower(_OneCase, frozen=True):
    """No capital letter. IFEval's type asks for English too, by langdetect; that is `in_language` here."""

    kind = "all_lower"
    same_as = "ifeval:change_case:english_lowercase"
    wordings = (
        "Write everything in lowercase letters.",
        "No capital letters are allowed.",
        "Make sure that the whole answer is in lower case.",
        "The answer must be entirely lowercase.",
    )

    def check(self, text: str) -> Finding:
        if text.islower():
            return Finding(True, "small letters only")
        wrong = tuple(found.span() for found in _UPPER.finditer(text) if not found.group().islower() and found.group().lower())
        wrong = tuple(span for span in wrong if text[span[0] : span[1]].isupper() or text[span[0] : span[1]].istitle())
        return Finding(False, f"{len(wrong)} places with capital letters" if wrong else "no letters", wrong)

    def finish(self, text: str) -> str | None:
        if text.islower():
            return ""
        return gap(text) + "so it is." if (gap(text) + text + "so it is.").islower() else None

    def mend(self, text: str, random: randomness.Random) -> str:
        if text.islower():
            return text
        small = text.lower()
        small = small if small.islower() else "".join(each for each in small if not (each.isupper() or each.istitle()))
        return small + (self.finish(small) or "")

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


class AllUpper(_OneCase, frozen=True):
    """No small letter. IFEval's type asks for English too, by langdetect; that is `in_language` here."""

    kind = "all_upper"
    same_as = "ifeval:change_case:english_capital"
    wordings = (
        "Write everything in capital letters.",
        "No lowercase letters are allowed.",
        "Make sure that the whole answer is in upper case.",
        "The answer must be in ALL CAPS.",
    )

    def check(self, text: str) -> Finding:
        if text.isupper():
            return Finding(True, "capital letters only")
        wrong = tuple(found.span() for found in _LOWER.finditer(text) if found.group().islower())
        return Finding(False, f"{len(wrong)} places with small letters" if wrong else "no letters", wrong)

    def finish(self, text: str) -> str | None:
        if text.isupper():
            return ""
        return gap(text) + "SO IT IS." if (text + gap(text) + "SO IT IS.").isupper() else None

    def mend(self, text: str, random: randomness.Random) -> str:
        if text.isupper():
            return text
        large = text.upper()
        large = large if large.isupper() else "".join(each for each in large if not (each.islower() or each.istitle()))
        return large + (self.finish(large) or "")

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


_MINOR = frozenset(
    ("an", "and", "as", "at", "but", "by", "for", "from", "if", "in", "into", "nor", "of", "on", "onto", "or", "over", "per")
    + ("so", "than", "the", "to", "up", "via", "vs", "with", "yet")
)


class TitleCase(Rule, frozen=True):
    """Every word starts with a capital, but for articles, short prepositions and conjunctions, which may.

    IFBench wants those with a capital too, though it asks for "every major word" only, and fails "Don't", which its tokeniser
    cuts into "Do" and "n't"; it lets "iPhone" pass.
    """

    kind, family, category, subtype = "title_case", "case", "language", "english"
    same_as = "ifbench:format:title_case"
    wordings = (
        "Write the entire answer in title case.",
        "Capitalise the first letter of every major word.",
        "Make sure that every major word starts with a capital letter.",
        "The whole answer must be in Title Case.",
    )

    def _wrong(self, text: str) -> tuple[list[tuple[int, int]], int]:
        """The words that break it, and how many words there are."""
        wrong: list[tuple[int, int]] = []
        count = 0
        for found in WORD.finditer(text):
            count += 1
            word = found.group()
            if word[0].islower() and len(word) > 1 and word not in _MINOR:
                wrong.append(found.span())
        return wrong, count

    def check(self, text: str) -> Finding:
        wrong, count = self._wrong(text)
        return Finding(not wrong and count > 0, f"{len(wrong)} of {count} words without a capital", tuple(wrong))

    def finish(self, text: str) -> str | None:
        wrong, count = self._wrong(text)
        if not wrong:
            return "" if count else gap(text) + "So It Is."
        start, end = wrong[-1]
        if len(wrong) > 1 or end < len(text):
            return None
        last = text[start:]
        return next((word[len(last) :] for word in sorted(_MINOR) if word.startswith(last)), None)

    def mend(self, text: str, random: randomness.Random) -> str:
        """Short words get a capital too, as IFBench wants it: nobody takes that for wrong."""
        wrong, count = self._wrong(text)
        if count and not wrong:
            return text
        letters = list(text)
        for found in WORD.finditer(text):
            start, end = found.span()
            if end - start > 1 and text[start].islower():
                large = text[start].upper()
                letters[start] = large if large[0].isupper() else "A" + text[start]
                letters[start + 1 : end] = text[start + 1 : end].lower()
        text = "".join(letters)
        return text + (self.finish(text) or "")

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


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


_LETTER = re.compile(r"[^\W_]")


class SentenceCase(Rule, frozen=True):
    """Every sentence starts with a capital letter; one that starts with a digit passes."""

    kind, family, category, subtype = "sentence_case", "case", "language", "english"
    wordings = (
        "Start every sentence with a capital letter.",
        "Each sentence must begin with an uppercase letter.",
        "Make sure that the first letter of every sentence is a capital.",
    )

    def check(self, text: str) -> Finding:
        spans = sentence_spans(text)
        firsts = [_LETTER.search(text, start, end) for start, end in spans]
        wrong = tuple(first.span() for first in firsts if first and first.group().islower())
        return Finding(bool(spans) and not wrong, f"{len(wrong)} of {len(spans)} sentences start with a small letter", wrong)

    def finish(self, text: str) -> str | None:
        found = self.check(text)
        return "" if found.passed else None if found.spans else gap(text) + "So it is."

    def mend(self, text: str, random: randomness.Random) -> str:
        letters = list(text)
        for start, _ in self.check(text).spans:
            large = letters[start].upper()
            letters[start] = large if not large[0].islower() else ""
        text = "".join(letters)
        end = self.finish(text)
        return text + end if end is not None else self.mend(text, random)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


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


__all__ = [
    "AllLower",
    "AllUpper",
    "CapitalWordsAtLeast",
    "CapitalWordsAtMost",
    "SentenceCase",
    "TitleCase",
    "WordInCapitals",
]
