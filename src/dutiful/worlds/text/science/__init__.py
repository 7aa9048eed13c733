"""ScienceWorld: long experiments of primary school science."""

from dutiful.worlds.text.science.world import Science

__all__ = ["Science"]
