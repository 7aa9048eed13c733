"""tools: typed tools over a state, in four domains written in one small language."""

from dutiful.worlds.tools.agentdojo import AgentDojo
from dutiful.worlds.tools.desk import Desk
from dutiful.worlds.tools.lookup import Lookup
from dutiful.worlds.tools.planning import Planning
from dutiful.worlds.tools.registry import Registry
from dutiful.worlds.tools.service import Service
from dutiful.worlds.tools.world import Tools

__all__ = ["AgentDojo", "Desk", "Lookup", "Planning", "Registry", "Service", "Tools"]
