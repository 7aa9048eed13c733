"""Worlds: a folder each."""

from dutiful.worlds.chat import Codi, Entangled, Exam, InWords, Rules, Standing, Verbalizer
from dutiful.worlds.grid import Grid
from dutiful.worlds.mcp import Mcp
from dutiful.worlds.rag import Facts, Papers, RagRules
from dutiful.worlds.text import Express, Home
from dutiful.worlds.tools import Tools

__all__ = [
    "Codi",
    "Entangled",
    "Exam",
    "Express",
    "Facts",
    "Grid",
    "Home",
    "InWords",
    "Mcp",
    "Papers",
    "RagRules",
    "Rules",
    "Standing",
    "Tools",
    "Verbalizer",
]
