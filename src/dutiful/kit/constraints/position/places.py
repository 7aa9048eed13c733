"""What the types of this family share: first words, and words and sentences for each letter."""

from __future__ import annotations

import re

from dutiful.kit.constraints.base import Rule
from dutiful.kit.constraints.text import WORD

OPENERS = {
    sentence[0].lower(): sentence
    for sentence in (
        "All is well here.", "But that helps.", "Clearly it works.", "Daily use helps.", "Everyone agrees.",
        "Few would disagree.",
        "Good things take time.", "Here it works well.", "It works well.", "Just try it.", "Keep it simple.",
        "Little by little it works.", "Many people agree.", "Nobody minds.", "Often it works.", "People like it.",
        "Quiet places help.", "Rest is needed too.", "So it goes.", "That helps.", "Usually it works.", "Very few disagree.",
        "We all know it.", "Xylophones sound bright.", "Years go by.", "Zeal helps.",
    )
}  # fmt: skip
"""A sentence for each letter, that begins with it."""

TOPIC_WORDS = ("water", "garden", "river", "market", "music", "window", "winter", "bread", "paper", "light")


def first_word(text: str, start: int, end: int) -> re.Match[str] | None:
    return WORD.search(text, start, end)


class Place(Rule, frozen=True):
    family, category, subtype = "position", "content", "identifiers"
    languages = ("en", "zh")


BEFORE = {
    sentence[0].lower(): sentence
    for sentence in (
        "Also", "Besides", "Clearly", "Daily", "Even so", "First", "Generally", "Happily", "Indeed", "Just now", "Kindly",
        "Later",
        "Mostly", "Now", "Often", "Perhaps", "Quite often", "Really", "Still", "Then", "Usually", "Very often", "Well", "Xanadu",
        "Yes", "Zealously",
    )
}  # fmt: skip
"""A word or two for each letter, to stand before a sentence."""


__all__ = ["BEFORE", "OPENERS", "TOPIC_WORDS", "Place", "first_word"]
