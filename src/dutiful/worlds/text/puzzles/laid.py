"""One puzzle laid out: a grounded STRIPS task, its words, its goal, and the oracle's way from any state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dutiful.core.records import Criterion, Verdict
from dutiful.kit.strips import Atom, Goal, GroundTask, Phrases, Words


class Scene(NamedTuple):
    """A state as it is seen: its text, the admissible actions in words, and where each of them leads."""

    text: str
    choices: tuple[str, ...]
    leads: dict[str, int]
    met: bool


class Laid:
    """A grounded task with names. Subclasses say how a state reads (`describe`) and how the goal is reached (`solve`).

    `conditions` are what must hold at the end, as pairs (atom, truth); they are the sub-goals that verdicts count. Scenes and
    plans are kept by state, so that a state come back to costs nothing.
    """

    def __init__(
        self, task: GroundTask, phrases: Phrases, names: dict[str, str], start: int, conditions: Sequence[tuple[Atom, bool]]
    ):
        self.task, self.start, self.conditions = task, start, tuple(conditions)
        self.words = Words(task, phrases, names)
        self.goal = Goal(
            task.mask(atom for atom, truth in conditions if truth), task.mask(atom for atom, truth in conditions if not truth)
        )
        self._scenes: dict[int, Scene] = {}
        self._next: dict[int, int] = {}

    def describe(self, state: int) -> str:
        """What is seen in a state: all of it."""
        raise NotImplementedError

    def solve(self, state: int) -> Sequence[int]:
        """The oracle's plan from a state to the goal, as action numbers."""
        raise NotImplementedError

    def scene(self, state: int) -> Scene:
        """A state as it is seen."""
        scene = self._scenes.get(state)
        if scene is None:
            said, apply = self.words.said, self.task.apply
            leads = {said[number]: apply(state, number) for number in self.task.applicable(state)}
            scene = self._scenes[state] = Scene(self.describe(state), tuple(leads), leads, self.goal.met(state))
        return scene

    def next(self, state: int) -> int:
        """The oracle's next action in a state that is not the goal."""
        if state not in self._next:
            at = state
            for number in self.solve(state):
                if at in self._next:
                    break
                self._next[at] = number
                at = self.task.apply(at, number)
        return self._next[state]

    def plan(self, state: int) -> list[int]:
        """The oracle's way to the goal."""
        plan: list[int] = []
        while not self.goal.met(state):
            plan.append(self.next(state))
            state = self.task.apply(state, plan[-1])
        return plan

    def verdict(self, state: int) -> list[Criterion]:
        """A criterion for each condition of the goal."""
        criteria: list[Criterion] = []
        for atom, truth in self.conditions:
            holds = self.task.holds(state, *atom) is truth
            evidence = self.words.fact(atom, self.task.holds(state, *atom))
            criteria.append(Criterion(self.words.fact(atom, truth), holds, float(holds), evidence))
        return criteria

    def refusal(self, state: int, text: str) -> str:
        """Why words do nothing in a state."""
        numbers = self.words.read(text)
        if not numbers:
            near = self.words.nearest(text, state)
            return f"there is no such action; did you mean {near!r}?" if near else "there is no such action."
        lacks = min((self.task.missing(state, number) for number in numbers), key=len)
        return f"it takes that {' and that '.join(self.words.fact(atom, truth) for atom, truth in lacks)}."


def verdict(laid: Laid, state: int, word: str, said: str) -> Verdict:
    """The verdict on a state; with a password, it is the last criterion."""
    criteria = laid.verdict(state)
    if word:
        right = said == word
        criteria.append(Criterion("the password is said", right, float(right), f"said: {said or 'nothing'}"))
    return Verdict.of(*criteria)


def listed(names: Sequence[str], join: str = "and") -> str:
    """ "red", "red and blue", "red, blue and green"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {join} {names[-1]}"


def numbers(task: GroundTask) -> dict[tuple[str, ...], int]:
    """The number of each action, by its name and arguments."""
    return {(action.name, *action.args): number for number, action in enumerate(task.actions)}
