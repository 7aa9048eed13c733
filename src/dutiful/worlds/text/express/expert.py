"""Oracles of TextWorldExpress. For most games the engine's own path; where that is drawn by chance, one who looks around.

The engine's path is followed while the agent is on it. Off it, the expert goes back to the last state of it that looks like
the present one; if there is none, to the room where the path was left; there it goes on, and leaves out what is done already.
What cannot be undone is not mended: a game may be lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from dutiful.worlds.text.game import Seen

LOOKING = ("coin", "twc")
"""Games whose own path is drawn by chance: the same seed leads to another one."""
AHEAD = 500
"""Commands that are tried out, at most, to find a way back to a room: a fraction of a second."""
_ROOM = re.compile(r"^You are in the (.+?)\.")
_WAYS = ("north", "east", "south", "west")
_PUT = re.compile(r"put (.+) (?:in|on) (.+)")


class Path(NamedTuple):
    """A way to the goal: commands, and the state before each."""

    commands: Sequence[str]
    states: Sequence[Seen]


def follow(path: Path, done: Sequence[str], seen: Seen, peek: Callable[[tuple[str, ...]], Seen]) -> str:
    """The next command on the path, or back to it. `peek` tells where further commands lead from here."""
    if list(done) == list(path.commands[: len(done)]) and len(done) < len(path.commands):
        return path.commands[len(done)]
    reached = _progress(path, done)
    marks = {state.mark: place for place, state in enumerate(path.states) if place <= reached}
    if seen.mark in marks:
        return path.commands[marks[seen.mark]]
    room = _room(path.states[reached])
    if _room(seen) != room and (way := _back(room, len(done), seen, peek)):
        return way
    choices = seen.choices or ("look around",)
    rest = (command for command in path.commands[reached:] if command in choices or command.startswith("move "))
    command = next(rest, choices[0])
    return command if command in choices else choices[0]


def _back(room: str, far: int, seen: Seen, peek: Callable[[tuple[str, ...]], Seen]) -> str:
    """The first step of a shortest way to a room, through doors that are opened; "" where none is found soon enough."""
    frontier: list[tuple[tuple[str, ...], Seen]] = [((), seen)]
    known, tried = {_room(seen)}, 0
    for way, state in frontier:  # grows while it is walked: breadth first
        for side in _WAYS:
            closed = f"To the {side.capitalize()} you see a closed" in state.mark
            steps = (*way, *((f"open door to {side}",) if closed else ()), f"move {side}")
            tried += far + len(steps)
            if f"move {side}" not in (state.choices or ()) or tried > AHEAD:
                continue
            there = peek(steps)
            if _room(there) == room:
                return steps[0]
            if _room(there) not in known:
                known.add(_room(there))
                frontier.append((steps, there))
    return ""


def _progress(path: Path, done: Sequence[str]) -> int:
    """How far along the path its commands were carried out in order, others between them."""
    place = 0
    for command in done:
        if place < len(path.commands) and command == path.commands[place]:
            place += 1
    return min(place, len(path.states) - 1)


def look_around(game: str, placements: frozenset[tuple[str, str]], history: Sequence[tuple[Seen, str]], seen: Seen) -> str:
    """One who explores: takes what is wanted, puts it where it belongs, opens what is closed, and walks on.

    `placements` are the things and where they go (twc); `history` is what was seen and done so far.
    """
    choices = seen.choices or ()
    if game == "coin" and "take coin" in choices:
        return "take coin"
    things = {thing for thing, _ in placements}
    for choice in choices:
        put = _PUT.fullmatch(choice)
        if put and (put[1], put[2]) in placements:
            return choice
    placed = {put[1] for _, command in history if (put := _PUT.fullmatch(command)) and (put[1], put[2]) in placements}
    for choice in choices:
        if choice.startswith("take ") and choice.removeprefix("take ") in things - placed:
            return choice
    for choice in choices:
        if game == "twc" and choice.startswith("open ") and not choice.startswith("open door"):
            return choice
    way = _onward(history, seen)
    return f"open door to {way}" if f"To the {way.capitalize()} you see a closed" in seen.mark else f"move {way}"


def _onward(history: Sequence[tuple[Seen, str]], seen: Seen) -> str:
    """The first step towards the nearest room not seen yet; if all are, towards the one seen longest ago."""
    visited: dict[str, int] = {}
    ways: dict[tuple[str, str], str] = {}
    exits: dict[str, list[str]] = {}
    states = [state for state, _ in history] + [seen]
    for moment, state in enumerate(states):
        room = _room(state)
        visited[room] = moment
        exits[room] = [way for way in _WAYS if any(choice.endswith(f" {way}") for choice in state.choices or ())]
        if moment and _room(states[moment - 1]) != room:
            way = history[moment - 1][1].removeprefix("move ")
            ways[_room(states[moment - 1]), way] = room
            ways[room, _WAYS[(_WAYS.index(way) + 2) % 4]] = _room(states[moment - 1])
    here = _room(seen)
    queue: list[tuple[str, str]] = [(here, "")]
    first = {here: ""}
    for room, start in queue:
        for way in exits[room]:
            there = ways.get((room, way))
            if there is None:
                return start or way
            if there not in first:
                first[there] = start or way
                queue.append((there, first[there]))
    return first[min((room for room in first if room != here), key=visited.__getitem__)]


def _room(seen: Seen) -> str:
    found = _ROOM.match(seen.mark)
    return found[1] if found else ""


def placed_in(commands: Sequence[str]) -> frozenset[tuple[str, str]]:
    """The things and where they are put, in a sequence of commands."""
    return frozenset((put[1], put[2]) for command in commands if (put := _PUT.fullmatch(command)))
