"""text/tyres: flat wheels to be changed, in the one order in which that goes."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from random import Random

from dutiful.core.parts import Card
from dutiful.core.records import Json
from dutiful.kit.strips import Atom, GroundTask, Literals, Phrases, Problem, ground, parse_domain
from dutiful.worlds.text.puzzles.laid import Laid, listed, numbers
from dutiful.worlds.text.puzzles.world import Puzzle

PDDL = """
(define (domain tyres)
  (:requirements :strips :typing :negative-preconditions)
  (:types thing hub - object tool wheel - thing)
  (:constants wrench jack pump - tool)
  (:predicates
    (open) (stored ?t - thing) (have ?t - thing) (intact ?w - wheel) (inflated ?w - wheel)
    (on ?w - wheel ?h - hub) (bare ?h - hub) (tight ?h - hub) (loose ?h - hub) (raised ?h - hub))
  (:action open :precondition (not (open)) :effect (open))
  (:action close :precondition (open) :effect (not (open)))
  (:action fetch :parameters (?t - thing)
    :precondition (and (open) (stored ?t)) :effect (and (have ?t) (not (stored ?t))))
  (:action store :parameters (?t - thing)
    :precondition (and (open) (have ?t)) :effect (and (stored ?t) (not (have ?t))))
  (:action inflate :parameters (?w - wheel)
    :precondition (and (intact ?w) (have pump) (have ?w) (not (inflated ?w))) :effect (inflated ?w))
  (:action loosen :parameters (?h - hub)
    :precondition (and (have wrench) (tight ?h) (not (raised ?h))) :effect (and (loose ?h) (not (tight ?h))))
  (:action tighten :parameters (?h - hub)
    :precondition (and (have wrench) (loose ?h) (not (raised ?h))) :effect (and (tight ?h) (not (loose ?h))))
  (:action raise :parameters (?h - hub)
    :precondition (and (have jack) (not (raised ?h))) :effect (and (raised ?h) (not (have jack))))
  (:action lower :parameters (?h - hub)
    :precondition (raised ?h) :effect (and (have jack) (not (raised ?h))))
  (:action undo :parameters (?h - hub)
    :precondition (and (have wrench) (raised ?h) (loose ?h)) :effect (not (loose ?h)))
  (:action fasten :parameters (?h - hub)
    :precondition (and (have wrench) (raised ?h) (not (loose ?h)) (not (tight ?h)) (not (bare ?h))) :effect (loose ?h))
  (:action remove :parameters (?w - wheel ?h - hub)
    :precondition (and (raised ?h) (not (loose ?h)) (not (tight ?h)) (on ?w ?h))
    :effect (and (have ?w) (bare ?h) (not (on ?w ?h))))
  (:action mount :parameters (?w - wheel ?h - hub)
    :precondition (and (raised ?h) (bare ?h) (have ?w)) :effect (and (on ?w ?h) (not (have ?w)) (not (bare ?h)))))
"""
PHRASES = Phrases(
    actions={
        "open": "open the boot",
        "close": "close the boot",
        "fetch": "take {0} out of the boot",
        "store": "put {0} into the boot",
        "inflate": "inflate {0}",
        "loosen": "loosen the nuts at {0}",
        "tighten": "tighten the nuts at {0}",
        "raise": "jack up {0}",
        "lower": "jack down {0}",
        "undo": "take off the nuts at {0}",
        "fasten": "put on the nuts at {0}",
        "remove": "take {0} off {1}",
        "mount": "put {0} on {1}",
    },
    facts={
        "open": "the boot is open",
        "stored": "the {0} is in the boot",
        "have": "you have the {0}",
        "intact": "the {0} is sound",
        "inflated": "the {0} is inflated",
        "on": "the {0} is on {1}",
        "bare": "{0} has no wheel",
        "tight": "the nuts at {0} are tight",
        "loose": "the nuts at {0} are loose",
        "raised": "{0} is jacked up",
    },
    denials={
        "open": "the boot is closed",
        "stored": "the {0} is not in the boot",
        "have": "you do not have the {0}",
        "intact": "the {0} is flat for good",
        "inflated": "the {0} is not inflated",
        "on": "the {0} is not on {1}",
        "bare": "{0} has a wheel",
        "tight": "the nuts at {0} are not tight",
        "loose": "the nuts at {0} are not loose",
        "raised": "{0} is on the ground",
    },
)
TOOLS = ("wrench", "jack", "pump")
CORNERS = ("front left", "front right", "rear left", "rear right")
COLOURS = ("red", "blue", "green", "white", "black", "yellow", "brown", "grey", "pink", "orange", "purple", "silver")
VEHICLES = ("car", "van", "taxi", "trailer", "camper", "jeep", "ambulance")


@functools.cache
def grounded(hubs: int) -> tuple[GroundTask, Mapping[tuple[str, ...], int]]:
    """The ground task of so many hubs, with a flat wheel and a spare one each, and its actions by name."""
    objects = dict.fromkeys(TOOLS, "tool") | {f"h{n}": "hub" for n in range(hubs)}
    objects |= {f"{kind}{n}": "wheel" for n in range(hubs) for kind in ("flat", "spare")}
    sound = frozenset(("intact", f"spare{n}") for n in range(hubs))
    task = ground(parse_domain(PDDL), Problem("tyres", objects, sound, Literals()))
    return task, numbers(task)


Call = tuple[str, ...]
"""An action's name and arguments."""


