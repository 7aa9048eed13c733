"""The small text encoder learns what BM25 cannot know."""

import numpy as np
import pytest

from dutiful.kit.retrieval import BM25, Dense

pytest.importorskip("torch")
from dutiful.kit.encoder import Encoder, pieces

VERBS = {"cancel": "revoke", "show": "display", "send": "dispatch", "book": "reserve", "remove": "delete"}
NOUNS = ["order", "flight", "lamp", "note", "song", "card", "ticket", "photo", "table", "alarm"]


def pairs(nouns):
    return [(f"please {said} my {noun}", f"{verb} {noun}") for verb, said in VERBS.items() for noun in nouns]


def test_it_learns_synonyms_that_hold_for_things_it_never_saw():
    encoder = Encoder.trained(pairs(NOUNS[:7]), buckets=1 << 14, dim=32)
    unseen = pairs(NOUNS[7:])
    texts = [text for _, text in unseen]

    def hits(retriever):
        return sum(texts[retriever.search(query, 1)[0]] == text for query, text in unseen) / len(unseen)

    assert hits(Dense(texts, encoder.embed)) >= 0.9
    assert hits(BM25(texts)) <= 0.5


def test_rows_have_unit_length_and_repeat():
    one, two = (Encoder.trained(pairs(NOUNS[:3]), epochs=1, buckets=512, dim=8) for _ in range(2))
    vectors = one.embed(["cancel order", "", "zzz"])
    assert vectors.shape == (3, 8) and np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.array_equal(vectors, two.embed(["cancel order", "", "zzz"]))


def test_pieces_are_words_and_trigrams():
    assert len(pieces("ab cd", 1 << 20)) == 2 + 2 + 2
    assert pieces("", 7) == [0]
