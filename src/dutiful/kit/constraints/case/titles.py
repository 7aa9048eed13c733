"""Title case."""

from __future__ import annotations

import random as randomness
import re

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.joints import gap
from dutiful.kit.constraints.text import WORD

_MINOR = frozenset(
    ("an", "and", "as", "at", "but", "by", "for", "from", "if", "in", "into", "nor", "of", "on", "onto", "or", "over", "per")
    + ("so", "than", "the", "to", "up", "via", "vs", "with", "yet")
)


_DOTTED = re.compile(r"(?<![^\W_])(?<!\.)[a-z](?:\.[a-z](?![^\W_]))+")
"""Abbreviations of single letters, "e.g.", in small ones."""


class TitleCase(Rule, frozen=True):
    """Every word starts with a capital, but for articles, short prepositions and conjunctions, which may.

    IFBench wants those with a capital too, though it asks for "every major word" only, and fails "Don't", which its tokeniser
    cuts into "Do" and "n't"; it lets "iPhone" pass.
    """

    kind, family, category, subtype = "title_case", "case", "language", "english"
    same_as = "ifbench:format:title_case"
    wordings = (
        "Write the entire answer in title case.",
        "Capitalise the first letter of every major word.",
        "Make sure that every major word starts with a capital letter.",
        "The whole answer must be in Title Case.",
    )

    def _wrong(self, text: str) -> tuple[list[tuple[int, int]], int]:
        """The words that break it, and how many words there are."""
        wrong = [found.span() for found in _DOTTED.finditer(text)] if "." in text else []
        count = 0
        for found in WORD.finditer(text):
            count += 1
            word = found.group()
            if word[0].islower() and len(word) > 1 and word not in _MINOR:
                wrong.append(found.span())
        return sorted(wrong), count

    def check(self, text: str) -> Finding:
        wrong, count = self._wrong(text)
        return Finding(not wrong and count > 0, f"{len(wrong)} of {count} words without a capital", tuple(wrong))

    def finish(self, text: str) -> str | None:
        wrong, count = self._wrong(text)
        if not wrong:
            return "" if count else gap(text) + "So It Is."
        start, end = wrong[-1]
        if len(wrong) > 1 or end < len(text):
            return None
        last = text[start:]
        return None if "." in last else next((word[len(last) :] for word in sorted(_MINOR) if word.startswith(last)), None)

    def mend(self, text: str, random: randomness.Random) -> str:
        """Short words get a capital too, as IFBench wants it: nobody takes that for wrong."""
        wrong, count = self._wrong(text)
        if count and not wrong:
            return text
        letters = list(text)
        for found in _DOTTED.finditer(text):
            letters[found.start()] = letters[found.start()].upper()
        for found in WORD.finditer(text):
            start, end = found.span()
            if end - start > 1 and text[start].islower():
                large = text[start].upper()
                letters[start] = large if large[0].isupper() else "A" + text[start]
                letters[start + 1 : end] = text[start + 1 : end].lower()
        text = "".join(letters)
        return text + (self.finish(text) or "")


__all__ = ["TitleCase"]
