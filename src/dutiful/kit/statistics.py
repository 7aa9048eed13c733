"""Statistics of paired and clustered measurements: intervals, tests, corrections, power. numpy alone.

Clusters are the units that were drawn independently (tasks); measurements inside one (seeds of a task) are not independent
of each other, and treating them so makes intervals too short. All resampling is seeded, so a table repeats.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

RESAMPLES = 10_000
"""Enough that the ends of a 95% interval move by about 1% of its width from seed to seed."""


class Interval(NamedTuple):
    """An estimate with the ends of its interval."""

    value: float
    low: float
    high: float

    @property
    def crosses_zero(self) -> bool:
        """Whether zero lies inside (or on an end of) the interval."""
        return self.low <= 0 <= self.high


def quantile(probability: float) -> float:
    """The standard normal's quantile."""
    return NormalDist().inv_cdf(probability)


def wilson(successes: int, n: int, confidence: float = 0.95) -> Interval:
    """The score interval of a share: successes of n independent trials.

        (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n)

    Never leaves [0, 1], and has a width at 0 and n successes. Source: Wilson 1927, J. Am. Stat. Assoc. 22.
    """
    if not 0 <= successes <= n or n < 1:
        raise ValueError(f"wilson: {successes} successes of {n}, expected 0 <= successes <= n and n >= 1")
    z, p = quantile(0.5 + confidence / 2), successes / n
    middle, spread = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    # At the ends the formula is exact only up to rounding.
    low = 0.0 if successes == 0 else (middle - spread) / scale
    high = 1.0 if successes == n else (middle + spread) / scale
    return Interval(p, low, high)


def k_of_n(k: int, n: int, perfect: int, m: int) -> float:
    """The share of the draws of n out of m answers, `perfect` of which are so, that have at least k perfect ones.

    >>> k_of_n(2, 2, 3, 4)
    0.5
    """
    return sum(math.comb(perfect, j) * math.comb(m - perfect, n - j) for j in range(k, n + 1)) / math.comb(m, n)


class Clustered(NamedTuple):
    """Sums and sizes of clusters: all that a resampled mean needs. `sums` is (columns, clusters), `sizes` (clusters,)."""

    sums: Floats
    sizes: Floats

    @property
    def clusters(self) -> int:
        """How many there are."""
        return len(self.sizes)


def gather(columns: Sequence[ArrayLike], clusters: Sequence[Hashable] | None = None) -> Clustered:
    """Adds up columns of n measurements by cluster; without clusters each measurement is one of its own."""
    values = np.asarray(columns, dtype=np.float64)
    if values.ndim != 2 or not values.shape[1]:
        raise ValueError(f"gather: columns of shape {values.shape}, expected (columns, n) with n >= 1")
    labels = range(values.shape[1]) if clusters is None else clusters
    if len(labels) != values.shape[1]:
        raise ValueError(f"gather: {len(labels)} cluster labels for {values.shape[1]} measurements")
    index: dict[Hashable, int] = {}
    where = np.fromiter((index.setdefault(label, len(index)) for label in labels), dtype=np.int64)
    sums = np.stack([np.bincount(where, column, len(index)).astype(np.float64) for column in values])
    return Clustered(sums, np.bincount(where, minlength=len(index)).astype(np.float64))


