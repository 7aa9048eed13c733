"""The action as a line of free text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dutiful.agents.actions.calling import Calling
from dutiful.core.agent import Proposal
from dutiful.core.errors import FormatFailure
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Action, Source, Span
from dutiful.kit import notations

_LABEL = re.compile(r"^\s*(?:action|answer)\s*:\s*", re.IGNORECASE)


class Line(Calling):
    """One line of free text; where the world knows the admissible actions, it must be one of them.

    Case, a leading "Action:", quotes and a final full stop are forgiven, nothing else: what a reader would have to guess
    is a format failure. Where the world has tools, the line is a call, `tool, argument, argument` (CodeAct's text mode),
    of at most `tokens` tokens, as a reply to a user is.
    """

    card = Card(
        kind="actions",
        name="line",
        summary="one line of free text, checked against the admissible actions; a call as `tool, argument`",
    )
    notation = notations.TEXT
    plain = "Answer with one line: the action, word for word as listed."

    def __init__(self, temperature: float = 0.0, max_tokens: int = 32, tokens: int = 256):
        super().__init__(temperature, tokens)
        self.max_tokens = max_tokens

    def choose(self, prompt: Prompt, choices: Sequence[str]) -> Proposal:
        sampling = self.agent.sampling(self.temperature).replace(max_tokens=self.max_tokens)
        said = self.model.generate(prompt, sampling).text
        return Proposal(Action(parse(said, choices)), (Span(Source.MODEL, said),))


def parse(said: str, choices: Sequence[str]) -> str:
    """The action in a line of text; raises FormatFailure."""
    lines = [line for line in said.strip().splitlines() if line.strip()]
    if not lines:
        raise FormatFailure(said, "an empty answer is no action")
    action = _LABEL.sub("", lines[0]).strip().strip("\"'`").removesuffix(".").strip()
    if not choices:
        return action
    by_text = {choice.lower(): choice for choice in choices}
    if action.lower() not in by_text:
        raise FormatFailure(said, "the line is not one of the listed actions")
    return by_text[action.lower()]
