"""How much the score moves when the same task is asked for in other words.

For every task and instruction the accuracy over the same items; then over the instructions of a set, by task, and averaged
over tasks: the mean, the standard deviation, the best and the worst; observed minus unobserved; and whether an instruction
does worse the further its embedding lies from the nearest observed one. Source: arXiv 2306.11270.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from dutiful.core.judge import Judge
from dutiful.core.parts import Card
from dutiful.core.records import Criterion, Episode, Figure, Verdict
from dutiful.kit.answers import best
from dutiful.kit.dialogue import answers
from dutiful.kit.figures import judged, mean
from dutiful.kit.statistics import bootstrap_statistic, spearman
from dutiful.worlds.chat.wordings import instructions

DRAWS = 2000
"""Bootstrap draws for what is no mean."""


class Answer(NamedTuple):
    """One answer: which set and instruction it stood under, for which item of which task, and whether it was right."""

    set: str
    task: str
    instruction: str
    item: str
    right: float


def answer_of(episode: Episode) -> Answer:
    """The answer of an episode of `chat/wordings`; raises ValueError for an episode of another world, or in error."""
    judged(episode)
    (turn, said), *_ = answers(episode)
    tags: dict[str, Any] = turn.tags
    if not {"set", "task", "instruction", "item"} <= set(tags):
        raise ValueError(f"task {episode.task.id!r} has no wordings: the judge robustness reads episodes of chat/wordings")
    right = best("exact", said, turn.reference) if said is not None else 0.0
    return Answer(tags["set"], tags["task"], tags["instruction"], tags["item"], right)


class WordingRobustness(Judge):
    """The report over any sets of `chat/wordings` that the episodes have.

    distance: whether to correlate an instruction's accuracy with the distance (1 - cosine) of its embedding to the nearest
    observed one of its task, over all observed and unobserved instructions; accuracies are taken from their task's mean. It
    needs the sentence encoder of the embedded model. Intervals: bootstrap over items, for the correlation over instructions.
    """

    card = Card(
        kind="judge",
        name="robustness",
        summary="accuracy over wordings of the same tasks: mean, spread, best, worst, observed against unobserved, distance",
        system="013",
        source="arXiv 2306.11270",
    )

    def __init__(self, distance: bool = False):
        self.distance = distance

    def judge(self, episode: Episode) -> Verdict:
        """Right or wrong; in the sets wrong and negated the task's own answer stays the right one."""
        answer, reference = answer_of(episode), episode.task.setup["turns"][0]["reference"][0]
        said = episode.steps[-1].action.text[:80] if episode.steps else ""
        evidence = f"{said!r} to {answer.instruction!r} ({answer.set}), right is {reference!r}"
        return Verdict.of(Criterion("right answer", bool(answer.right), answer.right, evidence))

    def report(self, episodes: Sequence[Episode]) -> Sequence[Figure]:
        """The figures of every set, the drop from observed to unobserved where both are there, and the correlation."""
        found = [answer_of(episode) for episode in episodes]
        figures: list[Figure] = []
        for name in dict.fromkeys(answer.set for answer in found):
            some = [answer for answer in found if answer.set == name]
            figures.append(mean(f"{name}: mean", [answer.right for answer in some], [answer.item for answer in some]))
            figures += spread(name, some)
        if {"observed", "unobserved"} <= {answer.set for answer in found}:
            figures.append(drop(found))
            if self.distance:
                figures.append(correlation(found))
        return figures


def table(answers: Sequence[Answer]) -> dict[str, np.ndarray]:
    """For each task (items, instructions), 1 where it was right; items that lack an instruction are left out."""
    tables: dict[str, np.ndarray] = {}
    for task in dict.fromkeys(answer.task for answer in answers):
        cells = {(a.item, a.instruction): a.right for a in answers if a.task == task}
        ways = list(dict.fromkeys(way for _, way in cells))
        rows = [[cells.get((item, way), np.nan) for way in ways] for item in dict.fromkeys(item for item, _ in cells)]
        whole = np.array(rows)
        tables[task] = whole[~np.isnan(whole).any(axis=1)]
    return {task: each for task, each in tables.items() if len(each) and each.shape[1] > 1}


def spread(name: str, answers: Sequence[Answer]) -> list[Figure]:
    """Standard deviation over instructions (n - 1), best and worst instruction: each by task, then the mean over tasks."""
    tables = list(table(answers).values())
    if not tables:
        return []

    random, values, draws = np.random.default_rng(0), list[np.ndarray](), list[np.ndarray]()
    for each in tables:
        drawn = random.integers(0, len(each), (DRAWS, len(each)))
        values.append(_over(each.mean(axis=0)))
        draws.append(_over(each[drawn].mean(axis=1)))
    ends = np.quantile(np.mean(draws, axis=0), [0.025, 0.975], axis=0)
    names = ("standard deviation over instructions", "best instruction", "worst instruction")
    return [
        Figure(f"{name}: {what}", float(value), float(min(low, value)), float(max(high, value)), len(answers))
        for what, value, low, high in zip(names, np.mean(values, axis=0), *ends, strict=True)
    ]


def _over(means: np.ndarray) -> np.ndarray:
    """(..., instructions) accuracies to (..., 3): standard deviation, best, worst."""
    return np.stack([means.std(axis=-1, ddof=1), means.max(axis=-1), means.min(axis=-1)], axis=-1)


def drop(answers: Sequence[Answer]) -> Figure:
    """Observed minus unobserved: for every item the difference of its means over the two sets."""
    means = by_item(answers)
    both = [item for item in means["observed"] if item in means["unobserved"]]
    differences = [means["observed"][item] - means["unobserved"][item] for item in both]
    return mean("observed - unobserved", differences)


def by_item(answers: Sequence[Answer]) -> dict[str, dict[str, float]]:
    """For each set, the share of its instructions under which an item was answered right."""
    rights: dict[str, dict[str, list[float]]] = {}
    for answer in answers:
        rights.setdefault(answer.set, {}).setdefault(answer.item, []).append(answer.right)
    return {name: {item: float(np.mean(each)) for item, each in items.items()} for name, items in rights.items()}


def correlation(answers: Sequence[Answer]) -> Figure:
    """Spearman's rank correlation of an instruction's accuracy, less its task's mean, with its distance to the observed ones."""
    from dutiful.models.embedded.encoder import encoder

    accuracy, distance = list[float](), list[float]()
    for task in dict.fromkeys(answer.task for answer in answers):
        by: dict[str, list[float]] = {}
        for answer in answers:
            if answer.task == task and answer.set in {"observed", "unobserved"}:
                by.setdefault(answer.instruction, []).append(answer.right)
        means = np.array([np.mean(rights) for rights in by.values()])
        near = encoder().embed([*by]) @ encoder().embed(instructions(task, "observed")).T
        accuracy += list(means - means.mean())
        distance += list(1 - near.max(axis=1))
    pairs = np.round([accuracy, distance], 6)  # so that what differs by rounding alone is a tie
    found = bootstrap_statistic(lambda data: spearman(data[0], data[1]), list(pairs), resamples=DRAWS)
    return Figure("rank correlation of accuracy and distance", *found, pairs.shape[1])
