"""How an answer begins and ends."""

from __future__ import annotations

import random as randomness
import re
from typing import Any, ClassVar, Literal, Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.joints import close, link
from dutiful.kit.constraints.position.edge_words import FirstWord, LastWord
from dutiful.kit.constraints.position.places import Place
from dutiful.kit.constraints.text import HAN, WORD, lowered


class StartsWith(Place, frozen=True):
    """The answer starts with a phrase, exactly as it is given."""

    phrase: str

    kind = "starts_with"
    wordings = (
        'Start the answer with the phrase "{phrase}".',
        'The answer must begin with "{phrase}".',
        'Make sure that "{phrase}" are the first words of the answer.',
        'Open with "{phrase}".',
    )
    wordings_zh = (
        "以“{phrase}”开头。",
        "回答必须用“{phrase}”这几个字开始。",
    )

    def check(self, text: str) -> Finding:
        begins = text.lstrip().startswith(self.phrase)
        start = len(text) - len(text.lstrip())
        wrong = () if begins or start == len(text) else ((start, min(len(text), start + len(self.phrase))),)
        return Finding(begins, f"starts with {text.lstrip()[: len(self.phrase)]!r}", wrong)

    def finish(self, text: str) -> str | None:
        begun = text.lstrip()
        if begun.startswith(self.phrase):
            return ""
        return self.phrase[len(begun) :] if self.phrase.startswith(begun) else None

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        rest = text.lstrip()
        joint = "" if HAN.match(self.phrase) else " "
        return self.phrase + (joint + (rest if self.phrase[-1] in ":.!?" else lowered(rest)) if rest else "")

    def opposes(self, other: Rule) -> str:
        if isinstance(other, StartsWith) and not (self.phrase.startswith(other.phrase) or other.phrase.startswith(self.phrase)):
            return f'starts with "{self.phrase}" and with "{other.phrase}"'
        if isinstance(other, FirstWord) and (word := WORD.search(self.phrase)) and word.group().lower() != other.word.lower():
            return f'starts with "{self.phrase}", but its first word is "{other.word}"'
        return ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(
            random.choice(("In short,", "To begin with,", "Here is what I think:", "As far as I can tell,", "Let me be brief:"))
        )


class EndsWith(Place, frozen=True):
    """The answer ends with a phrase, in either case; a quotation mark may follow, nothing else. As in IFEval."""

    phrase: str

    kind = "ends_with"
    same_as = "ifeval:startend:end_checker"
    wordings = (
        'End the answer with the phrase "{phrase}".',
        'The last words of the answer must be "{phrase}".',
        'Make sure that the answer ends with "{phrase}" and that nothing follows.',
        'Finish with the exact words "{phrase}".',
    )
    wordings_zh = (
        "以“{phrase}”结尾。",
        "回答的最后必须是“{phrase}”，后面不要再写任何内容。",
    )

    def check(self, text: str) -> Finding:
        phrase, kept = self.phrase.strip().lower(), text.rstrip().rstrip('"')
        if kept[-len(phrase) :].lower().endswith(phrase):  # the end alone: small letters of a whole text take their time
            return Finding(True, "ends with it")
        at = len(text.rstrip())
        wrong = ((max(0, at - len(self.phrase)), at),) if at else ()
        return Finding(False, f"ends with {text[max(0, at - len(self.phrase)) : at]!r}", wrong)

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        low, phrase = text.lower(), self.phrase.lower()
        for size in range(min(len(low), len(phrase)) - 1, 0, -1):
            if low.endswith(phrase[:size]) and not text[: len(text) - size][-1:].isalnum():
                return self.phrase[size:]
        return link(text) + self.phrase

    def peer(self) -> dict[str, Any]:
        return {"end_phrase": self.phrase}

    def opposes(self, other: Rule) -> str:
        mine = self.phrase.lower()
        if isinstance(other, EndsWith) and not (mine.endswith(other.phrase.lower()) or other.phrase.lower().endswith(mine)):
            return f'ends with "{self.phrase}" and with "{other.phrase}"'
        if isinstance(other, LastWord) and (found := WORD.findall(mine)) and found[-1] != other.word.lower():
            return f'ends with "{self.phrase}", but its last word is "{other.word}"'
        return ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(
            random.choice(
                ("That is all.", "Let me know if this helps.", "Have a good day!", "Is there anything else?", "Good luck.")
            )
        )


class Postscript(Place, frozen=True):
    """There is a postscript with its marker. As in IFEval, it may stand anywhere; but "P.P.S." is no "P.S."."""

    marker: Literal["P.S.", "P.P.S"]

    kind = "postscript"
    languages = ("en",)
    same_as = "ifeval:detectable_content:postscript"
    wordings = (
        "At the end of the answer, add a postscript starting with {marker}",
        "Close with a postscript that is marked {marker}",
        "Make sure that a postscript follows, starting with {marker}",
    )
    _PATTERNS: ClassVar[dict[str, re.Pattern[str]]] = {
        "P.S.": re.compile(r"(?<![\w.])(?<!p\. )p\.\s?s\.", re.IGNORECASE),
        "P.P.S": re.compile(r"(?<![\w.])p\.\s?p\.\s?s", re.IGNORECASE),
    }

    def check(self, text: str) -> Finding:
        pattern, at = self._PATTERNS[self.marker], text.find(self.marker)
        found = (pattern.match(text, at) if at >= 0 else None) or pattern.search(text)
        return Finding(found is not None, f"a postscript at character {found.start()}" if found else "no postscript")

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        more = f"{self.marker}{'' if self.marker[-1] == '.' else '.'} Thank you for reading."
        return (("" if text[-1:].isspace() else close(text)) + "\n\n" if text.strip() else "") + more

    def peer(self) -> dict[str, Any]:
        return {"postscript_marker": self.marker}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("P.S.", "P.P.S")))


__all__ = ["EndsWith", "Postscript", "StartsWith"]
