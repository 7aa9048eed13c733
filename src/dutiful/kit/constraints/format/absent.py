"""Whitespace, hashtags and links: none of them, or some."""

from __future__ import annotations

import random as randomness
import re
from typing import Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.fillers import counted
from dutiful.kit.constraints.mended import Mended
from dutiful.kit.constraints.text import HAN


class Absent(Mended, frozen=True):
    """Something does not occur. Once begun it cannot be taken back, so a prefix is judged as the whole is."""

    family, category = "format", "format"

    def find(self, text: str) -> list[re.Match[str]]:
        """Where it occurs."""
        raise NotImplementedError

    def check(self, text: str) -> Finding:
        found = self.find(text)
        said = ", ".join(repr(match[0]) for match in found[:5])
        return Finding(not found, f"found {said}" if found else "none found", tuple(match.span() for match in found))


_SPACE = re.compile(r"\s+")


class NoWhitespace(Absent, frozen=True):
    """No blank, tab or line break."""

    kind, subtype, same_as = "no_whitespace", "wrapping", "ifbench:format:no_whitespace"
    languages = ("en", "zh")
    wordings = (
        "Do not use any whitespace.",
        "The output should not contain any whitespace.",
        "Write everything without spaces and line breaks.",
    )
    wordings_zh = (
        "不要使用任何空白字符。",
        "回答中不能有空格和换行。",
    )

    def find(self, text: str) -> list[re.Match[str]]:
        return list(_SPACE.finditer(text)) if _SPACE.search(text) else []

    def check(self, text: str) -> Finding:
        found = _SPACE.search(text)
        return super().check(text) if found else Finding(True, "no whitespace")

    def mend(self, text: str, random: randomness.Random) -> str:
        """Joins the words."""
        return "".join(text.split())


class NoHashtags(Absent, frozen=True):
    """No hashtag."""

    kind, subtype = "no_hashtags", "hashtags"
    languages = ("en", "zh")
    wordings = ("Do not use hashtags.", "The answer must be free of hashtags.", "Leave out any #hashtag.")
    wordings_zh = (
        "不要使用话题标签。",
        "回答里不能有#标签。",
    )

    def find(self, text: str) -> list[re.Match[str]]:
        return list(_HASHTAG.finditer(text)) if "#" in text else []


_HASHTAG = re.compile(rf"(?:(?<![\w&#])|(?<={HAN.pattern}))#\w+")
_LINK = re.compile(r"(?:https?://|www\.)\w\S*", re.IGNORECASE)


class NoLinks(Absent, frozen=True):
    """No address on the web."""

    kind, subtype = "no_links", "links"
    languages = ("en", "zh")
    wordings = ("Do not include any links.", "The answer must hold no URL.", "Leave out web addresses.")
    wordings_zh = (
        "不要给出链接。",
        "回答中不能有网址。",
    )

    def find(self, text: str) -> list[re.Match[str]]:
        low = text.lower()
        return list(_LINK.finditer(text)) if "://" in low or "www." in low else []


class HashtagsAtLeast(Mended, frozen=True):
    """At least n hashtags."""

    n: int

    kind, family, category, subtype = "hashtags_at_least", "format", "format", "hashtags"
    wordings = (
        "Use at least {n} hashtags.",
        "Add {n} or more hashtags, such as #garden.",
        "There must be no fewer than {n} hashtags in the answer.",
    )

    def count(self, text: str) -> int:
        """How many there are."""
        return len(_HASHTAG.findall(text)) if "#" in text else 0

    def check(self, text: str) -> Finding:
        count = self.count(text)
        return Finding(count >= self.n, f"{counted(count, 'hashtag')}, at least {self.n} asked for")

    def finish(self, text: str) -> str | None:
        missing = self.n - self.count(text)
        if missing <= 0:
            return ""
        tags = " ".join(("#today", "#ideas", "#life", "#tips")[index % 4] for index in range(missing))
        return ("" if not text or text[-1].isspace() else " ") + tags

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(1, 4))

    def opposes(self, other: Rule) -> str:
        return "hashtags are asked for and forbidden" if isinstance(other, NoHashtags) and self.n > 0 else ""


__all__ = ["Absent", "HashtagsAtLeast", "NoHashtags", "NoLinks", "NoWhitespace"]
