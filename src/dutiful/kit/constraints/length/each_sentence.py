"""How many words each sentence has."""

from __future__ import annotations

import random as randomness
from typing import Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.fillers import extensions
from dutiful.kit.constraints.joints import close
from dutiful.kit.constraints.text import TOKEN, capitalised, chinese, count_words, sentence_spans


class EachSentence(Rule, frozen=True):
    """Every sentence has between `low` and `high` words. An empty text has no sentence, and does not meet it."""

    family, category, subtype = "length", "length", "words_per_sentence"
    languages = ("en", "zh")

    def bounds(self) -> tuple[int, int]:
        """The fewest and the most words of a sentence."""
        raise NotImplementedError

    def check(self, text: str) -> Finding:
        low, high = self.bounds()
        spans = sentence_spans(text)
        counts = [count_words(text[start:end]) for start, end in spans]
        wrong = tuple(span for span, count in zip(spans, counts, strict=True) if not low <= count <= high)
        if not spans:
            return Finding(False, "no sentence")
        asked = f"{low} to {high}" if 1 < low < high < MANY else f"at most {high}" if high < MANY else f"at least {low}"
        asked = f"exactly {low}" if low == high else asked
        return Finding(not wrong, f"sentences of {', '.join(map(str, counts[:40]))} words, {asked} asked for in each", wrong)

    def finish(self, text: str) -> str | None:
        low, high = self.bounds()
        spans = sentence_spans(text)
        counts = [count_words(text[start:end]) for start, end in spans]
        if any(not low <= count <= high for count in counts[:-1]) or (counts and counts[-1] > high):
            return None
        if counts and counts[-1] >= low:
            return ""
        for end in extensions(text[spans[-1][0] :] if spans else "", low - (counts[-1] if counts else 0)):
            if self.check(text + end).passed:
                return end
        return None

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        low, high = self.bounds()
        done: list[str] = []
        for start, end in sentence_spans(text):
            rest = text[start:end]
            while rest and (found := [each.end() for each in TOKEN.finditer(rest)]):
                if len(found) < low:
                    bare = rest.rstrip(".!?。！？*_\"'” ")
                    ends = (bare + more for more in extensions(bare, low - len(found)))
                    done.append(next((each for each in ends if self.check(each).passed), ""))
                    break
                if len(found) <= high:
                    done.append(rest)
                    break
                piece = rest[: found[high - 1]]
                done.append(piece + close(piece) if low < high else piece + ("。" if chinese(piece) else "."))
                rest = capitalised(rest[found[high - 1] :].lstrip(" ,;:.!?，；：-–—)\"'’”"))
        joint = "" if chinese(text) else " "
        mended = joint.join(part for part in done if part)
        if mended and self.check(mended).passed:
            return mended
        kept = joint.join(part + close(part) for part in done if part and self.check(part + close(part)).passed)
        return kept if self.check(kept).passed else self.finish("") or ""

    def opposes(self, other: Rule) -> str:
        if isinstance(other, EachSentence) and other.bounds()[0] > self.bounds()[1]:
            return f"sentences of at most {self.bounds()[1]} words, but of at least {other.bounds()[0]}"
        return ""


MANY = 10**6
"""More words than any sentence has."""


class WordsPerSentenceAtMost(EachSentence, frozen=True):
    """No sentence has more than n words."""

    n: int

    kind = "words_per_sentence_at_most"
    wordings = (
        "Use at most {n} words in each sentence.",
        "No sentence may be longer than {n} words.",
        "Make sure that every sentence has {n} words or fewer.",
    )
    wordings_zh = (
        "每句话最多{n}个字。",
        "每个句子都不能超过{n}个字。",
    )

    def bounds(self) -> tuple[int, int]:
        return 1, self.n

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((8, 10, 12, 15, 20)))


class WordsPerSentenceAtLeast(EachSentence, frozen=True):
    """No sentence has fewer than n words."""

    n: int

    kind = "words_per_sentence_at_least"
    wordings = (
        "Use at least {n} words in each sentence.",
        "No sentence may be shorter than {n} words.",
        "Make sure that every sentence has {n} words or more.",
    )
    wordings_zh = (
        "每句话至少{n}个字。",
        "每个句子都不能少于{n}个字。",
    )

    def bounds(self) -> tuple[int, int]:
        return self.n, MANY

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((4, 5, 6, 8, 10)))


class WordsPerSentenceExactly(EachSentence, frozen=True):
    """Every sentence has exactly n words."""

    n: int

    kind = "words_per_sentence_exactly"
    wordings = (
        "Use exactly {n} words in each sentence.",
        "Every sentence must be {n} words long.",
        "Make sure that each sentence has exactly {n} words.",
    )
    wordings_zh = (
        "每句话正好{n}个字。",
        "每个句子都必须是{n}个字。",
    )

    def bounds(self) -> tuple[int, int]:
        return self.n, self.n

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((4, 5, 6, 7, 8)))


__all__ = ["MANY", "EachSentence", "WordsPerSentenceAtLeast", "WordsPerSentenceAtMost", "WordsPerSentenceExactly"]
