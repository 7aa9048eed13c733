"""Marks, their Chinese forms and their names."""

from __future__ import annotations

import re
from typing import Literal

WIDE = {",": "，", "!": "！", "?": "？", ";": "；", ":": "：", ".": "。", "(": "（"}
"""The Chinese form of a mark; it counts as the mark."""

NAMED = {",": "comma", "!": "exclamation mark", "?": "question mark", ";": "semicolon", ":": "colon", "(": "parenthesis"}
Mark = Literal["!", "?", ";", ":", ","]
"""Marks that a user may ask for or forbid."""

SAID = {".": "That is all.", "!": "That is all!", "?": "Is that all?"}
SAID_CHINESE = {".": "就是这样。", "!": "就是这样！", "?": "是这样吗？"}
CLOSERS = "\"'”’)]}»*_`~」』）"
_RUN = re.compile(r"[.!?。！？]+$")


def ending(sentence: str) -> str:
    """The marks that end a sentence, without quotes and brackets after them."""
    found = _RUN.search(sentence.rstrip(CLOSERS))
    return found.group() if found else ""


__all__ = ["CLOSERS", "NAMED", "SAID", "SAID_CHINESE", "WIDE", "Mark", "ending"]
