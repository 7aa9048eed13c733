"""The order of question and passages in the prompt."""

from __future__ import annotations

from dutiful.core.agent import View
from dutiful.core.errors import UnknownPart
from dutiful.core.parts import Card
from dutiful.core.records import Observation, Source, Span


class Layout(View):
    """Question, then passages (`first=question`), or the reverse, each under its label; `answer` is how the user ends it.

        QCA: "Question: ..." (USER) "Search results: ..." (WORLD) "Answer:"         CQA: results, question, answer

    The same words in either order, so that a difference is one of place alone. Source: arXiv 2308.10819, which finds that
    models follow whichever question stands last.
    """

    card = Card(
        kind="view",
        name="layout",
        summary="question before the passages or after them, under labels",
        system="101",
        source="arXiv 2308.10819",
    )

    def __init__(self, first: str = "question", answer: str = "Answer:"):
        if first not in ("question", "passages"):
            raise UnknownPart("order of the view layout", first, ("question", "passages"))
        self.first, self.answer = first, answer

    def show(self, observation: Observation) -> tuple[Span, ...]:
        said = (Span(Source.USER, f"Question: {observation.said}"),) if observation.said else ()
        text = (Span(Source.WORLD, f"Search results:\n{observation.text}"),) if observation.text else ()
        both = (*said, *text) if self.first == "question" else (*text, *said)
        return (*both, Span(Source.USER, self.answer)) if self.answer and both else both or (Span(Source.WORLD, ""),)
