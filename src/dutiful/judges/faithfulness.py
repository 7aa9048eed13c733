"""Does the answer rest on the passages that came with the question? Word overlap with them, not with the references."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from dutiful.core.errors import UnknownPart
from dutiful.core.judge import Judge
from dutiful.core.parts import Card
from dutiful.core.records import Criterion, Episode, Figure, Verdict
from dutiful.judges.correctness import Answered, answered
from dutiful.kit.answers import f1, k_precision, recall
from dutiful.kit.figures import mean

FAITHFULNESS: Mapping[str, Callable[[Answered], float]] = {
    "k_precision": lambda each: k_precision(each.text, each.turn.context),
    "k_precision_plus": lambda each: k_precision(each.text, each.turn.context, each.turn.text),
    "k_recall": lambda each: recall(each.text, each.turn.context),
    "k_f1": lambda each: f1(each.text, each.turn.context),
}
"""Each a number from 0 to 1 for an answer to a question with passages."""


class Faithfulness(Judge):
    """The share of the answer's words that the passages have, faithful from `threshold` on.

        K-Precision = shared tokens / tokens of the answer          K-Precision++: without those of the question
        K-Recall = shared / tokens of the passages                  K-F1: their harmonic mean

    An answer may be faithful and wrong, or right and not faithful (from memory). Its known blind spot: a passage copied out
    scores 1, whatever was asked. An empty answer claims nothing and scores 1 by K-Precision. The threshold is ours.
    """

    card = Card(
        kind="judge",
        name="faithfulness",
        summary="how much of an answer rests on the passages shown: K-Precision, K-Precision++, K-Recall, K-F1",
        system="097",
        source="arXiv 2307.16877",
    )

    def __init__(self, metric: str = "k_precision", threshold: float = 0.75):
        if metric not in FAITHFULNESS:
            raise UnknownPart("metric of the judge faithfulness", metric, FAITHFULNESS)
        self.metric, self.threshold = metric, threshold

    def judge(self, episode: Episode) -> Verdict:
        criteria: list[Criterion] = []
        for each in _with_passages(episode):
            value = FAITHFULNESS[self.metric](each)
            evidence = f"{self.metric} {value:.2f} of {each.text[:120]!r} with {each.turn.context.count(chr(10)) + 1} passages"
            criteria.append(Criterion(f"{self.metric} of {each.turn.text[:60]!r}", value >= self.threshold, value, evidence))
        return Verdict.of(*criteria)

    def report(self, episodes: Sequence[Episode]) -> Sequence[Figure]:
        """The mean of each metric over all answers, and apart where the right passage was shown and where it was not."""
        found = [(episode.task.id, each) for episode in episodes for each in _with_passages(episode)]
        figures: list[Figure] = []
        for label, kept in (("", (True, False)), (", right passage shown", (True,)), (", right passage not shown", (False,))):
            some = [(id, each) for id, each in found if each.relevant in kept]
            for name, metric in FAITHFULNESS.items() if some else ():
                figures.append(mean(name + label, [metric(each) for _, each in some], [id for id, _ in some]))
        return figures


def _with_passages(episode: Episode) -> list[Answered]:
    if found := [each for each in answered(episode) if each.turn.context]:
        return found
    raise ValueError(f"task {episode.task.id!r} came without passages: there is nothing that its answer could rest on")
