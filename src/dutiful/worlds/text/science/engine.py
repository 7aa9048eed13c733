"""The engine of ScienceWorld, spoken to directly: the package's own `step` lists every possible action each time."""

from __future__ import annotations

import threading
import zlib
from typing import Any, NamedTuple

import msgspec

from dutiful.worlds.text.game import Seen
from dutiful.worlds.text.jvm import Jvm, folder

_REFUSED = ("No known action matches that input.", "Unknown action")
_RESTARTS = ("reset task", "reset")
"""Commands of the engine that start the episode anew; no agent may."""


class Start(NamedTuple):
    """An experiment: the kind of task, the variation, the simplifications ("easy" is all of them)."""

    task: str
    variation: int
    simplifications: str


class Engine:
    """One Java process with two laboratories: the episode's, and one for what tasks and the expert ask.

    The engine draws at random without a seed (the thermometer errs a little). So its generator is seeded before every command,
    with the experiment and the number of the command.
    """

    def __init__(self, world: str, seconds: float):
        self.jvm = Jvm(world, folder(world, "scienceworld") / "scienceworld.jar", seconds)
        self._play, self._scribe = (self.jvm.make("scienceworld.runtime.pythonapi.PythonInterface") for _ in range(2))
        self._chance: Any = self.jvm.call(getattr, self.jvm.named("scala.util.Random$"), "MODULE$")
        self._lock = threading.Lock()

    def variations(self, task: str, fold: str) -> list[int]:
        """The variations of a kind of task in a fold: Train, Dev or Test."""
        with self._lock:
            self._load(self._scribe, Start(task, 0, "easy"), gold=False)
            return [int(number) for number in self.jvm.call(getattr(self._scribe, f"getVariations{fold}"))]

    def describe(self, start: Start) -> str:
        """What the experiment asks for."""
        with self._lock:
            self._load(self._scribe, start, gold=False)
            return self.jvm.call(self._scribe.getTaskDescription).strip()

    def gold(self, start: Start) -> list[str]:
        """The engine's own way to the goal."""
        with self._lock:
            self._load(self._scribe, start, gold=True)
            return self.jvm.joined(self.jvm.call(self._scribe.getGoldActionSequence))

    def start(self, start: Start, choices: bool) -> Seen:
        """The first state of the episode."""
        with self._lock:
            self._load(self._play, start, gold=False)
            return self._seen(self.jvm.call(self._play.freeActionLook).strip(), choices, fresh=True)

    def step(self, start: Start, number: int, command: str, choices: bool) -> Seen:
        """The state after command `number` of an experiment."""
        with self._lock:
            if command.lower() in _RESTARTS:
                return self._seen("That is not possible here.", choices)._replace(refused=f"{command!r} would start anew")
            self._seed(f"{start} {number}")
            text = self.jvm.call(self._play.step, command).strip()
            refused = text if text.startswith(_REFUSED) else ""
            return self._seen(text, choices)._replace(refused=refused)

    def goals(self) -> str:
        """The sub-goals and which are met, as the engine lists them."""
        with self._lock:
            return self.jvm.call(self._play.getGoalProgressStr)

    def possible(self) -> tuple[str, ...]:
        """All that is possible in the episode now, sorted."""
        with self._lock:
            return self._possible()

    def _possible(self) -> tuple[str, ...]:
        listed = msgspec.json.decode(self.jvm.call(self._play.getValidActionObjectCombinationsJSON))
        return tuple(sorted({each["action"] for each in listed["validActions"]} - set(_RESTARTS)))

    def _load(self, interface: Any, start: Start, gold: bool) -> None:
        self._seed(str(start))
        self.jvm.call(interface.load, start.task, start.variation, start.simplifications, gold)

    def _seed(self, text: str) -> None:
        self.jvm.call(self._chance.setSeed, zlib.crc32(text.encode()))

    def _seen(self, text: str, choices: bool, fresh: bool = False) -> Seen:
        """`fresh`: nothing is done yet, and the engine still tells the score of the episode before."""
        score = 0.0 if fresh else float(self.jvm.call(self._play.getScore))
        won = score >= 1
        lost = not (won or fresh) and (score < 0 or bool(self.jvm.call(self._play.getCompleted)))
        look, held = self.jvm.call(self._play.freeActionLook), self.jvm.call(self._play.freeActionInventory)
        listed = self._possible() if choices and not (won or lost) else None
        return Seen(text, listed, min(1.0, max(0.0, score)), won, lost, f"{look}\n{held}\n{score:g}")
