"""The language of the answer as a whole."""

from __future__ import annotations

import random as randomness
from typing import Any, Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.language.data import COMMON, IN_CHINESE, NAMES, SAID, Language
from dutiful.kit.constraints.language.detect import detect, name_of
from dutiful.kit.constraints.language.scripts import LatinOnly
from dutiful.kit.constraints.text import sentence_spans


class InLanguage(Rule, frozen=True):
    """The answer as a whole is in a language. A text without letters is in none; IFEval lets it pass.

    IFEval asks langdetect, which guesses by letter groups and errs on short texts, on lists and on capitals.
    """

    language: Language

    kind, family, category, subtype = "in_language", "language", "language", "other"
    languages = ("en", "zh")
    steers = False
    same_as = "ifeval:language:response_language"
    wordings = (
        "Answer in {language}.",
        "The entire answer should be in {language}.",
        "Make sure that the answer is written in {language} only.",
        "No language but {language} is allowed.",
    )
    names_zh = IN_CHINESE
    wordings_zh = (
        "用{language}回答。",
        "整个回答必须使用{language}。",
    )

    def check(self, text: str) -> Finding:
        code, why = detect(text)
        passed = code == NAMES[self.language]
        evidence = f"{name_of(code) if code else 'no language'} ({why}), {self.language} asked for"
        return Finding(passed, evidence, () if passed or not text else ((0, len(text)),))

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        return SAID[NAMES[self.language]] if not text.strip() else None

    def mend(self, text: str, random: randomness.Random) -> str:
        """What of the text is in the language; where nothing is, one sentence that is."""
        if self.check(text).passed:
            return text
        kept = " ".join(text[start:end] for start, end in sentence_spans(text) if self.check(text[start:end]).passed)
        return kept if kept and self.check(kept).passed else SAID[NAMES[self.language]]

    def peer(self) -> dict[str, Any]:
        return {"language": NAMES[self.language]}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(
            random.choice(("English", "English", "Spanish", "French", "German", "Italian", "Portuguese", "Russian", "Japanese"))
        )

    def opposes(self, other: Rule) -> str:
        if isinstance(other, InLanguage) and other.language != self.language:
            return f"in {self.language}, but in {other.language}"
        return "in English letters, but in Chinese" if isinstance(other, LatinOnly) and self.language in _NOT_LATIN else ""


_NOT_LATIN = frozenset(name for name, code in NAMES.items() if code not in COMMON)


__all__ = ["InLanguage"]
