"""Words that must occur.

Keywords count as IFEval counts them: anywhere, in any case, also inside a longer word ("art" in "start"). They are taken
literally; IFEval reads them as regular expressions, which is a bug for "C++" or "3.5".
"""

from __future__ import annotations

import random as randomness
from typing import Self

from dutiful.kit.constraints.base import Finding, Rule, shown
from dutiful.kit.constraints.fillers import NOUNS, suited
from dutiful.kit.constraints.joints import first, lead
from dutiful.kit.constraints.lexical.finding import completed, need_words, spans_of
from dutiful.kit.constraints.lexical.forbidden import ForbiddenLetters, ForbiddenWords
from dutiful.kit.constraints.mended import Mended


class Keywords(Mended, frozen=True):
    """Every one of some words or phrases occurs."""

    words: tuple[str, ...]

    kind, family, category, subtype = "keywords", "lexical", "content", "keywords"
    same_as = "ifeval:keywords:existence"
    languages = ("en", "zh")
    wordings = (
        "Include the keywords {words}.",
        "Make sure that the answer mentions {words}.",
        "These must appear in your response: {words}.",
    )
    wordings_zh = (
        "回答中要包含这些关键词：{words}。",
        "必须提到{words}。",
    )

    def __post_init__(self) -> None:
        need_words(self.words)

    def missing(self, text: str) -> tuple[str, ...]:
        """The words that do not occur."""
        low = text.lower()
        return tuple(word for word in self.words if word.lower() not in low)

    def check(self, text: str) -> Finding:
        missing = self.missing(text)
        return Finding(not missing, f"missing: {shown(missing)}" if missing else f"all {len(self.words)} occur")

    def finish(self, text: str) -> str | None:
        missing = self.missing(text)
        if not missing:
            return ""
        if (rest := completed(text, missing)) and len(self.missing(text + rest)) < len(missing):
            return rest if len(missing) == 1 else rest + (self.finish(text + rest) or "")
        more = f"This also concerns {shown(missing)}.", f"这也关系到{shown(missing, 'zh')}。"
        return lead(text) + suited(text + "".join(missing), *more)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(tuple(random.sample(sorted(set(NOUNS)), random.randint(1, 3))))

    def opposes(self, other: Rule) -> str:
        if isinstance(other, ForbiddenWords):
            for word in self.words:
                if other.found(word):
                    return f"{word!r} is asked for and forbidden"
        if isinstance(other, ForbiddenLetters):
            for word in self.words:
                if set(word.lower()) & set(other.letters.lower()):
                    return f"{word!r} holds a forbidden letter"
        return ""

    def peer(self) -> dict[str, object]:
        return {"keywords": list(self.words)}


class KeywordsInOrder(Mended, frozen=True):
    """Some words occur one after the other in the order given; whatever stands between."""

    words: tuple[str, ...]

    kind, family, category, subtype = "keywords_in_order", "lexical", "content", "keywords"
    languages = ("en", "zh")
    wordings = (
        "Mention {words}, in this order.",
        "The words {words} must appear one after the other, in the order given.",
        "First bring up the first of these, then the next, and so on: {words}.",
    )
    wordings_zh = (
        "依次提到{words}。",
        "按照给出的顺序提到这些词：{words}。",
    )

    def __post_init__(self) -> None:
        need_words(self.words)

    def check(self, text: str) -> Finding:
        low, at = text.lower(), 0
        for word in self.words:
            found = low.find(word.lower(), at)
            if found < 0:
                return Finding(False, f"{word!r} is missing" + (f" after character {at}" if at else ""))
            at = found + len(word)
        return Finding(True, f"all {len(self.words)} in order")

    def finish(self, text: str) -> str | None:
        low, at = text.lower(), 0
        for index, word in enumerate(self.words):
            found = low.find(word.lower(), at)
            if found < 0:
                rest = self.words[index:]
                more = f"Then comes {', then '.join(rest)}.", f"接着是{'，然后是'.join(rest)}。"
                return lead(text) + suited(text + "".join(rest), *more)
            at = found + len(word)
        return ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(tuple(random.sample(sorted(set(NOUNS)), random.randint(2, 3))))

    def opposes(self, other: Rule) -> str:
        return Keywords(self.words).opposes(other)


class EitherKeyword(Mended, frozen=True):
    """One of two words occurs, the other does not."""

    first: str
    second: str

    kind, family, category, subtype = "either_keyword", "lexical", "content", "keywords"
    languages = ("en", "zh")
    wordings = (
        'Use either "{first}" or "{second}", but not both.',
        "Mention {first} or {second}, only one of the two.",
        'Exactly one of the words "{first}" and "{second}" must appear.',
    )
    wordings_zh = (
        "“{first}”和“{second}”只能用一个，而且必须用一个。",
        "提到“{first}”或者“{second}”，但不要两个都提。",
    )

    def __post_init__(self) -> None:
        a, b = self.first.lower(), self.second.lower()
        if not a.strip() or not b.strip() or a in b or b in a:
            raise ValueError(f"needs two words of which none holds the other, got {self.first!r} and {self.second!r}")

    def check(self, text: str) -> Finding:
        low = text.lower()
        found = [word for word in (self.first, self.second) if word.lower() in low]
        spans = spans_of(self.second, text) if len(found) == 2 else ()
        return Finding(len(found) == 1, f"found: {shown(tuple(found)) or 'none'}", spans)

    def finish(self, text: str) -> str | None:
        low = text.lower()
        count = (self.first.lower() in low) + (self.second.lower() in low)
        if count:
            return "" if count == 1 else None
        # The sentence must not bring the other one in where it joins the text.
        return first(self, text, (f"{start}{word}." for start in (lead(text), " ") for word in (self.first, self.second)))

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(*random.sample(sorted(set(NOUNS)), 2))


__all__ = ["EitherKeyword", "Keywords", "KeywordsInOrder"]
