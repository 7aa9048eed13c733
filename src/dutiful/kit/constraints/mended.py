"""The default mend of a type that knows its dead ends."""

from __future__ import annotations

import random as randomness
import re
from collections.abc import Iterable

from dutiful.kit.constraints.base import Rule


def cleared(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """A text without some spans, and without the blanks that they leave behind."""
    kept, at = "", 0
    for start, end in sorted(spans):
        kept, at = kept + text[at : max(at, start)], max(at, end)
    kept += text[at:]
    return re.sub(r"[ \t]+(?=[.,;:!?\n])", "", re.sub(r"(?<=\S)[ \t]{2,}", " ", kept)).strip(" ")


class Mended(Rule, frozen=True):
    """Base of types whose `finish` is exact: no continuation of a text that it calls dead can be met.

    So a text can be mended in three ways: finished, if it can be; without what breaks it, then finished; or cut back to where
    it could still be met, then finished.
    """

    def mend(self, text: str, random: randomness.Random) -> str:
        end = self.finish(text)
        if end is not None:
            return text + end
        for _ in range(3):  # taking one span out may bring two neighbours together
            spans = self.check(text).spans
            if not spans:
                break
            text = cleared(text, spans)
            if (end := self.finish(text)) is not None:
                return text + end
        low, high = 0, len(text)  # prefixes up to low can be finished, those from high cannot
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self.finish(text[:middle]) is None else (middle, high)
        end = self.finish(text[:low])
        if end is None:
            raise ValueError(f"{self.kind} cannot be met: {self.wording()}")
        return text[:low] + end


__all__ = ["Mended", "cleared"]
