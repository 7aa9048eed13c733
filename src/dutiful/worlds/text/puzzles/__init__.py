"""Puzzles in words, on the STRIPS engine: blocks, gripper, tyres, and domains drawn at random."""

from dutiful.worlds.text.puzzles.blocks import Blocks
from dutiful.worlds.text.puzzles.drawn import Drawn
from dutiful.worlds.text.puzzles.gripper import Gripper
from dutiful.worlds.text.puzzles.tyres import Tyres

__all__ = ["Blocks", "Drawn", "Gripper", "Tyres"]
