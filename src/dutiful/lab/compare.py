"""Comparing two agents honestly: paired, clustered by task, corrected, with its power stated, and no winner without one.

Episodes are paired by world, task and seed; a pair with an error on either side is left out and counted. Pairs of one task
(several seeds) are not independent and are drawn together. A winner is named only where the 95% interval of the difference
leaves out zero and the exact test, corrected for the number of comparisons, agrees: for few pairs the bootstrap alone is
too ready.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from dutiful.core.errors import StoreError
from dutiful.core.records import Json
from dutiful.kit import statistics
from dutiful.kit.statistics import Interval
from dutiful.lab.rows import Row, RunInfo

LEVEL = 0.05
POWER = 0.8
RATIOS = ("read", "reused", "written", "calls", "steps", "seconds", "cost")


class Comparison(NamedTuple):
    """What is known of b against a.

    `difference` is success of b minus that of a. `p` is McNemar's exact test where each task has one pair, a sign-flip test
    over whole tasks otherwise (`test` says which); `corrected` is Holm's. `detectable` is the smallest true difference that so
    many pairs would have shown with 80% power; `needed` the number of tasks that it takes to show the observed one (None
    when none was observed). `ratios` are b over a. `winner` is "a", "b" or "".
    """

    a: str
    b: str
    pairs: int
    tasks: int
    errors: tuple[int, int]
    unpaired: tuple[int, int]
    success: tuple[float, float]
    only: tuple[int, int]
    difference: Interval
    test: str
    p: float
    corrected: float
    detectable: float
    needed: int | None
    ratios: dict[str, Interval]
    warnings: tuple[str, ...]

    @property
    def winner(self) -> str:
        if self.difference.crosses_zero or not self.corrected < LEVEL:
            return ""
        return "b" if self.difference.value > 0 else "a"

    @property
    def verdict(self) -> str:
        """What may be said of it, in one sentence."""
        value, low, high = (f"{100 * x:+.1f}" for x in self.difference)
        if self.winner:
            better, worse = (self.b, self.a) if self.winner == "b" else (self.a, self.b)
            least, most = sorted((abs(self.difference.low), abs(self.difference.high)))
            size = f"{abs(100 * self.difference.value):.1f} points [{100 * least:.1f}, {100 * most:.1f}]"
            return f"{better} does better than {worse}: {size}, p = {self.corrected:.2g}."
        if math.isinf(self.detectable):
            able = f"{self.tasks} tasks are too few to show any"
        else:
            able = f"{self.tasks} tasks would have shown {100 * self.detectable:.0f} points or more (80% power)"
        more = ""
        if self.needed is not None and self.needed > self.tasks:
            pairs = math.ceil((self.needed - self.tasks) * self.pairs / self.tasks)
            more = f"; about {pairs} more pairs would be needed to show {value} points"
        shown = f"{value} points [{low}, {high}], p = {self.corrected:.2g}"
        return f"No difference shown between {self.a} and {self.b}: {shown}; {able}{more}."

    def json(self) -> Json:
        """As JSON values; infinite and undefined numbers become None."""
        plain = self._asdict()
        plain["difference"] = _finite(self.difference)
        plain["ratios"] = {name: _finite(ratio) for name, ratio in self.ratios.items()}
        plain["detectable"] = self.detectable if math.isfinite(self.detectable) else None
        return plain | {"winner": self.winner, "verdict": self.verdict}


def _finite(interval: Interval) -> Json:
    return {name: value if math.isfinite(value) else None for name, value in interval._asdict().items()}


def compare(
    a: Sequence[Row],
    b: Sequence[Row],
    *,
    names: tuple[str, str] = ("", ""),
    runs: tuple[RunInfo, RunInfo] | None = None,
    comparisons: int = 1,
) -> Comparison:
    """Compares the episodes b with the episodes a, each of one agent and model.

    runs: where they come from; differences of their configurations are warned about. comparisons: how many are made
    together (`compare_all` corrects exactly; here, Bonferroni's bound). Raises StoreError when nothing can be paired.
    """
    label = (names[0] or _label(a), names[1] or _label(b))
    kept_a, kept_b = _keyed(a, label[0]), _keyed(b, label[1])
    keys = [key for key in kept_a if key in kept_b]
    pairs = [(kept_a[key], kept_b[key]) for key in keys if not (kept_a[key].error or kept_b[key].error)]
    if not pairs:
        raise StoreError(
            f"{label[0]} and {label[1]} have no task in common that both ended without error: "
            "compare runs of the same world, split, tasks and seeds"
        )
    tasks = [(first.world, first.task) for first, _ in pairs]
    first = np.array([bool(x.passed) for x, _ in pairs], dtype=np.float64)
    second = np.array([bool(y.passed) for _, y in pairs], dtype=np.float64)
    only = int(np.sum(first > second)), int(np.sum(second > first))
    single = len(set(tasks)) == len(tasks)
    p = statistics.mcnemar(*only) if single else statistics.sign_flip(second - first, tasks)
    difference = statistics.bootstrap_difference(first, second, tasks)
    error, clusters = statistics.standard_error(second - first, tasks), len(set(tasks))
    return Comparison(
        a=label[0],
        b=label[1],
        pairs=len(pairs),
        tasks=clusters,
        errors=(sum(bool(row.error) for row in a), sum(bool(row.error) for row in b)),
        unpaired=(len(kept_a) - len(keys), len(kept_b) - len(keys)),
        success=(float(first.mean()), float(second.mean())),
        only=only,
        difference=difference,
        test="McNemar" if single else "sign flip by task",
        p=p,
        corrected=min(1.0, p * comparisons),
        detectable=_detectable(error, clusters, len(pairs), LEVEL / comparisons),
        needed=_needed(error, clusters, difference.value, LEVEL / comparisons),
        ratios={name: _ratio(name, pairs, tasks) for name in RATIOS},
        warnings=tuple(_warnings(pairs, runs)),
    )


def compare_all(
    groups: Mapping[str, Sequence[Row]],
    baseline: str | None = None,
    pairwise: bool = False,
    runs: Iterable[RunInfo] = (),
) -> list[Comparison]:
    """Compares every group with the first one (or the named one), or all with all, corrected together (Holm).

    runs: those that the groups come from; differences of their configurations are warned about.
    """
    names = list(groups)
    if baseline is not None and baseline not in groups:
        raise StoreError(f"no group is called {baseline!r}; there are: {', '.join(names)}")
    if len(names) < 2:
        raise StoreError(f"a comparison takes two agents or models, there is only {', '.join(names) or 'nothing'}")
    base = baseline if baseline is not None else names[0]
    pairs = [(x, y) for i, x in enumerate(names) for y in names[i + 1 :]] if pairwise else [(base, y) for y in names if y != base]
    known = {info.name: info for info in runs}

    def origins(x: str, y: str) -> tuple[RunInfo, RunInfo] | None:
        a, b = (known.get(groups[name][0].run) if groups[name] else None for name in (x, y))
        return (a, b) if a and b else None

    return correct([compare(groups[x], groups[y], names=(x, y), runs=origins(x, y), comparisons=len(pairs)) for x, y in pairs])


def correct(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """The comparisons with p-values corrected for their number (Holm)."""
    corrected = statistics.holm([comparison.p for comparison in comparisons])
    return [comparison._replace(corrected=p) for comparison, p in zip(comparisons, corrected, strict=True)]


def grouped(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Rows by agent and model; the label leaves out what all of them share."""
    keys = dict.fromkeys((row.agent, row.model) for row in rows)
    agents, models = {agent for agent, _ in keys}, {model for _, model in keys if model}
    groups: dict[str, list[Row]] = {}
    for row in rows:
        shown = [row.agent] if len(agents) > 1 or len(models) < 2 else []
        shown += [row.model] if row.model and (len(models) > 1 or not shown) else []
        groups.setdefault(" ".join(shown) or row.agent, []).append(row)
    return groups


def _label(rows: Sequence[Row]) -> str:
    keys = dict.fromkeys(f"{row.agent} {row.model}".strip() for row in rows)
    if len(keys) > 1:
        raise StoreError(f"one side of a comparison holds several agents or models: {', '.join(keys)}; choose one")
    return next(iter(keys), "nothing")


def _keyed(rows: Sequence[Row], name: str) -> dict[tuple[str, str, int], Row]:
    keyed: dict[tuple[str, str, int], Row] = {}
    for row in rows:
        if keyed.setdefault((row.world, row.task, row.seed), row) is not row:
            raise StoreError(f"{name} has two episodes of the task {row.task!r} with seed {row.seed}: compare one run at a time")
    return keyed


def _detectable(error: float, clusters: int, pairs: int, level: float) -> float:
    """By the normal approximation, but not below what the exact test can reach at all with one differing pair a task."""
    floor = statistics.sign_test_floor(level)
    if clusters < floor or math.isnan(error):
        return math.inf
    return max(statistics.detectable(error, POWER, level), floor / pairs)


def _needed(error: float, clusters: int, difference: float, level: float) -> int | None:
    if difference == 0 or math.isnan(error):
        return None
    least = math.ceil(statistics.sign_test_floor(level) / abs(difference))
    return max(least, statistics.clusters_needed(error, clusters, difference, POWER, level))


def _amount(row: Row, name: str) -> float:
    match name:
        case "read":
            return row.prompt_tokens - row.cached_tokens
        case "reused":
            return row.cached_tokens
        case "written":
            return row.completion_tokens
        case _:
            return float(getattr(row, name))


def _ratio(name: str, pairs: Sequence[tuple[Row, Row]], tasks: Sequence[tuple[str, str]]) -> Interval:
    first, second = [_amount(x, name) for x, _ in pairs], [_amount(y, name) for _, y in pairs]
    return statistics.ratio_of_means(first, second, tasks, resamples=2000)


def _warnings(pairs: Sequence[tuple[Row, Row]], runs: tuple[RunInfo, RunInfo] | None) -> list[str]:
    from dutiful.lab.plan import differences

    lines: list[str] = []
    if any(x.split != y.split for x, y in pairs):
        lines.append("the two sides come from different splits")
    if any(x.instruction != y.instruction for x, y in pairs):
        lines.append("tasks of the same name have different instructions: the worlds are not of the same version")
    if runs:
        keys = ("split", "tasks", "seeds", "same_tasks", "limits", "versions")
        a, b = ({key: run.config.get(key) for key in keys} for run in runs)
        versions: list[Json] = [config["versions"] or {} for config in (a, b)]
        shared = versions[0].keys() & versions[1].keys()  # other models are no surprise, other weights of the same one are
        a["versions"], b["versions"] = ({name: known[name] for name in sorted(shared)} for known in versions)
        lines += [line.replace(" in the run, ", " against ").removesuffix(" now") for line in differences(a, b)]
        kept = {run.name: (run.done + run.errors, run.cells) for run in runs}
        lines += [f"the run {name} is not complete: {done} of {cells}" for name, (done, cells) in kept.items() if done < cells]
    return lines
