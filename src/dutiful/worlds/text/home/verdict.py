"""How far a home is from the goal: sub-goals in words, with what the state shows."""

from __future__ import annotations

from dutiful.core.records import Criterion, Verdict
from dutiful.worlds.text.home.house import House


def judge(house: House, state: int) -> Verdict:
    """The verdict on the wanted thing that is nearest to the goal (on the two nearest, of two): all about the same thing.

    A thing on its way, in the agent's hands, counts half for being in its place.
    """
    rows = sorted((_criteria(house, state, thing) for thing in house.wanted), key=lambda row: -sum(c.score for c in row))
    chosen = rows[: house.goal.amount]
    if house.goal.kind == "two":
        ordinal = ("one", "another")
        return Verdict.of(
            *(c.replace(name=f"{ordinal[n]} of the {c.name.removeprefix('the ')}") for n, row in enumerate(chosen) for c in row)
        )
    return Verdict.of(*(criterion for row in chosen for criterion in row))


def _criteria(house: House, state: int, thing: str) -> list[Criterion]:
    goal, where = house.goal, house.place_of(state, thing)
    condition = house.show(state, thing)
    if where:
        place = house.places[where]
        stands = (
            f"the {condition} is {'in' if house.task.holds(0, 'hollow', where) else 'on'} the {place.kind} of the {place.room}"
        )
    else:
        stands = f"you hold the {condition} in the {house.room(state)}"
    if goal.kind == "look":
        lamps = [lamp for lamp in house.targets if state & house.lamp_bits[lamp]]
        seen = any(house.task.holds(state, "seen", thing, lamp) for lamp in house.targets)
        lit = f"lit: {', '.join(lamp.replace('@', ' of the ') for lamp in lamps) or 'none'}"
        return [
            _criterion(f"the {goal.where} is on", bool(lamps), lit),
            _criterion(
                f"the {goal.name} is looked at under it", seen, f"{stands}; {'looked at' if seen else 'not looked at'}", not where
            ),
        ]
    name = goal.names if goal.kind == "two" else goal.name
    there = _criterion(f"the {name} is {goal.preposition} the {goal.where}", where in house.targets, stands, not where)
    if not goal.state:
        return [there]
    return [
        _criterion(f"the {name} is {goal.state}", house.task.holds(state, goal.state, thing), f"it is the {condition}"),
        there,
    ]


def _criterion(name: str, passed: bool, evidence: str, halfway: bool = False) -> Criterion:
    return Criterion(name, passed, 1.0 if passed else 0.5 if halfway else 0.0, evidence)
