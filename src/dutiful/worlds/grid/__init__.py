"""World `grid`: MiniGrid and BabyAI."""

from dutiful.worlds.grid.world import Grid

__all__ = ["Grid"]
