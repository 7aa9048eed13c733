"""Is the answer right? Word overlap with the references, by six metrics; and does it refuse where it should?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from dutiful.core.errors import UnknownPart
from dutiful.core.judge import Judge
from dutiful.core.parts import Card
from dutiful.core.records import Criterion, Episode, Figure, Verdict
from dutiful.kit.answers import best, normalise
from dutiful.kit.dialogue import Said, answers
from dutiful.kit.figures import judged, mean, share

CORRECTNESS = ("exact", "f1", "recall", "recall_em", "precision", "rouge_l")
REFUSALS = (
    "i don't know", "i do not know", "i cannot answer", "i can't answer", "cannot be answered", "do not say", "does not say",
    "not mentioned", "no information", "i am not sure", "i'm not sure", "unable to answer",
)  # fmt: skip


class Answered(NamedTuple):
    """A question with its references, the answer that it got ("" where none), and whether the right passage was shown."""

    turn: Said
    references: tuple[str, ...]
    text: str
    relevant: bool


def answered(episode: Episode) -> list[Answered]:
    """The questions with references in an episode; raises ValueError where there are none, or where it ended in error."""
    judged(episode)
    if "turns" not in episode.task.setup:
        raise ValueError(f"task {episode.task.id!r} is no dialogue, so no answer can be compared with a reference")
    found: list[Answered] = []
    for turn, text in answers(episode):
        tags: dict[str, Any] = turn.tags
        if references := tuple(tags.get("answers", turn.reference)):
            found.append(Answered(turn, references, text or "", bool(tags.get("relevant", True))))
    if not found:
        raise ValueError(f"no question of task {episode.task.id!r} has a reference")
    return found


def refuses(text: str) -> bool:
    """Whether an answer says that it does not know, by its words. For a share over many answers, not for the one."""
    plain = normalise(text)
    return any(normalise(phrase) in plain for phrase in REFUSALS)


class Correctness(Judge):
    """The best overlap with any reference, right from `threshold` on; several questions of a dialogue must all be right.

        exact, f1, precision        lose on a long answer that is right
        recall, recall_em           do not: a verbose model is judged by these

    Tokens are lower case, without punctuation and articles, shared ones as a multiset. The report has the mean of every
    metric, and the share of refusals with the right passage shown (a wrong refusal) and without (a right one). The
    references are those of the question even where the passages hold no answer. Default: recall, as the source recommends.
    """

    card = Card(
        kind="judge",
        name="correctness",
        summary="answers against references by exact match, F1, recall, precision and ROUGE-L; right and wrong refusals",
        system="097",
        source="arXiv 2307.16877",
    )

    def __init__(self, metric: str = "recall", threshold: float = 1.0):
        if metric not in CORRECTNESS:
            raise UnknownPart("metric of the judge correctness", metric, CORRECTNESS)
        self.metric, self.threshold = metric, threshold

    def judge(self, episode: Episode) -> Verdict:
        criteria: list[Criterion] = []
        for each in answered(episode):
            value = best(self.metric, each.text, each.references)
            evidence = f"{self.metric} {value:.2f} of {each.text[:120]!r} with {' or '.join(map(repr, each.references[:3]))}"
            criteria.append(Criterion(f"{self.metric} of {each.turn.text[:60]!r}", value >= self.threshold, value, evidence))
        return Verdict.of(*criteria)

    def report(self, episodes: Sequence[Episode]) -> Sequence[Figure]:
        """The mean of each metric, and the two shares of refusals (each left out where there is no such question)."""
        found = [(episode.task.id, each) for episode in episodes for each in answered(episode)]
        ids = [id for id, _ in found]
        figures = [
            mean(name, [best(name, each.text, each.references) for _, each in found], ids) for name in CORRECTNESS if found
        ]
        for name, relevant in (("refused, right passage shown", True), ("refused, right passage not shown", False)):
            some = [(id, refuses(each.text)) for id, each in found if each.relevant == relevant]
            figures += [share(name, [refused for _, refused in some], [id for id, _ in some])] if some else []
        return figures
