"""TextWorld: games generated and compiled on the spot."""

from dutiful.worlds.text.textworld.world import TextWorld

__all__ = ["TextWorld"]
