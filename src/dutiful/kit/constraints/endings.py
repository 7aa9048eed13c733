"""What the types of several families share: how a text may go on, and the default mend of a type that knows its dead ends."""

from __future__ import annotations

import random as randomness
import re
import string
from collections.abc import Iterable, Iterator

from dutiful.kit.constraints.base import Rule

NO_PUNCTUATION = str.maketrans("", "", string.punctuation)
"""For `str.translate`: without ASCII punctuation. Words of such a text, split at blanks, are IFBench's."""

EDGES = string.punctuation + string.whitespace
"""What is stripped from the ends of a word or an answer before it is compared."""


def several(words: str) -> tuple[str, ...]:
    """Words from one string, for lists that would fill a page."""
    return tuple(words.split())


NOUNS = several(
    "water light garden music winter bridge market river engine paper window kitchen harbour village forest letter planet teacher"
    " doctor budget schedule safety energy travel history weather coffee bicycle library mountain festival camera budget recipe"
)
"""Plain words, from which keywords are drawn."""

_TAIL = re.compile(r"[.!?:;。！？][\"'”’)\]}*_`]*$")
_FILLER = several("and there is always a little more to say about this when one looks at it again from the other side")


def lead(text: str) -> str:
    """What must stand between a text that breaks off anywhere and a new sentence."""
    if not text or text[-1] == "\n":
        return ""
    ended = _TAIL.search(text.rstrip())
    if text[-1].isspace():
        return "" if ended or not text.strip() else "and so on. "
    if ended:
        return " "
    return " and so on. " if text[-1] in ",-–—(" else ". "


def newline(text: str) -> str:
    """What must stand between a text and a new line."""
    return "" if not text or text[-1] == "\n" else "\n"


def block(text: str) -> str:
    """What must stand between a text and a new paragraph."""
    return "" if not text or text.endswith("\n\n") else newline(text) + "\n"


def filler(count: int, start: int = 0) -> str:
    """So many plain words."""
    return " ".join(_FILLER[(start + index) % len(_FILLER)] for index in range(count))


def repeated(word: str, count: int) -> str:
    """A word so many times, as a list: "x, x and x"."""
    return ", ".join([word] * (count - 1)) + f" and {word}" if count > 1 else word


def first(rule: Rule, text: str, ends: Iterable[str]) -> str | None:
    """The first of some continuations after which a rule is met."""
    return next((end for end in ends if rule.check(text + end).passed), None)


def grown(stems: Iterable[str] = ("s", "ly", "ing", "ness", "er", "ed")) -> Iterator[str]:
    """Letters that make another word of the one a text breaks off in, without end."""
    yield from stems
    size = 1
    while True:
        yield from (letter * size for letter in string.ascii_lowercase)
        size += 1


def counted(count: int, noun: str) -> str:
    """A number with its noun: "1 bullet", "2 bullets"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def settled(text: str) -> tuple[str, str]:
    """A text as what stands fast, up to its last blank, and the word that may still grow."""
    cut = len(text)
    while cut and not text[cut - 1].isspace():
        cut -= 1
    return text[:cut], text[cut:]


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
