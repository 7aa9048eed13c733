"""Finding passages: BM25 over words, cosine over sentence vectors, and how well a ranking does.

    BM25(texts).search("Who founded Ashley House?", 4)      Dense(texts, model.embed).search(...)

Both give places in the list of texts, best first; equal scores go by place, so a ranking repeats.
"""

from __future__ import annotations

import importlib
import importlib.util
import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from dutiful.core.errors import MissingExtra

_WORD = re.compile(r"[^\W_]+")


class Retriever(Protocol):
    """Anything that ranks texts for a query."""

    def search(self, query: str, k: int) -> list[int]:
        """The places of the k best texts (fewer where there are fewer), best first."""
        ...


def words(text: str) -> list[str]:
    """The terms of BM25: runs of letters and digits in lower case, nothing stemmed or left out."""
    return _WORD.findall(text.lower())


def check_bm25() -> None:
    """Raises MissingExtra where bm25s is not installed, without the time that loading it takes."""
    if importlib.util.find_spec("bm25s") is None:
        raise MissingExtra("BM25 retrieval", "rag", "bm25s")


class BM25:
    """Okapi BM25 in Lucene's variant, by the package bm25s; raises MissingExtra without it.

        sum over query terms of  idf(t) f(t, d) / (f(t, d) + k1 (1 - b + b |d| / mean |d|))

    Source: Robertson and Zaragoza 2009; bm25s, arXiv 2407.03618.
    """

    def __init__(self, texts: Sequence[str], k1: float = 1.5, b: float = 0.75):
        try:
            bm25s: Any = importlib.import_module("bm25s")
        except ImportError as error:
            raise MissingExtra("BM25 retrieval", "rag", "bm25s") from error
        self._index = bm25s.BM25(k1=k1, b=b)
        self._index.index([words(text) for text in texts], show_progress=False)
        self._known = set[str](self._index.vocab_dict)

    def search(self, query: str, k: int) -> list[int]:
        terms = [term for term in words(query) if term in self._known]
        if not terms:
            return []
        return _best(np.asarray(self._index.get_scores(terms), dtype=np.float64), k)


class Dense:
    """Cosine between sentence vectors. `embed`: texts to rows of unit length, as `Model.embed` does."""

    def __init__(self, texts: Sequence[str], embed: Callable[[Sequence[str]], NDArray[Any]]):
        self._embed, self._vectors = embed, np.asarray(embed(texts))

    def search(self, query: str, k: int) -> list[int]:
        return _best(self._vectors @ np.asarray(self._embed([query]))[0], k)


def _best(scores: NDArray[Any], k: int) -> list[int]:
    return [int(place) for place in np.argsort(-scores, kind="stable")[:k]]


def recall_at(found: Sequence[int], relevant: Collection[int], k: int) -> float:
    """The share of the relevant texts among the first k found; 1 where nothing is relevant."""
    return len(set(found[:k]) & set(relevant)) / len(set(relevant)) if relevant else 1.0


def ndcg_at(found: Sequence[int], gains: Mapping[int, float], k: int) -> float:
    """Normalised discounted cumulative gain of a ranking without repeats; 1 where there is nothing to gain.

        DCG = sum over places i = 1..k of  gain(i) / log2(i + 1),   divided by that of the best order

    Source: Järvelin and Kekäläinen 2002, ACM TOIS 20.
    """
    discounts = [1 / math.log2(place + 2) for place in range(k)]
    best = sum(gain * d for gain, d in zip(sorted(gains.values(), reverse=True), discounts, strict=False))
    return sum(gains.get(text, 0.0) * d for text, d in zip(found[:k], discounts, strict=False)) / best if best else 1.0
