"""Whether texts differ: novelty against what is kept, and Self-BLEU of a set."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

_WORDS = re.compile(r"\w+")


class Novelty:
    """Keeps texts that differ from all kept before: none has a ROUGE-L F1 above `threshold` with another."""

    def __init__(self, threshold: float):
        self.threshold = threshold
        self._kept: list[tuple[list[str], Counter[str]]] = []

    def add(self, text: str) -> bool:
        """Keeps a text if it is new; says whether it was."""
        words = _WORDS.findall(text.lower())
        bag = Counter(words)
        if any(self._same(words, bag, *other) for other in self._kept):
            return False
        self._kept.append((words, bag))
        return True

    def _same(self, a: list[str], bag: Counter[str], b: list[str], other: Counter[str]) -> bool:
        enough = self.threshold * (len(a) + len(b)) / 2
        # A common subsequence is no longer than the shorter text, nor than the words that both have.
        if min(len(a), len(b)) <= enough or (bag & other).total() <= enough:
            return a == b
        return longest_common(a, b) > enough


def longest_common(a: Sequence[str], b: Sequence[str]) -> int:
    """The length of the longest common subsequence."""
    row = [0] * (len(b) + 1)
    for word in a:
        above, row = row, [0]
        for place, other in enumerate(b):
            row.append(above[place] + 1 if word == other else max(above[place + 1], row[place]))
    return row[-1]


def self_bleu(texts: Sequence[str], orders: int = 4) -> float:
    """How much texts repeat each other: the mean BLEU of each against all the others. 1 when all are the same, nan for one text.

    Clipped n-gram precisions up to `orders` (of those that the text has; one without a match counts 0.1 of one), with the
    brevity penalty for the nearest length. Source: Zhu et al. 2018, Texygen (arXiv 1802.01886).
    """
    if len(texts) < 2:
        return math.nan
    split = [text.lower().split() for text in texts]
    grams = [[Counter(tuple(w[i : i + n]) for i in range(len(w) - n + 1)) for n in range(1, orders + 1)] for w in split]
    best = [_two_best([each[n] for each in grams]) for n in range(orders)]
    return sum(_bleu(i, split, grams, best) for i in range(len(split))) / len(split)


_Best = dict[tuple[str, ...], tuple[int, int, int]]


def _two_best(counters: Sequence[Counter[tuple[str, ...]]]) -> _Best:
    """Of each n-gram: the highest count in a text, which text that is, and the highest count in another one."""
    best: _Best = {}
    for place, counter in enumerate(counters):
        for gram, count in counter.items():
            first, where, second = best.get(gram, (0, -1, 0))
            best[gram] = (count, place, first) if count > first else (first, where, max(second, count))
    return best


def _bleu(i: int, split: list[list[str]], grams: list[list[Counter[tuple[str, ...]]]], best: Sequence[_Best]) -> float:
    length = len(split[i])
    logs: list[float] = []
    for n, found in enumerate(grams[i]):
        if not found:
            continue
        shared = 0
        for gram, count in found.items():
            first, where, second = best[n][gram]
            shared += min(count, second if where == i else first)
        if not n and not shared:
            return 0.0
        logs.append(math.log((shared or 0.1) / found.total()))
    if not logs:
        return 0.0
    nearest = min((len(other) for j, other in enumerate(split) if j != i), key=lambda n: (abs(n - length), n))
    return min(1.0, math.exp(1 - nearest / length)) * math.exp(sum(logs) / len(logs))


__all__ = ["Novelty", "longest_common", "self_bleu"]
