"""Evidence out of measurements: a paired difference, a ratio or a mean, with its interval, held against a bound.

plain, chunked = lab.episodes("act", ...), lab.episodes("act+hiagent", ...)
yield at_least("success", difference(passed(chunked), passed(plain), tasks(plain)), 0.10)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import NamedTuple

from dutiful.core.claim import Evidence
from dutiful.core.records import Episode, Figure
from dutiful.kit import statistics
from dutiful.kit.statistics import Interval
from dutiful.lab import Laboratory


class Measured(NamedTuple):
    """An interval, and the number of measurements (pairs, where it is of pairs) that it rests on."""

    interval: Interval
    n: int


def mean(values: Sequence[float], clusters: Sequence[Hashable] | None = None) -> Measured:
    """The mean with a bootstrap interval, clusters (tasks) drawn whole; shares of pass/fail values without clusters: Wilson's."""
    if clusters is None and set(values) <= {0, 1}:
        return Measured(statistics.wilson(round(sum(values)), len(values)), len(values))
    return Measured(statistics.bootstrap_mean(values, clusters), len(values))


def difference(a: Sequence[float], b: Sequence[float], clusters: Sequence[Hashable] | None = None) -> Measured:
    """mean(a) - mean(b) of pairs, bootstrap over clusters (or pairs)."""
    return Measured(statistics.bootstrap_difference(b, a, clusters), len(a))


def ratio(a: Sequence[float], b: Sequence[float], clusters: Sequence[Hashable] | None = None) -> Measured:
    """mean(a) / mean(b) of pairs, bootstrap over clusters (or pairs)."""
    return Measured(statistics.ratio_of_means(b, a, clusters), len(a))


def at_least(name: str, measured: Measured, bound: float, control: bool = False) -> Evidence:
    """Holds when the whole interval is at or above the bound. A control must not hold."""
    return _evidence(name, measured, ">=", bound, control)


def at_most(name: str, measured: Measured, bound: float, control: bool = False) -> Evidence:
    """Holds when the whole interval is at or below the bound. A control must not hold."""
    return _evidence(name, measured, "<=", bound, control)


def _evidence(name: str, measured: Measured, relation: str, bound: float, control: bool) -> Evidence:
    value, low, high = map(float, measured.interval)
    if not all(map(math.isfinite, (value, low, high))):
        raise ValueError(f"{name}: {value:g} [{low:g}, {high:g}] is no evidence, an interval needs at least two clusters")
    return Evidence(name, value, low, high, relation, bound, measured.n, control)


def shown(interval: Interval, digits: int = 3) -> str:
    """An interval as it stands in notes: "0.210 [0.140, 0.280]"."""
    value, low, high = (f"{number:.{digits}f}" for number in interval)
    return f"{value} [{low}, {high}]"


def note(lab: Laboratory, label: str, figures: Iterable[Figure], digits: int = 3) -> None:
    """A line for each figure of a judge's report, beside the evidence."""
    for each in figures:
        lab.note(f"{label}: {each.name} {shown(Interval(each.value, each.low, each.high), digits)} (n {each.n})")


def passed(episodes: Sequence[Episode]) -> list[float]:
    """1 for each episode that passed, else 0."""
    return [float(episode.passed) for episode in episodes]


def of(episodes: Sequence[Episode], value: Callable[[Episode], float]) -> list[float]:
    """A figure of each episode."""
    return [float(value(episode)) for episode in episodes]


def tasks(episodes: Sequence[Episode]) -> list[str]:
    """The task of each episode, as clusters: repetitions of one task are not independent."""
    return [episode.task.id for episode in episodes]
