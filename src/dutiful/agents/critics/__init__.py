"""May this action pass: one file a method."""

from dutiful.core.agent import Critic

__all__ = ["Critic"]
