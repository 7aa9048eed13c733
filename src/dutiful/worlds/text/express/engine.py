"""The engine of TextWorldExpress: a game in a Java process."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from dutiful.core.errors import SpecError
from dutiful.worlds.text.game import Seen
from dutiful.worlds.text.jvm import Jvm, folder


class Start(NamedTuple):
    """A game as it is generated: the kind, its parameters ("numLocations=5, ..."), the fold of its words, the seed."""

    game: str
    params: str
    fold: str
    seed: int


class Engine:
    """One Java process with one game in it, which is brought to whatever state is asked for, from any thread.

    Two games in one process share things (what one takes is gone from the other), so there is one: what the expert tries out
    and what a task is asked for happen in it too, and the episode is played again to where it was. 3,000 commands a second.
    """

    def __init__(self, world: str, seconds: float):
        self.jvm = Jvm(world, folder(world, "textworld_express") / "textworld-express.jar", seconds)
        self._game: Any = self.jvm.make("textworldexpress.runtime.PythonInterface")
        self._loaded = ("", "")
        self._at: tuple[Start, tuple[str, ...], Seen] | None = None
        self._lock = threading.Lock()

    def at(self, start: Start, commands: Sequence[str] = ()) -> Seen:
        """The state that commands lead to from the start of a game."""
        with self._lock:
            return self._reach(start, tuple(commands))

    def describe(self, start: Start) -> str:
        """What the game asks for."""
        with self._lock:
            self._reach(start, ())
            return self.jvm.call(self._game.getTaskDescription)

    def gold(self, start: Start) -> tuple[list[str], list[Seen]]:
        """The engine's own way to the goal, without what is not possible (it opens what is open), and the state before each."""
        with self._lock:
            self._generate(start, gold=True)
            path, states = list[str](), list[Seen]()
            for command in self.jvm.joined(self.jvm.call(self._game.getGoldActionSequence)):
                seen = self._reach(start, tuple(path))
                if command in (seen.choices or ()):
                    path.append(command)
                    states.append(seen)
            return path, states

    def _reach(self, start: Start, commands: tuple[str, ...]) -> Seen:
        if self._at is None or self._at[0] != start or self._at[1] != commands[: len(self._at[1])]:
            seen, done = _seen(self._generate(start, gold=False)), ()
        else:
            _, done, seen = self._at
        self._at = None  # a failure on the way leaves it nowhere
        for command in commands[len(done) :]:
            seen = _seen(self.jvm.call(self._game.stepJSON, command))
        self._at = start, commands, seen
        return seen

    def _generate(self, start: Start, gold: bool) -> str:
        self._at = None
        if self._loaded != start[:2]:
            if why := self.jvm.call(self._game.load, start.game, start.params):
                raise SpecError(f"{self.jvm.world}: {why}")
            self._loaded = start[:2]
        return self.jvm.call(self._game.generateNewGameJSON, start.seed, start.fold, gold)


class _Told(msgspec.Struct):
    """What the engine answers, of which this much is read."""

    observation: str
    look: str
    inventory: str
    score: float
    tasksuccess: bool
    taskfailure: bool
    validActions: list[str]  # noqa: N815 (their word)


_told = msgspec.json.Decoder(_Told)


def _seen(answer: str) -> Seen:
    told = _told.decode(answer)
    mark = f"{told.look}\n{told.inventory}\n{told.score:g}"
    lost = told.taskfailure and not told.tasksuccess
    score = min(1.0, max(0.0, told.score))
    return Seen(told.observation.strip(), tuple(sorted(set(told.validActions))), score, told.tasksuccess, lost, mark)
