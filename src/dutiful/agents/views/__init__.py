"""How an observation is shown: one file a method."""

from dutiful.core.agent import View

__all__ = ["View"]
