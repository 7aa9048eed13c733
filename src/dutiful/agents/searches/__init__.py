"""One path, or many: one file a method."""

from dutiful.agents.searches.breadth import Breadth
from dutiful.agents.searches.chains import Chains
from dutiful.agents.searches.dfsdt import Dfsdt
from dutiful.agents.searches.poact import PoAct
from dutiful.core.agent import Search

__all__ = ["Breadth", "Chains", "Dfsdt", "PoAct", "Search"]
