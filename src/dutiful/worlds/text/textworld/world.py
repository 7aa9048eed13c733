"""Games that TextWorld generates and compiles on the spot, and a process of its own plays."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

from dutiful.core.errors import MissingExtra, UnknownPart, WorldFailure
from dutiful.core.parts import Card
from dutiful.core.records import Action, Instruction, Task
from dutiful.kit.tasks import Lazy
from dutiful.worlds.text.game import Game, Seen, within
from dutiful.worlds.text.textworld.process import Process

LEVELS = {"coin": (1, 100, 5), "treasure": (1, 30, 5), "cooking": (1, 4, 1), "simple": (1, 1, 1)}
"""For each kind of game the lowest and the highest level, and the usual one."""
SPLITS = ("train", "validation", "test")


class TextWorld(Game):
    """Find a coin, find a treasure behind locked doors, cook after a recipe, or carry a long generated instruction out.

    `kind` is coin, treasure, cooking or simple. `level` (0: the usual one): rooms on the way to the coin; the package's own level
    of treasure hunts; ingredients of the recipe, to be cooked from 2 and cut from 3; simple has but one. A game is generated
    when its task is asked for (0.1 to 0.5 s), compiled when first laid out (0.7 s), and kept in the user's cache (`folder`)
    by kind, level, split and seed; `games` is how many a split has. An episode ends after `max_steps`; an answer may take
    `timeout` seconds. Splits have seeds of their own, cooking also food of its own. Choices are all that is possible, sorted;
    what is not among them is refused.
    """

    card = Card(
        kind="world",
        name="text/textworld",
        summary="TextWorld: coins, treasures, recipes and generated errands, compiled on the spot",
        capabilities=frozenset({"expert", "snapshot", "choices"}),
        needs=("textworld",),
        source="arXiv 1806.11532; package textworld",
        licence="MIT (TextWorld), with jericho under GPL-2.0-or-later as the interpreter of its games",
    )
    rules = "You play a text game. Do what the instruction says, one action a turn."

    def __init__(self, kind: str = "coin", level: int = 0, games: int = 10_000, max_steps: int = 100, timeout: float = 120.0):
        if find_spec("textworld") is None:
            raise MissingExtra("text/textworld", "textworld", "textworld")
        if kind not in LEVELS:
            raise UnknownPart("kind of text/textworld", kind, LEVELS)
        lowest, highest, self._level = LEVELS[kind]
        if level:
            within("text/textworld", level=(level, lowest, highest))
            self._level = level
        within("text/textworld", games=(games, 1, 1_000_000), max_steps=(max_steps, 1, 10_000), timeout=(timeout, 0.1, 3600))
        self.kind, self.level, self.games, self.max_steps, self.timeout = kind, level, games, max_steps, timeout
        self._process: Process | None = None

    @property
    def process(self) -> Process:
        """The process that plays, started when first needed, and again after it died."""
        if self._process is None or not self._process.alive:
            self._process = Process("text/textworld", self.timeout)
        return self._process

    def tasks(self, split: str = "test") -> Sequence[Task]:
        """So many tasks as there are `games`, made when asked for. Splits: train, validation, test."""
        if split not in SPLITS:
            raise UnknownPart("split of text/textworld", split, SPLITS)
        return Lazy(lambda number: self.make(split, number), self.games)

    def make(self, split: str, number: int) -> Task:
        """Task `number` of a split."""
        seed = SPLITS.index(split) * 1_000_000 + number + 1
        setup = {"kind": self.kind, "level": self._level, "split": split, "seed": seed}
        said = Instruction(self._describe(setup)["objective"].strip())
        return Task(f"textworld-{self.kind}-{split}-{number}", self.spec, split, seed, said, setup)

    def _describe(self, setup: dict[str, Any]) -> dict[str, Any]:
        place, name = folder(), "-".join(map(str, setup.values()))
        known = place / f"{name}.said"
        if known.exists() and known.with_suffix(".json").exists():
            return msgspec.json.decode(known.read_bytes())
        place.mkdir(parents=True, exist_ok=True)
        return self.process.ask(do="describe", folder=str(place), name=name, **setup)

    def lay_out(self, task: Task) -> Seen:
        setup = {key: task.setup[key] for key in ("kind", "level", "split", "seed")}
        self._describe(setup)
        self._name, self._way = "-".join(map(str, setup.values())), None
        return self._start(policy=False)

    def _start(self, policy: bool) -> Seen:
        told = self.process.ask(do="start", folder=str(folder()), name=self._name, policy=policy)
        return self._seen_of(told, policy)

    def carry_out(self, command: str) -> Seen:
        if self._process is None:
            raise WorldFailure("text/textworld: the world is closed; reset(task) opens it again")
        return self._seen_of(self._process.ask(do="step", command=command), self._way is not None)

    def _seen_of(self, told: dict[str, Any], policy: bool) -> Seen:
        self._way = told["way"] if policy else None
        text = told["text"].strip().partition("*** The End ***")[0].strip()
        return Seen(text, tuple(told["choices"]), float(told["score"]), told["won"], told["lost"], told["mark"])

    def evidence(self) -> str:
        outcome = "the game is won" if self.seen.won else "the game is lost" if self.seen.lost else "the game goes on"
        return f"{outcome}, score {self.seen.score:.2f} of 1; last shown: {self.seen.text[:200]!r}"

    def expert(self) -> Action:
        """The first command of a winning way from here, which the engine finds anew after every step.

        It is asked for from the first call of an episode on; the episode is then played again with it, as it is slower.
        """
        if self.laid and (self.seen.won or self.seen.lost):
            raise WorldFailure("text/textworld: the game is over; the expert has nothing left to do")
        if self._way is None:
            self._start(policy=True)
            for command in self.done:
                self.carry_out(command)
        return Action(self._way[0] if self._way else (self.seen.choices or ("look",))[0])

    def close(self) -> None:
        self._task = None
        if self._process is not None:
            self._process.close()
            self._process = None


def folder() -> Path:
    """Where games are kept: `textworld` in $DUTIFUL_CACHE, else in `dutiful` in the user's cache of this platform."""
    if given := os.environ.get("DUTIFUL_CACHE"):
        return Path(given) / "textworld"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "dutiful" / "textworld"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dutiful" / "textworld"
