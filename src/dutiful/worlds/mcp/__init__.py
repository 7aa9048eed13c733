"""mcp: any server of the Model Context Protocol as a world of tools."""

from dutiful.worlds.mcp.world import Mcp

__all__ = ["Mcp"]
