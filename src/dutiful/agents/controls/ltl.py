"""Actions in an order that a formula allows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from dutiful.core.agent import Control
from dutiful.core.errors import SpecError
from dutiful.core.parts import Card
from dutiful.core.records import Action, Observation, Task
from dutiful.core.world import Tool, World
from dutiful.kit import calls
from dutiful.kit.ltlf import Automaton, Node, atoms, parse
from dutiful.kit.wrapped import Wrapped

OTHER = "other"
"""The atom of every action that the formula does not name."""


class Ltl(Control):
    """Only actions after which the formula can still be kept.

        node = automaton(formula).start
        before each action:   legal = {a : verb(a) in allowed(node)}       edges that lead nowhere are not allowed
        after each action:    node = next(node, verb(a))                   a refused action did not happen

    Atoms are the words that an action begins with ("take", "go to"), the longest that fits; where there are tools, their names;
    "other" is every action that the formula does not name. `G(open -> X (take or "go to"))`: what is opened is made use
    of. `finish -> last` belongs in a formula that asks for something before the end: `F check and G(finish -> last)`.

    The world shows and takes nothing else, so this holds for every agent, every notation of actions and every search. The
    world may end a trace where the formula would go on. Where it leaves no action that is legal, all come back, and from
    there on nothing is forbidden: the observation then says `lawless` in its info.
    Source: the automaton is that of arXiv 2310.08535, over actions rather than text.
    """

    card = Card(
        kind="control",
        name="ltl",
        system="103",
        summary="only actions that a formula of temporal logic allows next, by their verbs or their tools' names",
        source="arXiv 2310.08535",
    )

    def __init__(self, formula: str = "true"):
        self.formula = formula
        try:
            read = parse(formula)
            self._automaton = Automaton(read, (*sorted(atoms(read) - {OTHER}), OTHER))
        except ValueError as error:
            raise SpecError(f"ltl: {error}") from error
        if self._automaton.empty:
            raise SpecError(f"ltl: no action at all may come first under {formula!r}, the formula cannot be kept")

    def enter(self, world: World) -> World:
        return Governed(world, self._automaton)


class Stood(NamedTuple):
    """What `snapshot` returns: the world's own state, and where the formula stands."""

    state: Any
    node: Node | None


class Governed(Wrapped):
    """A world that shows and takes only what an automaton over the names of actions allows."""

    def __init__(self, inner: World, automaton: Automaton):
        super().__init__(inner)
        self.automaton = automaton
        self.node: Node | None = automaton.start
        self.words = sorted((state for state in automaton.states if state != OTHER), key=len, reverse=True)

    def name(self, action: Action) -> str:
        """The atom of an action."""
        said = action.tool or action.text
        if not action.tool and self.can("tools"):
            try:
                said = calls.parse(action.text).tool
            except ValueError:
                return OTHER
        if said in self.words:
            return said
        return next((word for word in self.words if re.match(rf"{re.escape(word)}\b", said.strip(), re.IGNORECASE)), OTHER)

    def allows(self, action: Action) -> bool:
        """Whether the formula can still be kept after this action."""
        return self.node is None or self.name(action) in self.automaton.allowed(self.node)

    def tools(self) -> Sequence[Tool]:
        """The tools that may be called now."""
        tools = self.inner.tools()
        return [tool for tool in tools if self.allows(Action("", tool=tool.name))] or tools

    def reset(self, task: Task) -> Observation:
        self.node = self.automaton.start
        return self._see(self.inner.reset(task))

    def step(self, action: Action) -> Observation:
        if self.node is not None and not self.allows(action):
            legal = " or ".join(self.automaton.allowed(self.node)) or "the end"
            return self._refuse(f"{self.name(action)} is not allowed now, but {legal}")
        seen = self.inner.step(action)
        if self.node is not None and not seen.info.get("refused"):
            self.node = self.automaton.next(self.node, self.name(action))
        return self._see(seen)

    def _see(self, seen: Observation) -> Observation:
        if seen.choices:
            legal = tuple(choice for choice in seen.choices if self.allows(Action(choice)))
            if not legal:
                self.node = None
                seen = seen.replace(info={**seen.info, "lawless": True})
            seen = seen.replace(choices=legal or seen.choices)
        self._last = seen
        return seen

    def _refuse(self, why: str) -> Observation:
        """The action is not carried out; what is seen stays as it was."""
        return self._last.replace(text=f"Error: {why}", reward=0.0, info={"refused": why})

    def expert(self) -> Action:
        """The world's own, where the formula allows it, else the first admissible action that it does."""
        action = self.inner.expert()
        return action if self.allows(action) or not self._last.choices else Action(self._last.choices[0])

    def snapshot(self) -> Stood:
        return Stood(self.inner.snapshot(), self.node)

    def restore(self, state: Stood) -> Observation:
        self.node = state.node
        seen = self.inner.restore(state.state)
        return self._see(seen)
