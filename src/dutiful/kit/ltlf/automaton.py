"""The automaton of a formula, built as it is walked, without dead ends.

    automaton = Automaton(parse("a and G(a -> X b) and F b"), ("a", "b"))
    automaton.allowed(automaton.start)          ("a",)
    automaton.run(("a", "b"))                   None: nothing is wrong
    automaton.run(("a", "a"))                   Violation(1, "a", ("b",))

A node is what is left to satisfy (`progress.Node`). A node from which no trace can be finished is entered by no edge, so
whoever only takes edges that are allowed can always finish.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dutiful.kit.ltlf.formula import Formula, normal
from dutiful.kit.ltlf.progress import NEVER, Node, ended, node, progress

LARGEST = 20_000
"""Nodes, after which a formula is given up as too large."""


class Violation(NamedTuple):
    """The first place of a trace that is wrong, what stands there ("" at the end of the trace), and what was allowed."""

    position: int
    state: str
    allowed: tuple[str, ...]

    def __str__(self) -> str:
        expected = " or ".join(self.allowed) or "the end"
        return f"position {self.position + 1}: {self.state or 'the end'}, where {expected} was expected"


class Automaton:
    """A deterministic automaton over `states`, of which exactly one holds at each position."""

    def __init__(self, formula: Formula, states: Iterable[str]):
        self.formula, self.states = formula, tuple(dict.fromkeys(states))
        self.start: Node = node(normal(formula))
        self._edges: dict[Node, dict[str, Node]] = {}
        self._shortest: dict[Node, tuple[str, ...] | None] = {}

    def accepting(self, at: Node) -> bool:
        """Whether a trace may end here."""
        return ended(at)

    def next(self, at: Node, state: str) -> Node:
        """The node after a state, dead or not; NEVER is the one from which nothing is possible."""
        return self._all(at).get(state, NEVER)

    def allowed(self, at: Node, left: int | None = None) -> tuple[str, ...]:
        """The states after which the trace can still be finished; with `left`, in so many positions, the state's included.

        Where `left` is less than the shortest way takes, the first state of that way is allowed.
        """
        ways = {state: way for state, then in self._all(at).items() if (way := self.finish(then)) is not None}
        if left is None:
            return tuple(ways)
        return tuple(state for state, way in ways.items() if len(way) < left) or (self.finish(at) or ())[:1]

    def finish(self, at: Node) -> tuple[str, ...] | None:
        """A shortest way to where a trace may end, () where it may end here; None where there is none."""
        if at not in self._shortest:
            self._search(at)
        return self._shortest[at]

    @property
    def empty(self) -> bool:
        """Whether no trace of at least one position satisfies the formula."""
        return not self.allowed(self.start)

    def run(self, trace: Sequence[str], complete: bool = True) -> Violation | None:
        """The first violation of a trace; with `complete` it must also be one that may end where it does."""
        at = self.start
        for position, state in enumerate(trace):
            if state not in (legal := self.allowed(at)):
                return Violation(position, state, legal)
            at = self.next(at, state)
        if complete and not self.accepting(at):
            return Violation(len(trace), "", self.allowed(at))
        return None

    def accepts(self, trace: Sequence[str]) -> bool:
        """Whether the whole trace satisfies the formula."""
        at = self.start
        for state in trace:
            at = self.next(at, state)
        return self.accepting(at)

    def reachable(self) -> set[Node]:
        """Every node that a trace can come to by allowed states; raises ValueError beyond 20,000."""
        seen, waiting = {self.start}, deque([self.start])
        while waiting:
            at = waiting.popleft()
            for state in self.allowed(at):
                if (then := self.next(at, state)) not in seen:
                    seen.add(then)
                    waiting.append(then)
        return seen

    def _all(self, at: Node) -> dict[str, Node]:
        """The edges from a node, those to NEVER left out."""
        if at not in self._edges:
            if len(self._edges) >= LARGEST:
                raise ValueError(f"the automaton of the formula has more than {LARGEST} nodes: make the formula smaller")
            self._edges[at] = {state: then for state in self.states if (then := progress(at, state)) != NEVER}
        return self._edges[at]

    def _search(self, begin: Node) -> None:
        """Breadth first to the nearest node where a trace may end; where there is none, no node seen on the way has one."""
        came: dict[Node, tuple[Node, str]] = {}
        seen, waiting = {begin}, deque([begin])
        while waiting:
            at = waiting.popleft()
            if self.accepting(at):
                way: tuple[str, ...] = ()
                self._shortest[at] = way
                while at != begin:  # what is left of a shortest way is one too
                    at, state = came[at]
                    way = (state, *way)
                    self._shortest[at] = way
                return
            for state, then in self._all(at).items():
                if then not in seen and self._shortest.get(then, ()) is not None:
                    seen.add(then)
                    came[then] = (at, state)
                    waiting.append(then)
        self._shortest.update(dict.fromkeys(seen))


def difference(one: Formula, other: Formula, states: Iterable[str]) -> tuple[str, ...] | None:
    """A shortest trace, of at least one position, that satisfies exactly one of two formulas; None where they are equivalent."""
    states = tuple(states)
    a, b = Automaton(one, states), Automaton(other, states)
    begin = (a.start, b.start)
    seen, waiting = {begin}, deque([(begin, tuple[str, ...]())])
    while waiting:
        (x, y), trace = waiting.popleft()
        for state in states:
            pair = (a.next(x, state), b.next(y, state))
            if a.accepting(pair[0]) != b.accepting(pair[1]):
                return (*trace, state)
            if pair not in seen:
                seen.add(pair)
                waiting.append((pair, (*trace, state)))
    return None


def equivalent(one: Formula, other: Formula, states: Iterable[str]) -> bool:
    """Whether the same traces satisfy both."""
    return difference(one, other, states) is None
