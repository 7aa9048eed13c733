"""One path, or many: one file a method."""

from dutiful.core.agent import Search

__all__ = ["Search"]
