"""text/gripper: balls to be carried from room to room with two hands."""

from __future__ import annotations

import functools
import heapq
import itertools
from collections.abc import Mapping, Sequence
from random import Random
from typing import NamedTuple

from dutiful.core.errors import SpecError
from dutiful.core.parts import Card
from dutiful.core.records import Json
from dutiful.kit.strips import GroundTask, Literals, Phrases, Problem, ground, parse_domain
from dutiful.worlds.text.puzzles.laid import Laid, listed, numbers
from dutiful.worlds.text.puzzles.world import Puzzle

PDDL = """
(define (domain gripper)
  (:requirements :strips :typing :negative-preconditions :equality)
  (:types room ball hand)
  (:predicates (here ?r - room) (at ?b - ball ?r - room) (full ?h - hand) (carry ?b - ball ?h - hand))
  (:action move :parameters (?a ?b - room)
    :precondition (and (not (= ?a ?b)) (here ?a))
    :effect (and (here ?b) (not (here ?a))))
  (:action grab :parameters (?r - room ?b - ball ?h - hand)
    :precondition (and (here ?r) (at ?b ?r) (not (full ?h)))
    :effect (and (carry ?b ?h) (full ?h) (not (at ?b ?r))))
  (:action drop :parameters (?r - room ?b - ball ?h - hand)
    :precondition (and (here ?r) (carry ?b ?h))
    :effect (and (at ?b ?r) (not (carry ?b ?h)) (not (full ?h)))))
"""
PHRASES = Phrases(
    actions={"move": "go to {1}", "grab": "take {1} in {2} hand", "drop": "put down {1}"},
    facts={
        "here": "you are in the {0}",
        "at": "the {0} is in the {1}",
        "full": "your {0} hand is full",
        "carry": "the {0} is in your {1} hand",
    },
    denials={
        "here": "you are not in the {0}",
        "at": "the {0} is not in the {1}",
        "full": "your {0} hand is empty",
        "carry": "the {0} is not in your {1} hand",
    },
)
ROOMS = ("hall", "kitchen", "studio", "attic", "cellar", "office", "garage", "garden", "library", "workshop")
COLOURS = ("red", "blue", "green", "white", "black", "yellow", "brown", "grey", "pink", "orange", "purple", "silver", "golden")
HANDS = ("left", "right")


@functools.cache
def grounded(rooms: int, balls: int) -> tuple[GroundTask, Mapping[tuple[str, ...], int]]:
    """The ground task of so many rooms and balls, and its actions by name."""
    objects = {f"r{n}": "room" for n in range(rooms)} | {f"b{n}": "ball" for n in range(balls)} | dict.fromkeys(HANDS, "hand")
    task = ground(parse_domain(PDDL), Problem("gripper", objects, frozenset(), Literals()))
    return task, numbers(task)


class Load(NamedTuple):
    """Where things stand between two walks: the room, where the balls in the hands belong, and (room, where it belongs) of
    the balls that lie wrong. Balls that lie and belong alike are alike."""

    room: int
    carried: tuple[int, ...]
    waiting: tuple[tuple[int, int], ...]


