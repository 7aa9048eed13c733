"""What depends on whether a word is mentioned, and words in every paragraph."""

from __future__ import annotations

import random as randomness
import re
from typing import Self

from dutiful.kit.constraints.base import Finding, shown
from dutiful.kit.constraints.fillers import NOUNS, counted
from dutiful.kit.constraints.joints import lead
from dutiful.kit.constraints.mended import Mended


def need_two(first_word: str, second: str) -> None:
    if not first_word.strip() or not second.strip():
        raise ValueError(f"needs two words, got {first_word!r} and {second!r}")


class IfMentions(Mended, frozen=True):
    """If one word occurs, another does too. Met where the first does not occur."""

    word: str
    then: str

    kind, family, category, subtype = "if_mentions", "compound", "content", "keywords"
    wordings = (
        'If the answer mentions "{word}", it must also mention "{then}".',
        'Whenever you bring up "{word}", say something about "{then}" as well.',
        'Mention "{word}" only together with "{then}".',
    )

    def __post_init__(self) -> None:
        need_two(self.word, self.then)

    def check(self, text: str) -> Finding:
        low = text.lower()
        condition, done = self.word.lower() in low, self.then.lower() in low
        if not condition:
            return Finding(True, f"{self.word!r} does not occur")
        spans = () if done else tuple(match.span() for match in re.finditer(re.escape(self.word), text, re.IGNORECASE))
        return Finding(done, f"{self.word!r} occurs, {self.then!r} {'too' if done else 'does not'}", spans)

    def finish(self, text: str) -> str | None:
        return "" if self.check(text).passed else f"{lead(text)}This goes with {self.then}."

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(*random.sample(sorted(set(NOUNS)), 2))


class NeverBoth(Mended, frozen=True):
    """Two words do not both occur; one of them or none may."""

    word: str
    other: str

    kind, family, category, subtype = "never_both", "compound", "content", "keywords"
    wordings = (
        'Never mention both "{word}" and "{other}".',
        'If you use the word "{word}", do not use "{other}", and the other way round.',
        'The words "{word}" and "{other}" must not both appear.',
    )

    def __post_init__(self) -> None:
        need_two(self.word, self.other)

    def check(self, text: str) -> Finding:
        low = text.lower()
        found = [word for word in (self.word, self.other) if word.lower() in low]
        spans = (
            tuple(match.span() for match in re.finditer(re.escape(self.other), text, re.IGNORECASE)) if len(found) == 2 else ()
        )
        return Finding(len(found) < 2, f"found: {shown(tuple(found)) or 'none'}", spans)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(*random.sample(sorted(set(NOUNS)), 2))


_GAP = re.compile(r"\n[ \t\r]*\n\s*")


class EachParagraphHolds(Mended, frozen=True):
    """Every paragraph, as blank lines part them, holds a word, in any case."""

    word: str

    kind, family, category, subtype = "each_paragraph_holds", "compound", "content", "keywords"
    wordings = (
        'Every paragraph must contain the word "{word}".',
        'Mention "{word}" in each paragraph.',
        'Let no paragraph go without "{word}".',
    )

    def __post_init__(self) -> None:
        need_two(self.word, self.word)
        if "\n" in self.word:
            raise ValueError(f"a word holds no line break, got {self.word!r}")

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where the paragraphs are; the last is blank if a gap ends the text."""
        cuts = [match.span() for match in _GAP.finditer(text)]
        starts = [0, *(end for _, end in cuts)]
        return list(zip(starts, [*(start for start, _ in cuts), len(text)], strict=True))

    def lacking(self, text: str) -> list[tuple[int, int]]:
        """Which of them, those that are blank aside, do without the word."""
        low = self.word.lower()
        return [(start, end) for start, end in self.spans(text) if (part := text[start:end].strip()) and low not in part.lower()]

    def check(self, text: str) -> Finding:
        if not text.strip():
            return Finding(False, "no paragraph")
        lacking = self.lacking(text)
        count = sum(bool(text[start:end].strip()) for start, end in self.spans(text))
        return Finding(not lacking, f"{len(lacking)} of {counted(count, 'paragraph')} without {self.word!r}", tuple(lacking))

    def finish(self, text: str) -> str | None:
        lacking = self.lacking(text)
        if not lacking and text.strip():
            return ""
        if lacking and (len(lacking) > 1 or lacking[0] != self.spans(text)[-1]):
            return None
        return f"{lead(text)}So much for {self.word}."

    def mend(self, text: str, random: randomness.Random) -> str:
        """Adds a sentence to each paragraph that lacks the word."""
        for start, end in reversed(self.lacking(text)):
            part = text[start:end].rstrip()
            text = f"{text[:start]}{part}{lead(part)}So much for {self.word}.{text[start + len(part) :]}"
        return super().mend(text, random)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(NOUNS))


__all__ = ["EachParagraphHolds", "IfMentions", "NeverBoth", "need_two"]
