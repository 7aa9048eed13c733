"""Lists that are numbered, marked otherwise, or stand after sentences."""

from __future__ import annotations

import random as randomness
import re
from typing import Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.fillers import counted, suited
from dutiful.kit.constraints.joints import first, lead, newline
from dutiful.kit.constraints.mended import Mended
from dutiful.kit.constraints.text import sentence_spans

_NUMBERED = re.compile(r"^[ \t]*(\d+)(?:[.)](?=[ \t])|[、．）])(.*)$", re.MULTILINE)


class NumberedExactly(Mended, frozen=True):
    """A numbered list of exactly n lines, numbered from 1 on, "1." or "1)", in Chinese also "1、"."""

    n: int

    kind, family, category, subtype = "numbered_exactly", "structure", "format", "markdown"
    languages = ("en", "zh")
    wordings = (
        "Give a numbered list of exactly {n} items.",
        "Number your points from 1 to {n}, each on its own line.",
        "The answer must hold {n} numbered lines (1., 2., ...), no more and no fewer.",
    )
    wordings_zh = (
        "用编号列表正好列出{n}项。",
        "把要点从1编号到{n}，每项单独一行。",
    )

    def check(self, text: str) -> Finding:
        found = list(_NUMBERED.finditer(text))
        wrong = [match.span() for index, match in enumerate(found, 1) if match[1] != str(index) or index > self.n]
        return Finding(
            len(found) == self.n and not wrong, f"numbers: {[match[1] for match in found]}, 1 to {self.n} asked for", tuple(wrong)
        )

    def finish(self, text: str) -> str | None:
        found = list(_NUMBERED.finditer(text))
        if len(found) > self.n or any(match[1] != str(index) for index, match in enumerate(found, 1)):
            return None
        missing = range(len(found) + 1, self.n + 1)
        return (
            newline(text) + "\n".join(suited(text, f"{index}. Step {index}", f"{index}. 第{index}步") for index in missing)
            if missing
            else ""
        )

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(2, 5))

    def opposes(self, other: Rule) -> str:
        if isinstance(other, NumberedExactly) and other.n != self.n:
            return f"exactly {self.n} and exactly {other.n} numbered items"
        return ""


_STAR = re.compile(r"[ \t]*\*(?!\*)")


class SentencesThenBullets(Mended, frozen=True):
    """At least two sentences that end in a full stop, then at least two bullets marked with "*", and nothing after them.

    IFBench fails a blank line between or after the bullets, and one between paragraphs before them, and takes bold text and
    "***" for bullets; these are bugs.
    """

    kind, family, category, subtype = "sentences_then_bullets", "structure", "format", "markdown"
    same_as = "ifbench:format:no_bullets_bullets"
    wordings = (
        "Write at least two sentences ending in a period, followed by at least two bullet points marked with *.",
        "Begin with two sentences or more, then give two or more bullets (*), and nothing after them.",
        "The answer must be at least two full sentences and, below them, at least two points that start with *.",
    )

    def read(self, text: str) -> tuple[int, int, int, int]:
        """The sentences before the bullets, the bullets, and where other text stands after a bullet (start, end; -1 if none)."""
        at, head, bullets = 0, 0, 0
        for line in text.splitlines(keepends=True):
            if _STAR.match(line):
                bullets += 1
            elif not bullets:
                head = at + len(line)
            elif line.strip():
                return self._sentences(text[:head]), bullets, at, at + len(line)
            at += len(line)
        return self._sentences(text[:head]), bullets, -1, -1

    def _sentences(self, head: str) -> int:
        return sum(head[start:end].rstrip("\"')]*_”’").endswith(".") for start, end in sentence_spans(head))

    def check(self, text: str) -> Finding:
        sentences, bullets, start, end = self.read(text)
        said = f"{counted(sentences, 'sentence')} and {counted(bullets, 'bullet')}" + (
            ", with text after them" if start >= 0 else ""
        )
        return Finding(sentences > 1 and bullets > 1 and start < 0, said, ((start, end),) if start >= 0 else ())

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        points, start = "* One point\n* Another point", newline(text)
        more = lead(text) + "This is how it is. There are two points."
        single = (" Another point", f"{start}* Another point", "* Another point", "*")
        bold = f"*Note** This is how it is. There are two points.\n{points}"  # an asterisk may yet become bold text
        whole = (f"{start}{points}", f"{more}\n{points}", f"{start}{more}\n{points}", bold)
        return first(self, text, (*single, "* Another point\n* One more", *whole))

    def mend(self, text: str, random: randomness.Random) -> str:
        """Moves what stands after the bullets before them."""
        end = self.finish(text)
        if end is not None:
            return text + end
        lines = text.splitlines()
        bullets = [line for line in lines if _STAR.match(line)]
        head = "\n".join(line for line in lines if not _STAR.match(line)).strip()
        if self._sentences(head) < 2:
            head += lead(head) + "This is how it is. There are some points."
        return "\n".join([head, *bullets, *(["* Another point"] * (2 - len(bullets)))])


class MarkedItems(Mended, frozen=True):
    """A list of at least two lines that begin with a mark.

    IFBench counts the mark anywhere in the answer, so that two hyphens are a list; here it has to open the line.
    """

    mark: str

    kind, family, category, subtype = "marked_items", "structure", "format", "markdown"
    same_as = "ifbench:format:list"
    wordings = (
        "Answer with a list of items; instead of bullet points use {mark}",
        'Give a list whose items each begin with "{mark}" on a new line.',
        'Write at least two items, one a line, and mark each with "{mark}" instead of a bullet.',
    )

    def __post_init__(self) -> None:
        if not self.mark.strip():
            raise ValueError("needs a mark")

    def count(self, text: str) -> int:
        """How many lines begin with the mark."""
        return sum(line.lstrip().startswith(self.mark) for line in text.split("\n")) if self.mark in text else 0

    def check(self, text: str) -> Finding:
        count = self.count(text)
        return Finding(count > 1, f"{counted(count, 'line')} that begin with {self.mark!r}, at least 2 asked for")

    def finish(self, text: str) -> str | None:
        missing = 2 - self.count(text)
        return newline(text) + "\n".join([f"{self.mark} Another item"] * missing) if missing > 0 else ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("->", "~", "...", "SEPARATOR", "@", "=>", "$")))

    def peer(self) -> dict[str, object]:
        return {"sep": self.mark}


__all__ = ["MarkedItems", "NumberedExactly", "SentencesThenBullets"]
