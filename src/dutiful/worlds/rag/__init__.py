"""Documents: a question with passages that nobody vouches for. One file a family."""

from dutiful.worlds.rag.facts import Facts
from dutiful.worlds.rag.papers import Papers
from dutiful.worlds.rag.rules import RagRules

__all__ = ["Facts", "Papers", "RagRules"]
