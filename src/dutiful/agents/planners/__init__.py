"""What guidance stands above the agent: one file a method."""

from dutiful.agents.planners.shots import Shots
from dutiful.core.agent import Planner

__all__ = ["Planner", "Shots"]
