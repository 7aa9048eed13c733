"""Marks that must not stand anywhere."""

from __future__ import annotations

import random as randomness
import re
from typing import Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.punctuation.counted import MarksAtLeast, MarksExactly, QuestionsExactly
from dutiful.kit.constraints.punctuation.ends import EndsWithMark, SentencesEndWith
from dutiful.kit.constraints.punctuation.kinds import AllMarks, BalancedSentences, StatementsToQuestions
from dutiful.kit.constraints.punctuation.marks import NAMED, WIDE, Mark
from dutiful.kit.constraints.punctuation.nested import NestedBrackets, NestedQuotes


class _Without(Rule, frozen=True):
    """Something that must not stand anywhere. An empty text meets it."""

    family, category, subtype = "punctuation", "content", "punctuation"
    languages = ("en", "zh")

    def pattern(self) -> re.Pattern[str]:
        """What must not stand."""
        raise NotImplementedError

    def instead(self, found: str) -> str:
        """What stands in its place after mending."""
        return ""

    def name(self) -> str:
        """It, in the plural."""
        raise NotImplementedError

    def check(self, text: str) -> Finding:
        pattern = self.pattern()
        if not pattern.search(text):
            return Finding(True, f"no {self.name()}")
        found = tuple(each.span() for each in pattern.finditer(text))
        return Finding(False, f"{len(found)} {self.name()}, none allowed", found)

    def finish(self, text: str) -> str | None:
        return None if self.pattern().search(text) else ""

    def mend(self, text: str, random: randomness.Random) -> str:
        return self.pattern().sub(lambda found: self.instead(found.group()), text)


_COMMA = re.compile("[,，،]")
_NO_COMMA = Finding(True, "no commas")


class NoCommas(_Without, frozen=True):
    """No comma, Chinese and Arabic ones included (IFEval sees only ",")."""

    kind = "no_commas"
    same_as = "ifeval:punctuation:no_comma"
    wordings = (
        "Do not use any commas.",
        "No commas are allowed.",
        "Make sure that the answer contains no comma.",
        "Refrain from using commas.",
    )
    wordings_zh = (
        "不要使用逗号。",
        "回答中不能出现任何逗号，包括全角逗号。",
    )

    def pattern(self) -> re.Pattern[str]:
        return _COMMA

    def check(self, text: str) -> Finding:
        if "," not in text and (text.isascii() or not _COMMA.search(text)):
            return _NO_COMMA
        return super().check(text)

    def name(self) -> str:
        return "commas"

    def opposes(self, other: Rule) -> str:
        return "no comma, but at least one" if isinstance(other, MarksAtLeast) and other.mark == "," else ""


class NoMark(_Without, frozen=True):
    """A mark does not stand anywhere, nor does its Chinese form."""

    mark: Mark

    kind = "no_mark"
    wordings = (
        'Do not use the mark "{mark}".',
        'The mark "{mark}" must not appear anywhere.',
        'Make sure that "{mark}" is not among the punctuation.',
    )
    names_zh = WIDE
    wordings_zh = (
        "不要使用“{mark}”这个标点。",
        "回答中不能出现标点“{mark}”，半角的也不行。",
    )

    def pattern(self) -> re.Pattern[str]:
        return re.compile(f"[{self.mark}{WIDE[self.mark]}]")

    def instead(self, found: str) -> str:
        return {"!": ".", "?": ".", "！": "。", "？": "。"}.get(found, "")

    def name(self) -> str:
        return NAMED[self.mark] + "s"

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("!", "?", ";", ":")))

    def opposes(self, other: Rule) -> str:
        clash = isinstance(other, MarksAtLeast | MarksExactly | EndsWithMark | SentencesEndWith) and other.mark == self.mark
        return f'no "{self.mark}", but some' if clash else ""


_EXCLAMATION = re.compile("[!！]")
_QUESTION = re.compile("[?？]")
_DASH = re.compile(r"\s*(?:[—–]+|(?<=\s)--?(?=\s)|(?<=\w)--(?=\w))\s*")
_ANY = re.compile(r"[.,;:!?\"“”‘…—–()\[\]{}。，；：！？、（）「」『』《》]|(?<!\w)'|'(?!\w)|(?<!\w)’|’(?!\w)")


