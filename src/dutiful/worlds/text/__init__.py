"""Worlds of words alone: a folder each."""

from dutiful.worlds.text.home import Home

__all__ = ["Home"]
