"""Answers in Chinese, and in English and Chinese."""

from __future__ import annotations

import random as randomness
import re
from typing import ClassVar, Literal, Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.joints import close, gap
from dutiful.kit.constraints.language.data import COMMON, FORMS, NAMES, SAID, SCRIPTS
from dutiful.kit.constraints.language.scripts import AsciiOnly, LatinOnly, Without
from dutiful.kit.constraints.language.whole import InLanguage
from dutiful.kit.constraints.text import HAN, paragraph_spans, sentence_spans

_OTHER = re.compile(rf"[^\W\d_{SCRIPTS['han']}]+")
_ALIEN = {name: re.compile(rf"[^\W\d_{SCRIPTS['han']}]+|[{''.join(forms)}]") for name, forms in FORMS.items()}
_SAID_HAN = {"simplified": "这就是全部的内容。", "traditional": "這就是全部的內容。"}


class InChinese(Rule, frozen=True):
    """Chinese characters only, in their simplified or traditional form; digits and marks are free, Latin letters are not."""

    script: Literal["simplified", "traditional"]

    kind, family, category, subtype = "in_chinese", "language", "language", "chinese"
    languages = ("zh",)
    wordings = (
        "Answer in {script} Chinese only.",
        "The entire answer should be in {script} Chinese characters.",
        "Make sure that the answer is written in {script} Chinese.",
    )
    names_zh: ClassVar[dict[str, str]] = {"simplified": "简体", "traditional": "繁体"}
    wordings_zh = (
        "只用{script}中文回答。",
        "整个回答都要用{script}汉字写成。",
    )

    def check(self, text: str) -> Finding:
        wrong = tuple(found.span() for found in _ALIEN[self.script].finditer(text))
        count = len(HAN.findall(text))
        return Finding(count > 0 and not wrong, f"{count} Chinese characters, {len(wrong)} places with others", wrong)

    def finish(self, text: str) -> str | None:
        if _ALIEN[self.script].search(text):
            return None
        return "" if HAN.search(text) else _SAID_HAN[self.script]

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        text = _OTHER.sub("", text.translate(str.maketrans(FORMS[self.script])))
        text = re.sub(r"[ \t]{2,}|(?<=[，。！？]) +", "", text).strip()
        return text + (self.finish(text) or "")

    def opposes(self, other: Rule) -> str:
        if isinstance(other, LatinOnly | AsciiOnly):
            return "in Chinese, but without Chinese characters"
        if isinstance(other, InLanguage) and other.language != "Chinese":
            return f"in Chinese, but in {other.language}"
        return ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("simplified", "traditional")))


_LATIN = re.compile(f"[{SCRIPTS['latin']}]+")


class NoLatinLetters(Without, frozen=True):
    """No Latin letter: for answers in Chinese that should do without English words."""

    kind, subtype = "no_latin_letters", "chinese"
    languages = ("zh",)
    wordings = (
        "Do not use any Latin letters.",
        "No English words or Latin letters are allowed.",
        "Make sure that there is no Latin letter.",
    )
    wordings_zh = (
        "不要使用拉丁字母。",
        "回答中不能出现英文单词或拉丁字母。",
    )

    def alien(self) -> re.Pattern[str]:
        return _LATIN

    def opposes(self, other: Rule) -> str:
        if isinstance(other, InLanguage) and NAMES[other.language] in COMMON:
            return f"no Latin letters, but in {other.language}"
        return "no Latin letters, but in English" if isinstance(other, EnglishThenChinese) else ""


class EnglishThenChinese(Rule, frozen=True):
    """Two paragraphs: the first without Chinese characters, the second without Latin letters."""

    kind, family, category, subtype = "english_then_chinese", "language", "language", "chinese"
    languages = ("en", "zh")
    wordings = (
        "Answer in English first, then in Chinese, in two paragraphs.",
        "The answer should have two paragraphs, the first in English and the second in Chinese.",
        "Make sure that a paragraph in English is followed by one in Chinese, and by nothing else.",
    )
    wordings_zh = (
        "先用英文回答，再用中文回答，各写一段。",
        "回答分两段，第一段用英文，第二段用中文。",
    )

    def check(self, text: str) -> Finding:
        spans = paragraph_spans(text)
        wants = ((_LATIN, HAN), (HAN, _LATIN))
        wrong = [each.span() for span, (_, bad) in zip(spans, wants, strict=False) for each in bad.finditer(text, *span)]
        wrong += spans[2:]
        good = len(spans) == 2 and all(want.search(text, *span) for span, (want, _) in zip(spans, wants, strict=True))
        evidence = f"{len(spans)} paragraphs, {len(wrong)} places in the wrong language"
        return Finding(good and not wrong, evidence, tuple(wrong))

    def finish(self, text: str) -> str | None:
        found = self.check(text)
        if found.passed:
            return ""
        if found.spans:
            return None
        spans = paragraph_spans(text)
        if len(spans) == 2:
            return SAID["zh"] if _LATIN.search(text, *spans[0]) else None
        if spans and _LATIN.search(text):
            return ("" if text[-1].isspace() else close(text)) + "\n\n" + SAID["zh"]
        if spans and text[len(text.rstrip()) :].count("\n") > 1:
            return None
        return gap(text) + SAID["en"] + "\n\n" + SAID["zh"]

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        english = re.sub(rf"[{SCRIPTS['han']}]+[，。！？、；：]*", "", text)
        english = re.sub(r"\s+", " ", english).strip() if _LATIN.search(english) else SAID["en"]
        chinese = re.sub(
            r"\s+", "", "".join(text[start:end] for start, end in sentence_spans(text) if HAN.search(text, start, end))
        )
        chinese = _LATIN.sub("", chinese) or SAID["zh"]
        return f"{english}\n\n{chinese}"

    def opposes(self, other: Rule) -> str:
        return "in English and Chinese, but in one script" if isinstance(other, LatinOnly | AsciiOnly | InChinese) else ""


__all__ = ["EnglishThenChinese", "InChinese", "NoLatinLetters"]
