"""The summary table: how often it was followed, how far, and what that cost, for every agent, model and world."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from dutiful.core.records import Json
from dutiful.kit.statistics import Interval, bootstrap_mean, wilson
from dutiful.lab.progress import short
from dutiful.lab.rows import Row


class Summary(NamedTuple):
    """One line of the table. Errors are counted and left out of everything else.

    `success` and `progress` (the mean score) are None without a verdict; the rest are means over the judged episodes, but
    `cost`, which is the sum over all, in US dollars.
    """

    agent: str
    model: str
    world: str
    episodes: int
    tasks: int
    errors: int
    success: Interval | None
    progress: Interval | None
    steps: float
    format_failures: float
    read: float
    reused: float
    written: float
    cost: float
    seconds: float

    def json(self) -> Json:
        """As JSON values."""
        return {name: value._asdict() if isinstance(value, Interval) else value for name, value in self._asdict().items()}


def share(rows: Sequence[Row]) -> Interval | None:
    """The share of judged episodes that passed, with a 95% interval: Wilson's, or a bootstrap over tasks where they repeat."""
    passed = [bool(row.passed) for row in rows if not row.error]
    tasks = [(row.world, row.task) for row in rows if not row.error]
    if not passed:
        return None
    if len(set(tasks)) == len(tasks):
        return wilson(sum(passed), len(passed))
    interval = bootstrap_mean(passed, tasks)
    if interval.low == interval.high or len(set(tasks)) < 2:  # no spread to draw from: as if each task were tried once
        return wilson(round(interval.value * len(set(tasks))), len(set(tasks)))._replace(value=interval.value)
    return interval


def summary(rows: Iterable[Row], by: Callable[[Row], tuple[str, str, str]] | None = None) -> list[Summary]:
    """A line for every agent, model and world, in the order of their first appearance; `by` gives other labels."""
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault(by(row) if by else (row.agent, row.model, row.world), []).append(row)
    return [_line(*labels, group) for labels, group in groups.items()]


def _line(agent: str, model: str, world: str, rows: list[Row]) -> Summary:
    judged = [row for row in rows if not row.error]
    n = max(1, len(judged))
    scores, tasks = [row.score or 0.0 for row in judged], [row.task for row in judged]
    return Summary(
        agent=agent,
        model=model,
        world=world,
        episodes=len(judged),
        tasks=len(set(tasks)),
        errors=len(rows) - len(judged),
        success=share(judged),
        progress=bootstrap_mean(scores, tasks, resamples=2000) if judged else None,
        steps=sum(row.steps for row in judged) / n,
        format_failures=sum(row.format_failures for row in judged) / n,
        read=sum(row.prompt_tokens - row.cached_tokens for row in judged) / n,
        reused=sum(row.cached_tokens for row in judged) / n,
        written=sum(row.completion_tokens for row in judged) / n,
        cost=sum(row.cost for row in rows),
        seconds=sum(row.seconds for row in judged) / n,
    )


_HEADER = [
    "agent",
    "model",
    "world",
    "n",
    "success",
    "progress",
    "steps",
    "misread",
    "read",
    "reused",
    "written",
    "s",
    "$",
    "errors",
]


def render_summary(lines: Iterable[Summary], format: str = "simple") -> str:
    """The table as text; `format` is one of tabulate's ("simple", "github", ...). Columns that say nothing are left out."""
    from tabulate import tabulate

    body = [
        (
            line.agent,
            line.model,
            line.world,
            line.episodes,
            percent(line.success),
            "" if line.progress is None else f"{line.progress.value:.2f}",
            f"{line.steps:.1f}",
            f"{line.format_failures:.2g}",
            short(line.read),
            short(line.reused),
            short(line.written),
            f"{line.seconds:.2g}",
            f"{line.cost:.2f}",
            line.errors,
        )
        for line in lines
    ]
    silent = {"model": "", "misread": "0", "read": "0", "reused": "0", "written": "0", "$": "0.00", "errors": 0}
    shown = [i for i, name in enumerate(_HEADER) if any(row[i] != silent.get(name, row) for row in body)]
    table: list[list[Any]] = [[row[i] for i in shown] for row in body]
    return tabulate(table, [_HEADER[i] for i in shown], tablefmt=format, disable_numparse=True)


def percent(interval: Interval | None) -> str:
    """An interval of shares as text: "62% [41%, 79%]"."""
    return "" if interval is None else f"{interval.value:.0%} [{interval.low:.0%}, {interval.high:.0%}]"
