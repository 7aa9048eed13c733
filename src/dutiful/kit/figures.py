"""Figures over many episodes: means and shares with their 95% intervals. What the judges' reports are made of."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from dutiful.core.records import Episode, Figure, Verdict
from dutiful.kit.statistics import bootstrap_mean, wilson


def judged(episode: Episode) -> Verdict:
    """The verdict of an episode; raises ValueError for one that ended in error, for then there is nothing to judge."""
    if episode.verdict is None:
        raise ValueError(f"the episode of task {episode.task.id!r} ended in error, nothing to judge")
    return episode.verdict


def mean(name: str, values: Sequence[float], clusters: Sequence[Hashable] | None = None) -> Figure:
    """The mean of one value or more, bootstrapped; clusters (tasks, dialogues) are drawn whole."""
    return Figure(name, *bootstrap_mean(values, clusters), len(values))


def share(name: str, hits: Sequence[bool], clusters: Sequence[Hashable] | None = None) -> Figure:
    """How many of one or more are hits: Wilson's interval, or a bootstrap where a cluster is there more than once."""
    if clusters is not None and len(set(clusters)) < len(hits):
        return mean(name, [float(hit) for hit in hits], clusters)
    return Figure(name, *wilson(sum(hits), len(hits)), len(hits))


def over_tasks(name: str, values: Sequence[tuple[str, float]]) -> Figure:
    """The mean of (task, value) pairs: Wilson's interval where each is pass or fail of a task of its own, else a bootstrap."""
    tasks, numbers = [task for task, _ in values], [value for _, value in values]
    return share(name, [bool(number) for number in numbers], tasks) if set(numbers) <= {0.0, 1.0} else mean(name, numbers, tasks)


__all__ = ["judged", "mean", "over_tasks", "share"]
