"""Highlighted, bold and italic pieces."""

from __future__ import annotations

import random as randomness
import re
from typing import Self

from dutiful.kit.constraints.base import Finding
from dutiful.kit.constraints.fillers import counted, suited
from dutiful.kit.constraints.joints import first, lead, newline
from dutiful.kit.constraints.mended import Mended

_SINGLE = re.compile(r"\*([^\n*]*)\*")
_DOUBLE = re.compile(r"\*\*([^\n*]*)\*\*")


def _joined(count: int, mark: str, like: str) -> str:
    """So many pieces between marks."""
    return suited(like, " and ", "和").join([f"{mark}{suited(like, 'worth noting', '值得注意')}{mark}"] * count)


class HighlightsAtLeast(Mended, frozen=True):
    """At least n pieces highlighted in markdown, *so* or **so**, counted as IFEval counts them."""

    n: int

    kind, family, category, subtype = "highlights_at_least", "format", "format", "markdown"
    same_as = "ifeval:detectable_format:number_highlighted_sections"
    languages = ("en", "zh")
    wordings = (
        "Highlight at least {n} parts of the answer in markdown, *like this*.",
        "Put {n} or more passages between asterisks (*passage*).",
        "There must be no fewer than {n} highlighted pieces, with markdown emphasis.",
    )
    wordings_zh = (
        "用Markdown至少突出{n}处内容，*像这样*。",
        "至少有{n}处内容放在星号之间（*内容*）。",
    )

    def count(self, text: str) -> int:
        """How many highlighted pieces there are."""
        if "*" not in text:
            return 0
        return sum(bool(inner.strip()) for pattern in (_SINGLE, _DOUBLE) for inner in pattern.findall(text))

    def check(self, text: str) -> Finding:
        count = self.count(text)
        return Finding(count >= self.n, f"{counted(count, 'highlighted piece')}, at least {self.n} asked for")

    def finish(self, text: str) -> str | None:
        count = self.count(text)
        if count >= self.n:
            return ""
        for close in ("*", "**"):  # a piece that the text breaks off in
            if count + 1 == self.n and self.count(text + close) > count:
                return close
        return newline(text) + _joined(self.n - count, "*", text)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(1, 4))

    def peer(self) -> dict[str, object]:
        return {"num_highlights": self.n}


class BoldAtLeast(HighlightsAtLeast, frozen=True):
    """At least n pieces in bold, **so**."""

    kind, same_as = "bold_at_least", ""
    languages = ("en", "zh")
    wordings = (
        "Put at least {n} pieces in bold, **like this**.",
        "Use bold type (double asterisks) {n} times or more.",
        "There must be no fewer than {n} bold passages in markdown.",
    )
    wordings_zh = (
        "至少有{n}处用粗体，**像这样**。",
        "用双星号加粗{n}处或更多的内容。",
    )

    def count(self, text: str) -> int:
        return sum(bool(inner.strip()) for inner in _DOUBLE.findall(text)) if "**" in text else 0

    def finish(self, text: str) -> str | None:
        missing = self.n - self.count(text)
        return newline(text) + _joined(missing, "**", text) if missing > 0 else ""

    def peer(self) -> dict[str, object]:
        return {}


class ItalicThesis(Mended, frozen=True):
    """A statement in HTML italics, <i>so</i> or <em>so</em>, with text after it."""

    kind, family, category, subtype = "italic_thesis", "format", "format", "html"
    same_as = "ifbench:format:thesis"
    wordings = (
        "Begin each section with a thesis statement in italics; use HTML for the italics.",
        "Open with a thesis in HTML italics (<i>...</i>) and explain it after that.",
        "State your thesis between <i> and </i>, followed by the rest of the answer.",
    )

    def check(self, text: str) -> Finding:
        for match in _ITALIC.finditer(text) if "<" in text else ():
            close = text.find(f"</{match[1]}>", match.end())
            thesis = text[match.end() : close].strip() if close >= 0 else ""
            if thesis and text[close + len(match[1]) + 3 :].strip():
                return Finding(True, f"thesis: {thesis[:60]}")
        return Finding(False, "no thesis in italics with text after it")

    def finish(self, text: str) -> str | None:
        rest = " The rest follows from this."
        start = lead(text)
        ends = ("", rest, f"</i>{rest}", f"</em>{rest}", f"This holds.</i>{rest}", f"This holds.</em>{rest}")
        return first(self, text, (*ends, f"{start}<i>This holds.</i>{rest}"))


_ITALIC = re.compile(r"<(i|em)>")


__all__ = ["BoldAtLeast", "HighlightsAtLeast", "ItalicThesis"]
