"""Words and sentences that make a text longer and say nothing: for continuations and mended texts."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator

from dutiful.kit.constraints.joints import gap
from dutiful.kit.constraints.text import chinese


def several(words: str) -> tuple[str, ...]:
    """Words from one string, for lists that would fill a page."""
    return tuple(words.split())


NOUNS = several(
    "water light garden music winter bridge market river engine paper window kitchen harbour village forest letter planet teacher"
    " doctor budget schedule safety energy travel history weather coffee bicycle library mountain festival camera budget recipe"
)
"""Plain words, from which keywords are drawn."""

_FILLER = several("and there is always a little more to say about this when one looks at it again from the other side")


def filler(count: int, start: int = 0) -> str:
    """So many plain words."""
    return " ".join(_FILLER[(start + index) % len(_FILLER)] for index in range(count))


def repeated(word: str, count: int) -> str:
    """A word so many times, as a list: "x, x and x"."""
    return ", ".join([word] * (count - 1)) + f" and {word}" if count > 1 else word


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


_ENGLISH = {
    1: "Truly.",
    2: "That helps.",
    3: "It works well.",
    4: "That is the idea.",
    5: "It is worth a try.",
    6: "This makes a real difference here.",
    7: "Many people have found this quite useful.",
    8: "There is a little more to say here.",
    9: "It pays to take some more time for this.",
    10: "The details will differ a little from case to case.",
}

_CHINESE = {
    1: "好。",
    2: "没错。",
    3: "很简单。",
    4: "确实如此。",
    5: "这样就好了。",
    6: "这一点很重要。",
    7: "大家都这样认为。",
    8: "这件事值得试一试。",
}


def sayings(count: int, like: str = "") -> list[str]:
    """Sentences of `count` words together, in the language of `like`, that fit after most texts.

    They hold no comma, digit, hyphen or apostrophe, and no capital but the first: they break few other requirements.
    """
    bank = _CHINESE if chinese(like) else _ENGLISH
    top, found = len(bank), list[str]()
    sizes = (top - 2, top - 3, top - 1, top, top - 4)
    while count > top:
        found.append(bank[sizes[len(found) % 5]])
        count -= sizes[len(found) % 5 - 1]
    return [*found, bank[count]] if count else found


def suited(like: str, english: str, han: str) -> str:
    """The one of two wordings that is in the language of a text: the second for Chinese, else the first."""
    return han if chinese(like) else english


_ON = ("and", "so", "it", "goes", "on", "in", "much", "the", "same", "way", "as", "it", "did", "before", "then")
_ON_CHINESE = "而且一直都是这样的"


def extensions(text: str, count: int) -> list[str]:
    """Ways to make the last sentence `count` words longer and end it. Which of them does depends on how it stands: try each."""
    if chinese(text):
        more = "".join(_ON_CHINESE[i % len(_ON_CHINESE)] for i in range(count)) + "。"
        return [more, "，" + more]
    words_on = [_ON[i % len(_ON)] for i in range(count)]
    if not text.strip():
        return [" ".join(words_on).capitalize() + "."]
    more = " ".join(words_on) + "."
    return [gap(text) + more, ".. " + more, ", " + more, gap(text) + " ".join(["5", *words_on[1:]]) + "."]


__all__ = ["NOUNS", "counted", "extensions", "filler", "grown", "repeated", "sayings", "several"]
