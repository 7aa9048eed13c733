"""How many paragraphs and lines an answer has."""

from __future__ import annotations

import random as randomness
from typing import Self

from dutiful.kit.constraints.bounds import Bounded
from dutiful.kit.constraints.fillers import sayings
from dutiful.kit.constraints.joints import close
from dutiful.kit.constraints.text import line_spans, paragraph_spans


class _Paragraphs(Bounded, frozen=True):
    unit = "paragraphs"
    family, category, subtype = "length", "length", "paragraphs"

    def spans(self, text: str) -> list[tuple[int, int]]:
        return paragraph_spans(text)

    def add(self, text: str, count: int) -> str:
        new = [sayings((8, 6, 9, 7)[i % 4], text)[0] for i in range(count)]
        open_end = "" if text[-1:].isspace() else close(text)
        return open_end + ("\n\n" if text.strip() else "") + "\n\n".join(new)


class ParagraphsExactly(_Paragraphs, frozen=True):
    """Exactly n paragraphs, with blank lines between them."""

    n: int

    kind = "paragraphs_exactly"
    wordings = (
        "Write exactly {n} paragraphs, separated by blank lines.",
        "The answer must have {n} paragraphs with a blank line between them.",
        "Make sure that there are exactly {n} paragraphs.",
    )
    wordings_zh = (
        "正好写{n}段，段与段之间空一行。",
        "回答必须分为{n}段，用空行隔开。",
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.n, self.n

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((2, 3, 4)))


class ParagraphsAtLeast(_Paragraphs, frozen=True):
    """At least n paragraphs, with blank lines between them."""

    n: int

    kind = "paragraphs_at_least"
    wordings = (
        "Write at least {n} paragraphs, separated by blank lines.",
        "The answer should have {n} or more paragraphs.",
        "Make sure that there are at least {n} paragraphs.",
    )
    wordings_zh = (
        "至少写{n}段，段与段之间空一行。",
        "回答不少于{n}段，用空行隔开。",
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.n, None

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((2, 3)))


class ParagraphsAtMost(_Paragraphs, frozen=True):
    """At most n paragraphs, with blank lines between them."""

    n: int

    kind = "paragraphs_at_most"
    wordings = (
        "Write at most {n} paragraphs.",
        "The answer must not have more than {n} paragraphs.",
        "Make sure that there are {n} paragraphs or fewer.",
    )
    wordings_zh = (
        "最多写{n}段。",
        "回答不超过{n}段。",
    )

    def bounds(self) -> tuple[int, int | None]:
        return 0, self.n

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((1, 2, 3)))


class _Lines(Bounded, frozen=True):
    unit = "lines"
    family, category, subtype = "length", "length", "lines"

    def spans(self, text: str) -> list[tuple[int, int]]:
        return line_spans(text)

    def add(self, text: str, count: int) -> str:
        new = [sayings((6, 5, 7, 4)[i % 4], text)[0] for i in range(count)]
        return ("" if not text or text.endswith("\n") else "\n") + "\n".join(new)


class LinesExactly(_Lines, frozen=True):
    """Exactly n lines that are not blank."""

    n: int

    kind = "lines_exactly"
    wordings = (
        "Write exactly {n} lines.",
        "The answer must consist of {n} lines.",
        "Make sure that there are exactly {n} lines, blank ones not counted.",
    )
    wordings_zh = (
        "正好写{n}行。",
        "回答必须是{n}行，空行不算。",
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.n, self.n

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((2, 3, 4, 5, 6)))


class LinesAtMost(_Lines, frozen=True):
    """At most n lines that are not blank."""

    n: int

    kind = "lines_at_most"
    wordings = (
        "Write at most {n} lines.",
        "The answer must fit on {n} lines or fewer.",
        "Make sure that there are no more than {n} lines.",
    )
    wordings_zh = (
        "最多写{n}行。",
        "回答不超过{n}行。",
    )

    def bounds(self) -> tuple[int, int | None]:
        return 0, self.n

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((1, 2, 3, 5, 8)))


__all__ = ["LinesAtMost", "LinesExactly", "ParagraphsAtLeast", "ParagraphsAtMost", "ParagraphsExactly"]
