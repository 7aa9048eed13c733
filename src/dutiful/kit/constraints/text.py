"""Pieces of a text, as the checkers count them. Written once, so that "word" and "sentence" mean one thing everywhere.

Every `..._spans` gives (start, end) in characters, in order, in one pass. No count falls when a text grows at its end, but for
lines and paragraphs that are only blank: so an upper bound that is passed stays passed.
"""

from __future__ import annotations

import re

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_KANA = "\u3040-\u30ff"

WORD = re.compile(rf"[{_HAN}{_KANA}]|[^\W_{_HAN}{_KANA}]+(?:['’-][^\W_{_HAN}{_KANA}]+)*")
"""A word as a reader sees it: letters and digits; apostrophes and hyphens inside belong to it. A Chinese character is one."""

TOKEN = re.compile(rf"[{_HAN}{_KANA}]|[^\W{_HAN}{_KANA}]+")
r"""A word as it is counted: a run of letters, digits and underscores, so "don't" is two, as in IFEval (`\w+`).

A Chinese or Japanese character counts as one; IFEval takes a whole clause of them for one word, which no reader does.
"""

HAN = re.compile(rf"[{_HAN}]")
"""A Chinese character."""

BULLET = re.compile(r"^[ \t]*(?:[-*+•](?=[ \t])|\d+[.)](?=[ \t]))[ \t]*(?=\S)(.*)$", re.MULTILINE)
"""A line of a list, plain or numbered; group 1 is what it says."""

_STOP = re.compile(
    r"(?:[.!?]+[\"'”’)\]}»*_`~]*(?=\s)"  # the end of a sentence, with the quote or bracket that it closes
    r"|[。！？]+[\"'”’」』）)\]*_]*(?:……|…)?)"  # Chinese needs no blank after it
    r"\s*(?=\S)"
)
_TITLES = frozenset(
    ("mr", "mrs", "ms", "dr", "prof", "st", "mt", "sen", "rep", "gov", "gen", "capt", "cpt", "lt", "col", "sgt", "rev", "hon")
    + ("messrs", "vs", "approx", "e.g", "i.e")
)
"""Abbreviations that stand before what they belong to: no sentence ends with them."""

_NUMBERED = frozenset(["no", "nos", "vol", "fig", "figs", "eq", "sec", "ch", "pp", "art"])
"""Abbreviations before a number."""

_SHORT = frozenset(
    ("inc", "ltd", "jr", "sr", "co", "corp", "bros", "dept", "est", "cf", "al", "ca", "ed", "incl", "ph.d")
    + ("jan", "feb", "aug", "sep", "sept", "oct", "nov", "dec")
)
"""Abbreviations that a sentence may end with, but seldom does."""

_KNOWN = _TITLES | _NUMBERED | _SHORT | {"etc"}

_OPENER = re.compile(
    r"(?:The|A|An|This|That|These|Those|There|He|She|It|They|We|You|I|My|Our|Your|His|Her|Its|Their|In|On|At|But|And|So|If"
    r"|When|While|However|For|As|After|Before|Then|What|Why|How|Who|No|Yes|Also|Some|Many|Most|All|With|To|From|By)\s"
)
"""Words that open a sentence, where a name could have followed the abbreviation. The blank keeps the count from falling later."""


def words(text: str) -> list[str]:
    """The words, in order."""
    return WORD.findall(text)


def word_spans(text: str) -> list[tuple[int, int]]:
    """Where the words are."""
    return [match.span() for match in WORD.finditer(text)]


def count_words(text: str) -> int:
    """The number of words, counted as `TOKEN` says."""
    return len(TOKEN.findall(text))


def _ends(text: str, start: int, dot: int, after: int) -> bool:
    """Whether the full stop at `dot` ends the sentence from `start`, where the next character that is not blank is at `after`."""
    following = text[after]
    if dot == start or text.startswith("..", dot):  # no words before it, or an ellipsis
        return dot > start and following.isupper()
    if text[dot - 1].isdigit():
        return not following.islower()
    found = text[max(start, dot - 24) : dot].split()
    low = found[-1].lstrip("([{\"'“‘*_").lower()
    if len(low) > 8 or (low not in _KNOWN and len(low) > 1 and low[1] != "."):
        return True
    if low == "etc":
        return not following.islower()
    if low in _NUMBERED:
        return not following.isdigit()
    if low not in _TITLES and (low in _SHORT or low[::2].isalpha()):  # initials: C, U.S, a.m
        return bool(_OPENER.match(text, after))
    return low not in _TITLES


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Where the sentences are.

    One ends at `.`, `!` or `?` before a blank, or at their Chinese forms; closing quotes and brackets belong to it. A line break
    ends none, and a number that counts a list, "1.", is one: so count IFEval (punkt) and IFBench. Not so titles, initials and
    abbreviations. What stands after the last end is a sentence too.
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


_LINE = re.compile(r"^[ \t]*\S.*$", re.MULTILINE)
_PARAGRAPH = re.compile(r"\S(?:.*(?:\n(?=[ \t\r]*\S))?)*")


def line_spans(text: str) -> list[tuple[int, int]]:
    """Where the lines are that are not blank."""
    return [match.span() for match in _LINE.finditer(text)]


def lines(text: str) -> list[str]:
    """The lines that are not blank."""
    return _LINE.findall(text)


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


def gap(text: str) -> str:
    """What must stand between a text and words that follow it: a blank, or nothing."""
    return "" if not text or text[-1].isspace() or text[-1] in '([{"“‘「（' else " "
