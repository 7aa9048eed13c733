"""Worlds: a folder each."""

from dutiful.worlds.grid import Grid
from dutiful.worlds.text import Home

__all__ = ["Grid", "Home"]
