"""Attack: leads an agent astray, or defends it."""

from typing import TypeVar

from dutiful.core.agent import Agent
from dutiful.core.parts import Part
from dutiful.core.records import Episode
from dutiful.core.world import World

Target = TypeVar("Target", World, Agent)


class Attack(Part):
    """A defence is an attack that only applies."""

    def apply(self, target: Target) -> Target:
        """The target under attack (or defended); the one given is not changed."""
        raise NotImplementedError

    def succeeded(self, episode: Episode) -> bool:
        """Whether the attack reached its aim in this episode."""
        raise NotImplementedError
