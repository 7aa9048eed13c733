"""Rankings against values worked out by hand, and a baseline that must be worse."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutiful.kit.retrieval import BM25, Dense, ndcg_at, recall_at, words

TEXTS = ["a cat sat on the mat", "the dog ran", "a bird, a cat and a dog", "nothing here"]


def test_bm25_prefers_rare_words_and_short_texts():
    index = BM25(TEXTS)
    assert index.search("bird", 4)[0] == 2
    assert index.search("Dog!", 2) == [1, 2]
    assert index.search("dog", 1) == [1]


def test_a_query_of_unknown_words_finds_nothing():
    assert BM25(TEXTS).search("zebra ?!", 3) == []


def test_bm25_agrees_with_its_formula():
    index, query, k1, b = BM25(TEXTS), "cat dog the", 1.5, 0.75
    bags = [words(text) for text in TEXTS]
    mean = sum(map(len, bags)) / len(bags)

    def score(bag):
        total = 0.0
        for term in words(query):
            n = sum(term in other for other in bags)
            idf = math.log(1 + (len(bags) - n + 0.5) / (n + 0.5))
            f = bag.count(term)
            total += idf * f / (f + k1 * (1 - b + b * len(bag) / mean))
        return total

    expected = sorted(range(4), key=lambda i: (-round(score(bags[i]), 6), i))
    assert index.search(query, 4) == expected


def test_dense_ranks_by_cosine():
    def embed(texts):
        rows = np.array([[text.count("a") + 1, text.count("o") + 1] for text in texts], np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    assert Dense(["aaaa", "oooo", "ao"], embed).search("ooo", 3) == [1, 2, 0]


def test_recall_and_ndcg_by_hand():
    assert recall_at([3, 1, 2], [1, 9], 2) == 0.5
    assert ndcg_at([3, 1], {1: 1.0}, 2) == pytest.approx(1 / math.log2(3))
    assert ndcg_at([5, 6], {1: 1.0}, 2) == 0


@given(st.permutations(range(5)), st.dictionaries(st.integers(0, 4), st.floats(0.1, 3), min_size=1), st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_the_best_order_has_ndcg_one_and_none_is_better(order, gains, k):
    ideal = sorted(range(5), key=lambda i: -gains.get(i, 0))
    assert ndcg_at(ideal, gains, k) == pytest.approx(1)
    assert ndcg_at(order, gains, k) <= 1 + 1e-9
