"""Which letters may occur."""

from __future__ import annotations

import random as randomness
import re

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.language.data import SCRIPTS


class Without(Rule, frozen=True):
    """Some characters do not occur. An empty text meets it."""

    family, category = "language", "language"

    def alien(self) -> re.Pattern[str]:
        """What must not occur."""
        raise NotImplementedError

    def check(self, text: str) -> Finding:
        wrong = tuple(found.span() for found in self.alien().finditer(text))
        return Finding(not wrong, f"{len(wrong)} places with other characters", wrong)

    def finish(self, text: str) -> str | None:
        return None if self.alien().search(text) else ""

    def mend(self, text: str, random: randomness.Random) -> str:
        return self.alien().sub("", text)


_NO_LATIN = re.compile(rf"[^\W\d_{SCRIPTS['latin']}]+")
_NO_ASCII = re.compile(r"[^\x00-\x7f]+")

_PLAIN = {
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "–": "-",
    "—": "-",
    "…": "...",
    "é": "e",
    "è": "e",
    "ü": "ue",
    "ö": "oe",
    "ä": "ae",
}


class LatinOnly(Without, frozen=True):
    """No letter of another script than the Latin."""

    kind, subtype = "latin_only", "english"
    wordings = (
        "Use Latin letters only.",
        "No letters of other scripts than the Latin are allowed.",
        "Make sure that there is no character of a foreign script.",
    )

    def alien(self) -> re.Pattern[str]:
        return _NO_LATIN


class AsciiOnly(Without, frozen=True):
    """No character beyond ASCII: no accents, typographic quotes or emoji."""

    kind, subtype = "ascii_only", "english"
    wordings = (
        "Use plain ASCII characters only.",
        "No accents, emojis or other characters beyond ASCII are allowed.",
        "Make sure that every character is an ASCII character.",
    )

    def alien(self) -> re.Pattern[str]:
        return _NO_ASCII

    def mend(self, text: str, random: randomness.Random) -> str:
        return super().mend(text.translate(str.maketrans(_PLAIN)), random) if not text.isascii() else text


__all__ = ["AsciiOnly", "LatinOnly", "Without"]
