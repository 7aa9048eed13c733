"""Titles and quotation marks."""

from __future__ import annotations

import random as randomness
import re
import string

from dutiful.kit.constraints.base import Finding
from dutiful.kit.constraints.fillers import suited
from dutiful.kit.constraints.joints import first, newline
from dutiful.kit.constraints.mended import Mended

_TITLE = re.compile(r"<<[^\n]+>>")


class Title(Mended, frozen=True):
    """A title in double angle brackets."""

    kind, family, category, subtype = "title", "format", "format", "title"
    same_as = "ifeval:detectable_format:title"
    languages = ("en", "zh")
    wordings = (
        "Give the answer a title in double angular brackets, such as <<poem of joy>>.",
        "Include a title, wrapped like this: <<title>>.",
        "There must be a title between << and >>.",
    )
    wordings_zh = (
        "给回答加一个标题，放在双尖括号里，例如<<秋天>>。",
        "回答必须有标题，写在<<和>>之间。",
    )

    def check(self, text: str) -> Finding:
        if "<<" not in text:
            return Finding(False, "no title")
        titles = [found for title in _TITLE.findall(text) if (found := title.lstrip("<").rstrip(">").strip())]
        return Finding(bool(titles), f"title: {titles[0]}" if titles else "no title")

    def finish(self, text: str) -> str | None:
        return first(self, text, ("", ">>", newline(text) + suited(text, "<<Summary>>", "<<小结>>")))


class InQuotationMarks(Mended, frozen=True):
    """The whole answer stands between double quotation marks."""

    kind, family, category, subtype = "in_quotation_marks", "format", "format", "wrapping"
    same_as = "ifeval:startend:quotation"
    languages = ("en", "zh")
    wordings = (
        "Wrap your entire response in double quotation marks.",
        'Begin the answer with " and end it with ".',
        "The whole answer must stand between double quotation marks.",
    )
    wordings_zh = (
        "把整个回答放在英文双引号里。",
        '回答以"开头，以"结尾。',
    )

    def check(self, text: str) -> Finding:
        body = text.strip()
        opens, closes = body.startswith('"'), len(body) > 1 and body.endswith('"')
        return Finding(opens and closes, f"opened: {'yes' if opens else 'no'}, closed: {'yes' if closes else 'no'}")

    def finish(self, text: str) -> str | None:
        body = text.strip()
        return first(self, text, ("", '"' if len(body) > 1 else 'Yes."', '"Yes."'))

    def mend(self, text: str, random: randomness.Random) -> str:
        """Puts the missing marks."""
        body = text.strip()
        if not body.startswith('"'):
            body = '"' + body
        return body + (self.finish(body) or "")


_STRAIGHT = str.maketrans("“”", '""')
_LAST = string.digits + string.punctuation.replace('"', "")


class QuotesExplained(Mended, frozen=True):
    """No quotation stands next to another or at the end: after each there are words outside quotation marks (as in IFBench)."""

    kind, family, category, subtype = "quotes_explained", "format", "format", "quotations"
    same_as = "ifbench:format:quote_unquote"
    wordings = (
        "Every quoted phrase must be followed by an unquoted explanation.",
        "After each quotation, explain it outside the quotation marks.",
        "Do not let a quotation end the answer or stand right before another one; put an explanation behind each.",
    )

    def check(self, text: str) -> Finding:
        bare = "".join(text.translate(_STRAIGHT).replace("'\"'", "").split())
        if '""' in bare:
            return Finding(False, "two quotation marks with nothing between them", tuple(m.span() for m in _PAIR.finditer(text)))
        ends = bare.strip(_LAST).endswith('"')
        return Finding(not ends, "a quotation ends the answer" if ends else "no quotation without words after it")

    def finish(self, text: str) -> str | None:
        return first(self, text, ("", " as they say", 'so" as they say'))


_PAIR = re.compile(r'["“”]\s*["“”]')


__all__ = ["InQuotationMarks", "QuotesExplained", "Title"]
