"""Worlds of words alone: a folder each."""

from dutiful.worlds.text.express import Express
from dutiful.worlds.text.home import Home
from dutiful.worlds.text.puzzles import Blocks, Drawn, Gripper, Tyres
from dutiful.worlds.text.science import Science
from dutiful.worlds.text.textworld import TextWorld

__all__ = ["Blocks", "Drawn", "Express", "Gripper", "Home", "Science", "TextWorld", "Tyres"]
