"""Does it know the task, or does it obey? Accuracy under natural, neutral and exchanged answer words.

    accuracy(natural) = k                       it knows the task
    accuracy(unnatural) = p k + (1 - p) (1 - k)   p: how often it prints what it was told instead of the natural word
    p = 1 - (accuracy(natural) - accuracy(unnatural)) / (2 k - 1)

Source: arXiv 2307.10558 (groups, gap); solving for p is ours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from dutiful.core.judge import Judge
from dutiful.core.parts import Card
from dutiful.core.records import Criterion, Episode, Figure, Verdict
from dutiful.kit.answers import first_word
from dutiful.kit.dialogue import answers
from dutiful.kit.figures import judged, mean
from dutiful.kit.statistics import gather, resample

GROUPS = ("natural", "neutral", "unnatural")


class Answer(NamedTuple):
    """One answer: what group of words it stood under, and whether it was right, or none of the words at all."""

    group: str
    words: str
    problem: str
    pair: str
    right: float
    unparsed: float


def answer_of(episode: Episode) -> Answer:
    """The answer of an episode of `chat/verbalizer`; raises ValueError for an episode of another world, or in error."""
    judged(episode)
    (turn, said), *_ = answers(episode)
    tags: dict[str, Any] = turn.tags
    if not {"group", "words", "pair", "problem"} <= set(tags):
        raise ValueError(f"task {episode.task.id!r} has no verbalizer: the judge verbalizer reads episodes of chat/verbalizer")
    right = said is not None and first_word(said, turn.reference[0]) == 1
    parsed = said is not None and any(first_word(said, word) for word in tags["words"])
    return Answer(tags["group"], "|".join(tags["words"]), tags["problem"], tags["pair"], float(right), float(not parsed))


class Verbalizers(Judge):
    """An answer is right when it, or its first word, is the word that the user asked for; else wrong, even if it says more.

    The report: accuracy of every group, the gap natural - unnatural and its like on the same items, the widest spread
    within a group (standard deviation of its verbalizers' accuracies), answers that were none of the words, the obedience
    that solves for p, and the lines of one who guesses and of one who knows as much but always prints the natural word.
    Intervals: bootstrap over pairs of items.
    """

    card = Card(
        kind="judge",
        name="verbalizer",
        summary="accuracy under natural, neutral and exchanged answer words, and the obedience behind it",
        system="059",
        source="arXiv 2307.10558",
    )

    def judge(self, episode: Episode) -> Verdict:
        """Right, wrong or unparsed."""
        answer, word = answer_of(episode), episode.task.setup["turns"][0]["reference"][0]
        said = episode.steps[-1].action.text[:80] if episode.steps else ""
        what = "the word asked for" if answer.right else "none of the words" if answer.unparsed else "the other word"
        evidence = f"{said!r} is {what} ({word!r} under {answer.words}, {answer.group})"
        return Verdict.of(Criterion("prints the word asked for", bool(answer.right), answer.right, evidence))

    def report(self, episodes: Sequence[Episode]) -> Sequence[Figure]:
        """The figures; those of groups that the episodes do not have are left out."""
        found = [answer_of(episode) for episode in episodes]
        groups = {name: [a for a in found if a.group == name] for name in (*GROUPS, "own")}
        groups = {name: some for name, some in groups.items() if some}
        figures: list[Figure] = []
        for name, some in groups.items():
            pairs = [a.pair for a in some]
            figures.append(mean(f"accuracy {name}", [a.right for a in some], pairs))
            figures.append(mean(f"unparsed {name}", [a.unparsed for a in some], pairs))
            figures += spread(name, some)
        if {"natural", "unnatural"} <= set(groups):
            figures += obedience([*groups["natural"], *groups["unnatural"]])
        return [*figures, Figure("accuracy of guessing", 0.5, 0.5, 0.5, len(found))]


def spread(name: str, some: Sequence[Answer]) -> list[Figure]:
    """The standard deviation of a group's verbalizers, mean over the problems, each with its own words."""
    table: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for answer in some:
        table[answer.problem][answer.words].append(answer.right)
    deviations = [float(np.std([np.mean(rights) for rights in by.values()])) for by in table.values() if len(by) > 1]
    return [mean(f"spread {name}", deviations)] if deviations else []


def obedience(some: Sequence[Answer]) -> list[Figure]:
    """Gap, prior-follower's line and obedience, from natural and unnatural answers to the same items.

    The obedience is left out where a resampled k does not exceed 0.5: who does not know the task cannot be solved for.
    """
    columns: list[list[float]] = []
    for name in ("natural", "unnatural"):
        columns += [[a.right * (a.group == name) for a in some], [float(a.group == name) for a in some]]
    data = gather(columns, [a.pair for a in some])
    draws = _solve(resample(data)[0])
    if not np.isfinite(draws).all():
        draws = draws[:2]
    values = _solve(data.sums.sum(axis=1)[:, None])[: len(draws), 0]
    names = ("gap natural - unnatural", "accuracy unnatural of a prior-follower", "obedience")
    ends = np.quantile(draws, [0.025, 0.975], axis=1)
    return [
        Figure(name, float(value), float(low), float(high), len(some))
        for name, value, low, high in zip(names, values, *ends, strict=False)
    ]


def _solve(totals: np.ndarray) -> np.ndarray:
    """(4, draws) sums and counts, natural then unnatural, to (3, draws): gap, line, obedience (nan where k <= 0.5)."""
    natural, unnatural = totals[0] / totals[1], totals[2] / totals[3]
    known = np.where(natural > 0.5, 2 * natural - 1, np.nan)
    return np.stack([natural - unnatural, 1 - natural, 1 - (natural - unnatural) / known])
