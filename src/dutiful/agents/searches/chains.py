"""Independent lines from the start, one after the other, until one ends in an answer: CoT@n."""

from __future__ import annotations

from dutiful.agents.searches.branching import Branching, Node
from dutiful.core.parts import Card


class Chains(Branching):
    """At most n lines of at most `depth` actions, `calls` questions in all; no line knows of another.

    A model that always answers the same walks the same line n times. What a search has to beat at equal calls. Source: the
    baseline of ToolLLM (arXiv 2307.16789).
    """

    card = Card(
        kind="search", name="chains", summary="independent lines until one answers", system="036", source="arXiv 2307.16789"
    )

    def __init__(self, n: int = 5, depth: int = 12, calls: int = 60):
        if min(n, depth, calls) < 1:
            raise ValueError(f"chains: n={n}, depth={depth}, calls={calls}; expected 1 or more of each")
        self.n, self.depth, self.calls = n, depth, calls

    def explore(self, root: Node) -> None:
        for _ in range(self.n):
            self.back_to(root)
            node = root
            while not self.over(node):
                node = self.grow(node, [])
            if self.answered() or self.spent():
                return


__all__ = ["Chains"]