def resample(data: Clustered, resamples: int = RESAMPLES, seed: int = 0) -> tuple[Floats, Floats]:
    """Bootstrap over whole clusters: the totals (columns, resamples) and sizes (resamples,) of each draw with replacement."""
    random = np.random.default_rng(seed)
    totals, sizes = np.empty((len(data.sums), resamples)), np.empty(resamples)
    table = np.vstack([data.sums, data.sizes])
    block = max(1, 2_000_000 // data.clusters)  # draws at once: bounds the memory
    for start in range(0, resamples, block):
        drawn = random.integers(0, data.clusters, (min(block, resamples - start), data.clusters))
        stop = start + len(drawn)
        for row, out in zip(table, (*totals, sizes), strict=True):
            out[start:stop] = row[drawn].sum(axis=1)
    return totals, sizes


def bootstrap_mean(
    values: ArrayLike,
    clusters: Sequence[Hashable] | None = None,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Interval:
    """The mean of n values with its percentile bootstrap interval, whole clusters drawn together.

    With fewer than two clusters nothing is known of the spread, and the interval is infinite. Source: Efron and Tibshirani
    1993, ch. 13; clusters: Field and Welsh 2007, J. R. Stat. Soc. B 69.
    """
    data = gather([values], clusters)
    mean = float(data.sums[0].sum() / data.sizes.sum())
    if data.clusters < 2:
        return Interval(mean, -math.inf, math.inf)
    totals, sizes = resample(data, resamples, seed)
    return Interval(mean, *_ends(totals[0] / sizes, confidence))


def bootstrap_difference(
    a: ArrayLike,
    b: ArrayLike,
    clusters: Sequence[Hashable] | None = None,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Interval:
    """mean(b - a) of n pairs with its percentile bootstrap interval, whole clusters drawn together."""
    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if first.shape != second.shape:
        raise ValueError(f"bootstrap_difference: {first.shape} values against {second.shape}, expected pairs")
    return bootstrap_mean(second - first, clusters, confidence, resamples, seed)


def ratio_of_means(
    a: ArrayLike,
    b: ArrayLike,
    clusters: Sequence[Hashable] | None = None,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Interval:
    """mean(b) / mean(a) of n pairs with its percentile bootstrap interval, pairs and clusters drawn together.

    nan where a is zero throughout. A draw whose a sums to zero counts as infinite.
    """
    data = gather([a, b], clusters)
    bottom, top = (float(total) for total in data.sums.sum(axis=1))
    if bottom == 0:
        return Interval(math.nan, math.nan, math.nan)
    if data.clusters < 2:
        return Interval(top / bottom, -math.inf, math.inf)
    totals, _ = resample(data, resamples, seed)
    ratios = np.divide(totals[1], totals[0], out=np.full(resamples, np.inf), where=totals[0] != 0)
    return Interval(top / bottom, *_ends(ratios, confidence))


def _ends(draws: Floats, confidence: float) -> tuple[float, float]:
    tail = (1 - confidence) / 2
    # "lower" and "higher" never interpolate between finite and infinite draws.
    return (
        float(np.quantile(draws, tail, method="lower")),
        float(np.quantile(draws, 1 - tail, method="higher")),
    )


def mcnemar(only_a: int, only_b: int) -> float:
    """Exact two-sided p of paired pass/fail: pairs that only one side passed, under even odds (a sign test).

        p = min(1, 2 P[Binomial(only_a + only_b, 1/2) <= min(only_a, only_b)])

    Pairs must be independent; for repeated tasks see `sign_flip`. Source: McNemar 1947, Psychometrika 12.
    """
    n, k = only_a + only_b, min(only_a, only_b)
    if k < 0:
        raise ValueError(f"mcnemar: counts are {only_a} and {only_b}, expected none below 0")
    total, term = 0, 1
    for i in range(k + 1):  # exact in integers: no overflow, no rounding before the last division
        total += term
        term = term * (n - i) // (i + 1)
    return min(1.0, 2 * total / (1 << n)) if n else 1.0


def sign_flip(
    differences: ArrayLike,
    clusters: Sequence[Hashable] | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> float:
    """Two-sided p of "the mean difference is zero": whole clusters change their sign at random.

    All 2^k patterns are tried for up to 12 clusters, else `resamples` random ones, with the observed one among them, so p is
    never 0. With one pair a cluster and pass/fail values it is McNemar's exact test, up to chance. Source: Fisher 1935,
    The Design of Experiments, ch. III; whole blocks: Winkler et al. 2015, NeuroImage 123.
    """
    sums = gather([differences], clusters).sums[0]
    sums = sums[sums != 0]
    if not len(sums):
        return 1.0
    observed = abs(sums.sum()) * (1 - 1e-12)  # ties count, whatever the order of summation
    if len(sums) <= 12:
        patterns = (np.arange(1 << len(sums))[:, None] >> np.arange(len(sums))) & 1
        hits = np.count_nonzero(np.abs((2 * patterns - 1) @ sums) >= observed)
        return int(hits) / len(patterns)
    random = np.random.default_rng(seed)
    hits, block = 1, max(1, 2_000_000 // len(sums))
    for start in range(0, resamples, block):
        signs = random.integers(0, 2, (min(block, resamples - start), len(sums)), dtype=np.int8)
        hits += int(np.count_nonzero(np.abs((2.0 * signs - 1) @ sums) >= observed))
    return hits / (resamples + 1)


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values corrected for their number, in the given order: the chance of any false alarm stays below the level.

        p'(i) = max over j <= i of min(1, (m - j + 1) p(j)),  p(1) <= ... <= p(m)

    Source: Holm 1979, Scand. J. Stat. 6.
    """
    corrected, worst = [0.0] * len(p_values), 0.0
    for rank, i in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        worst = max(worst, min(1.0, (len(p_values) - rank) * p_values[i]))
        corrected[i] = worst
    return corrected


def standard_error(values: ArrayLike, clusters: Sequence[Hashable] | None = None) -> float:
    """Standard error of the mean of n values in k clusters of any sizes; nan for fewer than two clusters.

        sqrt(k / (k-1) sum_c (S_c - n_c m)^2) / n        S_c, n_c: a cluster's sum and size, m: the mean

    Source: the linearised ratio estimator, Cochran 1977, Sampling Techniques, ch. 6.
    """
    data = gather([values], clusters)
    if data.clusters < 2:
        return math.nan
    n = float(data.sizes.sum())
    residuals = data.sums[0] - data.sizes * float(data.sums[0].sum()) / n
    return math.sqrt(data.clusters / (data.clusters - 1) * float(residuals @ residuals)) / n


def detectable(error: float, power: float = 0.8, level: float = 0.05) -> float:
    """The smallest true mean difference that a measurement of this standard error shows with the given power.

        d = (z(1 - level/2) + z(power)) error

    Normal approximation. Source: Cohen 1988, Statistical Power Analysis, ch. 2; for evaluations of language models, Miller
    2024 (arXiv 2411.00640).
    """
    return (quantile(1 - level / 2) + quantile(power)) * error


def clusters_needed(error: float, clusters: int, difference: float, power: float = 0.8, level: float = 0.05) -> int:
    """How many clusters like these show a true difference with the given power: the error shrinks with their square root."""
    if difference == 0:
        raise ValueError("clusters_needed: no number of clusters shows a difference of 0")
    return math.ceil(clusters * (detectable(error, power, level) / difference) ** 2)


def sign_test_floor(level: float = 0.05) -> int:
    """The fewest pairs (or clusters) that must differ, all one way, for an exact two-sided sign test to reach a level."""
    return math.ceil(1 - math.log2(level))


def ranks(values: ArrayLike) -> Floats:
    """The ranks of n values, 1 the smallest; equal values share the mean of their ranks."""
    data = np.asarray(values, dtype=np.float64)
    _, where, counts = np.unique(data, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts - 1) / 2)[where].astype(np.float64)


def spearman(a: ArrayLike, b: ArrayLike) -> float:
    """Spearman's rank correlation of n pairs: Pearson's of the ranks, ties at their mean rank. 0 where one side never varies."""
    x, y = ranks(a), ranks(b)
    x, y = x - x.mean(), y - y.mean()
    size = math.sqrt(float(x @ x) * float(y @ y))
    return float(x @ y) / size if size else 0.0


def kendall(a: ArrayLike, b: ArrayLike) -> float:
    """Kendall's tau-b of n pairs, in n² memory; 0 where one side never varies.

        (concordant - discordant) / sqrt((pairs - tied in a) (pairs - tied in b))

    Source: Kendall 1945, Biometrika 33.
    """
    x, y = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    p, q = np.sign(x[:, None] - x[None, :]), np.sign(y[:, None] - y[None, :])
    size = math.sqrt(float(np.count_nonzero(p)) * float(np.count_nonzero(q)))
    return float((p * q).sum()) / size if size else 0.0


def bootstrap_statistic(
    statistic: Callable[[Floats], float],
    columns: Sequence[ArrayLike],
    clusters: Sequence[Hashable] | None = None,
    confidence: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> Interval:
    """Any statistic of (columns, n) measurements with its percentile bootstrap interval, whole clusters drawn together.

    For what is no mean: a correlation, a difference of two. It is computed anew for every draw.
    """
    data = np.asarray(columns, dtype=np.float64)
    members: dict[Hashable, list[int]] = {}
    for place, label in enumerate(range(data.shape[1]) if clusters is None else clusters):
        members.setdefault(label, []).append(place)
    value = statistic(data)
    if len(members) < 2:
        return Interval(value, -math.inf, math.inf)
    groups = list(members.values())
    random = np.random.default_rng(seed)
    draws = np.empty(resamples)
    for i in range(resamples):
        drawn: list[int] = random.integers(0, len(groups), len(groups)).tolist()
        chosen = [place for j in drawn for place in groups[j]]
        draws[i] = statistic(data[:, chosen])
    return Interval(value, *_ends(draws, confidence))
