"""Worlds: a folder each."""

from dutiful.worlds.chat import Rules, Verbalizer
from dutiful.worlds.grid import Grid
from dutiful.worlds.rag import Facts
from dutiful.worlds.text import Home

__all__ = ["Facts", "Grid", "Home", "Rules", "Verbalizer"]
