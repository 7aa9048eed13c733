"""Depth-first search over what an agent could do, which goes back when a line leads nowhere.

    grow(node):
        answered -> stay there, end everything      gave up -> 2      depth reached -> 1
        width times: go back to the node; act, told what was tried here before and to do otherwise
                     back = grow(child);  back > 1 -> return back - 1
        return 1

So giving up jumps over the parent: a line is rarely mended by its last step. The branches share nothing: the world is restored
and the agent's slots are put back, so that what was tried elsewhere is not in the transcript. Every step of every branch is
logged, and counts. An episode that ends by the world's step limit (`info["ended"]`) is no answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from dutiful.core.agent import Search
from dutiful.core.episode import Recorder
from dutiful.core.parts import Card
from dutiful.core.records import Observation, Source, Span, Task
from dutiful.core.world import Tool, World
from dutiful.kit.branches import Mark, hold, release, restorable
from dutiful.kit.offers import Offer, Offering

GIVE_UP = Tool("give_up", "Give up this line and go back, when it leads nowhere.")
CUT = 200
"""Characters of an earlier try's result that are shown."""


class Node(NamedTuple):
    """A place to come back to."""

    depth: int
    state: object
    slots: Mark
    observation: Observation


class Dfsdt(Search):
    """width: children a node may get. depth: actions in a line at most. calls: questions to the model in all. diverse: whether a
    further child is told of the earlier ones. rank: plain depth-first search, which makes all children first, compares them in
    pairs and follows the best. Without an answer it ends where it gave up deepest.

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

    def enter(self, world: World) -> World:
        return restorable(Offering(world, _giving_up()))

    def solve(self, task: Task, world: World, episode: Recorder) -> None:
        self._world, self._episode, self._found = world, episode, False
        self._ends: list[Node] = []
        self._grow(0)
        if not self._found:
            self._back_to(max(self._ends, key=lambda node: node.depth))

    def _grow(self, depth: int) -> int:
        """Searches from here; how many levels to go back afterwards: 1 to the parent, 2 over it."""
        seen = self._episode.observation
        gave_up = seen.info.get("offer") == GIVE_UP.name
        self._found = seen.done and seen.info.get("ended") != "limit"
        if seen.done or gave_up or depth >= self.depth or self._spent():
            self._ends.append(self._here(depth))
            return 2 if gave_up else 1
        for _ in self._children(self._here(depth)):
            back = self._grow(depth + 1)
            if self._found or back > 1:
                return back - 1
        return 1

    def _children(self, node: Node) -> Iterator[None]:
        """Steps into one child after the other."""
        tried: list[tuple[str, str]] = []
        made: list[Node] = []
        while len(tried) < self.width and not self._spent():
            if tried:
                self._back_to(node)
            action = self.agent.act(node.observation, self._told(tried))
            tried.append((action.text, self._episode.step(self._world, action).text[:CUT]))
            if self.rank:
                made.append(self._here(node.depth + 1))
            else:
                yield
        for place in self._ranked(tried) if self.rank else ():
            self._back_to(made[place])
            yield

    def _told(self, tried: Sequence[tuple[str, str]]) -> tuple[Span, ...]:
        if not tried or not self.diverse:
            return ()
        lines = "\n".join(f"- {action} -> {result}" for action, result in tried)
        return (Span(Source.PLAN, f"You have been here before and did:\n{lines}\nDo something else this time."),)

    def _ranked(self, tried: Sequence[tuple[str, str]]) -> list[int]:
        """The places of the children by pairs won, which the model judges."""
        won = [0] * len(tried)
        for one, other in combinations(range(len(tried)), 2):
            shown = "\n".join(f"{name}: {' -> '.join(tried[place])}" for name, place in (("A", one), ("B", other)))
            asked = self.agent.stable + (Span(Source.PLAN, f"Which step leads further?\n{shown}"),)
            won[(one, other)[self.model.choose(asked, ("A", "B")).index]] += 1
        return sorted(range(len(tried)), key=lambda place: -won[place])

    def _spent(self) -> bool:
        return self._episode.usage.calls >= self.calls

    def _here(self, depth: int) -> Node:
        return Node(depth, self._world.snapshot(), hold(self.agent), self._episode.observation)

    def _back_to(self, node: Node) -> None:
        self._episode.restore(self._world, node.state)
        release(self.agent, node.slots)


def _giving_up() -> Offer:
    command = "give up"
    return Offer(GIVE_UP, lambda _: "You gave up this line.", lambda: (command,), lambda text: {} if text == command else None)


__all__ = ["Dfsdt"]
