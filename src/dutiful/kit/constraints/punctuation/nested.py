"""Brackets within brackets and quotes within quotes."""

from __future__ import annotations

import re
from typing import ClassVar

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.joints import first, gap

_BRACKET = re.compile(r"[()\[\]{}]")
_PAIRS = {"(": ")", "[": "]", "{": "}"}


class NestedBrackets(Rule, frozen=True):
    """Brackets within brackets, five levels deep; a bracket that does not fit starts the count anew, as in IFBench."""

    kind, family, category, subtype = "nested_brackets", "punctuation", "content", "punctuation"
    depth: ClassVar[int] = 5
    same_as = "ifbench:format:parentheses"
    wordings = (
        "Nest parentheses, brackets or braces at least 5 levels deep.",
        "There should be parentheses (and [brackets]) nested 5 levels deep or deeper.",
        "Make sure that brackets stand within brackets, at least 5 levels of them.",
    )

    def _read(self, text: str) -> tuple[bool, int, list[str]]:
        """Whether a group that deep was closed, the greatest depth, and what is open."""
        levels: list[str] = []
        deepest = seen = 0
        for found in _BRACKET.finditer(text):
            mark = found.group()
            if mark in _PAIRS:
                levels.append(mark)
                deepest, seen = max(deepest, len(levels)), max(seen, len(levels))
            elif levels and _PAIRS[levels[-1]] == mark:
                levels.pop()
                if deepest >= self.depth:
                    return True, seen, levels
            else:
                levels, deepest = [], 0
        return False, seen, levels

    def check(self, text: str) -> Finding:
        passed, seen, _ = self._read(text)
        return Finding(passed, f"brackets {seen} levels deep, {self.depth} asked for")

    def finish(self, text: str) -> str | None:
        passed, _, levels = self._read(text)
        if passed:
            return ""
        words = ("see", "as", "noted", "in", "brief")
        more = ""
        for i in range(max(0, self.depth - len(levels))):
            mark = "([{"[len(levels) % 3]
            more += (" " if more else gap(text)) + mark + words[i % len(words)]
            levels.append(mark)
        return more + "".join(_PAIRS[mark] for mark in reversed(levels))


_QUOTE = re.compile("[\"“”'‘’]")
_CLOSES = {"“": "”", "‘": "’", '"': '"', "'": "'"}


class NestedQuotes(Rule, frozen=True):
    """Quotes within quotes within quotes. Apostrophes within words are none; IFBench takes them for quotation marks."""

    kind, family, category, subtype = "nested_quotes", "punctuation", "content", "punctuation"
    same_as = "ifbench:format:quotes"
    wordings = (
        "Include quotes within quotes within quotes, with double and single quotation marks in turn.",
        "Quotations should be nested at least 3 levels deep, alternating double and single quotes.",
        "Make sure that a quote stands within a quote within a quote, with alternating quotation marks.",
    )

    def _read(self, text: str) -> tuple[int, list[str]]:
        """How many levels were closed again from the deepest on, and what is open."""
        levels: list[str] = []
        reached = most = 0
        for found in _QUOTE.finditer(text):
            mark, at = found.group(), found.start()
            if mark in "'‘’" and text[at - 1 : at].isalnum() and text[at + 1 : at + 2].isalnum():
                continue
            if levels and _CLOSES[levels[-1]] == mark:
                levels.pop()
                most = max(most, reached - len(levels))
            elif mark in _CLOSES:
                levels.append(mark)
                reached = max(reached, len(levels))
        return most, levels

    def check(self, text: str) -> Finding:
        most, _ = self._read(text)
        return Finding(most >= 3, f"quotes nested {most} levels deep, 3 asked for")

    def finish(self, text: str) -> str | None:
        most, levels = self._read(text)
        if most >= 3:
            return ""
        closed = "".join(_CLOSES[mark] for mark in reversed(levels))
        ends = (closed + joint + 'They said: "Ann told us \'Tim said "go" here\' too".' for joint in (gap(text), " ", ". "))
        return first(self, text, ends)


__all__ = ["NestedBrackets", "NestedQuotes"]
