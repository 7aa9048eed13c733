"""Documents: a question with passages that nobody vouches for. One file a family."""

from dutiful.worlds.rag.facts import Facts
from dutiful.worlds.rag.papers import Papers

__all__ = ["Facts", "Papers"]
