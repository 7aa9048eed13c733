"""What the world shows, in chat messages of its own role."""

from __future__ import annotations

from dutiful.agents.views.around import Around
from dutiful.core.parts import Card
from dutiful.core.records import Observation, Source, Span


class Separated(Around):
    """Another view (`shows`, by spec) whose WORLD spans go into messages of the role `role`, apart from the user's.

    Spans of one role make one message, so by default the user's question and the passages share one, told apart by their labels
    only. A role is set by the program and made of special tokens, which no text can type. Servers may refuse roles that they do
    not know, and some want more than text in the role "tool"; then choose another. Whether a model heeds roles is the model's
    affair. Source: the separation by roles is that of the instruction hierarchy (arXiv 2404.13208).
    """

    card = Card(
        kind="view",
        name="separated",
        summary="untrusted text in messages of a role of their own",
        source="arXiv 2404.13208",
    )

    def __init__(self, shows: str = "text", role: str = "tool"):
        super().__init__(shows)
        self.role = role

    def show(self, observation: Observation) -> tuple[Span, ...]:
        spans = self._inner.show(observation)
        return tuple(span.replace(role=self.role) if span.source is Source.WORLD else span for span in spans)
