"""What must stand between a text that breaks off anywhere and what is added to it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dutiful.kit.constraints.base import Rule
from dutiful.kit.constraints.text import HAN, chinese, sentence_spans

_TAIL = re.compile(r"[.!?:;。！？][\"'”’)\]}*_`]*$")


def lead(text: str) -> str:
    """What must stand between a text that breaks off anywhere and a new sentence."""
    if not text or text[-1] == "\n":
        return ""
    ended = _TAIL.search(text.rstrip())
    if not text.isascii() and chinese(text):
        return "" if ended or not text.strip() else "等等。" if text[-1] in "，、（—" or text[-1].isspace() else "。"
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


def first(rule: Rule, text: str, ends: Iterable[str]) -> str | None:
    """The first of some continuations after which a rule is met."""
    return next((end for end in ends if rule.check(text + end).passed), None)


def gap(text: str) -> str:
    """What must stand between a text and words that follow it: a blank, or nothing."""
    return "" if not text or text[-1].isspace() or text[-1] in "([{“‘「（。！？，" else " "


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


__all__ = ["block", "close", "first", "follow", "gap", "lead", "link", "newline"]
