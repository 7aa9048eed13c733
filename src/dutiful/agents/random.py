"""Any admissible action: the floor that everything is compared with."""

from __future__ import annotations

import random

from dutiful.core.agent import Agent
from dutiful.core.errors import Unsupported
from dutiful.core.parts import Card
from dutiful.core.records import Action, Observation, Span


class Random(Agent):
    """Draws uniformly among the admissible actions; asks no model. The episode's seed decides the draws."""

    card = Card(kind="agent", name="random", summary="any admissible action, uniformly: the floor")

    def __init__(self):
        self.model = None

    def begin(self, task, world, episode) -> None:
        self.draw = random.Random(f"{episode.seed}/{task.id}")
        self.spec_of_world = world.spec

    def solve(self, task, world, episode) -> None:
        while not episode.observation.done:
            episode.step(world, self.act(episode.observation))

    def act(self, observation: Observation, aside: tuple[Span, ...] = ()) -> Action:
        if not observation.choices:
            raise Unsupported(self.spec_of_world, "list its admissible actions, which the agent 'random' draws from")
        return Action(self.draw.choice(observation.choices))
