"""Sandboxed workspaces: files, tools, programs in a box, and a hidden evaluator outside."""

from dutiful.worlds.code.functions import Functions

__all__ = ["Functions"]
