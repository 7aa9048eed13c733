"""Worlds: a folder each."""

from dutiful.worlds.chat import Codi, Edits, Entangled, Exam, InWords, Rules, Standing, Verbalizer
from dutiful.worlds.code import Experiments, Flags, Functions, Repositories
from dutiful.worlds.grid import Grid
from dutiful.worlds.mcp import Mcp
from dutiful.worlds.rag import Facts, Papers, RagRules
from dutiful.worlds.text import Blocks, Drawn, Express, Gripper, Home, Science, TextWorld, Tyres
from dutiful.worlds.tools import AgentDojo, Desk, Lookup, Planning, Registry, Service, Tools

__all__ = [
    "AgentDojo",
    "Blocks",
    "Codi",
    "Desk",
    "Drawn",
    "Edits",
    "Entangled",
    "Exam",
    "Experiments",
    "Express",
    "Facts",
    "Flags",
    "Functions",
    "Grid",
    "Gripper",
    "Home",
    "InWords",
    "Lookup",
    "Mcp",
    "Papers",
    "Planning",
    "RagRules",
    "Registry",
    "Repositories",
    "Rules",
    "Science",
    "Service",
    "Standing",
    "TextWorld",
    "Tools",
    "Tyres",
    "Verbalizer",
]
