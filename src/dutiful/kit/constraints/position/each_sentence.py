"""How every sentence begins."""

from __future__ import annotations

import random as randomness
import re
from itertools import pairwise
from typing import Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.joints import first, gap
from dutiful.kit.constraints.position.places import BEFORE, OPENERS, Place, first_word
from dutiful.kit.constraints.text import WORD, capitalised, lowered, sentence_spans


class _EverySentence(Place, frozen=True):
    """Something about how each sentence starts. An empty text does not meet it."""

    def good(self, word: str) -> bool:
        """Whether a first word passes."""
        raise NotImplementedError

    def fresh(self) -> str:
        """A sentence that passes."""
        raise NotImplementedError

    def check(self, text: str) -> Finding:
        spans = sentence_spans(text)
        found = [(first_word(text, *span), span) for span in spans]
        wrong = tuple(each.span() if each else span for each, span in found if not (each and self.good(each.group())))
        return Finding(bool(spans) and not wrong, f"{len(wrong)} of {len(spans)} sentences start otherwise", wrong)

    def finish(self, text: str) -> str | None:
        found = self.check(text)
        if found.passed:
            return ""
        spans = sentence_spans(text)
        if not spans:
            return gap(text) + self.fresh()
        if len(found.spans) != 1 or found.spans[0][0] < spans[-1][0]:
            return None
        new = self.fresh()
        begun = text[found.spans[0][0] :].lower()
        ends = [gap(text) + new, new, ".. " + new[0].lower() + new[1:]]
        return first(self, text, [new[len(begun) :], *ends] if new.lower().startswith(begun) else ends)

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        kept = [self.adapted(text[start:end]) for start, end in sentence_spans(text)]
        mended = " ".join(each for each in kept if each)
        return mended if mended and self.check(mended).passed else self.finish("") or ""

    def adapted(self, sentence: str) -> str:
        """A sentence changed so that it passes, or "" where that cannot be done."""
        raise NotImplementedError


class SentencesStartWithLetter(_EverySentence, frozen=True):
    """Every sentence starts with a certain letter."""

    letter: str

    kind = "sentences_start_with_letter"
    languages = ("en",)
    wordings = (
        'Start every sentence with the letter "{letter}".',
        'The first letter of each sentence must be "{letter}".',
        'Make sure that all sentences begin with the letter "{letter}".',
    )

    def good(self, word: str) -> bool:
        return word[0].lower() == self.letter.lower()

    def fresh(self) -> str:
        return OPENERS.get(self.letter.lower(), self.letter.upper() + " is here.")

    def adapted(self, sentence: str) -> str:
        word = WORD.search(sentence)
        if not word or self.good(word.group()):
            return sentence if word else ""
        return f"{BEFORE.get(self.letter.lower(), self.letter.upper())}, {lowered(sentence)}"

    def opposes(self, other: Rule) -> str:
        if isinstance(other, SentencesStartWithLetter) and other.letter.lower() != self.letter.lower():
            return "sentences start with two different letters"
        return ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice("TSAIWMPBH"))


class SentencesStartWith(_EverySentence, frozen=True):
    """Every sentence starts with a certain word."""

    word: str

    kind = "sentences_start_with"
    languages = ("en",)
    wordings = (
        'Start every sentence with the word "{word}".',
        'The first word of each sentence must be "{word}".',
        'Make sure that all sentences begin with the word "{word}".',
    )

    def good(self, word: str) -> bool:
        return word.lower() == self.word.lower()

    def fresh(self) -> str:
        return f"{capitalised(self.word)} it works well."

    def adapted(self, sentence: str) -> str:
        word = WORD.search(sentence)
        if not word or self.good(word.group()):
            return sentence if word else ""
        return f"{capitalised(self.word)}, {lowered(sentence)}"

    def opposes(self, other: Rule) -> str:
        if isinstance(other, SentencesStartWith) and other.word.lower() != self.word.lower():
            return "sentences start with two different words"
        if isinstance(other, SentencesStartWithLetter) and other.letter.lower() != self.word[0].lower():
            return f'sentences start with "{self.word}", but with the letter {other.letter}'
        return ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("perhaps", "today", "still", "sometimes", "often")))


class SentenceStartsDiffer(Place, frozen=True):
    """No two sentences in a row start with the same word."""

    kind = "sentence_starts_differ"
    languages = ("en",)
    wordings = (
        "Do not start two consecutive sentences with the same word.",
        "Each sentence must start with another word than the one before it.",
        "Make sure that neighbouring sentences begin with different words.",
    )

    def _starts(self, text: str) -> list[re.Match[str] | None]:
        return [first_word(text, *span) for span in sentence_spans(text)]

    def check(self, text: str) -> Finding:
        starts = self._starts(text)
        pairs = pairwise(starts)
        wrong = tuple(b.span() for a, b in pairs if a and b and a.group().lower() == b.group().lower())
        return Finding(bool(starts) and not wrong, f"{len(wrong)} of {len(starts)} sentences start like the one before", wrong)

    def finish(self, text: str) -> str | None:
        found = self.check(text)
        if found.passed:
            return ""
        if not found.spans:
            return gap(text) + "So it goes."
        if len(found.spans) != 1 or found.spans[0][1] < len(text.rstrip("-'’")) or text[-1].isspace():
            return None
        return first(self, text, ("n", "s", "ly", "ward"))  # the word may not be at its end

    def mend(self, text: str, random: randomness.Random) -> str:
        words = ("Besides", "Moreover", "Also", "Then")
        for i, (start, _) in reversed(list(enumerate(self.check(text).spans))):
            text = text[:start] + words[i % len(words)] + ", " + lowered(text[start:])
        end = self.finish(text)
        return text + end if end is not None else self.finish("") or ""

    def opposes(self, other: Rule) -> str:
        return "sentences start differently, but alike" if isinstance(other, SentencesStartWith) else ""


__all__ = ["SentenceStartsDiffer", "SentencesStartWith", "SentencesStartWithLetter"]
