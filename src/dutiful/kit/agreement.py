"""How far a judge agrees with the truth: accuracy, kappa, and the two ways of being wrong, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dutiful.kit.statistics import Interval, gather, resample

Floats = NDArray[np.float64]


class Agreement(NamedTuple):
    """Of n pairs. false_pass: of what is wrong, the share that was passed; false_fail: of what is right, the share that was not.

    kappa: (p - e) / (1 - e), p the share of equal pairs, e that expected if the two said yes as often as they do, but
    independently. It is 0 where e is 1, as of a judge that says yes to all of what is all right: that shows no skill.
    A share of nothing is nan, as is an end of an interval that rests on too little.
    """

    accuracy: Interval
    kappa: Interval
    false_pass: Interval
    false_fail: Interval
    n: int


def agreement(truth: Sequence[bool], said: Sequence[bool], clusters: Sequence[Hashable] | None = None) -> Agreement:
    """Compares two sequences of n yes/no verdicts; 95% bootstrap intervals over clusters drawn whole (pairs, without any).

    Source of kappa: Cohen 1960, Educ. Psychol. Meas. 20.
    """
    if len(truth) != len(said) or not truth:
        raise ValueError(f"agreement: {len(truth)} truths and {len(said)} verdicts, expected as many, and at least one")
    pairs = list(zip(truth, said, strict=True))
    cells = [[float(pair == cell) for pair in pairs] for cell in ((True, True), (True, False), (False, True), (False, False))]
    data = gather(cells, clusters)
    counts = data.sums.sum(axis=1)[:, None]
    draws = resample(data)[0] if data.clusters > 1 else None

    def interval(figure: Callable[[Floats], Floats]) -> Interval:
        value = float(figure(counts)[0])
        found = figure(draws) if draws is not None else np.array([np.nan])
        found = found[~np.isnan(found)]
        if not len(found):
            return Interval(value, float("nan"), float("nan"))
        low, high = (float(end) for end in np.quantile(found, (0.025, 0.975)))
        return Interval(value, low, high)

    return Agreement(interval(_accuracy), interval(_kappa), interval(_false_pass), interval(_false_fail), len(pairs))


def _accuracy(cells: Floats) -> Floats:
    return _share(cells[0] + cells[3], cells.sum(axis=0))


def _kappa(cells: Floats) -> Floats:
    right_yes, right_no, wrong_yes, wrong_no = cells / cells.sum(axis=0)
    yes, right = right_yes + wrong_yes, right_yes + right_no
    expected = yes * right + (1 - yes) * (1 - right)
    same = right_yes + wrong_no
    return np.divide(same - expected, 1 - expected, out=np.zeros_like(same), where=expected < 1 - 1e-12)


def _false_pass(cells: Floats) -> Floats:
    return _share(cells[2], cells[2] + cells[3])


def _false_fail(cells: Floats) -> Floats:
    return _share(cells[1], cells[0] + cells[1])


def _share(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)


__all__ = ["Agreement", "agreement"]
