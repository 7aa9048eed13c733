"""The world's own oracle: the ceiling, and the source of demonstrations."""

from __future__ import annotations

from dutiful.core.agent import Agent
from dutiful.core.parts import Card
from dutiful.core.records import Action, Observation, Span


class Expert(Agent):
    """Plays `world.expert()`; asks no model."""

    card = Card(kind="agent", name="expert", summary="the world's own oracle: the ceiling, and where demonstrations come from")

    def __init__(self):
        self.model = None

    def begin(self, task, world, episode) -> None:
        self.world = world

    def solve(self, task, world, episode) -> None:
        while not episode.observation.done:
            episode.step(world, self.act(episode.observation))

    def act(self, observation: Observation, aside: tuple[Span, ...] = ()) -> Action:
        return self.world.expert()
