"""text/home: a household in words, on the STRIPS engine."""

from dutiful.worlds.text.home.world import Home

__all__ = ["Home"]
