"""Breadth-first: every node of a level is grown before the next level begins."""

from __future__ import annotations

from collections import deque

from dutiful.agents.searches.branching import Branching, Node, Try
from dutiful.core.parts import Card


class Breadth(Branching):
    """Gives every node `width` children, told what was tried at it, level by level, until one is an answer.

    What depth-first search has to beat at equal calls: its levels grow by the factor `width`. Source: the baseline of
    ToolLLM (arXiv 2307.16789).
    """

    card = Card(
        kind="search", name="breadth", summary="level by level, until a node answers", system="036", source="arXiv 2307.16789"
    )

    def __init__(self, width: int = 2, depth: int = 12, calls: int = 60):
        if min(width, depth, calls) < 1:
            raise ValueError(f"breadth: width={width}, depth={depth}, calls={calls}; expected 1 or more of each")
        self.width, self.depth, self.calls = width, depth, calls

    def explore(self, root: Node) -> None:
        waiting = deque([root])
        while waiting:
            node = waiting.popleft()
            tried: list[Try] = []
            while len(tried) < self.width and not self.spent():
                self.back_to(node)
                child = self.grow(node, tried)
                if not self.over(child):
                    waiting.append(child)
                elif self.answered():
                    return


__all__ = ["Breadth"]