class LaidGripper(Laid):
    """`aim[b]` is the room that ball b belongs in."""

    def __init__(self, puzzle: Json, names: Sequence[str]):
        at, self.aim, rooms = puzzle["at"], puzzle["aim"], puzzle["rooms"]
        task, self.numbers = grounded(rooms, len(at))
        self.rooms, self.balls = range(rooms), range(len(at))
        inside = [f"r{n}" for n in self.rooms] + [f"b{n}" for n in self.balls]
        self.names = dict(zip(inside, names or inside, strict=True))
        start = task.mask([("here", f"r{puzzle['here']}"), *[("at", f"b{b}", f"r{r}") for b, r in enumerate(at)]])
        wanted = [(("at", f"b{b}", f"r{r}"), True) for b, r in enumerate(self.aim)]
        super().__init__(task, PHRASES, self.names | {hand: hand for hand in HANDS}, start, wanted)
        index = task.index
        self._here = [1 << index["here", f"r{r}"] for r in self.rooms]
        self._at = [[1 << index["at", f"b{b}", f"r{r}"] for b in self.balls] for r in self.rooms]
        self._contents = [
            (
                self.names[f"r{r}"].capitalize(),
                sum(row),
                [(bit, self.names[f"b{b}"]) for b, bit in enumerate(row)],
                dict[int, str](),
            )
            for r, row in enumerate(self._at)
        ]
        self._carry = [[1 << index["carry", f"b{b}", hand] for b in self.balls] for hand in HANDS]

    def _room(self, state: int) -> int:
        return next(r for r, bit in enumerate(self._here) if state & bit)

    def _hands(self, state: int) -> list[int]:
        """The ball in each hand, or -1."""
        return [next((b for b, bit in enumerate(row) if state & bit), -1) for row in self._carry]

    def describe(self, state: int) -> str:
        names, rooms = self.names, list[str]()
        for name, mask, row, said in self._contents:  # few rooms change from state to state
            inside = state & mask
            if inside not in said:
                said[inside] = f"{name}: {', '.join([ball for bit, ball in row if inside & bit]) or 'nothing'}."
            rooms.append(said[inside])
        left, right = (names[f"b{b}"] if b >= 0 else "nothing" for b in self._hands(state))
        here = names[f"r{self._room(state)}"]
        return f"You are in the {here}. Left hand: {left}; right hand: {right}. {' '.join(rooms)}"

    def solve(self, state: int) -> list[int]:
        """Walks as `walks` has them, with the balls taken and put down that go with them."""
        here, hands = self._room(state), self._hands(state)
        at = {b: r for r, row in enumerate(self._at) for b, bit in enumerate(row) if state & bit}
        waiting = sorted((r, self.aim[b]) for b, r in at.items() if r != self.aim[b])
        carried = sorted(self.aim[b] for b in hands if b >= 0)
        plan: list[int] = []

        def put_down() -> None:
            for place, ball in enumerate(hands):
                if ball >= 0 and self.aim[ball] == here:
                    plan.append(self.numbers["drop", f"r{here}", f"b{ball}", HANDS[place]])
                    at[ball], hands[place] = here, -1

        put_down()
        for taken, there in walks(Load(here, tuple(carried), tuple(waiting))):
            for aim in taken:
                ball = next(b for b, r in at.items() if r == here and self.aim[b] == aim)
                place = hands.index(-1)
                plan.append(self.numbers["grab", f"r{here}", f"b{ball}", HANDS[place]])
                hands[place] = ball
                del at[ball]
            plan.append(self.numbers["move", f"r{here}", f"r{there}"])
            here = there
            put_down()
        return plan


