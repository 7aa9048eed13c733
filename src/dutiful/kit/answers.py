"""Comparing an answer with references: normalising, overlap, sets. Every metric is a number from 0 to 1."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise(text: str) -> str:
    """Lower case, without punctuation, articles and extra space (the usage of SQuAD)."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def overlap(answer: str, reference: str) -> tuple[int, int, int]:
    """(shared, answer, reference): normalised tokens, shared ones as a multiset."""
    a, b = normalise(answer).split(), normalise(reference).split()
    return sum((Counter(a) & Counter(b)).values()), len(a), len(b)


def exact(answer: str, reference: str) -> float:
    """1 when the normalised texts are equal."""
    return float(normalise(answer) == normalise(reference))


def contains(answer: str, reference: str) -> float:
    """1 when the reference stands in the answer, letter case aside."""
    return float(reference.lower() in answer.lower())


def f1(answer: str, reference: str) -> float:
    """Harmonic mean of token precision and recall."""
    shared, a, b = overlap(answer, reference)
    return 2 * shared / (a + b) if shared else 0.0


METRICS: Mapping[str, Callable[[str, str], float]] = {"exact": exact, "contains": contains, "f1": f1}


def best(metric: str, answer: str, references: Sequence[str]) -> float:
    """The metric against the reference that fits best."""
    return max((METRICS[metric](answer, reference) for reference in references), default=0.0)
