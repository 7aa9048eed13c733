"""What guidance stands above the agent: one file a method."""

from dutiful.core.agent import Planner

__all__ = ["Planner"]
