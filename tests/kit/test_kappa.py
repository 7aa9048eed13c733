"""Agreement of a judge with the truth."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutiful.kit.agreement import agreement

PAIRS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=30)


def test_the_figures_of_a_small_table():
    truth = [True] * 20 + [False] * 30
    said = [True] * 15 + [False] * 5 + [True] * 10 + [False] * 20
    found = agreement(truth, said)
    assert found.accuracy.value == pytest.approx(0.7) and found.n == 50
    assert found.false_pass.value == pytest.approx(1 / 3) and found.false_fail.value == pytest.approx(0.25)
    assert found.kappa.value == pytest.approx((0.7 - 0.5) / 0.5)
    assert found.kappa.low < 0.4 < found.kappa.high


def test_a_judge_that_says_yes_to_all_has_no_kappa():
    found = agreement([True, False] * 20, [True] * 40)
    assert found.accuracy.value == 0.5 and found.kappa.value == 0 and found.false_pass.value == 1
    right = agreement([True] * 5, [True] * 5)
    assert right.accuracy.value == 1 and right.kappa.value == 0 and math.isnan(right.false_pass.value)


def test_clusters_make_intervals_wider():
    truth, said = [True, False] * 60, [True] * 120
    said[::5] = [False] * 24
    alone, together = agreement(truth, said), agreement(truth, said, [i // 30 for i in range(120)])
    assert alone.accuracy.value == together.accuracy.value
    one = agreement(truth, said, ["same"] * 120)
    assert math.isnan(one.accuracy.low)


@settings(max_examples=40)
@given(PAIRS)
def test_it_is_symmetric_and_within_bounds(pairs):
    truth, said = (list(column) for column in zip(*pairs, strict=True))
    found, turned = agreement(truth, said), agreement(said, truth)
    assert found.kappa.value == pytest.approx(turned.kappa.value) and -1 <= found.kappa.value <= 1
    assert found.accuracy.value == pytest.approx(sum(a == b for a, b in pairs) / len(pairs))
    assert agreement(truth, truth).accuracy.value == 1


def test_unequal_lengths_are_refused():
    with pytest.raises(ValueError, match="2 truths and 1 verdicts"):
        agreement([True, False], [True])
