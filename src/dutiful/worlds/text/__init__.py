"""Worlds of words alone: a folder each."""

from dutiful.worlds.text.express import Express
from dutiful.worlds.text.home import Home
from dutiful.worlds.text.puzzles import Blocks, Drawn, Gripper, Tyres
from dutiful.worlds.text.science import Science

__all__ = ["Blocks", "Drawn", "Express", "Gripper", "Home", "Science", "Tyres"]