class NoExclamationMarks(_Without, frozen=True):
    """No exclamation mark."""

    kind = "no_exclamation_marks"
    wordings = (
        "Do not use exclamation marks.",
        "No exclamation marks are allowed.",
        "Make sure that there is no exclamation mark.",
        "Avoid exclamation points.",
    )
    wordings_zh = (
        "不要使用感叹号。",
        "回答中不能有感叹号。",
    )

    def pattern(self) -> re.Pattern[str]:
        return _EXCLAMATION

    def instead(self, found: str) -> str:
        return "." if found == "!" else "。"

    def name(self) -> str:
        return "exclamation marks"

    def opposes(self, other: Rule) -> str:
        clash = isinstance(other, MarksAtLeast | MarksExactly | EndsWithMark | SentencesEndWith) and other.mark == "!"
        return "no exclamation mark, but some" if clash else ""


class NoQuestions(_Without, frozen=True):
    """No question mark."""

    kind = "no_questions"
    wordings = (
        "Do not ask any questions.",
        "No question marks are allowed.",
        "Make sure that the answer contains no question.",
    )
    wordings_zh = (
        "不要提问。",
        "回答中不能有问号。",
    )

    def pattern(self) -> re.Pattern[str]:
        return _QUESTION

    def instead(self, found: str) -> str:
        return "." if found == "?" else "。"

    def name(self) -> str:
        return "question marks"

    def opposes(self, other: Rule) -> str:
        clash = isinstance(other, MarksAtLeast | MarksExactly | EndsWithMark | SentencesEndWith) and other.mark == "?"
        return "no question, but some" if clash or isinstance(other, QuestionsExactly) else ""


class NoDashes(_Without, frozen=True):
    """No dash: no em or en dash, no double hyphen, no hyphen between blanks, but hyphens within words."""

    kind = "no_dashes"
    wordings = (
        "Do not use dashes.",
        "No em dashes or en dashes are allowed.",
        "Make sure that there is no dash; hyphens within words are fine.",
    )
    wordings_zh = (
        "不要使用破折号。",
        "回答中不能出现破折号。",
    )

    def pattern(self) -> re.Pattern[str]:
        return _DASH

    def finish(self, text: str) -> str | None:
        return "" if self.check(text).passed else None

    def instead(self, found: str) -> str:
        return "\n" if "\n" in found else "，" if "——" in found and not found.isspace() else " "

    def name(self) -> str:
        return "dashes"

    def mend(self, text: str, random: randomness.Random) -> str:
        while (mended := super().mend(text, random)) != text:
            text = mended
        return text


class NoPunctuation(_Without, frozen=True):
    """No punctuation at all but hyphens and apostrophes within words."""

    kind = "no_punctuation"
    wordings = (
        "Do not use any punctuation.",
        "No punctuation marks are allowed.",
        "Make sure that the answer has no punctuation at all.",
    )
    wordings_zh = (
        "不要使用任何标点符号。",
        "回答里不能有标点。",
    )

    def pattern(self) -> re.Pattern[str]:
        return _ANY

    def finish(self, text: str) -> str | None:
        found = [each.span() for each in _ANY.finditer(text)]
        if found and found[-1][1] == len(text) and text[-1] in "'’" and len(found) == 1 and text[-2:-1].isalnum():
            return "s"  # an apostrophe: the word goes on
        return None if found else ""

    def name(self) -> str:
        return "punctuation marks"

    def mend(self, text: str, random: randomness.Random) -> str:
        while (mended := super().mend(text, random)) != text:
            text = mended
        return text

    def opposes(self, other: Rule) -> str:
        wants = MarksAtLeast | MarksExactly | EndsWithMark | SentencesEndWith | QuestionsExactly | AllMarks | NestedBrackets
        wanted = isinstance(other, wants | NestedQuotes | StatementsToQuestions | BalancedSentences)
        return "no punctuation, but some" if wanted else ""


__all__ = ["NoCommas", "NoDashes", "NoExclamationMarks", "NoMark", "NoPunctuation", "NoQuestions"]
