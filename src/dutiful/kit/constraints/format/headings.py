"""Headings in markdown."""

from __future__ import annotations

import random as randomness
import re
from typing import Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.fillers import counted, suited
from dutiful.kit.constraints.joints import block, newline
from dutiful.kit.constraints.mended import Mended

_FENCED = re.compile(r"^```.*?(?:^```|\Z)", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#{1,6})[ \t]+\S.*$", re.MULTILINE)


def _headings(text: str) -> list[re.Match[str]]:
    """The headings outside fenced code."""
    if "```" in text:
        text = _FENCED.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    return list(_HEADING.finditer(text)) if "#" in text else []


def _open_fence(text: str) -> str:
    """What closes a fenced block that the text breaks off in, or ""."""
    last = next(reversed(list(_FENCED.finditer(text))), None) if "```" in text else None
    if last and last.end() == len(text) and not re.search(r"\n```\Z", last[0]):
        return newline(text) + "```"
    return ""


class HeadingsAtLeast(Mended, frozen=True):
    """At least n markdown headings, of any level."""

    n: int

    kind, family, category, subtype = "headings_at_least", "format", "format", "markdown"
    languages = ("en", "zh")
    wordings = (
        "Use at least {n} markdown headings.",
        "Structure the answer with {n} or more headings (lines that start with #).",
        "There must be no fewer than {n} headings in markdown.",
    )
    wordings_zh = (
        "至少使用{n}个Markdown标题。",
        "用{n}个或更多的标题（以#开头的行）来组织回答。",
    )

    def check(self, text: str) -> Finding:
        count = len(_headings(text))
        return Finding(count >= self.n, f"{counted(count, 'heading')}, at least {self.n} asked for")

    def finish(self, text: str) -> str | None:
        missing = self.n - len(_headings(text))
        if missing <= 0:
            return ""
        start = _open_fence(text)
        return (
            start
            + block(text + start)
            + "\n\n".join(f"## {suited(text, *_TITLES[index % len(_TITLES)])}" for index in range(missing))
        )

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(1, 4))


_TITLES = (("Overview", "概述"), ("Details", "细节"), ("Examples", "例子"), ("Summary", "小结"))


class HeadingLevel(Mended, frozen=True):
    """At least one markdown heading of a level."""

    level: int

    kind, family, category, subtype = "heading_level", "format", "format", "markdown"
    languages = ("en", "zh")
    wordings = (
        "Use at least one markdown heading of level {level}.",
        "The answer must hold a level {level} heading in markdown.",
        "Include a heading that starts with exactly {level} # signs.",
    )
    wordings_zh = (
        "至少使用一个{level}级Markdown标题。",
        "回答中要有一个以{level}个#开头的标题。",
    )

    def __post_init__(self) -> None:
        if not 1 <= self.level <= 6:
            raise ValueError(f"markdown has heading levels 1 to 6, not {self.level}")

    def check(self, text: str) -> Finding:
        levels = sorted({len(match[1]) for match in _headings(text)})
        return Finding(self.level in levels, f"heading levels: {levels or 'none'}, level {self.level} asked for")

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        start = _open_fence(text)
        return f"{start}{block(text + start)}{'#' * self.level} {suited(text, 'Summary', '小结')}"

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(1, 4))

    def opposes(self, other: Rule) -> str:
        if isinstance(other, HeadingLevelAtMost) and other.level < self.level:
            return f"a heading of level {self.level}, but none deeper than {other.level}"
        return ""


class HeadingLevelAtMost(Mended, frozen=True):
    """No markdown heading of a deeper level than given."""

    level: int

    kind, family, category, subtype = "heading_level_at_most", "format", "format", "markdown"
    languages = ("en", "zh")
    wordings = (
        "Markdown headings may go down to level {level} at most.",
        "Use no heading below level {level}.",
        "Do not start a heading with more than {level} # signs.",
    )
    wordings_zh = (
        "Markdown标题最多用到{level}级。",
        "标题开头的#不能超过{level}个。",
    )

    def check(self, text: str) -> Finding:
        deep = [match for match in _headings(text) if len(match[1]) > self.level]
        said = f"{counted(len(deep), 'heading')} below level {self.level}"
        return Finding(not deep, said, tuple(match.span(1) for match in deep))

    def mend(self, text: str, random: randomness.Random) -> str:
        """Raises the headings that are too deep."""
        for start, end in reversed(self.check(text).spans):
            text = f"{text[:start]}{'#' * self.level}{text[end:]}"
        return text if self.check(text).passed else super().mend(text, random)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(1, 3))


__all__ = ["HeadingLevel", "HeadingLevelAtMost", "HeadingsAtLeast"]
