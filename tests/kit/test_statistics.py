"""Statistics against brute force and known values."""

import itertools
import math
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutiful.kit import statistics
from dutiful.kit.statistics import (
    bootstrap_difference,
    bootstrap_mean,
    clusters_needed,
    detectable,
    holm,
    mcnemar,
    ratio_of_means,
    sign_flip,
    sign_test_floor,
    standard_error,
    wilson,
)


def test_wilson_gives_the_known_values():
    # Newcombe 1998, Statistics in Medicine 17, table I: 81/263 and 15/148
    assert wilson(81, 263) == pytest.approx((0.3080, 0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.1014, 0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20).low == 0 and wilson(0, 20).high == pytest.approx(0.1611, abs=5e-5)


@given(n=st.integers(1, 400), data=st.data())
@settings(max_examples=60, deadline=None)
def test_wilson_ends_are_where_the_score_test_is_just_not_significant(n, data):
    k = data.draw(st.integers(0, n))
    value, low, high = wilson(k, n)
    assert 0 <= low <= value <= high <= 1
    for end in (low, high):
        if 0 < end < 1:
            assert abs(value - end) / math.sqrt(end * (1 - end) / n) == pytest.approx(1.959964, rel=1e-5)


def test_wilson_refuses_what_is_no_share():
    with pytest.raises(ValueError, match="5 successes of 4"):
        wilson(5, 4)


@given(a=st.integers(0, 40), b=st.integers(0, 40))
@settings(max_examples=60, deadline=None)
def test_mcnemar_is_the_exact_binomial_test(a, b):
    n, k = a + b, min(a, b)
    assert mcnemar(a, b) == pytest.approx(min(1.0, 2 * sum(comb(n, i) for i in range(k + 1)) / 2**n))
    assert mcnemar(a, b) == mcnemar(b, a)


def test_mcnemar_does_not_overflow():
    assert mcnemar(3000, 3000) == 1.0
    assert 0 < mcnemar(2900, 3100) < 0.02


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_sign_flip_is_exact_for_few_clusters(differences):
    totals = [
        abs(sum(s * d for s, d in zip(signs, differences, strict=True)))
        for signs in itertools.product((1, -1), repeat=len(differences))
    ]
    brute = sum(total >= abs(sum(differences)) for total in totals) / len(totals)
    assert sign_flip(differences) == pytest.approx(brute)


def test_sign_flip_agrees_with_mcnemar_for_single_pairs():
    for a, b in ((3, 9), (10, 30), (5, 6)):
        differences = [-1] * a + [1] * b + [0] * 20
        assert sign_flip(differences, resamples=40_000) == pytest.approx(mcnemar(a, b), abs=0.01)


def test_sign_flip_does_not_take_repeats_for_evidence():
    once = [1, 1, 1, -1, 1, 0, 1, -1]
    repeated, clusters = np.repeat(once, 10), np.repeat(np.arange(8), 10)
    assert sign_flip(repeated, clusters.tolist()) == pytest.approx(sign_flip(once))
    assert sign_flip(repeated) < 0.01 < sign_flip(once)


def test_sign_flip_keeps_its_level():
    random = np.random.default_rng(1)
    false_alarms = sum(sign_flip(random.normal(size=10)) < 0.05 for _ in range(400))
    assert false_alarms <= 34  # 20 expected; 34 has a chance below 0.2%


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_holm_lies_between_none_and_bonferroni(p_values):
    corrected = holm(p_values)
    for p, q in zip(p_values, corrected, strict=True):
        assert p <= q <= min(1.0, p * len(p_values))
    assert [q for _, q in sorted(zip(p_values, corrected, strict=True))] == sorted(corrected)


def test_bootstrap_mean_finds_the_normal_interval():
    values = np.random.default_rng(0).normal(3, 2, 400)
    value, low, high = bootstrap_mean(values)
    error = values.std(ddof=1) / 20
    assert value == pytest.approx(values.mean())
    assert (low, high) == pytest.approx((value - 1.96 * error, value + 1.96 * error), abs=0.03)
    assert bootstrap_mean(values) == bootstrap_mean(values), "the same seed gives the same interval"


def test_clusters_make_the_interval_as_wide_as_their_number_says():
    random = np.random.default_rng(3)
    levels = random.normal(size=25)
    values, clusters = np.repeat(levels, 20), np.repeat(np.arange(25), 20).tolist()
    plain, clustered = bootstrap_mean(values), bootstrap_mean(values, clusters)
    assert (clustered.high - clustered.low) / (plain.high - plain.low) == pytest.approx(math.sqrt(20), rel=0.1)
    assert clustered[1:] == pytest.approx(bootstrap_mean(levels)[1:], abs=0.03)


def test_clustered_bootstrap_covers_the_truth():
    random, hits, clusters = np.random.default_rng(5), 0, np.repeat(range(30), 4).tolist()
    for _ in range(200):
        values = np.repeat(random.normal(size=30), 4) + random.normal(size=120)
        _, low, high = bootstrap_mean(values, clusters, resamples=400)
        hits += low <= 0 <= high
    assert 178 <= hits <= 199  # 190 expected, a little fewer for so few clusters


def test_one_cluster_says_nothing_of_the_spread():
    value, low, high = bootstrap_mean([1, 0, 1], ["one"] * 3)
    assert (value, low, high) == (pytest.approx(2 / 3), -math.inf, math.inf)
    assert math.isnan(standard_error([1, 0, 1], ["one"] * 3))


def test_paired_difference_uses_the_pairing():
    random = np.random.default_rng(2)
    level = random.normal(0, 10, 200)
    difference = bootstrap_difference(level, level + random.normal(0.5, 0.5, 200))
    assert 0.3 < difference.low < 0.5 < difference.high < 0.7
    with pytest.raises(ValueError, match="expected pairs"):
        bootstrap_difference([1, 2], [1, 2, 3])


def test_ratio_of_means():
    a, b = np.array([1.0, 2, 3, 4] * 20), np.array([2.0, 4, 6, 8] * 20)
    assert ratio_of_means(a, b) == pytest.approx((2, 2, 2))
    value, low, high = ratio_of_means(a, np.random.default_rng(0).permutation(b))
    assert value == pytest.approx(2) and 1.6 < low < 2 < high < 2.4
    assert math.isnan(ratio_of_means([0, 0], [1, 2]).value)
    assert ratio_of_means([0, 0, 1], [1, 1, 1]).high == math.inf


@given(st.lists(st.tuples(st.floats(-10, 10), st.integers(0, 5)), min_size=2, max_size=40))
@settings(max_examples=60, deadline=None)
def test_standard_error_of_single_values_is_the_textbook_one(pairs):
    values = [value for value, _ in pairs]
    assert standard_error(values) == pytest.approx(np.std(values, ddof=1) / math.sqrt(len(values)), abs=1e-12)
    clusters = [cluster for _, cluster in pairs]
    if len(set(clusters)) > 1:
        assert standard_error(values * 2, clusters * 2) == pytest.approx(standard_error(values, clusters), abs=1e-12)


def test_power_is_what_a_simulation_finds():
    random, n = np.random.default_rng(4), 60
    true = detectable(1 / math.sqrt(n))
    shown = sum(abs(random.normal(true, 1, n).mean()) > 1.96 / math.sqrt(n) for _ in range(2000))
    assert shown / 2000 == pytest.approx(0.8, abs=0.03)
    assert clusters_needed(1 / math.sqrt(n), n, true) in (n, n + 1)
    with pytest.raises(ValueError, match="difference of 0"):
        clusters_needed(0.1, 10, 0)


def test_sign_test_floor_is_the_fewest_that_can_reach_the_level():
    for level in (0.05, 0.025, 0.01, 0.001):
        least = sign_test_floor(level)
        assert mcnemar(0, least) <= level < mcnemar(0, least - 1)


numbers = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=12)


