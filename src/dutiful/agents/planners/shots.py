"""A few worked examples before the task."""

from __future__ import annotations

from random import Random

from dutiful.core import parts
from dutiful.core.agent import Planner
from dutiful.core.errors import SpecError
from dutiful.core.parts import Card
from dutiful.core.records import Source, Span, Task
from dutiful.core.world import World


class Shots(Planner):
    """k tasks of the train split, solved by the world's expert, shown as turns of a chat in the agent's own view.

    world: where the tasks come from, by spec; empty is the task's own world. For an attacked world name the clean one, else the
    examples are attacked, too, and their right answers show how to resist. seed: which tasks; every episode has the same ones,
    so that a model which keeps its KV cache reads them once.
    """

    card = Card(kind="planner", name="shots", summary="k worked examples from the train split, as turns of a chat")

    def __init__(self, k: int = 4, world: str = "", seed: int = 0):
        if not 0 <= k <= 32:
            raise SpecError(f"shots: k={k}, expected 0 to 32 examples")
        self.k, self.world, self.seed = k, world, seed

    def plan(self, task: Task) -> tuple[Span, ...]:
        place: World = parts.world(self.world or task.world)
        try:
            pool = place.tasks("train")
            if len(pool) < self.k:
                raise SpecError(f"shots: k={self.k}, but {place.spec} has {len(pool)} tasks in its train split")
            chosen = Random(f"shots/{self.seed}").sample(range(min(len(pool), 1000)), self.k)
            return tuple(span for number in chosen for span in self._played(place, pool[number]))
        finally:
            place.close()

    def _played(self, place: World, task: Task) -> list[Span]:
        observation, spans = place.reset(task), list[Span]()
        while not observation.done:
            spans += [Span(Source.DEMO, span.text, role="user") for span in self.agent.view.show(observation)]
            action = place.expert()
            spans.append(Span(Source.DEMO, action.text, role="assistant"))
            observation = place.step(action)
        return spans
