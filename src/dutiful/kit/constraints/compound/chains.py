"""Sentences that take up one another, and a first one that is the shortest.

A sentence that is followed by another cannot change any more, so what is wrong among these is dead; the last one may still grow.
"""

from __future__ import annotations

import random as randomness
from collections.abc import Iterator

from dutiful.kit.constraints.base import Finding
from dutiful.kit.constraints.fillers import counted, filler
from dutiful.kit.constraints.joints import first, lead
from dutiful.kit.constraints.mended import Mended
from dutiful.kit.constraints.text import EDGES, NO_PUNCTUATION, sentence_spans


def starts_after(text: str) -> Iterator[str]:
    """Ways to end the sentence that a text breaks off in, before another one."""
    yield lead(text) if lead(text) or not text.strip() else " "
    yield from ("", " ", ". ", " so. ", " And so on. ", "x. ")


def parted(text: str) -> list[tuple[str, tuple[int, int]]]:
    return [(text[start:end], (start, end)) for start, end in sentence_spans(text)]


class LastWordFirst(Mended, frozen=True):
    """The last word of each sentence is the first of the next, apart from case and marks around it.

    IFBench leaves the marks behind the first word, so that "Noon, again" does not begin with "noon"; that is a bug.
    """

    kind, family, category, subtype = "last_word_first", "compound", "content", "words"
    same_as = "ifbench:words:last_first"
    wordings = (
        "The last word of each sentence must become the first word of the next sentence.",
        "Begin every sentence with the word that the one before it ended with.",
        "Chain your sentences: each must open with the closing word of the previous one.",
    )

    def check(self, text: str) -> Finding:
        parts = parted(text)
        for index in range(1, len(parts)):
            before = parts[index - 1][0].rstrip(EDGES).split()[-1:]
            after = parts[index][0].lstrip(EDGES).split()[:1]
            if not before or not after or before[0].lower() != after[0].lower().rstrip(EDGES):
                said = f"sentence {index + 1} does not begin with {before[0] if before else 'a word'!r}"
                return Finding(False, said, (parts[index][1],))
        return Finding(bool(parts), f"{counted(len(parts), 'sentence')} in a chain")

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        spans = sentence_spans(text)
        if len(spans) < 2:
            return first(self, text, ("So it is.",))
        if self.check(text).spans[0] != spans[-1]:
            return None
        parts = [text[start:end] for start, end in spans]
        word = (parts[-2].rstrip(EDGES).split() or [""])[-1]
        begun = parts[-1].lstrip(EDGES)
        rest = word[len(begun) :] if word.lower().startswith(begun.lower()) else word
        return first(self, text, (rest, word, f"{word.capitalize()} it is."))

    def mend(self, text: str, random: randomness.Random) -> str:
        """Puts the word that is missing before each sentence."""
        for _ in range(len(sentence_spans(text))):
            found = self.check(text)
            if found.passed or not found.spans:
                break
            start = found.spans[0][0]
            words = text[:start].rstrip(EDGES).split()[-1:]
            if not words:
                break
            text = f"{text[:start]}{words[0]} {text[start:]}"
        return super().mend(text, random)


def words_in(sentence: str) -> int:
    return len(sentence.translate(NO_PUNCTUATION).split())


class FirstSentenceShorter(Mended, frozen=True):
    """There are two sentences or more, and the first has fewer words than the last."""

    kind, family, category, subtype = "first_sentence_shorter", "compound", "length", "sentences"
    wordings = (
        "The first sentence must be shorter than the last, in words.",
        "Begin with a sentence that has fewer words than the one you end with.",
        "Let your last sentence hold more words than your first.",
    )

    def check(self, text: str) -> Finding:
        parts = [part for part, _ in parted(text)]
        if len(parts) < 2:
            return Finding(False, counted(len(parts), "sentence"))
        start, end = words_in(parts[0]), words_in(parts[-1])
        return Finding(start < end, f"{counted(start, 'word')} in the first sentence, {end} in the last")

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        parts = [part for part, _ in parted(text)]
        size = words_in(parts[0]) if parts else 0
        opening = "" if parts else "So it is. "
        close = f"{opening}This is why {filler(max(0, size + 1))}."
        missing = size + 1 - words_in(parts[-1]) if len(parts) > 1 else 0
        within = ("", " ") if missing > 0 else ()
        return first(
            self, text, (*(glue + filler(missing) + "." for glue in within), *(start + close for start in starts_after(text)))
        )


__all__ = ["FirstSentenceShorter", "LastWordFirst", "parted", "starts_after", "words_in"]
