"""Where one agent is weak, or two differ: success by slice, with counts, intervals and a corrected test.

A slice is a question about the *task* (how many digits, which topic, which letter is right), never about the answer, so that
both sides of a comparison have the same items in a bucket. A bucket stands out when what is measured there (success, or the
difference of two) is not what it is elsewhere: the contrast, tested by shuffling the buckets over the tasks.

Source: the sliced error analysis of arXiv 2312.11444; the test is ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from dutiful.core.errors import StoreError
from dutiful.core.records import Episode, Json
from dutiful.kit import statistics
from dutiful.kit.statistics import Interval

Slice = Callable[[Episode], str | None]
"""The bucket that an episode's task belongs to; None for none."""
LEAST = 8
"""Tasks that a bucket, and what lies outside of it, must hold to be looked at."""


class Bucket(NamedTuple):
    """One bucket of one slice. `b` is None where one side alone is looked at; then `contrast` is about its success.

    contrast: mean of b - a (or of a) inside minus outside the bucket, with its bootstrap interval. `corrected` is Holm's p over
    all the buckets of all slices.
    """

    slice: str
    bucket: str
    n: int
    a: Interval
    b: Interval | None
    contrast: Interval
    p: float
    corrected: float


def by_tags(episodes: Sequence[Episode]) -> dict[str, Slice]:
    """The slices that tasks bring along: the tags in their setup (`kit.dialogue`), and the instruction's length in thirds."""
    names = dict.fromkeys(name for episode in episodes for name in _tags(episode))
    slices: dict[str, Slice] = {name: lambda episode, name=name: _tags(episode).get(name) for name in names}
    lengths = sorted(len(episode.task.instruction.text) for episode in episodes)
    low, high = lengths[len(lengths) // 3], lengths[2 * len(lengths) // 3]

    def third(episode: Episode) -> str:
        length = len(episode.task.instruction.text)
        return f"up to {low} characters" if length <= low else f"over {high}" if length > high else f"{low + 1} to {high}"

    return slices | {"instruction length": third}


def _tags(episode: Episode) -> dict[str, str]:
    setup = episode.task.setup
    turns: list[Json] = setup.get("turns", [])
    tags: Json = setup.get("tags", {}) | (turns[0].get("tags", {}) if len(turns) == 1 else {})
    return {name: str(value) for name, value in tags.items() if isinstance(value, (str, int, float, bool))}


def sliced(
    a: Sequence[Episode],
    b: Sequence[Episode] | None = None,
    slices: Mapping[str, Slice] | None = None,
    shuffles: int = 10_000,
    seed: int = 0,
) -> list[Bucket]:
    """Every bucket of every slice, the largest contrast first. With b, episodes are paired by task and seed.

    A task that was repeated counts once, with its mean. Slices with more buckets than tasks to fill them are left out. Raises
    StoreError when there is no episode with a verdict, or nothing can be paired.
    """
    ours = [episode for episode in a if episode.verdict]
    theirs: list[Episode] | None = None
    if b is not None:
        other = {(e.task.id, e.seed): e for e in b if e.verdict}
        pairs = [(e, other[e.task.id, e.seed]) for e in ours if (e.task.id, e.seed) in other]
        if not pairs:
            raise StoreError("the two have no task in common: slice runs of the same world, split, tasks and seeds")
        ours, theirs = [x for x, _ in pairs], [y for _, y in pairs]
    if not ours:
        raise StoreError("no episode has a verdict, so there is nothing to slice")
    first = _passed(ours)
    second = _passed(theirs) if theirs else None
    ours = list({episode.task.id: episode for episode in ours}.values())  # one a task, in the order of `_passed`
    values = first if second is None else second - first
    random = np.random.default_rng(seed)
    found: list[Bucket] = []
    for name, bucket_of in (by_tags(ours) if slices is None else slices).items():
        labels = np.array([bucket_of(episode) or "" for episode in ours], dtype=object)
        asked = labels != ""
        sizes = {str(label): int(np.sum(labels == label)) for label in dict.fromkeys(labels[asked])}
        shown = [label for label, n in sizes.items() if n >= LEAST and int(asked.sum()) - n >= LEAST]
        if not shown or (len(sizes) > 2 and len(shown) < len(sizes) / 2):
            continue
        inside = np.array([labels[asked] == label for label in shown], dtype=np.float64)
        here = values[asked]
        for label, members, p in zip(shown, inside, _shuffled(inside, here, shuffles, random), strict=True):
            place = members.astype(bool)
            contrast = _contrast(here[place], here[~place])
            sides = [_success(x[asked][place]) for x in (first, second) if x is not None]
            found.append(Bucket(name, label, int(place.sum()), sides[0], sides[1] if theirs else None, contrast, p, p))
    corrected = statistics.holm([bucket.p for bucket in found])
    found = [bucket._replace(corrected=p) for bucket, p in zip(found, corrected, strict=True)]
    return sorted(found, key=lambda bucket: -abs(bucket.contrast.value))


def _passed(episodes: Sequence[Episode]) -> np.ndarray:
    """The share of its repetitions that passed, for each task in order: one task is one independent measurement."""
    by_task: dict[str, list[bool]] = {}
    for episode in episodes:
        by_task.setdefault(episode.task.id, []).append(episode.passed)
    return np.array([sum(passes) / len(passes) for passes in by_task.values()])


def _success(shares: np.ndarray) -> Interval:
    plain = bool(np.isin(shares, (0, 1)).all())
    return statistics.wilson(int(shares.sum()), len(shares)) if plain else statistics.bootstrap_mean(shares)


def _shuffled(inside: np.ndarray, values: np.ndarray, shuffles: int, random: np.random.Generator) -> list[float]:
    """Two-sided p for each bucket: how often shuffled tasks have a contrast as large, the observed one among them."""
    sizes = inside.sum(axis=1)

    def contrasts(of: np.ndarray) -> np.ndarray:
        sums = inside @ of
        return np.abs(sums / sizes - (of.sum() - sums) / (len(of) - sizes))

    observed = contrasts(values) * (1 - 1e-12)
    hits = sum(contrasts(random.permutation(values)) >= observed for _ in range(shuffles))
    counts: list[float] = np.asarray(1 + hits, dtype=np.float64).tolist()
    return [count / (1 + shuffles) for count in counts]


def _contrast(inside: np.ndarray, outside: np.ndarray) -> Interval:
    """mean(inside) - mean(outside) with a percentile bootstrap interval, both drawn anew."""
    draws: list[np.ndarray] = []
    for seed, group in enumerate((inside, outside)):
        totals, sizes = statistics.resample(statistics.gather([group]), 2000, seed)
        draws.append(totals[0] / sizes)
    low, high = np.quantile(draws[0] - draws[1], (0.025, 0.975))
    return Interval(float(inside.mean() - outside.mean()), float(low), float(high))


def render_slices(buckets: Sequence[Bucket], level: float = 0.05, most: int = 20) -> str:
    """The table as text: what stands out is starred."""
    from tabulate import tabulate

    rows = [
        (
            "*" if bucket.corrected < level else "",
            bucket.slice,
            bucket.bucket,
            bucket.n,
            *(f"{side.value:.0%} [{side.low:.0%}, {side.high:.0%}]" for side in (bucket.a, bucket.b) if side),
            f"{bucket.contrast.value:+.0%} [{bucket.contrast.low:+.0%}, {bucket.contrast.high:+.0%}]",
            f"{bucket.corrected:.2g}",
        )
        for bucket in buckets[:most]
    ]
    sides = ["a", "b"] if buckets and buckets[0].b else ["success"]
    table = tabulate(rows, headers=["", "slice", "bucket", "n", *sides, "contrast", "p"], disable_numparse=True)
    return table + (f"\n({len(buckets) - most} smaller ones left out)" if len(buckets) > most else "")
