"""How an observation is shown: one file a method."""

from dutiful.agents.views.layout import Layout
from dutiful.agents.views.separated import Separated
from dutiful.agents.views.tagged import Tagged
from dutiful.core.agent import View

__all__ = ["Layout", "Separated", "Tagged", "View"]
