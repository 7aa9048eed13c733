"""Where words stand in a text, as the types of keywords look for them."""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(512)
def literal(word: str) -> re.Pattern[str]:
    return re.compile(re.escape(word), re.IGNORECASE)


def spans_of(word: str, text: str, skip: int = 0) -> tuple[tuple[int, int], ...]:
    return tuple(match.span() for match in literal(word).finditer(text))[skip:]


def completed(text: str, words: tuple[str, ...]) -> str:
    """The rest of the first word that the text may have broken off in, or ""."""
    low = text[-24:].lower()
    for word in words:
        for size in range(min(len(word) - 1, len(low)), 2, -1):
            if low.endswith(word[:size].lower()) and not low[: len(low) - size][-1:].isalnum():
                return word[size:]
    return ""


def need_words(words: tuple[str, ...]) -> None:
    if not words or not all(word.strip() for word in words):
        raise ValueError(f"needs words, got {words!r}")


__all__ = ["completed", "literal", "need_words", "spans_of"]
