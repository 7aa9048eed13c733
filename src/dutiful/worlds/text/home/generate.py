"""Homes and goals, drawn from a seed. What comes out is `Task.setup`: plain JSON that lays the same home out again.

    {"goal": {...}, "rooms": [name], "start": room, "places": [[kind, room]], "things": [[name, kind, colour, place, dirty]]}

`place` is an index into `places`; lamps stand in their rooms and are not listed. Rooms and places are in the order in
which they are shown, which is the order in which the expert searches them.
"""

from __future__ import annotations

import functools
from random import Random

from dutiful.core.records import Json
from dutiful.worlds.text.home.catalogue import LAMPS, NEEDS, PLACES, ROOM_LAMPS, ROOMS, THINGS, fits, split_of
from dutiful.worlds.text.home.goal import Goal

CROWD = 3
"""Things a place has at most at the start."""


@functools.cache
def pairs(kind: str, split: str = "") -> tuple[tuple[str, str], ...]:
    """The (thing, place or lamp) goals of a kind of task in a split; all of them without one."""
    things = [thing for thing in THINGS if fits(kind, thing)]
    if kind == "look":
        targets = list(LAMPS)
    else:
        targets = [
            name for name, place in PLACES.items() if place.receives and not (place.does and place.does == NEEDS.get(kind))
        ]
    return tuple((a, b) for a in things for b in targets if not split or split_of(a, b) == split)


def rooms_with(place: str) -> list[str]:
    """The rooms that a kind of place or lamp can be in; "" is any lamp."""
    if place in LAMPS or not place:
        return [room for room, lamp in ROOM_LAMPS.items() if place in {"", lamp}]
    if place in {"fridge", "stove", "microwave"}:
        return ["kitchen"]
    if place == "sink":
        return ["kitchen", "bathroom"]
    return [room for room, places in ROOMS.items() if place in places]


def draw_goal(kind: str, split: str, random: Random) -> Goal:
    """A goal of a split, with a colour in three of five; two things of any colours."""
    thing, place = random.choice(pairs(kind, split))
    colour = random.choice(THINGS[thing].colours) if kind != "two" and random.random() < 0.6 else ""
    return Goal(kind, thing, colour, place)


def furnish(goal: Goal, rooms: int, objects: int, random: Random, name_room: bool = True) -> Json:
    """A home in which the goal can be reached and is not reached yet.

    `name_room` lets the goal name its room: mostly when the home has several such places, now and then when it has one.
    """
    target = goal.room or random.choice(rooms_with(goal.place))
    names = _rooms(target, rooms, random)
    places = [[kind, room] for room in names for kind in _places(room, goal.place if room == target else "", random)]
    if name_room and not goal.room:
        same = [
            room
            for room in names
            if (ROOM_LAMPS.get(room) == goal.place if goal.kind == "look" else [goal.place, room] in places)
        ]
        if random.random() < (0.7 if len(same) > 1 else 0.3):
            goal = goal._replace(room=target)
    things = _things(goal, objects, random)
    filled = [0] * len(places)
    laid: list[list[object]] = []
    for number, (name, kind, colour) in enumerate(things):
        wanted = goal.wants(kind, colour)
        spots = [
            spot
            for spot, (where, room) in enumerate(places)
            if PLACES[where].receives
            and filled[spot] < CROWD
            and not (wanted and where == goal.place and goal.room in {"", room})
        ]
        spot = random.choice(spots)
        filled[spot] += 1
        dirty = "wash" in THINGS[kind].can and ((wanted and goal.kind == "clean") or random.random() < 0.4)
        laid.append([name, kind, colour, spot, dirty])
        assert number >= goal.amount or wanted, "the things that the goal needs come first"
    random.shuffle(laid)
    home = {"rooms": names, "start": random.choice(names), "places": places, "things": laid}
    return {"kind": goal.kind, "goal": goal.json(), **home}


def _rooms(target: str, count: int, random: Random) -> list[str]:
    """The kitchen, the target's room and others, in any order."""
    kept = list(dict.fromkeys(["kitchen", target]))
    others = [room for room in ROOMS if room not in kept]
    names = kept + random.sample(others, max(0, count - len(kept)))
    random.shuffle(names)
    return names


def _places(room: str, target: str, random: Random) -> list[str]:
    """The places of a room, in any order: three beside what every kitchen and bathroom has, at least one without a door."""
    fixed: list[str] = []
    if room == "kitchen":
        heater = target if target in {"stove", "microwave"} else random.choice(("stove", "microwave"))
        fixed = ["sink", "fridge", heater]
    elif room == "bathroom":
        fixed = ["sink"]
    free = [place for place in ROOMS[room] if place != target]
    chosen = [target] if target in ROOMS[room] else []
    chosen += random.sample(free, (2 if fixed else 3) - len(chosen))
    places = fixed + chosen
    random.shuffle(places)
    return places


def _things(goal: Goal, count: int, random: Random) -> list[tuple[str, str, str]]:
    """(name, kind, colour) of what the goal needs first, then of things like it in another colour, then of others."""
    colours = list(THINGS[goal.thing].colours)
    random.shuffle(colours)
    if goal.colour:
        others = [colour for colour in colours if colour != goal.colour]
        needed = [goal.colour] * goal.amount
        extra = others[: random.randrange(2)]
    else:
        needed = (colours * 2)[: goal.amount]
        extra = colours[goal.amount : goal.amount + (random.random() < 0.25)]
    things = [(f"{colour} {goal.thing}", goal.thing, colour) for colour in needed + extra]
    if len(set(things)) < len(things):
        things = [(f"{name} {number}", kind, colour) for number, (name, kind, colour) in enumerate(things[: goal.amount], 1)]
    taken = {name for name, _, _ in things}
    kinds = [kind for kind in THINGS if kind != goal.thing]
    while len(things) < count:
        kind = random.choice(kinds)
        colour = random.choice(THINGS[kind].colours)
        if (name := f"{colour} {kind}") not in taken:
            taken.add(name)
            things.append((name, kind, colour))
    return things
