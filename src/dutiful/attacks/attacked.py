"""A world under attack: the same tasks, the same verdicts, and an instruction of somebody else's in what the world shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from dutiful.core import parts
from dutiful.core.errors import SpecError
from dutiful.core.parts import Card
from dutiful.core.records import Action, Instruction, Json, Observation, Task, Verdict
from dutiful.core.world import Tool, World
from dutiful.kit.dialogue import read
from dutiful.kit.tasks import Lazy


class Placer(Protocol):
    """What `Attacked` asks of an attack on a world's text."""

    def aim(self, task: Task) -> Json:
        """What is injected into the task: `question`, `answers` and whatever the attack wants to find again. JSON."""
        ...

    def place(self, text: str, aim: Json) -> str:
        """The text with the attack in it."""
        ...


class Attacked(World):
    """`world` under `attack`, both by spec. Every text that the world shows carries the attack; what the user says does not.

    The tasks are those of the world, under the same ids, so that runs pair; their setup has `attack`, what was aimed at. With
    `openly` nothing is hidden: the injected question is the user's, in the clean world, to see whether the agent could
    answer it at all (dialogues only). Verdicts are the world's own: whether the *user's* instruction was followed.
    """

    card = Card(
        kind="world",
        name="attacked",
        system="101",
        summary="another world whose texts carry an attack",
        source="arXiv 2308.10819",
    )

    def __init__(self, world: str = "rag/facts", attack: str = "injection", openly: bool = False):
        self.world, self.attack, self.openly = world, attack, openly
        self._inner: World = parts.world(world)
        self._by: Placer = parts.make("attack", attack)
        if not hasattr(self._by, "place"):
            raise SpecError(f"{attack!r} does not attack what a world shows; one that does: injection")
        able = self._inner.card.capabilities - {"ground"}
        self.card = msgspec.structs.replace(type(self).card, capabilities=able, needs=self._inner.card.needs)  # type: ignore[misc]
        self.rules = self._inner.rules
        self._aim: Json = {}

    def tasks(self, split: str = "test") -> Sequence[Task]:
        inner = self._inner.tasks(split)
        return Lazy(lambda index: self.wrap(inner[index]), len(inner))

    def wrap(self, task: Task) -> Task:
        """A task of the inner world as it stands here."""
        aim = self._by.aim(task) | {"by": self.attack, "world": self.world, "openly": self.openly}
        setup = {**task.setup, "attack": aim}
        if not self.openly:
            return task.replace(world=self.spec, setup=setup)
        first, *rest = read(task).turns
        answers = tuple(aim["answers"])
        asked = first.replace(
            text=aim["question"], reference=answers, gold=answers[0], tags={**first.tags, "answers": list(answers)}
        )
        setup["turns"] = msgspec.json.decode(msgspec.json.encode([asked, *rest]))
        return task.replace(world=self.spec, setup=setup, instruction=Instruction(aim["question"]))

    def reset(self, task: Task) -> Observation:
        self._aim = task.setup["attack"]
        clean = {key: value for key, value in task.setup.items() if key != "attack"}
        return self._poisoned(self._inner.reset(task.replace(world=self.world, setup=clean)))

    def step(self, action: Action) -> Observation:
        return self._poisoned(self._inner.step(action))

    def verdict(self) -> Verdict:
        return self._inner.verdict()

    def expert(self) -> Action:
        return self._inner.expert()

    def snapshot(self) -> Any:
        return self._aim, self._inner.snapshot()

    def restore(self, state: Any) -> Observation:
        self._aim, inner = state
        return self._poisoned(self._inner.restore(inner))

    def tools(self) -> Sequence[Tool]:
        return self._inner.tools()

    def close(self) -> None:
        self._inner.close()

    def _poisoned(self, observation: Observation) -> Observation:
        if self.openly or not observation.text:
            return observation
        return observation.replace(text=self._by.place(observation.text, self._aim))
