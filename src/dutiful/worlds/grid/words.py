"""A user's own words become BabyAI's instruction objects, in a room laid out to hold what they name.

    instruction := clauses [("," | ", then" | "then") clauses]  |  clauses "after you" clauses
    clauses     := clause ["and" clause]
    clause      := "go to" thing | "pick up" thing | "open" door | "put" thing "next to" thing
    thing       := "the" | "a"  [colour]  ball | box | key | door  ["on your left" | "in front of you" | ...]

Imports minigrid; nothing but `Grid` imports this module, and only when words are to be grounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, NoReturn

from minigrid.envs.babyai.core import verifier
from minigrid.envs.babyai.core.roomgrid_level import RejectSampling, RoomGridLevel

from dutiful.core.errors import NotGrounded, WorldFailure
from dutiful.worlds.grid import levels
from dutiful.worlds.grid.view import COLOURS

CARRIED = ("ball", "box", "key")
VERBS = {
    "go to": ("go to", "walk to", "move to", "find", "reach"),
    "pick up": ("pick up", "take", "get", "grab", "fetch", "collect"),
    "open": ("open",),
    "put": ("put", "place", "move", "bring"),
}
OTHERS = 4
"""Things laid out beside what is named, where there is room."""
BESIDE = ("next to", "beside", "near")
PLACES = {
    "left": ("on your left", "to your left", "on the left"),
    "right": ("on your right", "to your right", "on the right"),
    "front": ("in front of you", "ahead of you"),
    "behind": ("behind you",),
}
UNDERSTANDS = (
    "go to THING; pick up THING; open DOOR; put THING next to THING",
    "two of them: ... and ...; ..., then ...; ... after you ... (each side may have one 'and')",
    f"THING: the or a, perhaps a colour ({', '.join(COLOURS)}), then {', '.join(CARRIED)} or door",
    "perhaps where it is at the start: on your left, on your right, in front of you, behind you",
)


class Thing(NamedTuple):
    """A description; `one` is whether it is "the" only one of its kind."""

    one: bool
    colour: str | None
    kind: str
    place: str | None

    def fits(self, colour: str, kind: str) -> bool:
        return kind == self.kind and self.colour in {None, colour}


class Clause(NamedTuple):
    verb: str
    things: tuple[Thing, ...]


class Goal(NamedTuple):
    """`joint` is "", "then" or "after"; without one there is only `first`."""

    first: tuple[Clause, ...]
    joint: str = ""
    second: tuple[Clause, ...] = ()

    def things(self) -> Iterator[Thing]:
        for clause in self.first + self.second:
            yield from clause.things


def parse(instruction: str) -> Goal:
    """The goal that words describe; raises NotGrounded, listing what can be said."""
    return _Parser(instruction).goal()


class _Parser:
    def __init__(self, instruction: str):
        self.said = instruction
        text = re.sub(r"[^a-z, ]+", " ", instruction.lower().replace("gray", "grey"))
        self.text = " ".join(re.sub(r"\b(please|now)\b", " ", text).split()).strip(" ,")

    def fail(self, why: str) -> NoReturn:
        raise NotGrounded(self.said, why, UNDERSTANDS)

    def goal(self) -> Goal:
        if not self.text:
            self.fail("it says nothing")
        sides = re.split(r"\s*,?\s*\b(after you)\b\s*|\s*,?\s*\b(?:and )?(then)\b\s*|\s*(,)\s*", self.text)
        sides = [side for side in sides if side is not None]
        if len(sides) > 3:
            self.fail("it has more than two sides; one 'then' or 'after you' is what a level can check")
        if len(sides) == 1:
            return Goal(self.clauses(sides[0]))
        joint = "after" if sides[1] == "after you" else "then"
        return Goal(self.clauses(sides[0]), joint, self.clauses(sides[2]))

    def clauses(self, text: str) -> tuple[Clause, ...]:
        parts = re.split(r"\s*\band\b\s*", text)
        if len(parts) > 2:
            self.fail(f"{text!r} joins {len(parts)} clauses; one 'and' a side is what a level can check")
        return tuple(self.clause(part) for part in parts)

    def clause(self, text: str) -> Clause:
        if match := re.fullmatch(rf"(?:{'|'.join(VERBS['put'])}) (.+?) (?:{'|'.join(BESIDE)}) (.+)", text):
            moved, fixed = self.thing(match[1]), self.thing(match[2])
            if moved.kind == "door":
                self.fail("a door cannot be carried")
            if moved.fits(fixed.colour or moved.colour or "", fixed.kind) and fixed.fits(
                moved.colour or fixed.colour or "", moved.kind
            ):
                self.fail(f"{match[1]!r} and {match[2]!r} may be the same thing; give them different colours or kinds")
            return Clause("put", (moved, fixed))
        for verb in ("go to", "pick up", "open"):
            if match := re.fullmatch(rf"(?:{'|'.join(VERBS[verb])}) (.+)", text):
                thing = self.thing(match[1])
                if verb == "pick up" and thing.kind == "door":
                    self.fail("a door cannot be carried")
                if verb == "open" and thing.kind != "door":
                    self.fail(f"only doors are opened, not a {thing.kind}")
                return Clause(verb, (thing,))
        self.fail(f"{text!r} is none of the things to do" if text else "one side of it is empty")

    def thing(self, text: str) -> Thing:
        place = None
        for name, wordings in PLACES.items():
            for wording in wordings:
                if text.endswith(" " + wording):
                    text, place = text.removesuffix(wording).strip(), name
        words = text.split()
        article = words.pop(0) if words and words[0] in {"the", "a", "an"} else "the"
        if not words or words[-1] not in {*CARRIED, "door"}:
            self.fail(f"no thing is called {words[-1] if words else text!r}" if words else "a thing is missing")
        if len(words) > 2 or (len(words) == 2 and words[0] not in COLOURS):
            self.fail(f"{' '.join(words[:-1])!r} is no colour")
        return Thing(article == "the", words[0] if len(words) == 2 else None, words[-1], place)


class _Said(RoomGridLevel):
    """One room with what a goal names and a few things more; with doors in its walls, if it names any."""

    tries = 150

    def __init__(self, goal: Goal, room: int):
        self.goal = goal
        side = 3 if any(thing.kind == "door" for thing in goal.things()) else 1
        super().__init__(room_size=room, num_rows=side, num_cols=side)

    def gen_mission(self) -> None:
        middle = self.num_cols // 2
        self.place_agent(middle, middle)
        things, made = list(self.goal.things()), []
        for thing in things:
            if thing.place is None and any(thing.fits(*known) for known in made):
                continue
            colour = thing.colour or self._rand_color()
            made.append((colour, thing.kind))
            if thing.kind == "door":
                if all(self.room_grid[middle][middle].doors):
                    raise RejectSampling("no wall is left for a door")
                self.add_door(middle, middle, color=colour, locked=False)
            else:
                self.add_object(middle, middle, thing.kind, colour)
        others = [
            (colour, kind) for colour in COLOURS for kind in CARRIED if not any(t.one and t.fits(colour, kind) for t in things)
        ]
        for _ in range(min(OTHERS, (self.room_size - 2) ** 2 // 6) if others else 0):
            colour, kind = self._rand_elem(others)
            self.add_object(middle, middle, kind, colour)
        self.check_objs_reachable()
        ahead = self.grid.get(*self.front_pos)
        if ahead is not None and ahead.type != "wall":
            raise RejectSampling("something is done before the start")
        self.instrs = self._side(self.goal.first)
        if self.goal.joint:
            kind = verifier.AfterInstr if self.goal.joint == "after" else verifier.BeforeInstr
            self.instrs = kind(self.instrs, self._side(self.goal.second))

    def _side(self, clauses: tuple[Clause, ...]) -> Any:
        parts = [self._clause(clause) for clause in clauses]
        return parts[0] if len(parts) == 1 else verifier.AndInstr(*parts)

    def _clause(self, clause: Clause) -> Any:
        descriptions = [self._description(thing) for thing in clause.things]
        if clause.verb == "put":
            return verifier.PutNextInstr(*descriptions)
        kinds = {"go to": verifier.GoToInstr, "pick up": verifier.PickupInstr, "open": verifier.OpenInstr}
        return kinds[clause.verb](descriptions[0])

    def _description(self, thing: Thing) -> Any:
        description = verifier.ObjDesc(thing.kind, thing.colour, thing.place)
        found = description.find_matching_objs(self)[0]
        if not found or (thing.one and len(found) > 1):
            raise RejectSampling(f"{len(found)} things fit")
        return description


def layout(instruction: str, room: int) -> Any:
    """An environment that lays out what an instruction names, in another way for each seed that it is reset with; raises
    NotGrounded for words that are not understood, or that no layout was found for."""
    goal = parse(instruction)
    environment = levels.quiet(_Said)(goal, room)
    things = sum(thing.kind != "door" for thing in goal.things())
    try:
        if things > (room - 2) ** 2 // 2:
            raise WorldFailure(f"{things} things do not fit")
        environment.reset(seed=0)
    except WorldFailure as failure:
        why = f"no room of side {room} was found that fits it; try a larger one (?room={room + 4}) or fewer things"
        raise NotGrounded(instruction, why, UNDERSTANDS) from failure
    return environment