@given(numbers)
@settings(max_examples=60, deadline=None)
def test_rank_correlations_agree_with_their_definitions(pairs):
    a, b = [p[0] for p in pairs], [p[1] for p in pairs]
    both = [(np.sign(a[i] - a[j]), np.sign(b[i] - b[j])) for i in range(len(a)) for j in range(i)]
    top = sum(x * y for x, y in both)
    size = math.sqrt(sum(x != 0 for x, _ in both) * sum(y != 0 for _, y in both))
    assert statistics.kendall(a, b) == pytest.approx(top / size if size else 0)
    mean = [sum(other < x for other in a) + (sum(other == x for other in a) + 1) / 2 for x in a]
    assert list(statistics.ranks(a)) == mean
    assert abs(statistics.spearman(a, b)) <= 1 + 1e-9 and statistics.spearman(a, b) == pytest.approx(statistics.spearman(b, a))


def test_rank_correlations_see_order_and_nothing_else():
    a = [1.0, 2.0, 3.0, 4.0]
    assert statistics.spearman(a, [1, 8, 27, 64]) == pytest.approx(1) and statistics.kendall(a, [4, 3, 2, 1]) == -1
    assert statistics.spearman(a, [1, 2, 4, 3]) == pytest.approx(0.8) and statistics.kendall(a, [7, 7, 7, 7]) == 0
    assert statistics.spearman([0, 0, 5], [1, 2, 3]) == pytest.approx(1.5 / (1.5 * 2) ** 0.5)  # ranks 1.5, 1.5, 3


def test_the_bootstrap_of_a_statistic_is_that_of_the_mean_for_a_mean_and_keeps_clusters_whole():
    values = np.random.default_rng(3).normal(size=60)
    plain = statistics.bootstrap_mean(values)
    same = statistics.bootstrap_statistic(lambda data: float(data[0].mean()), [values], resamples=4000)
    assert same.low == pytest.approx(plain.low, abs=0.03) and same.high == pytest.approx(plain.high, abs=0.03)
    clusters = [i // 10 for i in range(60)]
    copies = np.repeat(values[:6], 10)
    wide = statistics.bootstrap_statistic(lambda data: float(data[0].mean()), [copies], clusters)
    narrow = statistics.bootstrap_statistic(lambda data: float(data[0].mean()), [copies])
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)
