"""Families of functions to write, by name."""

from dutiful.worlds.code.families.base import Family
from dutiful.worlds.code.families.machines import Cache, Grades, Neighbours, Rounds, Stack, Walk
from dutiful.worlds.code.families.numbers import Base, Checksum, Coins, Length, Merge, Pipeline, Shelves, Windows
from dutiful.worlds.code.families.texts import Brackets, Columns, Common, Mask, Runs, Shift, Wrap

KINDS = (Pipeline, Windows, Merge, Coins, Base, Checksum, Shelves, Shift, Runs, Columns, Common, Wrap, Brackets, Mask, Length)
KINDS += (Walk, Cache, Rounds, Neighbours, Stack, Grades)

FAMILIES: dict[str, Family] = {kind.name: kind() for kind in KINDS}

__all__ = ["FAMILIES", "Family"]
