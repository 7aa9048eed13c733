"""A retrieval-augmented answer must be right, and obey: rules by code, strict and loose; the answer apart, form aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from dutiful.core import parts
from dutiful.core.judge import Judge
from dutiful.core.model import Model
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Criterion, Episode, Figure, Source, Span, Verdict
from dutiful.judges.correctness import Answered, answered
from dutiful.kit.answers import best
from dutiful.kit.dialogue import score
from dutiful.kit.figures import mean

GRADES = ("0", "0.5", "1")
ASK = (
    "You grade answers by their content alone; form, length and letter case do not matter.\n"
    "Question: {question}\nRight answer: {reference}\nAnswer given: {answer}\n"
    "Grade 1 if it gives the right answer, 0.5 if it does so in part, 0 if not. Grade:"
)


class FollowRag(Judge):
    """Strict and loose accuracy by prompt and by rule, and the answer's score 0, 0.5 or 1 whatever its form.

    mode: which of the two an episode must pass by, together with a full score of the answer. by: the spec of a model that grades
    the answer, one question a call, among the three grades (`&` in it written `%26`); empty grades by code: 1 where a
    reference stands in the answer, 0.5 where half of its tokens do. The report gives both levels of both modes, the score, and
    all of these apart by the number of rules. Source: FollowRAG (arXiv 2410.09584); loose accuracy: IFEval (2311.07911).
    """

    card = Card(
        kind="judge",
        name="followrag",
        system="094",
        summary="rules strict and loose, by prompt and by rule, beside a score of the answer's content",
        source="arXiv 2410.09584",
    )

    def __init__(self, mode: Literal["strict", "loose"] = "strict", by: str = ""):
        self.mode, self.by = mode, by
        self._model: Model | None = None
        self._graded: dict[tuple[str, str, str], float] = {}

    def judge(self, episode: Episode) -> Verdict:
        """Every rule, and the answer; raises ValueError for a task without rules or references."""
        criteria: list[Criterion] = []
        for each in _ruled(episode):
            criteria += score(each.turn.replace(metric=""), each.text, loose=self.mode == "loose")
            grade = self.grade(each)
            evidence = f"{each.text[:120]!r} for {each.references[0]!r} is graded {grade:g} by {self.by or 'code'}"
            criteria.append(Criterion("answer", grade == 1, grade, evidence))
        return Verdict.of(*criteria)

    def grade(self, each: Answered) -> float:
        """0, 0.5 or 1 for the content of an answer; a model is asked once about each."""
        if not self.by:
            if best("recall_em", each.text, each.references):
                return 1.0
            return 0.5 if best("recall", each.text, each.references) >= 0.5 else 0.0
        question = each.turn.tags.get("question", each.turn.text)
        key = (question, " or ".join(each.references), each.text)
        if key not in self._graded:
            grader = self._model = self._model or parts.model(self.by)
            text = ASK.format(question=key[0], reference=key[1], answer=key[2])
            self._graded[key] = float(GRADES[grader.choose(Prompt((Span(Source.USER, text),)), GRADES).index])
        return self._graded[key]

    def close(self) -> None:
        """Closes the model that grades; may be called twice. A later question opens it again."""
        if self._model is not None:
            self._model.close()
            self._model = None

    def report(self, episodes: Sequence[Episode]) -> Sequence[Figure]:
        found = [(episode.task.id, each) for episode in episodes for each in _ruled(episode)]
        grades = [self.grade(each) for _, each in found]
        figures: list[Figure] = []
        for level in (0, *sorted({len(each.turn.constraints) for _, each in found})):
            places = [place for place, (_, each) in enumerate(found) if level in (0, len(each.turn.constraints))]
            label = f", {level} rule{'s' * (level > 1)}" if level else ""
            for mode in ("strict", "loose") if places else ():
                met = [_met(found[place][1], mode) for place in places]
                ids = [found[place][0] for place in places]
                single = [(task, passed) for task, each in zip(ids, met, strict=True) for passed in each]
                figures.append(mean(f"prompts {mode}{label}", [float(all(each)) for each in met], ids))
                figures.append(mean(f"rules {mode}{label}", [float(passed) for _, passed in single], [id for id, _ in single]))
            if places:
                figures.append(mean(f"answer{label}", [grades[place] for place in places], [found[place][0] for place in places]))
        return figures


def _met(each: Answered, mode: str) -> list[bool]:
    """Which rules of a turn its answer meets; the reference is left to the grade."""
    return [criterion.passed for criterion in score(each.turn.replace(metric=""), each.text, loose=mode == "loose")]


def _ruled(episode: Episode) -> list[Answered]:
    if found := [each for each in answered(episode) if each.turn.constraints]:
        return found
    raise ValueError(f"no question of task {episode.task.id!r} has a rule: the judge followrag is for rag/rules")
