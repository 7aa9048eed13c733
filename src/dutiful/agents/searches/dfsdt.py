"""Depth-first search over what an agent could do, which goes back when a line leads nowhere.

    grow(node):
        answered -> stay there, end everything      gave up -> 2      depth reached -> 1
        width times: go back to the node; act, told what was tried here before and to do otherwise
                     back = grow(child);  back > 1 -> return back - 1
        return 1

So giving up jumps over the parent: a line is rarely mended by its last step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from dutiful.agents.searches.branching import Branching, Node, Try, gave_up, shown
from dutiful.core.parts import Card
from dutiful.core.records import Source, Span


class Dfsdt(Branching):
    """width: children a node may get. depth: actions in a line at most. calls: questions to the model in all. diverse: whether a
    further child is told of the earlier ones. rank: plain depth-first search, which makes all children first, compares them in
    pairs and follows the best.

    With width 1 it is one line (ReAct). Source: ToolLLM (arXiv 2307.16789); width 2, depth 12, 60 calls are the code's defaults.
    """

    card = Card(
        kind="search",
        name="dfsdt",
        summary="depth-first, told what was tried, giving up jumps back two levels",
        system="036",
        source="arXiv 2307.16789",
    )

    def __init__(self, width: int = 2, depth: int = 12, calls: int = 60, diverse: bool = True, rank: bool = False):
        if min(width, depth, calls) < 1:
            raise ValueError(f"dfsdt: width={width}, depth={depth}, calls={calls}; expected 1 or more of each")
        self.width, self.depth, self.calls, self.diverse, self.rank = width, depth, calls, diverse, rank

    def explore(self, root: Node) -> None:
        self._levels_back(root)

    def _levels_back(self, node: Node) -> int:
        """Searches from a node; how many levels to go back afterwards: 1 to its parent, 2 over it."""
        if self.over(node):
            return 2 if gave_up(node) else 1
        for child in self._children(node):
            back = self._levels_back(child)
            if back > 1 or self.answered():
                return back - 1
        return 1

    def _children(self, node: Node) -> Iterator[Node]:
        """One child after the other, the world standing at it."""
        tried: list[Try] = []
        made: list[Node] = []
        while len(tried) < self.width and not self.spent():
            if tried:
                self.back_to(node)
            child = self.grow(node, tried, self.diverse)
            if self.rank:
                made.append(child)
            else:
                yield child
        for place in self._ranked(tried) if self.rank else ():
            self.back_to(made[place])
            yield made[place]

    def _ranked(self, tried: Sequence[Try]) -> list[int]:
        """The places of the children by pairs won, which the model judges."""
        won = [0] * len(tried)
        for one, other in combinations(range(len(tried)), 2):
            steps = shown([("A:", tried[one]), ("B:", tried[other])])
            asked = self.agent.stable + (*steps, Span(Source.PLAN, "Which of these steps leads further, A or B?"))
            won[(one, other)[self.model.choose(asked, ("A", "B")).index]] += 1
        return sorted(range(len(tried)), key=lambda place: -won[place])


__all__ = ["Dfsdt"]
