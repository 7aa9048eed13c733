"""The levels of the installed minigrid: their names, and environments that are quiet, bounded and fast to look at.

Imports minigrid; nothing but `Grid` imports this module, and only when a world is made.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
from typing import Any

import gymnasium
import minigrid  # noqa: F401  (registers the levels)
from minigrid.core.roomgrid import RoomGrid
from minigrid.envs.babyai.core.roomgrid_level import RejectSampling, RoomGridLevel
from minigrid.envs.babyai.core.verifier import ObjDesc, OpenInstr, PickupInstr

from dutiful.core.errors import SpecError, UnknownPart, WorldFailure


@functools.cache
def identifiers() -> tuple[str, ...]:
    """Every BabyAI and MiniGrid id of the installed package, sorted."""
    return tuple(sorted(i for i in gymnasium.registry if i.startswith(("BabyAI-", "MiniGrid-"))))


@functools.cache
def names() -> dict[str, str]:
    """Ids by name: a full id, one without its version (then the newest), and without its family (BabyAI's before MiniGrid's)."""
    found: dict[str, str] = {}
    for family in ("BabyAI-", "MiniGrid-"):
        for identifier in identifiers():
            if identifier.startswith(family):
                plain = identifier.rpartition("-v")[0]
                found[identifier] = found[plain] = identifier
                short = plain.removeprefix(family)
                if found.get(short, family).startswith(family):
                    found[short] = identifier
    return found


def identify(level: str) -> str:
    """The id of a level; raises UnknownPart with the nearest names."""
    known = names()
    if level in known:
        return known[level]
    folded = {key.lower(): value for key, value in known.items()}
    if level.lower() in folded:
        return folded[level.lower()]
    raise UnknownPart("level of grid", level, (name for name in known if "-v" not in name))


class _Unseen:
    """MiniGrid computes its view inside of every step; the world looks for itself (`view.look`), once."""

    def gen_obs(self) -> dict[str, Any]:
        return {}


class _Quiet(_Unseen):
    """BabyAI's generation prints each rejected draw and may go on for ever: this one is silent, and ends after `tries`
    draws; levels that reject much need tens."""

    tries = 5000

    def _gen_grid(self: Any, width: int, height: int) -> None:
        for _ in range(self.tries):
            try:
                RoomGrid._gen_grid(self, width, height)
                self.gen_mission()
                self.validate_instrs(self.instrs)
            except (RecursionError, RejectSampling):
                continue
            self.surface = self.mission = self.instrs.surface(self)
            return
        raise WorldFailure(f"grid: {type(self).__name__} found no valid layout in {self.tries} draws; take another seed")


@functools.cache
def quiet(level: type) -> type:
    """The class of a level, made quiet."""
    mixin = _Quiet if issubclass(level, RoomGridLevel) else _Unseen
    return type(level.__name__, (mixin, level), {})


def build(identifier: str) -> Any:
    """A fresh environment of a level; raises SpecError where the level cannot be made here."""
    spec = gymnasium.registry[identifier]
    entry: Any = spec.entry_point
    if isinstance(entry, str):
        module, _, attribute = entry.partition(":")
        entry = getattr(importlib.import_module(module), attribute)
    if identifier.startswith("MiniGrid-Playground"):
        raise SpecError(f"grid: {identifier} has no instruction to follow; try grid/GoToLocal")
    if "-WFC-" in identifier and (missing := [name for name in ("imageio", "networkx") if not importlib.util.find_spec(name)]):
        raise SpecError(f"grid: {identifier} needs {' and '.join(missing)} beyond minigrid: pip install 'minigrid[wfc]'")
    return quiet(entry)(**spec.kwargs)


def instruct(environment: Any) -> None:
    """Gives a MiniGrid level of rooms the instruction object that its mission amounts to, after a reset; BabyAI's have theirs."""
    if not isinstance(environment, RoomGrid) or isinstance(environment, RoomGridLevel):
        return
    thing = getattr(environment, "obj", None)
    if thing is None:
        instruction: Any = OpenInstr(ObjDesc("door", environment.door.color))  # type: ignore[attr-defined]
    else:
        instruction = PickupInstr(ObjDesc(thing.type, thing.color))
    instruction.reset_verifier(environment)
    environment.instrs = instruction  # type: ignore[attr-defined]


def oracle(environment: Any) -> Any:
    """The expert for a level, after its reset: BabyAI's bot where it has an instruction object, else a search."""
    if hasattr(environment, "instrs"):
        from dutiful.worlds.grid.oracle import Oracle

        return Oracle(environment)
    from dutiful.worlds.grid.planner import Planner

    return Planner(environment)