class LaidTyres(Laid):
    """Hub n has a flat wheel n and is to have the spare wheel n. `tidy` is what shall lie in the boot at the end."""

    def __init__(self, puzzle: Json, names: Sequence[str]):
        self.hubs = range(puzzle["hubs"])
        task, self.numbers = grounded(puzzle["hubs"])
        things = [f"h{n}" for n in self.hubs] + [f"spare{n}" for n in self.hubs]
        called = dict(zip(things, names[1:] or things, strict=True))
        called |= {f"flat{n}": f"flat {called[f'h{n}'].removeprefix('the ')} wheel" for n in self.hubs}
        self.called = dict(zip(TOOLS, TOOLS, strict=True)) | called
        self.wheels = [f"{kind}{n}" for n in self.hubs for kind in ("flat", "spare")]
        self.tidy, self.closed = puzzle["tidy"], puzzle["closed"]
        begin: list[Atom] = [("stored", thing) for thing in (*TOOLS, *[f"spare{n}" for n in self.hubs])]
        conditions: list[tuple[Atom, bool]] = []
        for n in self.hubs:
            begin += [("on", f"flat{n}", f"h{n}"), ("tight", f"h{n}")]
            conditions += [(("on", f"spare{n}", f"h{n}"), True), (("inflated", f"spare{n}"), True)]
            conditions += [(("tight", f"h{n}"), True), (("raised", f"h{n}"), False)]
        conditions += [(("stored", thing), True) for thing in self.tidy] + ([(("open",), False)] if self.closed else [])
        super().__init__(task, PHRASES, self.called, task.mask(begin), conditions)
        for _ in range(puzzle["done"]):
            self.start = task.apply(self.start, self.next(self.start))
        self._bits = {atom: 1 << bit for atom, bit in task.index.items()}
        self._have = [(self._bits["have", thing], name) for thing, name in self.called.items() if thing[0] != "h"]
        self._stored = [(self._bits["stored", thing], name) for thing, name in self.called.items() if thing[0] != "h"]
        self._wheels = [(self._bits["inflated", f"spare{n}"], self.called[f"spare{n}"]) for n in self.hubs]

    def describe(self, state: int) -> str:
        bits, called = self._bits, self.called
        inside = ", ".join([name for bit, name in self._stored if state & bit]) or "nothing"
        parts = [f"The boot is {'open' if state & bits['open',] else 'closed'}: {inside}."]
        parts.append(f"You have: {', '.join([name for bit, name in self._have if state & bit]) or 'nothing'}.")
        if flat := [name for bit, name in self._wheels if not state & bit]:
            parts.append(f"Not inflated: {', '.join(flat)}.")
        for n in self.hubs:
            hub = f"h{n}"
            wheel = next((w for w in self.wheels if state & bits["on", w, hub]), "")
            nuts = "tight" if state & bits["tight", hub] else "loose" if state & bits["loose", hub] else "off"
            where = "jacked up" if state & bits["raised", hub] else "on the ground"
            parts.append(f"{called[hub].capitalize()}: {called[wheel] if wheel else 'no wheel'}, nuts {nuts}, {where}.")
        return " ".join(parts)

    def solve(self, state: int) -> list[int]:
        """Hub by hub, each step as it comes up; then what is to be put away."""
        plan: list[int] = []
        while not self.goal.met(state):
            number = self.numbers[self._step(state)]
            plan.append(number)
            state = self.task.apply(state, number)
        return plan

    def _step(self, state: int) -> Call:
        for n in self.hubs:
            if step := self._mount(state, n) or self._finish(state, n):
                return step
        for thing in self.tidy:
            if not self.task.holds(state, "stored", thing):
                is_open = self.task.holds(state, "open")
                return self._bring(state, thing) or (("store", thing) if is_open else ("open",))
        return ("close",)

    def _bring(self, state: int, thing: str) -> Call:
        """What brings a thing to hand; nothing when it is there."""
        holds = self.task.holds
        if holds(state, "have", thing):
            return ()
        if holds(state, "stored", thing):
            return ("fetch", thing) if holds(state, "open") else ("open",)
        if thing == "jack":
            return ("lower", next(f"h{n}" for n in self.hubs if holds(state, "raised", f"h{n}")))
        return self._off(state, next(n for n in self.hubs if holds(state, "on", thing, f"h{n}")))

    def _off(self, state: int, n: int) -> Call:
        """The next step to get the wheel off a hub."""
        holds, hub = self.task.holds, f"h{n}"
        if holds(state, "tight", hub):
            return ("lower", hub) if holds(state, "raised", hub) else self._bring(state, "wrench") or ("loosen", hub)
        if not holds(state, "raised", hub):
            return self._bring(state, "jack") or ("raise", hub)
        if holds(state, "loose", hub):
            return self._bring(state, "wrench") or ("undo", hub)
        return ("remove", next(w for w in self.wheels if holds(state, "on", w, hub)), hub)

    def _mount(self, state: int, n: int) -> Call:
        """The next step to get the spare wheel on a hub; nothing when it is there."""
        holds, hub, spare = self.task.holds, f"h{n}", f"spare{n}"
        if not holds(state, "inflated", spare):
            fit = self._bring(state, "pump") or ("inflate", spare)
        else:
            fit = (("mount", spare, hub) if holds(state, "raised", hub) else self._bring(state, "jack")) or ("raise", hub)
        if holds(state, "on", spare, hub):
            return () if holds(state, "inflated", spare) else self._off(state, n)
        return (() if holds(state, "bare", hub) else self._off(state, n)) or self._bring(state, spare) or fit

    def _finish(self, state: int, n: int) -> Call:
        """The next step once the right wheel is on a hub; nothing when its nuts are tight and it stands on the ground."""
        holds, hub = self.task.holds, f"h{n}"
        tight, raised = holds(state, "tight", hub), holds(state, "raised", hub)
        if tight or holds(state, "loose", hub):
            return ("lower", hub) if raised else () if tight else self._bring(state, "wrench") or ("tighten", hub)
        return (self._bring(state, "wrench") or ("fasten", hub)) if raised else self._bring(state, "jack") or ("raise", hub)


