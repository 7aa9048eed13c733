"""Going back: what an agent's slots hold at a node of a search, and worlds that have no snapshot of their own.

mark = hold(agent)          # before a branch
release(agent, mark)        # back at its root, any number of times
world = restorable(world)   # can "snapshot": by its own means, else by playing the actions again
"""

from __future__ import annotations

import copy
import random
from typing import Any

import msgspec

from dutiful.core.agent import Agent
from dutiful.core.episode import Recorder
from dutiful.core.parts import Part
from dutiful.core.records import Action, Observation, Task
from dutiful.core.world import World
from dutiful.kit.wrapped import Wrapped

Mark = dict[str, dict[str, Any]]
"""The state of each slot, by slot and attribute."""


def hold(agent: Agent) -> Mark:
    """What the slots but the search hold now. Containers and plain objects are copied; records, parts and the log are shared."""
    return {name: _copies(slot.__dict__) for name, slot in agent.slots().items() if name != "search"}


def release(agent: Agent, mark: Mark) -> None:
    """Puts the slots back to what they held."""
    for name, state in mark.items():
        slot: dict[str, Any] = getattr(agent, name).__dict__
        slot.clear()
        slot.update(_copies(state))


def _copies(state: dict[str, Any]) -> dict[str, Any]:
    seen: dict[int, Any] = {}
    return {key: _copy(value, seen) for key, value in state.items()}


def _copy(value: Any, seen: dict[int, Any]) -> Any:
    """A copy that keeps what is shared inside shared."""
    twin: Any = value
    if id(value) in seen:
        twin = seen[id(value)]
    elif _is(value, list):
        twin = seen[id(value)] = type(value)()
        twin.extend(_copy(each, seen) for each in value)
    elif _is(value, dict):
        twin = seen[id(value)] = type(value)()
        twin.update({key: _copy(each, seen) for key, each in value.items()})
    elif _is(value, set, bytearray, random.Random):
        twin = seen[id(value)] = copy.copy(value)
    elif hasattr(value, "__dict__") and not _is(value, Part, Recorder, msgspec.Struct, type) and not callable(value):
        twin = seen[id(value)] = copy.copy(value)
        state: dict[str, Any] = twin.__dict__
        state.update({key: _copy(each, seen) for key, each in state.items()})
    return twin


def _is(value: Any, *kinds: type) -> bool:
    return isinstance(value, kinds)


def restorable(world: World) -> World:
    """The world with capability "snapshot"."""
    return world if world.can("snapshot") else Replayed(world)


class Replayed(Wrapped):
    """A deterministic world without snapshots: to go back is to lay the task out again and to repeat the actions."""

    def __init__(self, inner: World):
        super().__init__(inner)
        able = inner.card.capabilities | {"snapshot"}
        self.card = msgspec.structs.replace(inner.card, capabilities=able)  # type: ignore[misc]

    def reset(self, task: Task) -> Observation:
        self._task, self._done = task, list[Action]()
        self._seen = self.inner.reset(task)
        return self._seen

    def step(self, action: Action) -> Observation:
        self._done.append(action)
        self._seen = self.inner.step(action)
        return self._seen

    def snapshot(self) -> tuple[Task, tuple[Action, ...]]:
        return self._task, tuple(self._done)

    def restore(self, state: tuple[Task, tuple[Action, ...]]) -> Observation:
        if (self._task, tuple(self._done)) != state:
            task, actions = state
            self.reset(task)
            for action in actions:
                self.step(action)
        return self._seen
