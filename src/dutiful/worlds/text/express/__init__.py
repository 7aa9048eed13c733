"""TextWorldExpress: eight quick text games."""

from dutiful.worlds.text.express.world import Express

__all__ = ["Express"]