def walks(start: Load) -> list[tuple[tuple[int, ...], int]]:
    """The fewest walks that bring all balls home, as pairs (what is taken before, where to): A* over `Load`.

    No ball is put down but where it belongs. A room takes at least as many
    arrivals as pairs of balls that belong there, and one where balls only wait to be taken.
    """

    def settled(room: int, carried: Sequence[int], waiting: Sequence[tuple[int, int]]) -> Load:
        return Load(room, tuple(sorted(aim for aim in carried if aim != room)), tuple(waiting))

    def guess(load: Load) -> int:
        need: dict[int, int] = {}
        for aim in (*load.carried, *[aim for _, aim in load.waiting]):
            need[aim] = need.get(aim, 0) + 1
        away = {room for room, _ in load.waiting if room != load.room and room not in need}
        return len(away) + sum((n + 1) // 2 for n in need.values())

    begin = settled(*start)
    came: dict[Load, tuple[Load, tuple[int, ...]] | None] = {begin: None}
    cost, heap, made = {begin: 0}, [(guess(begin), 0, 0, begin)], 0
    while heap:
        _, _, far, load = heapq.heappop(heap)
        if not load.carried and not load.waiting:
            return _path(came, load)
        if -far > cost[load]:
            continue
        here = [aim for room, aim in load.waiting if room == load.room]
        free = len(HANDS) - len(load.carried)
        for count in range(min(free, len(here)) + 1):
            for taken in sorted(set(itertools.combinations(here, count))):
                left = list(load.waiting)
                for aim in taken:
                    left.remove((load.room, aim))
                carried = (*load.carried, *taken)
                for there in sorted({*carried, *[room for room, _ in left]} - {load.room}):
                    after = settled(there, carried, left)
                    if cost.get(after, 1 << 30) > 1 - far:
                        cost[after], came[after], made = 1 - far, (load, taken), made + 1
                        heapq.heappush(heap, (1 - far + guess(after), made, far - 1, after))
    raise AssertionError("all rooms are joined, so every ball can be brought home")


def _path(came: Mapping[Load, tuple[Load, tuple[int, ...]] | None], load: Load) -> list[tuple[tuple[int, ...], int]]:
    path: list[tuple[tuple[int, ...], int]] = []
    while step := came[load]:
        path.append((step[1], load.room))
        load = step[0]
    return path[::-1]


class Gripper(Puzzle):
    """Balls lie in rooms and belong in others; two hands carry one each. `size` (2 to 12) is the number of balls.

    `rooms` is from 2 to 6. The oracle's plans are the shortest that put no ball down but where it belongs.
    """

    card = Card(
        kind="world",
        name="text/gripper",
        summary="Gripper in words: balls are to be carried from room to room, two at a time",
        capabilities=frozenset({"expert", "snapshot", "choices"}),
        source="the classic domain; words, tasks and engine are our own",
    )
    rules = (
        "There are rooms, all joined, and balls that lie in them. You have two hands, each of which carries one ball. "
        "You can go to another room, take a ball that lies where you are in an empty hand, and put down one that you carry."
    )
    SIZES = (2, 12)
    SEEN = (
        "Bring {things}.",
        "Please carry {things}.",
        "{homes}.",
        "I would like this: {homes}.",
        "Take the balls where they belong: {things}.",
    )
    UNSEEN = (
        "Could you see to it that {homes}?",
        "Everything has its place: {things}.",
        "When you are done, {homes}, please.",
    )

    def __init__(self, size: int = 4, rooms: int = 3, least: int = 5, most: int = 40, slack: float = 2.0, clue: int = 0):
        super().__init__(size, least, most, slack, clue)
        if not 2 <= rooms <= 6:
            raise SpecError(f"text/gripper: rooms={rooms}, expected 2 to 6")
        self.rooms = rooms

    def draw(self, random: Random) -> Json:
        rooms = range(self.rooms)
        at = [random.choice(rooms) for _ in range(self.size)]
        aim = [
            random.choice([r for r in rooms if r != at[b]] if b == 0 or random.random() < 0.9 else [at[b]])
            for b in range(self.size)
        ]
        return {"rooms": self.rooms, "here": random.choice(rooms), "at": at, "aim": aim}

    def names(self, puzzle: Json, random: Random) -> list[str]:
        return random.sample(ROOMS, self.rooms) + [f"{colour} ball" for colour in random.sample(COLOURS, self.size)]

    def lay(self, puzzle: Json, names: Sequence[str]) -> LaidGripper:
        return LaidGripper(puzzle, names)

    def wish(self, puzzle: Json, names: Sequence[str]) -> Mapping[str, str]:
        rooms, balls = list(names[: self.rooms]), list(names[self.rooms :])
        by_room: dict[str, list[str]] = {}
        for ball, aim in zip(balls, puzzle["aim"], strict=True):
            by_room.setdefault(rooms[int(aim)], []).append(f"the {ball}")
        homes = [f"{listed(them)} {'are' if len(them) > 1 else 'is'} in the {room}" for room, them in by_room.items()]
        return {"things": listed([f"{listed(them)} to the {room}" for room, them in by_room.items()]), "homes": listed(homes)}
