"""How often a word occurs."""

from __future__ import annotations

import random as randomness
from typing import Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.fillers import NOUNS, repeated, suited
from dutiful.kit.constraints.joints import first, lead
from dutiful.kit.constraints.lexical.finding import completed, need_words, spans_of
from dutiful.kit.constraints.lexical.forbidden import ForbiddenLetters, ForbiddenWords
from dutiful.kit.constraints.lexical.keywords import Keywords, KeywordsInOrder
from dutiful.kit.constraints.mended import Mended


class _Times(Mended, frozen=True):
    word: str
    n: int

    family, category, subtype = "lexical", "content", "keywords"

    def __post_init__(self) -> None:
        need_words((self.word,))

    def count(self, text: str) -> int:
        return text.lower().count(self.word.lower())

    def more(self, text: str, count: int) -> str:
        rest = completed(text, (self.word,))
        if rest and self.count(text + rest) == self.count(text) + 1:
            return rest if count == 1 else rest + self.more(text + rest, count - 1)
        more = f"Once more: {repeated(self.word, count)}.", f"再说一遍：{'、'.join([self.word] * count)}。"
        return lead(text) + suited(text + self.word * count, *more)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(NOUNS), random.randint(1, 3))


class KeywordAtLeast(_Times, frozen=True):
    """A word occurs at least n times."""

    kind, same_as = "keyword_at_least", "ifeval:keywords:frequency"
    languages = ("en", "zh")
    wordings = (
        'Use the word "{word}" at least {n} times.',
        '"{word}" must appear {n} times or more.',
        "Mention {word} no fewer than {n} times in the answer.",
    )
    wordings_zh = (
        "“{word}”一词至少出现{n}次。",
        "“{word}”这个词要用{n}次或更多。",
    )

    def check(self, text: str) -> Finding:
        count = self.count(text)
        return Finding(count >= self.n, f"{self.word!r} occurs {count} times, at least {self.n} asked for")

    def finish(self, text: str) -> str | None:
        count = self.count(text)
        return "" if count >= self.n else self.more(text, self.n - count)

    def opposes(self, other: Rule) -> str:
        if isinstance(other, (KeywordAtMost, KeywordExactly)) and other.word.lower() == self.word.lower() and other.n < self.n:
            return f"{self.word!r} at least {self.n} times, but not more than {other.n}"
        if self.n > 0 and isinstance(other, (ForbiddenWords, ForbiddenLetters)):
            return Keywords((self.word,)).opposes(other)
        return ""

    def peer(self) -> dict[str, object]:
        return {"keyword": self.word, "frequency": self.n, "relation": "at least"}


class KeywordAtMost(_Times, frozen=True):
    """A word occurs at most n times."""

    kind, same_as = "keyword_at_most", "ifeval:keywords:frequency"
    languages = ("en", "zh")
    wordings = (
        'Use the word "{word}" at most {n} times.',
        '"{word}" may appear no more than {n} times.',
        "Do not write {word} more than {n} times.",
    )
    wordings_zh = (
        "“{word}”一词最多出现{n}次。",
        "“{word}”这个词不能超过{n}次。",
    )

    def check(self, text: str) -> Finding:
        count = self.count(text)
        over = spans_of(self.word, text, self.n) if count > self.n else ()
        return Finding(count <= self.n, f"{self.word!r} occurs {count} times, at most {self.n} allowed", over)

    def opposes(self, other: Rule) -> str:
        asked = set(other.words) if isinstance(other, Keywords | KeywordsInOrder) else set[str]()
        clash = self.n < sum(self.word.lower() in word.lower() for word in asked)
        return f"{self.word!r} is asked for, but at most {self.n} times" if clash else ""

    def peer(self) -> dict[str, object]:
        return {"keyword": self.word, "frequency": self.n + 1, "relation": "less than"}


class KeywordExactly(_Times, frozen=True):
    """A word occurs exactly n times."""

    kind = "keyword_exactly"
    languages = ("en", "zh")
    wordings = (
        'Use the word "{word}" exactly {n} times.',
        '"{word}" must appear {n} times, no more and no fewer.',
        "Mention {word} precisely {n} times.",
    )
    wordings_zh = (
        "“{word}”一词正好出现{n}次。",
        "“{word}”这个词要用{n}次，不多也不少。",
    )

    def check(self, text: str) -> Finding:
        count = self.count(text)
        over = spans_of(self.word, text, self.n) if count > self.n else ()
        return Finding(count == self.n, f"{self.word!r} occurs {count} times, exactly {self.n} asked for", over)

    def finish(self, text: str) -> str | None:
        count = self.count(text)
        if count >= self.n:
            return "" if count == self.n else None
        plain = " ".join(["", *[self.word] * (self.n - count)])
        return first(self, text, (self.more(text, self.n - count), plain, f" {plain}."))

    def opposes(self, other: Rule) -> str:
        if isinstance(other, KeywordExactly) and other.word.lower() == self.word.lower() and other.n != self.n:
            return f"{self.word!r} exactly {self.n} and exactly {other.n} times"
        return KeywordAtLeast(self.word, self.n).opposes(other)


class KeywordsTimes(Mended, frozen=True):
    """The first word occurs `times[0]` times, the second `times[1]` times, and so on; all exactly."""

    words: tuple[str, ...]
    times: tuple[int, ...]

    kind, family, category, subtype = "keywords_times", "lexical", "content", "keywords"
    same_as = "ifbench:count:keywords_multiple"
    wordings = (
        "Use the words {words} exactly {times} times, in that order of counts.",
        "The words {words} must occur {times} times respectively.",
        "Mention {words}: respectively {times} times, no more and no fewer.",
    )

    def __post_init__(self) -> None:
        need_words(self.words)
        if len(self.words) != len(self.times):
            raise ValueError(f"{len(self.words)} words need as many counts, got {self.times}")
        low = [word.lower() for word in self.words]
        if any(a in b for i, a in enumerate(low) for j, b in enumerate(low) if i != j):
            raise ValueError(f"one of {self.words} is a part of another")

    def counts(self, text: str) -> list[int]:
        """How often each occurs."""
        low = text.lower()
        return [low.count(word.lower()) for word in self.words]

    def check(self, text: str) -> Finding:
        counts = self.counts(text)
        wrong = [i for i, count in enumerate(counts) if count != self.times[i]]
        said = "; ".join(f"{self.words[i]!r} {counts[i]} instead of {self.times[i]} times" for i in wrong)
        over = tuple(span for i in wrong if counts[i] > self.times[i] for span in spans_of(self.words[i], text, self.times[i]))
        return Finding(not wrong, said or "all counts fit", over)

    def finish(self, text: str) -> str | None:
        counts = self.counts(text)
        if any(count > asked for count, asked in zip(counts, self.times, strict=True)):
            return None
        lists = [
            repeated(word, asked - count)
            for word, count, asked in zip(self.words, counts, self.times, strict=True)
            if count < asked
        ]
        ends = ("", f"{lead(text)}Again: {'; '.join(lists)}.", f" {' '.join(lists).replace(',', '')}", f" {', '.join(lists)}.")
        return first(self, text, ends)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        words = tuple(random.sample(sorted(set(NOUNS)), random.randint(2, 4)))
        return cls(words, tuple(random.randint(1, 3) for _ in words))

    def peer(self) -> dict[str, object]:
        return {f"keyword{i + 1}": word for i, word in enumerate(self.words)}  # IFBench fixes the counts: 1, 2, 3, 5, 7


__all__ = ["KeywordAtLeast", "KeywordAtMost", "KeywordExactly", "KeywordsTimes"]
