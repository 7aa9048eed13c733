"""Thirty kinds of experiment of ScienceWorld, which run in a Java process of their own."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

import msgspec

from dutiful.core.errors import UnknownPart, WorldFailure
from dutiful.core.parts import Card
from dutiful.core.records import Action, Instruction, Task
from dutiful.kit.tasks import Lazy
from dutiful.worlds.text.game import Game, Seen, within
from dutiful.worlds.text.jvm import folder
from dutiful.worlds.text.science.engine import Engine, Start

FOLDS = {"train": "Train", "validation": "Dev", "test": "Test"}
SIMPLE = ("easy", "teleportAction", "selfWateringFlowerPots", "openContainers", "openDoors", "noElectricalAction")
_ROOM = re.compile(r"(?:This room is called the|This outside location is called the) ([a-z ]+)\.")
_GOES = re.compile(r"(?:go|teleport) to ")
ROUNDS = {"train": 4, "validation": 2, "test": 4}
"""Tasks of each kind in a split of "all"; every kind has that many variations there."""
_GOAL = re.compile(r"^\d+\s+(true|false)\s+\S+\s+(.*)$", re.MULTILINE)


class Science(Game):
    """A house with a laboratory: boil, melt, grow, measure, wire up, breed, and find things.

    `task` is a kind of task by the engine's name, or "all": then the kinds take turns. `simplifications` are the engine's, by
    commas ("easy" is all of them, empty is none). With `choices` every observation lists what is possible: 100 to 4,000
    actions, which takes longer than the step itself; without, a line of text is expected. An episode ends after
    `max_steps`; the longest of the engine's own paths that we have seen has 180. An answer may take `timeout` seconds.
    Splits are the engine's variations for training, development and test. The reward is the rise of the score; a wrong
    conclusion ends the episode.
    """

    card = Card(
        kind="world",
        name="text/science",
        summary="ScienceWorld: thirty kinds of long experiments in words, from boiling water to breeding peas",
        capabilities=frozenset({"expert", "snapshot", "choices"}),
        needs=("text",),
        source="arXiv 2203.07540; package scienceworld",
        licence="Apache-2.0 (the engine, which runs in Java)",
    )
    rules = (
        "You are in a house with a laboratory. Do what the instruction says, one action a turn: look around, inventory, "
        "open OBJ, close OBJ, go to PLACE, teleport to PLACE, pick up OBJ, move OBJ to OBJ, pour OBJ into OBJ, mix OBJ, "
        "activate OBJ, deactivate OBJ, use OBJ on OBJ, connect OBJ to OBJ, read OBJ, look at OBJ, focus on OBJ, wait, wait1. "
        "If a request is ambiguous, answer with the number. Focus only on what the instruction names: it counts as your answer."
    )

    def __init__(
        self,
        task: str = "find-living-thing",
        simplifications: str = "easy",
        choices: bool = False,
        max_steps: int = 300,
        timeout: float = 60.0,
    ):
        folder("text/science", "scienceworld")
        within("text/science", max_steps=(max_steps, 1, 10_000), timeout=(timeout, 0.1, 3600))
        for simplification in filter(None, simplifications.split(",")):
            if simplification not in SIMPLE:
                raise UnknownPart("simplification of text/science", simplification, SIMPLE)
        if task not in (*kinds(), "all"):
            raise UnknownPart("task of text/science", task, (*kinds(), "all"))
        self.task, self.simplifications, self.choices = task, simplifications, choices
        self.max_steps, self.timeout = max_steps, timeout
        self._engine: Engine | None = None
        self._variations: dict[tuple[str, str], list[int]] = {}

    @property
    def engine(self) -> Engine:
        """The Java process, started when first needed, and again after it died."""
        if self._engine is None or not self._engine.jvm.alive:
            self._engine = Engine("text/science", self.timeout)
        return self._engine

    def variations(self, kind: str, split: str) -> list[int]:
        """The variations of a kind of task in a split."""
        if (kind, split) not in self._variations:
            self._variations[kind, split] = self.engine.variations(kind, FOLDS[split])
        return self._variations[kind, split]

    def tasks(self, split: str = "test") -> Sequence[Task]:
        """All variations of a split; of "all" kinds ROUNDS each. Splits: train, validation, test."""
        if split not in FOLDS:
            raise UnknownPart("split of text/science", split, FOLDS)
        count = len(kinds()) * ROUNDS[split] if self.task == "all" else len(self.variations(self.task, split))
        return Lazy(lambda number: self.make(split, number), count)

    def make(self, split: str, number: int) -> Task:
        """Task `number` of a split."""
        kind, place = self.task, number
        if kind == "all":
            place, turn = divmod(number, len(kinds()))
            kind = kinds()[turn]
        start = Start(kind, self.variations(kind, split)[place], self.simplifications)
        said = Instruction(self.engine.describe(start))
        return Task(f"science-{kind}-{split}-{place}", self.spec, split, start.variation, said, start._asdict())

    def lay_out(self, task: Task) -> Seen:
        self._start, self._gold, self._rooms = Start(**task.setup), None, [""]
        seen = self.engine.start(self._start, self.choices)
        self._rooms = [_room(seen)]
        return seen

    def carry_out(self, command: str) -> Seen:
        if self._engine is None:
            raise WorldFailure("text/science: the world is closed; reset(task) opens it again")
        return self._engine.step(self._start, len(self.done), command, self.choices)

    def evidence(self) -> str:
        goals = [f"{'met' if met == 'true' else 'not met'}: {goal or 'unnamed'}" for met, goal in _GOAL.findall(self._told())]
        return f"score {self.seen.score:g} of 1; " + "; ".join(goals)

    def _told(self) -> str:
        if self._engine is None:
            raise WorldFailure("text/science: the world is closed; reset(task) opens it again")
        return self._engine.goals()

    def choices_here(self) -> tuple[str, ...]:
        """All that is possible now, sorted, whatever `choices` says; takes longer than a step."""
        assert self.laid
        return self.engine.possible()

    def expert(self) -> Action:
        """The engine's own path, gone on with where it was left; from another room one goes back first, where one may teleport.

        It takes no account of what an agent did beside it: after a deed that cannot be undone it may lead nowhere.
        """
        if self.laid and (self.seen.won or self.seen.lost):
            raise WorldFailure("text/science: the experiment is over; the expert has nothing left to do")
        if self._gold is None:
            self._gold = self.engine.gold(self._start)
        place, room = 0, self._rooms[0]
        for command in self.done:
            if place < len(self._gold) and command == self._gold[place]:
                place += 1
        for command in self._gold[:place]:
            room = command.removeprefix("go to ").removeprefix("teleport to ") if _GOES.match(command) else room
        here = _room(self.seen)
        if room != here and place and {"easy", "teleportAction"} & set(self.simplifications.split(",")):
            return Action(f"teleport to {room}")
        return Action(self._gold[place] if place < len(self._gold) else "wait1")

    def close(self) -> None:
        self._task = None
        if self._engine is not None:
            self._engine.jvm.close()
            self._engine = None


@functools.cache
def kinds() -> tuple[str, ...]:
    """The kinds of task, as the package lists them."""
    listed = msgspec.json.decode((folder("text/science", "scienceworld") / "tasks.json").read_bytes())
    return tuple(sorted(each["task_name"] for each in listed))


def _room(seen: Seen) -> str:
    found = _ROOM.match(seen.mark)
    return found[1] if found else ""