class Tyres(Puzzle):
    """Flat wheels of a vehicle are to be changed for spare ones out of its boot. `size` (1 to 4) is the number of wheels.

    Some tasks ask to put things away after, and some begin in the middle of the work. Each hub takes its steps in order;
    the oracle does hub after hub, and takes no step that is not needed.
    """

    card = Card(
        kind="world",
        name="text/tyres",
        summary="changing wheels in words: boot, wrench, jack, pump, nuts, in the order in which that goes",
        capabilities=frozenset({"expert", "snapshot", "choices"}),
        source="after the classic domain Tyreworld; domain, words, tasks and engine are our own",
    )
    rules = (
        "You change wheels. What lies in the boot can be taken out when it is open. Nuts are loosened and tightened with the "
        "wrench while the wheel is on the ground; they come off and on with the wrench while it is jacked up, and then so does "
        "the wheel. There is one jack. A spare wheel is inflated with the pump while you have it at hand."
    )
    SIZES = (1, 4)
    SEEN = (
        "Change {wheels} of the {vehicle}{after}.",
        "Please put {spares} on the {vehicle}{after}.",
        "The {vehicle} has flat wheels: fit {spares}{after}.",
        "I would like {spares} on the {vehicle}, inflated and with the nuts tight{after}.",
    )
    UNSEEN = (
        "Could you get the {vehicle} going again? It needs {spares}{after}.",
        "Replace {wheels} on this {vehicle}{after}.",
    )

    def __init__(self, size: int = 1, least: int = 5, most: int = 40, slack: float = 2.0, clue: int = 0):
        super().__init__(size, least, most, slack, clue)

    def draw(self, random: Random) -> Json:
        things = [*TOOLS, *[f"flat{n}" for n in range(self.size)]]
        tidy = [things, list(TOOLS), []][random.choice((0, 0, 1, 2))]
        puzzle = {"hubs": self.size, "tidy": tidy, "closed": bool(tidy) and random.random() < 0.8, "done": 0}
        whole = super().horizon(puzzle)
        return puzzle | {"done": random.randrange(max(1, whole - self.least + 1)) if random.random() < 0.6 else 0}

    def names(self, puzzle: Json, random: Random) -> list[str]:
        spares = [f"{colour} wheel" for colour in random.sample(COLOURS, self.size)]
        corners = [f"the {corner}" for corner in sorted(random.sample(CORNERS, self.size), key=CORNERS.index)]
        return [random.choice(VEHICLES), *corners, *spares]

    def lay(self, puzzle: Json, names: Sequence[str]) -> LaidTyres:
        return LaidTyres(puzzle, names)

    def wish(self, puzzle: Json, names: Sequence[str]) -> Mapping[str, str]:
        corners, spares = names[1 : self.size + 1], names[self.size + 1 :]
        swaps = [f"{corner} wheel for the {spare}" for corner, spare in zip(corners, spares, strict=True)]
        mounts = [f"the {spare} at {corner}" for corner, spare in zip(corners, spares, strict=True)]
        put = "all tools and the flat wheels" if len(puzzle["tidy"]) > len(TOOLS) else "all tools" if puzzle["tidy"] else ""
        after = f", then put {put} into the boot" if put else ""
        after += " and close it" if puzzle["closed"] else ""
        return {"wheels": listed(swaps), "spares": listed(mounts), "vehicle": names[0], "after": after}
