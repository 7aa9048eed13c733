"""Documents: a question with passages that nobody vouches for. One file a family."""

from dutiful.worlds.rag.facts import Facts

__all__ = ["Facts"]
