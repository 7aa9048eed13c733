"""Worlds: a folder each."""

from dutiful.worlds.chat import Codi, Entangled, Exam, InWords, Rules, Standing, Verbalizer
from dutiful.worlds.grid import Grid
from dutiful.worlds.rag import Facts, Papers, RagRules
from dutiful.worlds.text import Home

__all__ = [
    "Codi",
    "Entangled",
    "Exam",
    "Facts",
    "Grid",
    "Home",
    "InWords",
    "Papers",
    "RagRules",
    "Rules",
    "Standing",
    "Verbalizer",
]
