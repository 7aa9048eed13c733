"""How an observation is shown: one file a method."""

from dutiful.agents.views.layout import Layout
from dutiful.core.agent import View

__all__ = ["Layout", "View"]
