"""Pieces of a text, as the checkers count them. Written once, so that "word" and "sentence" mean one thing everywhere.

Every `..._spans` gives (start, end) in characters, in order, in one pass. No count falls when a text grows at its end, but for
lines and paragraphs that are only blank: so an upper bound that is passed stays passed.
"""

from __future__ import annotations

import re
import string

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_KANA = "\u3040-\u30ff"
WORD = re.compile(rf"[{_HAN}{_KANA}]|[^\W_{_HAN}{_KANA}]+(?:['’-][^\W_{_HAN}{_KANA}]+)*")
"""A word as a reader sees it: letters and digits; apostrophes and hyphens inside belong to it. A Chinese character is one."""

TOKEN = re.compile(rf"[{_HAN}{_KANA}]|[^\W{_HAN}{_KANA}]+")
r"""A word as it is counted: a run of letters, digits and underscores, so "don't" is two, as in IFEval (`\w+`).

A Chinese or Japanese character counts as one; IFEval takes a whole clause of them for one word, which no reader does.
"""

CHUNK = re.compile(r"[^\s!-/:-@\[-`{-~]\S*")
"""A word as IFBench splits: what stands between blanks and is not all ASCII punctuation, from its first other character on."""

NO_PUNCTUATION = str.maketrans("", "", string.punctuation)
"""For `str.translate`: without ASCII punctuation. Words of such a text, split at blanks, are IFBench's."""

EDGES = string.punctuation + string.whitespace
"""What is stripped from the ends of a word or an answer before it is compared."""

HAN = re.compile(rf"[{_HAN}]")
"""A Chinese character."""

BULLET = re.compile(r"^[ \t]*(?:[-*+•](?=[ \t])|\d+[.)](?=[ \t]))[ \t]*(?=\S)(.*)$", re.MULTILINE)
"""A line of a list, plain or numbered; group 1 is what it says."""

_STOP = re.compile(
    r"(?:[.!?]+[\"'”’)\]}»*_`~]*(?=\s)"  # the end of a sentence, with the quote or bracket that it closes
    r"|[。！？]++[\"'”’」』）)\]*_]*+)"  # Chinese needs no blank after it
    r"\s*(?=\S)"
)

_TITLES = frozenset(
    ("mr", "mrs", "ms", "dr", "prof", "st", "mt", "sen", "rep", "gov", "gen", "capt", "cpt", "lt", "col", "sgt", "rev", "hon")
    + ("messrs", "vs", "approx", "inc", "ltd", "jr", "sr", "co", "corp", "bros", "dept", "est", "cf", "ca", "incl", "ph.d")
    + ("jan", "feb", "aug", "sep", "sept", "oct", "nov", "dec")
)
"""Abbreviations with which a sentence seldom ends."""

_NUMBERED = frozenset(["no", "nos", "vol", "fig", "figs", "eq", "sec", "ch", "pp", "art"])
"""Abbreviations before a number."""


def words(text: str) -> list[str]:
    """The words, in order."""
    return WORD.findall(text)


def word_spans(text: str) -> list[tuple[int, int]]:
    """Where the words are."""
    return [match.span() for match in WORD.finditer(text)]


_INSIDE = bytes(97 if chr(i).isalnum() or i == 95 else 32 for i in range(128)) + bytes(128)


def count_words(text: str) -> int:
    """The number of words, counted as `TOKEN` says."""
    if text.isascii():  # a word is where a blank is followed by none: ten times as fast as to find them
        return (b" " + text.encode().translate(_INSIDE)).count(b" a")
    return len(TOKEN.findall(text))


