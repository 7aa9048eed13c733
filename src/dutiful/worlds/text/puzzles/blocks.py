"""text/blocks: Blocksworld with one hand, and an oracle whose plans are shortest."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping, Sequence
from random import Random

from dutiful.core.parts import Card
from dutiful.core.records import Json
from dutiful.kit.strips import Atom, GroundTask, Literals, Phrases, Problem, ground, parse_domain
from dutiful.worlds.text.puzzles.laid import Laid, listed, numbers
from dutiful.worlds.text.puzzles.world import Puzzle

PDDL = """
(define (domain blocks)
  (:requirements :strips :typing :equality :negative-preconditions)
  (:types block)
  (:predicates (on ?x ?y - block) (table ?x - block) (clear ?x - block) (held ?x - block) (free))
  (:action lift :parameters (?x - block)
    :precondition (and (clear ?x) (table ?x) (free))
    :effect (and (held ?x) (not (table ?x)) (not (clear ?x)) (not (free))))
  (:action lower :parameters (?x - block)
    :precondition (held ?x)
    :effect (and (table ?x) (clear ?x) (free) (not (held ?x))))
  (:action stack :parameters (?x ?y - block)
    :precondition (and (not (= ?x ?y)) (held ?x) (clear ?y))
    :effect (and (on ?x ?y) (clear ?x) (free) (not (held ?x)) (not (clear ?y))))
  (:action unstack :parameters (?x ?y - block)
    :precondition (and (not (= ?x ?y)) (on ?x ?y) (clear ?x) (free))
    :effect (and (held ?x) (clear ?y) (not (on ?x ?y)) (not (clear ?x)) (not (free)))))
