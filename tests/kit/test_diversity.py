"""Novelty and Self-BLEU."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutiful.kit.answers import rouge_l
from dutiful.kit.diversity import Novelty, longest_common, self_bleu

TEXTS = st.lists(st.text("ab ", max_size=12), min_size=2, max_size=8)


@settings(max_examples=150)
@given(TEXTS, st.sampled_from([0.5, 0.7, 0.95]))
def test_what_is_kept_differs_and_what_is_left_out_does_not(texts, threshold):
    novelty, kept = Novelty(threshold), []
    for text in texts:
        near = max((rouge_l(text, other) for other in kept), default=0.0)
        same = any(text.split() == other.split() for other in kept)
        assert novelty.add(text) == (near <= threshold + 1e-9 and not same)
        if not (near > threshold or same):
            kept.append(text)


def test_the_longest_common_subsequence():
    assert longest_common(list("abcd"), list("bda")) == 2 and longest_common([], ["a"]) == 0


def test_self_bleu_of_equal_and_of_unlike_texts():
    assert self_bleu(["the cat sat on the mat"] * 3) == pytest.approx(1)
    assert self_bleu(["a b c", "d e f"]) == 0
    assert math.isnan(self_bleu(["one"])) and self_bleu(["", "a"]) == 0
    assert 0 < self_bleu(["the cat sat here", "the dog sat there", "a bird flew off"]) < 0.5


def test_a_text_is_compared_with_the_others_and_not_with_itself():
    # "a a" against "a b": one of two words (the second a is clipped), no pair in common; equal length.
    assert self_bleu(["a a", "a b"]) == pytest.approx(((0.5 * 0.1) ** 0.5 * 2) / 2)
