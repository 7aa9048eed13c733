"""All letters of one case, and the first letters of words and sentences."""

from __future__ import annotations

import random as randomness
import re

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.case.titles import TitleCase
from dutiful.kit.constraints.joints import gap
from dutiful.kit.constraints.text import sentence_spans

_UPPER = re.compile(r"[A-Z]+|[^\W\d_a-z]")
_LOWER = re.compile(r"[a-z]+|[^\W\d_A-Z]")


class _OneCase(Rule, frozen=True):
    """All letters of one case, and at least one of them."""

    family, category, subtype = "case", "language", "english"

    def opposes(self, other: Rule) -> str:
        if isinstance(other, _OneCase | TitleCase | SentenceCase) and type(other) is not type(self):
            return f"{self.kind.replace('_', ' ')}, but {other.kind.replace('_', ' ')}"
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


__all__ = ["AllLower", "AllUpper", "SentenceCase"]
