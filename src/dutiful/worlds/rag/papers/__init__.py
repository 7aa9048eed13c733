"""Scientific papers, invented, with everything in them known. `cards/` holds the tasks, a file each."""

from dutiful.worlds.rag.papers.world import Papers

__all__ = ["Papers"]
