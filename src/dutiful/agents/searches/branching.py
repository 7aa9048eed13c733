"""What searches over restorable worlds share: nodes to come back to, giving up, a budget of calls, being told what was tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dutiful.core.agent import Search
from dutiful.core.episode import Recorder
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


class Try(NamedTuple):
    """What was done at a node before, and what came of it."""

    action: str
    result: str


class Branching(Search):
    """Base of the searches. An episode that ends by the world's own step limit (`info["ended"] == "limit"`) is no answer.

    Every step of every branch is logged, and counts; the world is restored and the agent's slots are put back, so that
    nothing of one branch is seen in another. A search ends with the world at its answer, else where it gave up deepest.
    """

    depth: int
    calls: int

    def enter(self, world: World) -> World:
        return restorable(Offering(world, _giving_up()))

    def solve(self, task: Task, world: World, episode: Recorder) -> None:
        self._world, self._episode = world, episode
        self._ends: list[Node] = []
        self.explore(self.here(0))
        if not self.answered() and self._ends:
            self.back_to(max(self._ends, key=lambda node: node.depth))

    def explore(self, root: Node) -> None:
        """Searches from the root until there is an answer, or nothing left."""
        raise NotImplementedError

    def grow(self, node: Node, tried: list[Try], told: bool = True) -> Node:
        """Acts at the node, where the world already stands, told what was tried there; returns the child."""
        action = self.agent.act(node.observation, _told(tried) if told else ())
        tried.append(Try(action.text, self._episode.step(self._world, action).text[:CUT]))
        return self.here(node.depth + 1)

    def here(self, depth: int) -> Node:
        return Node(depth, self._world.snapshot(), hold(self.agent), self._episode.observation)

    def back_to(self, node: Node) -> None:
        self._episode.restore(self._world, node.state)
        release(self.agent, node.slots)

    def over(self, node: Node) -> bool:
        """Whether a line ends here: an answer, given up, too deep, or nothing left to spend."""
        ended = node.observation.done or gave_up(node) or node.depth >= self.depth or self.spent()
        if ended and not self.answered():
            self._ends.append(node)
        return ended

    def answered(self) -> bool:
        """Whether the world stands at an answer."""
        seen = self._episode.observation
        return seen.done and seen.info.get("ended") != "limit"

    def spent(self) -> bool:
        return self._episode.usage.calls >= self.calls


def gave_up(node: Node) -> bool:
    return node.observation.info.get("offer") == GIVE_UP.name


def shown(tries: Sequence[tuple[str, Try]]) -> Iterator[Span]:
    """Tries under their names, each word under its source: what was done is the model's, what came of it the world's."""
    for name, (action, result) in tries:
        yield Span(Source.MODEL, f"{name} {action}", role="user")
        yield Span(Source.WORLD, f"-> {result}")


def _told(tried: Sequence[Try]) -> tuple[Span, ...]:
    if not tried:
        return ()
    before, otherwise = "You have been here before, and did:", "Do something else this time."
    return (Span(Source.PLAN, before), *shown([("-", each) for each in tried]), Span(Source.PLAN, otherwise))


def _giving_up() -> Offer:
    command = "give up"
    return Offer(GIVE_UP, lambda _: "You gave up this line.", lambda: (command,), lambda text: {} if text == command else None)
