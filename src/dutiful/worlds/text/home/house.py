"""One home, compiled from a task's setup: its grounded actions, its words, and what can be seen of it."""

from __future__ import annotations

from typing import NamedTuple

from dutiful.core.records import Json
from dutiful.kit.strips import Atom, Goal, Literals, Problem, Words, ground
from dutiful.worlds.text.home.catalogue import PLACES, ROOM_LAMPS, THINGS
from dutiful.worlds.text.home.domain import ABLE, DOES, PHRASES, domain
from dutiful.worlds.text.home.goal import Goal as HomeGoal

DONE = {"clean": "clean", "heat": "hot", "cool": "cold"}


class Place(NamedTuple):
    """`contents` are pairs (bit, thing); `open_bit` is 0 where there is no door."""

    name: str
    kind: str
    room: str
    open_bit: int
    contents: tuple[tuple[int, str], ...]

    @property
    def door(self) -> bool:
        return PLACES[self.kind].door

    @property
    def receives(self) -> bool:
        return PLACES[self.kind].receives


class View(NamedTuple):
    """A state with what the agent has seen of it: rooms it was in, places with a door that it opened."""

    state: int
    visited: frozenset[str]
    searched: frozenset[str]


class House:
    """Names inside: a place is `cabinet@kitchen`, a lamp `desk lamp@office`, a thing is called as in the words."""

    def __init__(self, setup: Json):
        self.goal = HomeGoal.of(setup)
        self.rooms: list[str] = setup["rooms"]
        self.things: dict[str, tuple[str, str]] = {name: (kind, colour) for name, kind, colour, _, _ in setup["things"]}
        self.lamps = {f"{ROOM_LAMPS[room]}@{room}": room for room in self.rooms if room in ROOM_LAMPS}
        where = {f"{kind}@{room}": (kind, room) for kind, room in setup["places"]}
        self.task = ground(domain(), self._problem(setup, where))
        names = {place: kind for place, (kind, _) in where.items()} | {lamp: lamp.partition("@")[0] for lamp in self.lamps}
        self.words = Words(self.task, PHRASES, names)
        bit = self.bit
        self.places = {
            name: Place(
                name,
                kind,
                room,
                bit("open", name) if PLACES[kind].door else 0,
                tuple((bit("at", thing, name), thing) for thing in self.things),
            )
            for name, (kind, room) in where.items()
        }
        self.in_room = {room: [place for place in self.places.values() if place.room == room] for room in self.rooms}
        self.room_bits = {room: bit("in", room) for room in self.rooms}
        self.holding = {thing: bit("holding", thing) for thing in self.things}
        self.lamp_bits = {lamp: bit("lit", lamp) for lamp in self.lamps}
        self.condition = {
            thing: (bit("clean", thing) if "wash" in THINGS[kind].can else 0, bit("hot", thing), bit("cold", thing))
            for thing, (kind, _) in self.things.items()
        }
        self.wanted = [thing for thing, (kind, colour) in self.things.items() if self.goal.wants(kind, colour)]
        if self.goal.kind == "look":
            self.targets = [n for n, r in self.lamps.items() if self._is_target(n.partition("@")[0], r, self.goal.place == "")]
        else:
            self.targets = [place.name for place in self.places.values() if self._is_target(place.kind, place.room)]
        self.meets = [[goal.positive for goal in self.goals([thing], self.targets)] for thing in self.wanted]

    def _is_target(self, kind: str, room: str, any_kind: bool = False) -> bool:
        return (any_kind or kind == self.goal.place) and self.goal.room in {"", room}

    def _problem(self, setup: Json, where: dict[str, tuple[str, str]]) -> Problem:
        init: set[Atom] = {("free",), ("in", setup["start"])}
        for place, (kind, room) in where.items():
            about = PLACES[kind]
            init.add(("of", place, room))
            init.add(("door" if about.door else "open", place))
            if about.receives:
                init.add(("receives", place))
            if about.preposition == "in":
                init.add(("hollow", place))
            if about.does:
                init.add((DOES[about.does], place))
        names = list(where)
        for name, kind, _, spot, dirty in setup["things"]:
            init.add(("at", name, names[spot]))
            init.update((ABLE[use], name) for use in THINGS[kind].can)
            if not dirty:
                init.add(("clean", name))
        init.update(("stands", lamp, room) for lamp, room in self.lamps.items())
        objects = dict.fromkeys(self.rooms, "room") | dict.fromkeys(where, "place")
        objects |= dict.fromkeys(self.things, "thing") | dict.fromkeys(self.lamps, "lamp")
        return Problem("home", objects, frozenset(init), Literals())

    def bit(self, *atom: str) -> int:
        return self.task.mask((atom,))

    def start(self) -> View:
        """The home as it is before the first action."""
        state = self.task.init
        return View(state, frozenset((self.room(state),)), frozenset())

    def room(self, state: int) -> str:
        """Where the agent is."""
        return next(room for room, bit in self.room_bits.items() if state & bit)

    def held(self, state: int) -> str:
        """What the agent holds, or nothing."""
        return next((thing for thing, bit in self.holding.items() if state & bit), "")

    def place_of(self, state: int, thing: str) -> str:
        """The place that a thing is at; empty when it is held."""
        return next((place for place in self.places if self.task.holds(state, "at", thing, place)), "")

    def show(self, state: int, thing: str) -> str:
        """A thing with its condition: "red mug (dirty)"."""
        clean, hot, cold = self.condition[thing]
        marks = ["dirty"] if clean and not state & clean else []
        marks += ["hot"] if state & hot else ["cold"] if state & cold else []
        return f"{thing} ({', '.join(marks)})" if marks else thing

    def contents(self, state: int, place: Place) -> str:
        """What a place holds, in words; empty when nothing."""
        return ", ".join([self.show(state, thing) for bit, thing in place.contents if state & bit])

    def closed(self, state: int, place: Place) -> bool:
        return bool(place.open_bit) and not state & place.open_bit

    def describe(self, view: View) -> str:
        """The room as one sees it on entering."""
        state, room = view.state, self.room(view.state)
        full: list[str] = []
        empty: list[str] = []
        shut: list[str] = []
        for place in self.in_room[room]:
            if self.closed(state, place):
                shut.append(place.kind)
            elif not place.receives:
                full.append(f"A {place.kind}.")
            elif inside := self.contents(state, place):
                full.append(f"{place.kind.capitalize()}: {inside}.")
            else:
                empty.append(place.kind)
        lines = [f"{room.capitalize()}.", *full]
        if empty:
            lines.append(f"Empty: {', '.join(empty)}.")
        if shut:
            lines.append(f"Closed: {', '.join(shut)}.")
        for lamp, its in self.lamps.items():
            if its == room:
                lines.append(f"A {lamp.partition('@')[0]} ({'on' if state & self.lamp_bits[lamp] else 'off'}).")
        if held := self.held(state):
            lines.append(f"You hold the {self.show(state, held)}.")
        if unseen := [name for name in self.rooms if name not in view.visited]:
            lines.append(f"Unseen rooms: {', '.join(unseen)}.")
        return " ".join(lines)

    def after(self, view: View, number: int) -> View:
        """The view after an applicable action."""
        state, action = self.task.apply(view.state, number), self.task.actions[number]
        if action.name == "go":
            return View(state, view.visited | {action.args[1]}, view.searched)
        if action.name == "open":
            return View(state, view.visited, view.searched | {action.args[1]})
        return view._replace(state=state)

    def report(self, view: View, number: int) -> str:
        """What the agent sees after an action that was carried out: only what is new."""
        state, (name, args, *_) = view.state, self.task.actions[number]
        if name == "go":
            return self.describe(view)
        thing = args[-1]
        spot = self.words.names[args[1]]
        place = self.places.get(args[1])
        inside = self.contents(state, place) if place and name == "open" else ""
        return {
            "take": f"You hold the {self.show(state, thing) if name == 'take' else thing}.",
            "put-in": f"The {thing} is in the {spot}.",
            "put-on": f"The {thing} is on the {spot}.",
            "open": f"The {spot} is open: {inside or 'empty'}.",
            "close": f"The {spot} is closed.",
            "light": f"The {spot} is on.",
            "look": f"You look at the {thing} under the {spot}.",
        }.get(name) or f"The {thing} is {DONE[name]}."

    def reached(self, state: int) -> bool:
        """Whether the goal holds."""
        met = 0
        for masks in self.meets:
            for mask in masks:
                if state & mask == mask:
                    met += 1
                    break
        return met >= self.goal.amount

    def goals(self, things: list[str], targets: list[str], keep: int = 0) -> list[Goal]:
        """The goals of having one of some things as wanted at one of some targets; `keep` are bits to keep set."""
        if self.goal.kind == "look":
            return [Goal(self.bit("seen", thing, lamp) | keep) for thing in things for lamp in targets]
        return [Goal(self.bit("at", thing, place) | self.state_bit(thing) | keep) for thing in things for place in targets]

    def state_bit(self, thing: str) -> int:
        """The bit of the condition that the goal asks for, or 0."""
        return self.bit(self.goal.state, thing) if self.goal.state else 0
