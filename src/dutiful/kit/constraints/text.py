"""Pieces of a text, as the checkers count them. Written once, so that "word" and "sentence" mean one thing everywhere."""

from __future__ import annotations

import re

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
"""A run of letters and digits; apostrophes and hyphens inside belong to it."""


def words(text: str) -> list[str]:
    """The words, in order."""
    return WORD.findall(text)
