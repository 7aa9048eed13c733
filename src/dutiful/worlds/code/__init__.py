"""Sandboxed workspaces: files, tools, programs in a box, and a hidden evaluator outside."""

from dutiful.worlds.code.experiment import Experiments
from dutiful.worlds.code.flags import Flags
from dutiful.worlds.code.functions import Functions
from dutiful.worlds.code.repo import Repositories

__all__ = ["Experiments", "Flags", "Functions", "Repositories"]
