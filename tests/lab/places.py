"""Worlds that behave badly, each in one way, and one that behaves well."""

import sys
import time

import numpy as np

from dutiful import Action, Array, Card, Criterion, Instruction, Observation, Task, Verdict, World
from dutiful.core.errors import ModelFailure
from dutiful.models.scripted import Scripted


class Corridor(World):
    """Walk so many steps; "back" goes one back. What goes wrong happens in the tasks whose number `at` divides."""

    card = Card(kind="world", name="corridor", summary="walk on", capabilities=frozenset({"expert", "choices", "image"}))
    rules = "You are in a corridor."

    def __init__(self, steps: int = 3, trouble: str = "", at: int = 1, folder: str = ""):
        if trouble == "construction":
            raise RuntimeError("no room for a corridor")
        self.steps, self.trouble, self.at, self.folder = steps, trouble, at, folder
        self.closed = False

    def tasks(self, split="test"):
        count = {"train": 40, "test": 240}[split]
        text = "walk to the end of the corridor"
        kinds = ("short", "long")
        return [
            Task(f"walk-{i}", self.spec, split, i, Instruction(text), {"number": i, "kind": kinds[i % 2]}) for i in range(count)
        ]

    def reset(self, task):
        self.walked, self.number = 0, task.setup["number"]
        self._trouble("reset")
        return self.look()

    def look(self):
        info, image = {}, None
        if self.trouble == "unwritable" and self.number % self.at == 0:
            info = {"thing": object()}
        if self.trouble == "picture":
            image = Array.of(np.full((16, 16, 3), self.walked, np.uint8))
        return Observation(f"Mark {self.walked}.", ("walk on", "back"), done=self.walked >= self.steps, info=info, image=image)

    def step(self, action):
        self.walked += 1 if action.text == "walk on" else -1
        self._trouble("step")
        return self.look()

    def verdict(self):
        self._trouble("verdict")
        there = self.walked >= self.steps
        return Verdict.of(Criterion("at the end", there, max(0.0, self.walked / self.steps), f"at mark {self.walked}"))

    def expert(self):
        return Action("walk on")

    def _trouble(self, where):
        if self.number % self.at:
            return
        match self.trouble, where:
            case ("raises", "step") | ("no verdict", "verdict"):
                raise KeyError("the floor is gone")
            case ("exits", "step"):
                sys.exit(3)
            case ("sleeps", "step") if self.walked == 2:
                time.sleep(30)
            case ("loops", "step") if self.walked == 2:
                until = time.monotonic() + 30
                while time.monotonic() < until:
                    pass

    def close(self):
        if self.trouble == "stays open" and hasattr(self, "walked"):
            time.sleep(30)
        self.closed = True


class Failing(Scripted):
    """A model whose every answer is an exception."""

    card = Card(kind="model", name="failing", summary="always fails")

    def __init__(self):
        super().__init__(reply=self.fail)

    def bind(self, world, seed):
        return self

    def fail(self, prompt):
        raise ModelFailure("the server is gone")
