"""The action as a command line."""

from __future__ import annotations

from dutiful.agents.actions.line import Line
from dutiful.core.parts import Card
from dutiful.kit import notations


class Command(Line):
    """`tool --parameter value --parameter "two words"`, quoted as in a shell; a switch needs no value.

    Where the world has no tools there are no parameters either, and the action is a line of words.
    """

    card = Card(
        kind="actions",
        name="command",
        summary="a call as a command line, `tool --parameter value`; a line of words where there are no tools",
    )
    notation = notations.COMMAND
