"""Judging many episodes: the share that passed, the mean score, and the figures of the judge's own protocol."""

from __future__ import annotations

from collections.abc import Sequence

from dutiful.core.judge import Judge
from dutiful.core.records import Episode, Figure
from dutiful.kit.figures import mean, share


def judge(by: Judge, label: str, episodes: Sequence[Episode]) -> list[Figure]:
    """The figures of one group of episodes, each name with the group's label. Episodes must have a verdict."""
    if not episodes:
        return []
    verdicts = [by.judge(episode) for episode in episodes]
    ids = [episode.task.id for episode in episodes]
    passed = share("passed", [verdict.passed for verdict in verdicts], ids)
    figures = [passed, mean("score", [verdict.score for verdict in verdicts], ids), *by.report(episodes)]
    prefix = f"{label}: " if label else ""
    return [figure.replace(name=prefix + figure.name) for figure in figures]
