"""What guidance stands above the agent: one file a method."""

from dutiful.agents.planners.shots import Shots
from dutiful.agents.planners.workflows import Workflows
from dutiful.core.agent import Planner

__all__ = ["Planner", "Shots", "Workflows"]
