"""The prompt: sourced spans in a fixed order, stable first, growing at the end.

    SYSTEM rules and tools | PLAN | DEMO | USER task | then, turn by turn: WORLD and MEMORY, MODEL

A prompt grows by appending wherever the method allows, so that a model which keeps its KV cache reads each token once.
"""

from __future__ import annotations

from typing import NamedTuple

from dutiful.core.records import Source, Span

_ROLES = {Source.SYSTEM: "system", Source.MODEL: "assistant"}


class Message(NamedTuple):
    """One chat message: spans of one role in a row, one to a line."""

    role: str
    content: str


class Prompt(tuple[Span, ...]):
    """A tuple of spans. `prompt + spans` is a longer prompt."""

    __slots__ = ()

    def __add__(self, spans: tuple[Span, ...]) -> Prompt:  # type: ignore[override]
        return Prompt((*self, *spans))

    def messages(self) -> list[Message]:
        """The chat messages: neighbouring spans of one role are joined by a line break."""
        messages: list[Message] = []
        for span in self:
            role = role_of(span)
            if messages and messages[-1].role == role:
                messages[-1] = Message(role, f"{messages[-1].content}\n{span.text}")
            else:
                messages.append(Message(role, span.text))
        return messages

    @property
    def text(self) -> str:
        """All the spans, one to a line: for logs and people."""
        return "\n".join(span.text for span in self)

    def shared(self, other: tuple[Span, ...]) -> int:
        """How many leading spans this prompt shares with another."""
        limit = min(len(self), len(other))
        if self[:limit] == other[:limit]:
            return limit
        return next(i for i in range(limit) if self[i] != other[i])


def role_of(span: Span) -> str:
    """The chat role of a span: "system", "user" or "assistant"."""
    return span.role or _ROLES.get(span.source, "user")
