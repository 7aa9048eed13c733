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

CHUNK = re.compile(r"[^\s!-/:-@\[-`{-~]\S*")
"""A word as IFBench splits: what stands between blanks and is not all ASCII punctuation, from its first other character on."""

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


def gap(text: str) -> str:
    """What must stand between a text and words that follow it: a blank, or nothing."""
    return "" if not text or text[-1].isspace() or text[-1] in "([{“‘「（。！？，" else " "


def chinese(text: str) -> bool:
    """Whether more of its words are Chinese characters than not."""
    return bool(HAN.search(text)) and 2 * len(HAN.findall(text)) > count_words(text)


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


def link(text: str) -> str:
    """What joins a new sentence to a text whose last one may be open; it adds no word."""
    last = text.rstrip()[-1:]
    return ". " if last.isalnum() and last == text[-1] and not HAN.match(last) else "。" if HAN.match(last) else gap(text)


def close(text: str) -> str:
    """What ends the last sentence of a text for sure, once another begins with a capital: "" if it is ended, or there is none."""
    spans = sentence_spans(text)
    if not spans:
        return ""
    last = text[spans[-1][0] :]
    stop, on = ("。", "就是这样。") if chinese(last) else (".", gap(last) + "and so on.")
    for end in ("", on) if last[-1].isspace() else ("", stop, " too.", on):
        if len(sentence_spans(last + end)) == 1 and len(sentence_spans(last + end + " Q")) == 2:
            return end
    raise AssertionError(f"no end for {last!r}")  # pragma: no cover: the last always ends it


def follow(text: str, *new: str) -> str:
    """The continuation that adds sentences to a text, each a sentence of its own."""
    end = close(text)
    for each in new:
        end += gap(text + end) + each
    return end


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
