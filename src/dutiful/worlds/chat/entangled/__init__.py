"""Entangled instructions over many turns: nine generators in three levels, gold worked out by code."""

from dutiful.worlds.chat.entangled.world import LEVELS, Entangled

__all__ = ["LEVELS", "Entangled"]
