"""A register of companies and courts: 80 tools to read it, and questions of one to five hops."""

from dutiful.worlds.tools.registry.world import Registry

__all__ = ["Registry"]
