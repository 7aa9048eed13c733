"""What a run consists of: the parts, made once and checked before anything runs, and its cells."""

from __future__ import annotations

import copy
import importlib.metadata
import inspect
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, cast

import msgspec

from dutiful.core import parts
from dutiful.core.agent import Agent
from dutiful.core.errors import SpecError
from dutiful.core.limits import Limits
from dutiful.core.model import Model
from dutiful.core.parts import Part
from dutiful.core.records import Json, Task
from dutiful.core.world import World
from dutiful.lab.rows import Cell

Agents = str | Agent | Iterable[str | Agent]
Models = str | Model | Iterable[str | Model]
Worlds = str | World | Iterable[str | World]


class Follower(NamedTuple):
    """An agent with its model, and the names that both have in the store."""

    agent: Agent
    name: str
    model: str


class Place:
    """A world as the runners need it: new objects of it, and its tasks. Raises what its construction raises."""

    def __init__(self, given: str | World, split: str):
        self._given = given
        first = _world(given)
        self.name = first.spec
        # One object is set aside for the tasks: a lazy sequence may use the world that it came from.
        self._teller, self._lock = first, threading.Lock()
        self._tasks = first.tasks(split)
        self._known: dict[int, Task] = {}
        self.count = len(self._tasks)

    def make(self) -> World:
        """A world of one's own."""
        return _world(self._given)

    def task(self, index: int) -> Task:
        """The task at an index of the split; the same object for everyone who asks."""
        if task := self._known.get(index):
            return task
        with self._lock:
            return self._known.setdefault(index, self._tasks[index])

    def known(self, index: int) -> Task | None:
        """The task, if it was made already."""
        return self._known.get(index)

    def close(self) -> None:
        self._teller.close()


class Plan:
    """Agents x models x worlds x seeds x tasks.

    Every seed has its own slice of the split, `tasks[seed * n : (seed + 1) * n]`, unless `same_tasks`: for agents that do not
    draw, other tasks tell more than the same ones again. Agents that ask no model are run once, with model "".
    """

    def __init__(
        self,
        agents: Agents,
        models: Models,
        worlds: Worlds,
        split: str,
        tasks: int | None,
        seeds: int | Sequence[int],
        limits: Limits,
        same_tasks: bool,
    ):
        self.limits = limits
        self._owned: list[Model] = []
        self.in_use = False
        self.places: dict[str, Place] = {}
        try:
            shared = dict(map(self._model, _several(models)))
            self.models = dict(shared)  # and those that agents bring along
            self.followers = list(
                {(f.name, f.model): f for given in _several(agents) for f in self._pair(given, shared)}.values()
            )
            for given in _several(worlds):
                place = Place(given, split)
                self.places.setdefault(place.name, place)
            if not self.followers or not self.places:
                raise SpecError("a run needs at least one agent and one world")
            self.seeds = list(range(seeds)) if isinstance(seeds, int) else list(seeds)
            self._check_prices()
            self.cells = self._cells(tasks, split, same_tasks)
            versions = {name: _plain(model.versions()) for name, model in self.models.items()}
        except BaseException:
            self.close()
            raise
        self.config: Json = {
            "agents": list(dict.fromkeys(follower.name for follower in self.followers)),
            "models": list(self.models),
            "worlds": list(self.places),
            "split": split,
            "tasks": tasks,
            "seeds": self.seeds,
            "same_tasks": same_tasks,
            "limits": msgspec.to_builtins(limits),
            "versions": {"dutiful": importlib.metadata.version("dutiful"), **versions},
        }

    def close(self) -> None:
        """Closes what was made here; ready objects are their owner's. Models that a hung thread still uses stay open."""
        for closing in (*self.places.values(), *(() if self.in_use else self._owned)):
            closing.close()

    def _model(self, given: str | Model) -> tuple[str, Model]:
        if isinstance(given, Model):
            return given.spec, given
        model = cast(Model, parts.model(given))
        self._owned.append(model)
        return model.spec, model

    def _pair(self, given: str | Agent, models: dict[str, Model]) -> Iterable[Follower]:
        """An agent with each model, or alone if it asks none or has its own."""
        agent = given if isinstance(given, Agent) else cast(Agent, parts.agent(given))
        name = agent.spec
        if agent.model is not None:
            self.models.setdefault(agent.model.spec, agent.model)
            yield Follower(agent, name, agent.model.spec)
        elif "model" not in inspect.signature(type(agent)).parameters:
            yield Follower(agent, name, "")
        elif not models:
            raise SpecError(f"the agent {name!r} asks a language model: give it one (--model embedded)")
        else:
            for label, model in models.items():
                twin = copy.copy(agent)
                twin.model = model
                yield Follower(twin, name, label)

    def _check_prices(self) -> None:
        unpriced = [name for name, model in self.models.items() if not model.priced]
        if self.limits.cost is not None and unpriced:
            raise SpecError(
                f"a cost limit is set, but the price of {', '.join(unpriced)} is unknown: give its prices "
                "(?input_price=...&output_price=..., dollars per million tokens) or drop the limit"
            )

    def _cells(self, tasks: int | None, split: str, same_tasks: bool) -> list[Cell]:
        if not self.seeds or min(self.seeds) < 0 or len(set(self.seeds)) < len(self.seeds):
            raise SpecError(f"seeds are {self.seeds}, expected different numbers from 0 on")
        if tasks is not None and tasks < 1:
            raise SpecError(f"tasks is {tasks}, expected at least 1, or None for all of the split")
        slices = 1 if same_tasks else max(self.seeds) + 1
        cells: list[Cell] = []
        for name, place in self.places.items():
            each = place.count // slices if tasks is None else tasks
            if each * slices > place.count or not each:
                raise SpecError(
                    f"{name} has {place.count} tasks in its split {split!r}, and {slices} seeds of {tasks or 1} tasks each take "
                    f"{slices * (tasks or 1)}: ask for fewer tasks or seeds, or for the same tasks with every seed (same_tasks)"
                )
            for seed in self.seeds:
                start = 0 if same_tasks else seed * each
                cells += [Cell(f.name, f.model, name, seed, start + i) for i in range(each) for f in self.followers]
        # Agents and worlds take turns, so that an unfinished run has pairs to compare and its time left can be guessed.
        return sorted(cells, key=lambda cell: (cell.seed, cell.place))


def differences(stored: Json, wanted: Json) -> list[str]:
    """What two configurations do not share, a line each."""
    lines: list[str] = []
    for key in sorted(stored.keys() | wanted.keys()):
        a, b = stored.get(key), wanted.get(key)
        if isinstance(a, dict) and isinstance(b, dict):
            lines += [f"{key}.{line}" for line in differences(cast(Json, a), cast(Json, b))]
        elif a != b:
            lines.append(f"{key}: {a!r} in the run, {b!r} now")
    return lines


def _several(given: Any) -> list[Any]:
    return [given] if isinstance(given, str | Part) else list(given)


def _world(given: str | World) -> World:
    return cast(World, parts.world(given)) if isinstance(given, str) else cast(World, _again(given))


def _again(part: Part) -> Part:
    """Another object of the same class and parameters."""
    arguments: dict[str, Any] = {}
    for name, parameter in inspect.signature(type(part)).parameters.items():
        if parameter.kind is not inspect.Parameter.VAR_KEYWORD:
            value = getattr(part, name)
            arguments[name] = _again(value) if isinstance(value, World) else value
    make: Callable[..., Part] = type(part)
    return make(**arguments)


def _plain(versions: Json) -> Json:
    return msgspec.json.decode(msgspec.json.encode(versions, enc_hook=str))