def _ends(text: str, start: int, dot: int, after: int) -> bool:
    """Whether the full stop at `dot` ends the sentence from `start`, where the next character that is not blank is at `after`.

    That one character decides, not the word it opens: so what is decided stays so when the text grows.
    """
    following = text[after]
    if dot == start or text.startswith("..", dot):  # no words before it, or an ellipsis
        return dot > start and following.isalpha() and not following.islower()
    if text[dot - 1].isdigit():
        return not following.islower()
    found = text[max(start, dot - 24) : dot].split() or [""]
    low = found[-1].lstrip("([{\"'“‘*_").lower()
    if low in ("etc", "a.m", "p.m"):
        return not following.islower()
    if low in _NUMBERED:
        return not following.isdigit()
    initials = len(low) < 8 and low[1:2] in (".", "") and low[::2].isalpha()  # C, U.S, i.e
    return not initials and low not in _TITLES


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Where the sentences are.

    One ends at `.`, `!` or `?` before a blank, or at their Chinese forms; closing quotes and brackets belong to it. A line break
    ends none, and a number that counts a list, "1.", is one: so count IFEval (punkt) and IFBench. Not so titles, initials and
    abbreviations. What stands after the last end is a sentence too.

    Unlike punkt, which was trained on newspapers, "e.g." and "etc." before a small letter end no sentence, "..." before a
    capital does, and a mark after a closing quote ("No."!) is no sentence of its own: a reader would not count it so.
    """
    spans: list[tuple[int, int]] = []
    start = len(text) - len(text.lstrip())
    for match in _STOP.finditer(text):
        at = match.start()
        if text[at] == "." and not _ends(text, start, at, match.end()):
            continue
        end = match.end()
        while end > at and text[end - 1].isspace():
            end -= 1
        spans.append((start, end))
        start = match.end()
    end = len(text.rstrip())
    if start < end:
        spans.append((start, end))
    return spans


def sentences(text: str) -> list[str]:
    """The sentences, in order, without the blanks around them."""
    return [text[start:end] for start, end in sentence_spans(text)]


def line_spans(text: str) -> list[tuple[int, int]]:
    """Where the lines are that are not blank."""
    spans: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        if line and not line.isspace():
            spans.append((start, start + len(line)))
        start += len(line) + 1
    return spans


def lines(text: str) -> list[str]:
    """The lines that are not blank."""
    return [text[start:end] for start, end in line_spans(text)]


def paragraph_spans(text: str) -> list[tuple[int, int]]:
    """Where the paragraphs are: what stands between blank lines."""
    spans: list[tuple[int, int]] = []
    for start, end in line_spans(text):
        if spans and text.count("\n", spans[-1][1], start) == 1:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def paragraphs(text: str) -> list[str]:
    """The paragraphs, in order."""
    return [text[start:end] for start, end in paragraph_spans(text)]


def bullets(text: str) -> list[str]:
    """What the lines of its lists say, plain and numbered."""
    return BULLET.findall(text)


def chinese(text: str) -> bool:
    """Whether more of its words are Chinese characters than not."""
    return bool(HAN.search(text)) and 2 * len(HAN.findall(text)) > count_words(text)


def settled(text: str) -> tuple[str, str]:
    """A text as what stands fast, up to its last blank, and the word that may still grow."""
    cut = len(text)
    while cut and not text[cut - 1].isspace():
        cut -= 1
    return text[:cut], text[cut:]


def capitalised(text: str) -> str:
    """With its first letter as a capital."""
    return _FIRST.sub(lambda found: found.group().upper(), text, count=1)


def lowered(text: str) -> str:
    """With a small first letter, to stand after an opening, unless the word looks like a name or "I"."""
    return text[0].lower() + text[1:] if _COMMON_FIRST.match(text) else text


_FIRST = re.compile(r"[^\W\d_]")
_COMMON_FIRST = re.compile(r"(?:The|A|An|It|We|You|This|That|There|They|In|On|At|So|What)\b")


__all__ = [
    "BULLET",
    "CHUNK",
    "EDGES",
    "HAN",
    "NO_PUNCTUATION",
    "TOKEN",
    "WORD",
    "bullets",
    "capitalised",
    "chinese",
    "count_words",
    "line_spans",
    "lines",
    "lowered",
    "paragraph_spans",
    "paragraphs",
    "sentence_spans",
    "sentences",
    "settled",
    "word_spans",
    "words",
]
