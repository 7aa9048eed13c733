"""AgentDojo's suites, through the package `agentdojo`."""

from dutiful.worlds.tools.agentdojo.world import AgentDojo

__all__ = ["AgentDojo"]
