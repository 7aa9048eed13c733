"""Bullets."""

from __future__ import annotations

import random as randomness
import re
from typing import Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.fillers import counted, suited
from dutiful.kit.constraints.joints import first, newline
from dutiful.kit.constraints.mended import Mended

BULLET = re.compile(r"^[ \t]*(?:\*(?=[^*\n])|-(?!-))(.*)$", re.MULTILINE)
"""A line that is a bullet; group 1 is what it says."""


def _listed(text: str) -> list[re.Match[str]]:
    return list(BULLET.finditer(text)) if "-" in text or "*" in text else []


def _point(number: int, like: str) -> str:
    return suited(like, f"Point {number}", f"第{number}点")


def _items(count: int, done: int, like: str) -> str:
    """So many more bullets, after some that are there."""
    return "\n".join(f"- {_point(done + index + 1, like)}" for index in range(count))


class _Bullets(Mended, frozen=True):
    n: int

    family, category, subtype = "structure", "format", "markdown"

    def few(self, text: str, count: int) -> str | None:
        """What adds the bullets that are missing, if `count` are there."""
        if count > self.n:
            return first(self, text, ("--",))  # a dash may yet become a rule
        bare = re.search(r"(?:^|\n)[ \t]*\*\Z", text)
        ends = [newline(text) + _items(self.n - count, count, text)]
        if bare:  # an asterisk that is not yet a bullet becomes one
            more = _items(self.n - count - 1, count + 1, text)
            ends.insert(0, "\n".join([f" {_point(count + 1, text)}", *filter(None, [more])]))
        return first(self, text, ends)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(2, 5))


class BulletsExactly(_Bullets, frozen=True):
    """Exactly n bullets."""

    kind, same_as = "bullets_exactly", "ifeval:detectable_format:number_bullet_lists"
    languages = ("en", "zh")
    wordings = (
        "Use exactly {n} bullet points.",
        "The answer must hold {n} bullets, no more and no fewer.",
        "List precisely {n} points, each on a line that begins with * or -.",
    )
    wordings_zh = (
        "用项目符号正好列出{n}点。",
        "回答必须有{n}个项目符号，每个以*或-开头，不多也不少。",
    )

    def check(self, text: str) -> Finding:
        found = _listed(text)
        spans = tuple(match.span() for match in found[self.n :])
        return Finding(len(found) == self.n, f"{counted(len(found), 'bullet')}, exactly {self.n} asked for", spans)

    def finish(self, text: str) -> str | None:
        count = len(_listed(text))
        return "" if count == self.n else self.few(text, count)

    def opposes(self, other: Rule) -> str:
        if isinstance(other, BulletsExactly) and other.n != self.n:
            return f"exactly {self.n} and exactly {other.n} bullets"
        if isinstance(other, BulletsAtLeast) and other.n > self.n:
            return f"exactly {self.n} bullets, but at least {other.n}"
        if isinstance(other, BulletsAtMost) and other.n < self.n:
            return f"exactly {self.n} bullets, but at most {other.n}"
        return ""

    def peer(self) -> dict[str, object]:
        return {"num_bullets": self.n}


class BulletsAtLeast(_Bullets, frozen=True):
    """At least n bullets."""

    kind = "bullets_at_least"
    languages = ("en", "zh")
    wordings = (
        "Use at least {n} bullet points.",
        "The answer must hold {n} or more bullets.",
        "List no fewer than {n} points, each on a line that begins with * or -.",
    )
    wordings_zh = (
        "用项目符号至少列出{n}点。",
        "回答要有{n}个或更多的项目符号，每个以*或-开头。",
    )

    def check(self, text: str) -> Finding:
        count = len(_listed(text))
        return Finding(count >= self.n, f"{counted(count, 'bullet')}, at least {self.n} asked for")

    def finish(self, text: str) -> str | None:
        count = len(_listed(text))
        return "" if count >= self.n else self.few(text, count)


class BulletsAtMost(_Bullets, frozen=True):
    """At most n bullets; none at all for n = 0."""

    kind = "bullets_at_most"
    languages = ("en", "zh")
    wordings = (
        "Use at most {n} bullet points.",
        "The answer may hold {n} bullets or fewer.",
        "List no more than {n} points with bullets.",
    )
    wordings_zh = (
        "用项目符号最多列出{n}点。",
        "回答中以*或-开头的项目符号不能超过{n}个。",
    )

    def check(self, text: str) -> Finding:
        found = _listed(text)
        spans = tuple(match.span() for match in found[self.n :])
        return Finding(len(found) <= self.n, f"{counted(len(found), 'bullet')}, at most {self.n} allowed", spans)

    def finish(self, text: str) -> str | None:
        return first(self, text, ("", "--"))

    def opposes(self, other: Rule) -> str:
        if isinstance(other, BulletsAtLeast) and other.n > self.n:
            return f"at most {self.n} bullets, but at least {other.n}"
        return ""


_NESTED = re.compile(r"^([ \t]*)([*-])[ \t]+\S", re.MULTILINE)


class SubBullets(Mended, frozen=True):
    """There are bullets marked with "*", and each has a sub-bullet marked with "-" before the next one.

    IFBench passes an answer without any bullet, and takes any asterisk for a bullet ("***") and any hyphen for a sub-bullet;
    these are bugs.
    """

    kind, family, category, subtype = "sub_bullets", "structure", "format", "markdown"
    same_as = "ifbench:format:sub-bullets"
    wordings = (
        "Use bullet points marked with *, and at least one sub-bullet marked with - for each of them.",
        "Answer in bullets (*); every bullet needs a sub-bullet (-) below it.",
        "Each point must begin with * and be followed by one or more sub-points that begin with -.",
    )

    def check(self, text: str) -> Finding:
        marks = [(match[2], match.span()) for match in _NESTED.finditer(text)]
        bullets = [index for index, (mark, _) in enumerate(marks) if mark == "*"]
        bare = [index for index in bullets if index + 1 == len(marks) or marks[index + 1][0] == "*"]
        said = f"{counted(len(bullets), 'bullet')}, {len(bare)} of them without a sub-bullet"
        return Finding(bool(bullets) and not bare, said, tuple(marks[index][1] for index in bare))

    def finish(self, text: str) -> str | None:
        start = newline(text)
        return first(self, text, ("", f"{start}  - More on this", f"{start}* A point\n  - More on this"))

    def mend(self, text: str, random: randomness.Random) -> str:
        """Puts a sub-bullet below each bullet that has none."""
        for start, _ in reversed(self.check(text).spans):
            end = text.find("\n", text.index("*", start))
            end = len(text) if end < 0 else end
            text = f"{text[:end]}\n  - More on this{text[end:]}"
        return super().mend(text, random)


__all__ = ["BULLET", "BulletsAtLeast", "BulletsAtMost", "BulletsExactly", "SubBullets"]
