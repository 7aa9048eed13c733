"""A world inside another: everything goes through, and a subclass changes what it changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dutiful.core.records import Action, Observation, Task, Verdict
from dutiful.core.world import Tool, World


class Wrapped(World):
    """The world `inner`, as it is: its card, its spec, its tasks, its verdicts. Closing the wrapper leaves `inner` open."""

    def __init__(self, inner: World):
        self.inner = inner
        self.card = inner.card  # type: ignore[misc]

    @property
    def spec(self) -> str:
        return self.inner.spec

    @property
    def rules(self) -> str:  # type: ignore[override]
        return self.inner.rules

    def tasks(self, split: str = "test") -> Sequence[Task]:
        return self.inner.tasks(split)

    def reset(self, task: Task) -> Observation:
        return self.inner.reset(task)

    def step(self, action: Action) -> Observation:
        return self.inner.step(action)

    def verdict(self) -> Verdict:
        return self.inner.verdict()

    def expert(self) -> Action:
        return self.inner.expert()

    def snapshot(self) -> Any:
        return self.inner.snapshot()

    def restore(self, state: Any) -> Observation:
        return self.inner.restore(state)

    def ground(self, instruction: str, seed: int = 0) -> Task:
        return self.inner.ground(instruction, seed)

    def tools(self) -> Sequence[Tool]:
        return self.inner.tools()

    def close(self) -> None:
        if isinstance(self.inner, Wrapped):
            self.inner.close()
