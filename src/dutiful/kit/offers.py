"""One more thing to do in a world, which does not touch it: to give up, to look something up in a memory.

A world of tools gets one more tool, a world of choices one more choice for each of the offer's commands, any other world
understands the command as text. What the offer answers is the next observation, which goes on where the last one stood.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from dutiful.core.records import Action, Json, Observation, Task
from dutiful.core.world import Tool, World
from dutiful.kit import calls
from dutiful.kit.wrapped import Wrapped


class Offer(NamedTuple):
    """`tool` names it and its parameters. `answer` is called with the arguments and says what is seen.

    Where a world has choices, `commands` lists what can be said now ("give up"), and `read` takes the arguments out of a
    command, None where it is another.
    """

    tool: Tool
    answer: Callable[[Json], str]
    commands: Callable[[], Sequence[str]]
    read: Callable[[str], Json | None]


class Offering(Wrapped):
    """A world with an offer. A step that takes it is marked `info["offer"]`, and costs a step of the agent's alone."""

    def __init__(self, inner: World, offer: Offer):
        super().__init__(inner)
        self.offer = offer
        self._theirs = self._last = Observation()

    @property
    def rules(self) -> str:  # type: ignore[override]
        tool = self.offer.tool
        said = calls.describe([tool]) if self.inner.can("tools") else f"You may also: {tool.description}"
        return f"{self.inner.rules}\n{said}"

    def tools(self) -> Sequence[Tool]:
        return (*self.inner.tools(), self.offer.tool)

    def reset(self, task: Task) -> Observation:
        self._theirs = self.inner.reset(task)
        return self._show(self._theirs)

    def step(self, action: Action) -> Observation:
        taken = self._taken(action)
        if taken is None:
            self._theirs = self.inner.step(action)
            return self._show(self._theirs)
        info = {"offer": self.offer.tool.name}
        return self._show(self._theirs.replace(text=self.offer.answer(taken), reward=0.0, info=info))

    def _taken(self, action: Action) -> Json | None:
        """The offer's arguments, where the action takes it."""
        tool = self.offer.tool
        if not self.inner.can("tools"):
            return self.offer.read(action.text)
        try:
            call = calls.Call(action.tool, action.arguments) if action.tool else calls.parse(action.text)
            if call.tool != tool.name:
                return None
            calls.check(call, [tool])
        except ValueError:
            return None  # the world says what is wrong with it
        return call.arguments

    def _show(self, seen: Observation) -> Observation:
        if seen.choices and not seen.done:
            seen = seen.replace(choices=(*seen.choices, *self.offer.commands()))
        self._last = seen
        return seen

    def snapshot(self) -> tuple[Observation, Observation, Any]:
        return self._theirs, self._last, self.inner.snapshot()

    def restore(self, state: tuple[Observation, Observation, Any]) -> Observation:
        self._theirs, self._last, inner = state
        self.inner.restore(inner)
        return self._last
