"""One path, or many: one file a method."""

from dutiful.agents.searches.dfsdt import Dfsdt
from dutiful.core.agent import Search

__all__ = ["Dfsdt", "Search"]
