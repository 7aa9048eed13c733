"""How far an instruction has been carried out: the parts of BabyAI's own instruction object, as criteria with evidence."""

from __future__ import annotations

from typing import Any

from dutiful.core.records import Criterion
from dutiful.worlds.grid.view import HEADINGS


def leaves(instruction: Any, done: bool = False) -> list[tuple[Any, bool]]:
    """The parts in the order in which they are to be done, each with whether it is done. A whole of one part does not
    know whether it is done: `done` says so."""
    if not hasattr(instruction, "instr_a"):
        return [(instruction, done)]
    order = ("b", "a") if type(instruction).__name__ == "AfterInstr" else ("a", "b")
    found: list[tuple[Any, bool]] = []
    for side in order:
        finished = done or getattr(instruction, f"{side}_done", False) == "success"
        found += leaves(getattr(instruction, f"instr_{side}"), finished)
    return found


def criterion(env: Any, part: Any, wording: str, when: int | None) -> Criterion:
    """One part as a criterion; `when` is the step at which it was done, None if it was not."""
    happened = f"done at step {when}" if when is not None else "not done yet"
    score = 1.0 if when is not None else _half(env, part)
    return Criterion(wording, when is not None, score, f"{happened}; {_situation(env, part)}")


def _half(env: Any, part: Any) -> float:
    """Half of putting is to hold the thing."""
    return 0.5 if hasattr(part, "desc_move") and any(env.carrying is thing for thing in part.desc_move.obj_set) else 0.0


def _situation(env: Any, part: Any) -> str:
    x, y = env.agent_pos
    words = [f"the agent is at ({x}, {y}), facing {HEADINGS[env.agent_dir]}"]
    words.append(f"carrying the {env.carrying.color} {env.carrying.type}" if env.carrying else "carrying nothing")
    for side in ("desc", "desc_move", "desc_fixed"):
        if description := getattr(part, side, None):
            words += [_thing(env, thing) for thing in description.obj_set if thing.type != "wall"][:4]
    return ", ".join(words)


def _thing(env: Any, thing: Any) -> str:
    label = f"{thing.color} {thing.type}"
    if thing is env.carrying:
        return f"the {label} in hand"
    if thing.cur_pos is None:
        return f"a {label}"
    x, y = thing.cur_pos
    if thing.type == "door":
        label = f"{'open' if thing.is_open else 'locked' if thing.is_locked else 'closed'} {label}"
    return f"the {label} at ({x}, {y})"
