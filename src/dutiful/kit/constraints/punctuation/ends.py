"""With which mark answers and sentences end."""

from __future__ import annotations

import random as randomness
from typing import Literal, Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.joints import first, gap, link
from dutiful.kit.constraints.punctuation.marks import CLOSERS, SAID, SAID_CHINESE, WIDE, ending
from dutiful.kit.constraints.text import chinese, sentence_spans


class EndsWithMark(Rule, frozen=True):
    """The last character is a certain mark, or its Chinese form."""

    mark: Literal[".", "!", "?"]

    kind, family, category, subtype = "ends_with_mark", "punctuation", "content", "punctuation"
    languages = ("en", "zh")
    wordings = (
        'End the answer with the mark "{mark}".',
        'The last character of the answer must be "{mark}".',
        'Make sure that the answer ends with "{mark}".',
    )
    names_zh = WIDE
    wordings_zh = (
        "以标点“{mark}”结尾。",
        "回答的最后一个字符必须是“{mark}”。",
    )

    def check(self, text: str) -> Finding:
        kept = text.rstrip()
        passed = kept[-1:] in (self.mark, WIDE[self.mark]) and bool(kept)
        wrong = () if passed or not kept else ((len(kept) - 1, len(kept)),)
        return Finding(passed, f"ends with {kept[-1:]!r}", wrong)

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        if text and (text[-1].isalnum() or text[-1] in "'’\")”*"):
            return WIDE[self.mark] if chinese(text) else self.mark
        return link(text) + (SAID_CHINESE if chinese(text) else SAID)[self.mark]

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        bare = text.rstrip().rstrip(".!?。！？…,;:，；：")
        return bare + (self.finish(bare) or "")

    def opposes(self, other: Rule) -> str:
        return f"ends with {self.mark} and {other.mark}" if isinstance(other, EndsWithMark) and other.mark != self.mark else ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((".", "!", "?")))


class SentencesEndWith(Rule, frozen=True):
    """Every sentence ends with a certain mark; "?!" ends with both."""

    mark: Literal["!", "?"]

    kind, family, category, subtype = "sentences_end_with", "punctuation", "content", "punctuation"
    languages = ("en", "zh")
    wordings = (
        'End every sentence with the mark "{mark}".',
        'Each sentence must end with "{mark}".',
        'Make sure that the mark "{mark}" stands at the end of every sentence.',
    )
    names_zh = WIDE
    wordings_zh = (
        "每句话都以标点“{mark}”结尾。",
        "每个句子的末尾都必须是“{mark}”。",
    )

    def check(self, text: str) -> Finding:
        spans = sentence_spans(text)
        good = {self.mark, WIDE[self.mark]}
        wrong = tuple(span for span in spans if "." in (run := ending(text[span[0] : span[1]])) or not good & set(run))
        return Finding(bool(spans) and not wrong, f'{len(wrong)} of {len(spans)} sentences do not end with "{self.mark}"', wrong)

    def finish(self, text: str) -> str | None:
        found = self.check(text)
        if found.passed:
            return ""
        spans = sentence_spans(text)
        if spans and found.spans != (spans[-1],):
            return None
        if chinese(text):
            return first(self, text, (WIDE[self.mark], SAID_CHINESE[self.mark]))
        mark = self.mark
        on = "so it is" + mark
        ends = (mark, gap(text) + on, ".. " + on, ", " + on, gap(text) + "5" + mark) if spans else (SAID[mark],)
        return first(self, text, ends)

    def mend(self, text: str, random: randomness.Random) -> str:
        for start, end in reversed(self.check(text).spans):
            sentence = text[start:end]
            body = sentence.rstrip(CLOSERS)
            mark = WIDE[self.mark] if chinese(sentence) else self.mark
            text = text[:start] + body.rstrip(".!?。！？…,;: ") + mark + sentence[len(body) :] + text[end:]
        end = self.finish(text)
        return text + end if end is not None else self.finish("") or ""

    def opposes(self, other: Rule) -> str:
        if isinstance(other, SentencesEndWith | EndsWithMark) and other.mark != self.mark:
            return f"every sentence ends with {self.mark}, but one with {other.mark}"
        return ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("!", "?")))


__all__ = ["EndsWithMark", "SentencesEndWith"]
