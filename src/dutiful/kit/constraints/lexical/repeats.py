"""How often a word comes again, and how many different ones there are."""

from __future__ import annotations

import random as randomness
import string
from collections import Counter
from collections.abc import Iterator
from itertools import count as counting
from typing import Self

from dutiful.kit.constraints.base import Finding
from dutiful.kit.constraints.fillers import NOUNS, grown
from dutiful.kit.constraints.joints import first, lead
from dutiful.kit.constraints.lexical.every_word import tokens, where_wrong
from dutiful.kit.constraints.mended import Mended
from dutiful.kit.constraints.text import settled


class WordRepeatsAtMost(Mended, frozen=True):
    """No word occurs more than n times."""

    n: int

    kind, family, category, subtype = "word_repeats_at_most", "lexical", "content", "words"
    same_as = "ifbench:words:repeats"
    wordings = (
        "Do not use any word more than {n} times.",
        "No word may be repeated more than {n} times.",
        "Each word must occur {n} times at most.",
    )

    def check(self, text: str) -> Finding:
        found = tokens(text)
        counts = Counter(found)
        over = {word for word, count in counts.items() if count > self.n}
        if not over:
            most = max(counts.values(), default=0)
            return Finding(True, f"the most frequent word occurs {most} times, at most {self.n} allowed")
        seen: Counter[str] = Counter()
        wrong: set[int] = set()
        for index, word in enumerate(found):
            if word in over:
                seen[word] += 1
                if seen[word] > self.n:
                    wrong.add(index)
        worst = max(over, key=counts.__getitem__)
        said = f"{len(over)} words more than {self.n} times, such as {worst!r} {counts[worst]} times"
        return Finding(False, said, where_wrong(text, found, wrong))

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        whole, _ = settled(text)
        if whole == text or not self.check(whole).passed:
            return None
        return first(self, text, grown())

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(2, 5))

    def peer(self) -> dict[str, object]:
        return {"small_n": self.n}


class NoWordTwice(WordRepeatsAtMost, frozen=True):
    """No word occurs twice."""

    n: int = 1

    kind = "no_word_twice"
    wordings = (
        "Do not use any word twice.",
        "Every word may occur only once.",
        "Write without repeating a single word.",
    )

    def __post_init__(self) -> None:
        if self.n != 1:
            raise ValueError("takes no number other than 1")

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


class DistinctWordsAtLeast(Mended, frozen=True):
    """At least n different words, apart from case and punctuation at their ends."""

    n: int

    kind, family, category, subtype = "distinct_words_at_least", "lexical", "length", "words"
    same_as = "ifbench:count:unique_word_count"
    wordings = (
        "Use at least {n} different words.",
        "The answer must hold {n} or more unique words.",
        "Vary your vocabulary: no fewer than {n} distinct words.",
    )

    def distinct(self, text: str) -> set[str]:
        """The different words. IFBench also counts a run of mere punctuation as one word; that is none."""
        found = {word.strip(string.punctuation) for word in set(text.lower().split())}
        found.discard("")
        return found

    def check(self, text: str) -> Finding:
        count = len(self.distinct(text))
        return Finding(count >= self.n, f"{count} different words, at least {self.n} asked for")

    def finish(self, text: str) -> str | None:
        known = self.distinct(text)
        if len(known) >= self.n:
            return ""
        new = (word for word in _fresh() if word not in known)
        start = lead(text) or ""
        # The last word may be changed by nothing but punctuation, so each new word counts.
        return f"{start}{' '.join(next(new) for _ in range(self.n - len(known)))}".replace("  ", " ")

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((15, 20, 25, 30, 40)))

    def peer(self) -> dict[str, object]:
        return {"N": self.n}


def _fresh() -> Iterator[str]:
    """Words without end, all different."""
    yield from sorted(set(NOUNS))
    yield from (str(number) for number in counting(1))


__all__ = ["DistinctWordsAtLeast", "NoWordTwice", "WordRepeatsAtMost"]