"""
PHRASES = Phrases(
    actions={"lift": "pick up {0}", "lower": "put down {0}", "stack": "stack {0} on {1}", "unstack": "unstack {0} from {1}"},
    facts={
        "on": "{0} is on {1}",
        "table": "{0} is on the table",
        "clear": "nothing is on {0}",
        "held": "you hold {0}",
        "free": "your hand is empty",
    },
    denials={
        "on": "{0} is not on {1}",
        "table": "{0} is not on the table",
        "clear": "something is on {0}",
        "held": "you do not hold {0}",
        "free": "your hand is full",
    },
)
COLOURS = (
    *("red", "blue", "green", "white", "black", "yellow", "brown", "grey", "pink", "orange", "purple", "silver", "golden"),
    *("violet", "beige", "scarlet", "turquoise", "olive"),
)
TABLE, HELD = -1, -2


@functools.cache
def grounded(size: int) -> tuple[GroundTask, Mapping[tuple[str, ...], int]]:
    """The ground task of so many blocks, and its actions by name; shared, as all blocks are alike."""
    domain = parse_domain(PDDL)
    task = ground(domain, Problem("blocks", {str(n): "block" for n in range(size)}, frozenset(), Literals()))
    return task, numbers(task)


class LaidBlocks(Laid):
    """`under[x]` is the block that block x stands on, TABLE or HELD."""

    def __init__(self, puzzle: Json, names: Sequence[str]):
        start, goal = puzzle["start"], puzzle["goal"]
        size = sum(map(len, start))
        task, self.numbers = grounded(size)
        self.size, self.names, self.aim = size, names or [str(n) for n in range(size)], _under(goal, size)
        state = _facts(start) | {("free",)} | {("clear", str(tower[-1])) for tower in start}
        named = {str(n): name for n, name in enumerate(self.names)}
        super().__init__(task, PHRASES, named, task.mask(state), [(atom, True) for atom in sorted(_facts(goal))])
        index = task.index
        self._on = {1 << index["on", str(x), str(y)]: (x, y) for x in range(size) for y in range(size) if x != y}
        self._tables = [1 << index["table", str(x)] for x in range(size)]
        self._held = [1 << index["held", str(x)] for x in range(size)]
        self._ons = sum(self._on)

    def under(self, state: int) -> list[int]:
        """What each block stands on."""
        under = [TABLE] * self.size
        left = state & self._ons
        while left:
            bit = left & -left
            left ^= bit
            x, y = self._on[bit]
            under[x] = y
        for x, bit in enumerate(self._held):
            if state & bit:
                under[x] = HELD
        return under

    def describe(self, state: int) -> str:
        under, names = self.under(state), self.names
        above = {y: x for x, y in enumerate(under) if y >= 0}
        towers: list[str] = []
        for x, y in enumerate(under):
            if y == TABLE:
                tower = [names[x]]
                while (x := above.get(x, TABLE)) != TABLE:
                    tower.append(names[x])
                towers.append(" on ".join(reversed(tower)))
        held = f"You hold {names[under.index(HELD)]}." if HELD in under else "Your hand is empty."
        return f"On the table: {', '.join(towers) or 'nothing'}. {held}"

    def solve(self, state: int) -> list[int]:
        """A shortest plan: a block in hand goes where it belongs, or down; then `moves`."""
        under, plan = self.under(state), list[int]()
        if HELD in under:
            x = under.index(HELD)
            y = self.aim[x] if self.aim[x] >= 0 and self.aim[x] not in under and _placed(under, self.aim)[self.aim[x]] else TABLE
            plan.append(self._put(x, y))
            under[x] = y
        for x, y in moves(under, self.aim):
            below = under[x]
            name = ("lift", str(x)) if below == TABLE else ("unstack", str(x), str(below))
            plan += [self.numbers[name], self._put(x, y)]
            under[x] = y
        return plan

    def _put(self, x: int, y: int) -> int:
        return self.numbers["lower", str(x)] if y == TABLE else self.numbers["stack", str(x), str(y)]


def _under(towers: Sequence[Sequence[int]], size: int) -> list[int]:
    under = [TABLE] * size
    for tower in towers:
        for below, block in itertools.pairwise(tower):
            under[block] = below
    return under


def _facts(towers: Sequence[Sequence[int]]) -> set[Atom]:
    facts: set[Atom] = {("table", str(tower[0])) for tower in towers}
    return facts | {("on", str(b), str(a)) for tower in towers for a, b in itertools.pairwise(tower)}


def _placed(under: Sequence[int], aim: Sequence[int]) -> list[bool]:
    """Which blocks need not move any more: they and all below them stand as wanted."""
    known: dict[int, bool] = {TABLE: True, HELD: False}

    def placed(x: int) -> bool:
        if x not in known:
            known[x] = under[x] == aim[x] and placed(under[x])
        return known[x]

    return [placed(x) for x in range(len(under))]


def moves(under: Sequence[int], aim: Sequence[int]) -> list[tuple[int, int]]:
    """The fewest moves (block, onto what) from one arrangement to another.

    A block that can go to where it belongs for good goes there: that is never wrong. When none can, some block that is in the
    way goes to the table; which ones, so that the fewest do, is found breadth-first. Source of the two facts: Slaney and
    Thiebaux 2001, Blocks World revisited.
    """
    start, made = _settle(list(under), aim)
    layer, seen = [(start, made)], {tuple(start)}
    while layer:
        for arrangement, path in layer:
            if arrangement == list(aim):
                return path
        following: list[tuple[list[int], list[tuple[int, int]]]] = []
        for arrangement, path in layer:
            placed, covered = _placed(arrangement, aim), set(arrangement)
            for x, y in enumerate(arrangement):
                if y != TABLE and not placed[x] and x not in covered:
                    lowered = arrangement.copy()
                    lowered[x] = TABLE
                    settled, more = _settle(lowered, aim)
                    if tuple(settled) not in seen:
                        seen.add(tuple(settled))
                        following.append((settled, [*path, (x, TABLE), *more]))
        layer = following
    raise AssertionError("from every arrangement of blocks there is a way to every other")


def _settle(under: list[int], aim: Sequence[int]) -> tuple[list[int], list[tuple[int, int]]]:
    """Moves every block that can go where it belongs for good; the arrangement after, and the moves."""
    made: list[tuple[int, int]] = []
    going = True
    while going:
        going = False
        placed, covered = _placed(under, aim), set(under)
        for x, y in enumerate(aim):
            if not placed[x] and x not in covered and (y == TABLE or (placed[y] and y not in covered)):
                under[x] = y
                made.append((x, y))
                going = True
                break
    return under, made


class Blocks(Puzzle):
    """Blocks on a table in towers, to be built into other towers with one hand. `size` (3 to 16) is the number of blocks.

    The goal says of every block what it stands on. A move takes two actions; the oracle's plans are shortest.
    """

    card = Card(
        kind="world",
        name="text/blocks",
        summary="Blocksworld in words: towers of blocks are to be built into others, with one hand",
        capabilities=frozenset({"expert", "snapshot", "choices"}),
        source="the classic domain; words, tasks and engine are our own",
    )
    rules = (
        "There are blocks on a table and you have one hand. You can pick up a block from the table or unstack it from another "
        "one, if nothing is on it and your hand is empty; and put it down on the table or stack it on a block that nothing is on."
    )
    SIZES = (3, 16)
    SEEN = (
        "Build this: {towers}.",
        "Please stack the blocks so that {pairs}.",
        "At the end, {pairs}.",
        "I would like these towers, from top to bottom: {towers}.",
        "Rearrange the blocks until {pairs}.",
    )
    UNSEEN = (
        "Could you get the blocks to stand like this, please: {towers}?",
        "What I want to see is that {pairs}.",
        "Make it so that the table holds {towers}.",
    )

    def __init__(self, size: int = 6, least: int = 5, most: int = 40, slack: float = 2.0, clue: int = 0):
        super().__init__(size, least, most, slack, clue)

    def draw(self, random: Random) -> Json:
        return {"start": _towers(self.size, random), "goal": _towers(self.size, random)}

    def names(self, puzzle: Json, random: Random) -> list[str]:
        return random.sample(COLOURS, self.size)

    def lay(self, puzzle: Json, names: Sequence[str]) -> LaidBlocks:
        return LaidBlocks(puzzle, names)

    def horizon(self, puzzle: Json) -> int:
        return 2 * len(moves(_under(puzzle["start"], self.size), _under(puzzle["goal"], self.size)))

    def wish(self, puzzle: Json, names: Sequence[str]) -> Mapping[str, str]:
        named: list[list[str]] = [[names[int(block)] for block in tower] for tower in puzzle["goal"]]
        pairs = [
            f"{block} is on {below}"
            for tower in named
            for block, below in zip(reversed(tower), [*tower[-2::-1], "the table"], strict=True)
        ]
        return {"towers": listed([" on ".join(reversed(tower)) for tower in named]), "pairs": listed(pairs)}


def _towers(size: int, random: Random) -> list[list[int]]:
    """Towers of all the blocks, bottom first, the first block's first."""
    blocks = list(range(size))
    random.shuffle(blocks)
    towers: list[list[int]] = []
    for block in blocks:
        place = random.randrange(len(towers) + 1) if len(towers) < max(2, size // 2) else random.randrange(len(towers))
        if place == len(towers):
            towers.append([block])
        else:
            towers[place].append(block)
    return sorted(towers)
