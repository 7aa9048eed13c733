"""What worlds around somebody else's text game have in common: one episode, its score, and going back by playing again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from dutiful.core.errors import SpecError, WorldFailure
from dutiful.core.records import Action, Criterion, Observation, Task, Verdict
from dutiful.core.world import World


class Seen(NamedTuple):
    """What an engine tells after an action.

    `choices` are sorted, and None where they were not asked for. `score` is progress (0 to 1). `mark` is what
    tells this state from others, as far as it can be seen: surroundings, inventory, score. `refused` is set where the
    engine did nothing.
    """

    text: str
    choices: tuple[str, ...] | None
    score: float
    won: bool
    lost: bool
    mark: str
    refused: str = ""


class Saved(NamedTuple):
    """What `snapshot` returns: the task, what was done since its start, the steps taken, and what was seen last."""

    task: Task
    done: tuple[str, ...]
    steps: int
    seen: Seen
    observation: Observation


class Game(World):
    """A subclass starts the engine in `lay_out`, and carries a command out in `carry_out`; both raise WorldFailure.

    After a failure of the engine nothing is laid out, until the next reset. Snapshots are what was done so far: `restore` lays
    the task out again and repeats it, and raises WorldFailure where that leads elsewhere.
    """

    max_steps: int
    _task: Task | None = None

    def lay_out(self, task: Task) -> Seen:
        """The first state of a task."""
        raise NotImplementedError

    def carry_out(self, command: str) -> Seen:
        """The state after a command."""
        raise NotImplementedError

    def evidence(self) -> str:
        """What the verdict rests on, in a line or more."""
        raise NotImplementedError

    @property
    def laid(self) -> Task:
        """The task that is laid out."""
        if self._task is None:
            raise WorldFailure(f"{self.card.name}: no task is laid out; call reset(task) first")
        return self._task

    @property
    def done(self) -> tuple[str, ...]:
        """What was carried out since the start, refused actions left out."""
        return self._done

    @property
    def seen(self) -> Seen:
        """What the engine told last."""
        return self._seen

    def reset(self, task: Task) -> Observation:
        self._task = None
        try:
            seen = self.lay_out(task)
        except (KeyError, TypeError, ValueError) as error:
            raise WorldFailure(
                f"{self.card.name} cannot lay out the task {task.id!r}: its setup lacks or garbles {error}"
            ) from error
        self._task, self._done, self._steps, self._seen = task, (), 0, seen
        return self._show(seen, 0.0)

    def step(self, action: Action) -> Observation:
        if self.laid and self._last.done:
            raise WorldFailure(f"{self.card.name}: the episode is over; call reset(task) to begin another")
        before = self._seen.score
        told = self._carry_out(" ".join(action.text.split()))
        self._steps += 1
        return self._show(told, told.score - before)

    def _carry_out(self, command: str) -> Seen:
        """What is told after a command; one that is refused leaves `seen` as it was."""
        before = self._seen
        if before.choices is not None and command not in before.choices:
            near = next((choice for choice in before.choices if choice.lower() == command.lower()), None)
            if near is None:
                why = f"{command[:80]!r} is not one of the actions that are possible here"
                return before._replace(text="That is not possible here.", refused=why)
            command = near
        task, self._task = self.laid, None  # what fails now leaves nothing laid out
        told = self.carry_out(command)
        self._task = task
        if not told.refused:
            self._seen, self._done = told, (*self._done, command)
        return told

    def _show(self, seen: Seen, reward: float) -> Observation:
        done = seen.won or seen.lost or self._steps >= self.max_steps
        info = {"refused": seen.refused} if seen.refused else {}
        self._last = Observation(seen.text, () if done else seen.choices or (), done, reward, info=info)
        return self._last

    def verdict(self) -> Verdict:
        assert self.laid
        seen = self._seen
        goal = Criterion("goal", seen.won, seen.score if not seen.won else 1.0, self.evidence())
        return Verdict(goal.score, goal.passed, (goal,))

    def snapshot(self) -> Saved:
        return Saved(self.laid, self._done, self._steps, self._seen, self._last)

    def restore(self, state: Saved) -> Observation:
        self.repeat(state.task, state.done)
        if self._seen.mark != state.seen.mark:
            self._task = None
            raise WorldFailure(f"{self.card.name}: repeated, the {len(state.done)} actions led elsewhere; call reset(task)")
        self._steps, self._seen, self._last = state.steps, state.seen, state.observation
        return state.observation

    def repeat(self, task: Task, commands: Sequence[str]) -> None:
        """Brings the engine to where these commands lead; what leads there already is not repeated."""
        if self._task != task or self._done != tuple(commands[: len(self._done)]):
            self.reset(task)
        for command in commands[len(self._done) :]:
            self._carry_out(command)


def within(world: str, **bounds: tuple[Any, Any, Any]) -> None:
    """Raises SpecError for a number out of its bounds: name=(value, low, high)."""
    for name, (value, low, high) in bounds.items():
        if not low <= value <= high:
            raise SpecError(f"{world}: {name}={value}, expected {low} to {high}")
