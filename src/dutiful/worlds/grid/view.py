"""What the agent sees: MiniGrid's 7x7 symbolic view, found by tables, and the same in words.

MiniGrid slices, rotates, casts light and encodes cell by cell on every step. Here the cells are read straight from the
grid through offsets made once for each heading, and light spreads a row at a time through a table of bit masks. The result
is the same array, about ten times as fast (bench/grid.py; the tests compare it with MiniGrid's own).
"""

from __future__ import annotations

import functools
from typing import Any

SIZE = 7
"""Cells on a side of the view; the agent stands in the middle of the near edge."""
STATE = SIZE * SIZE * 3 + 3
"""Length of `Observation.state`, see `state`."""

ACTIONS = ("turn left", "turn right", "go forward", "pick up", "drop", "toggle", "done")
"""The words for MiniGrid's actions, by number."""
INDEX = {name: index for index, name in enumerate(ACTIONS)}
LEFT, RIGHT, FORWARD, PICK_UP, DROP, TOGGLE, DONE = range(7)

COLOURS = ("red", "green", "blue", "purple", "yellow", "grey")
"""By MiniGrid's number."""
KINDS = ("unseen", "empty", "wall", "floor", "door", "key", "ball", "box", "goal", "lava", "agent")
"""By MiniGrid's number."""
DOORS = ("open", "closed", "locked")
HEADINGS = ("east", "south", "west", "north")

UNSEEN, EMPTY, WALL = bytes(3), b"\1\0\0", b"\2\5\0"
_DOOR, _KEY, _BALL, _BOX = 4, 5, 6, 7
_HERE = 3 * SIZE + SIZE - 1
_AHEAD = tuple(3 * SIZE + j for j in range(SIZE - 2, -1, -1))
_LEFT = tuple(i * SIZE + SIZE - 1 for i in (2, 1, 0))
_RIGHT = tuple(i * SIZE + SIZE - 1 for i in (4, 5, 6))
_FORWARD = ((1, 0), (0, 1), (-1, 0), (0, -1))


def _rows(heading: int) -> tuple[tuple[tuple[int, int, int], ...], ...]:
    """For each row of the view, nearest first: (place in the view, dx, dy) of its cells, from left to right."""
    fx, fy = _FORWARD[heading]
    return tuple(
        tuple((i * SIZE + j, fx * (6 - j) - fy * (i - 3), fy * (6 - j) + fx * (i - 3)) for i in range(SIZE))
        for j in range(SIZE - 1, -1, -1)
    )


_ROWS = tuple(_rows(heading) for heading in range(4))
_ALL = (1 << SIZE) - 1


@functools.cache
def _spread(lit: int, clear: int) -> tuple[int, int]:
    """How light spreads: from the lit cells of a row and its see-through ones (bit i: column i), the row's lit cells in
    the end, and those of the row behind. Left to right, then right to left, as MiniGrid does."""
    behind = 0
    for i in range(SIZE - 1):
        if lit & clear & 1 << i:
            lit |= 2 << i
            behind |= 3 << i
    for i in range(SIZE - 1, 0, -1):
        if lit & clear & 1 << i:
            lit |= 1 << i >> 1
            behind |= 3 << i >> 1
    return lit, behind


@functools.cache
def _code(kind: str, colour: str) -> bytes:
    return bytes((KINDS.index(kind), COLOURS.index(colour), 0))


def look(env: Any) -> tuple[list[bytes], list[tuple[int, int]]]:  # noqa: PLR0912 (one hot loop)
    """The 49 cells in sight as three bytes each (kind, colour, state), cell (i, j) of MiniGrid's view at 7i + j, and
    the places on the grid of those that are lit."""
    grid, carried, through = env.grid, env.carrying, env.see_through_walls
    cells, width, height = grid.grid, grid.width, grid.height
    x, y = env.agent_pos
    x, y = int(x), int(y)
    codes = [UNSEEN] * (SIZE * SIZE)
    places: list[tuple[int, int]] = []
    lit = _ALL if through else 8
    for row in _ROWS[env.agent_dir]:
        clear, found, bit = 0, [], 1
        for place, dx, dy in row:
            u, v = x + dx, y + dy
            if 0 <= u < width and 0 <= v < height:
                thing = cells[v * width + u]
                if thing is None:
                    clear |= bit
                    found.append((bit, place, EMPTY, u, v))
                elif thing.type == "wall":
                    found.append((bit, place, _code("wall", thing.color), u, v))
                elif thing.type == "door":
                    if thing.is_open:
                        clear |= bit
                    found.append((bit, place, bytes(thing.encode()), u, v))
                else:
                    clear |= bit
                    found.append((bit, place, _code(thing.type, thing.color), u, v))
            else:
                found.append((bit, place, WALL, -1, -1))
            bit <<= 1
        behind = _ALL
        if not through:
            lit, behind = _spread(lit, clear)
        for bit, place, code, u, v in found:
            if lit & bit:
                codes[place] = code
                if u >= 0:
                    places.append((u, v))
        lit = behind
        if not lit:
            break
    codes[_HERE] = EMPTY if carried is None else _code(carried.type, carried.color)
    return codes, places


def state(codes: list[bytes], heading: int) -> bytes:
    """`Observation.state`: 150 bytes. 0-146 are MiniGrid's view, to be shaped (7, 7, 3): [i, j] is the cell i - 3 to the right
    and 6 - j ahead, as (kind, colour, door state). 147: the heading (0 east, 1 south, 2 west, 3 north). 148 and 149:
    kind and colour of what is carried, 0 and 0 for nothing."""
    held = codes[_HERE]
    return b"".join(codes) + bytes((heading, *((0, 0) if held == EMPTY else held[:2])))


@functools.cache
def name(code: bytes) -> str:
    """A cell in words: "red ball", "closed blue door", "wall"."""
    kind = KINDS[code[0]]
    if kind == "door":
        return f"{DOORS[code[2]]} {COLOURS[code[1]]} door"
    if kind in {"wall", "lava", "unseen", "empty"}:
        return kind
    return f"{COLOURS[code[1]]} {kind}"


def _where(place: int) -> str:
    i, j = divmod(place, SIZE)
    ahead, right = SIZE - 1 - j, i - 3
    words = [f"{ahead} ahead"] if ahead else []
    if right:
        words.append(f"{abs(right)} {'right' if right > 0 else 'left'}")
    return " ".join(words)


_NEAREST = sorted((k for k in range(SIZE * SIZE) if k != _HERE), key=lambda k: (6 - k % SIZE + abs(k // SIZE - 3), k))
_WORDS = {place: " " + _where(place) for place in _NEAREST}
_PLAIN = {UNSEEN, EMPTY, *(bytes((kind, colour, 0)) for kind in (2, 3) for colour in range(6))}


@functools.lru_cache(maxsize=1 << 14)
def _way(label: str, cells: tuple[bytes, ...]) -> str:
    """How far it is free in one direction, and what is there then."""
    free = next((n for n, code in enumerate(cells) if not passable(code)), len(cells))
    steps = f"{free} free step{'s' * (free > 1)}"
    if free == len(cells) or cells[free] == UNSEEN:
        return f"{label}: {steps}."
    stop = name(cells[free])
    stop = "a wall" if stop == "wall" else f"the {stop}"
    return f"{label}: {steps}, then {stop}." if free else f"{label}: blocked by {stop}."


def describe(codes: list[bytes]) -> str:
    """The view in words: what is in sight and where (nearest first), the way ahead and to both sides, what is carried."""
    things = "; ".join([name(codes[k]) + _WORDS[k] for k in _NEAREST if codes[k] not in _PLAIN])
    held = codes[_HERE]
    ways = f"{_way('Ahead', _pick(codes, _AHEAD))} {_way('Left', _pick(codes, _LEFT))} {_way('Right', _pick(codes, _RIGHT))}"
    return f"You see: {things or 'nothing'}. {ways} You carry: {'nothing' if held == EMPTY else name(held)}."


def _pick(codes: list[bytes], places: tuple[int, ...]) -> tuple[bytes, ...]:
    return tuple([codes[k] for k in places])


@functools.cache
def passable(code: bytes) -> bool:
    """Whether one can step there: empty, floor, goal, lava, an open door."""
    return code[0] in {1, 3, 8, 9} or (code[0] == _DOOR and code[2] == 0)


@functools.lru_cache(maxsize=1 << 12)
def refusals(ahead: bytes, held: bytes) -> dict[int, str]:
    """The actions that would change nothing, by number, each with the reason; all of it can be seen."""
    what = name(ahead)
    why: dict[int, str] = {}
    if not passable(ahead):
        why[FORWARD] = f"the way is blocked by {'a wall' if what == 'wall' else f'the {what}'}"
    if held != EMPTY:
        why[PICK_UP] = f"you carry the {name(held)} already"
    elif ahead[0] not in {_KEY, _BALL, _BOX}:
        why[PICK_UP] = "there is nothing to pick up right ahead"
    if held == EMPTY:
        why[DROP] = "you carry nothing"
    elif ahead != EMPTY:
        why[DROP] = "the place right ahead is taken"
    locked = ahead[0] == _DOOR and ahead[2] == 2
    if ahead[0] not in {_DOOR, _BOX}:
        why[TOGGLE] = "there is neither a door nor a box right ahead"
    elif locked and not (held[0] == _KEY and held[1] == ahead[1]):
        why[TOGGLE] = f"the door is locked, and you do not carry the {COLOURS[ahead[1]]} key"
    return why


def front(codes: list[bytes]) -> tuple[bytes, bytes]:
    """What is right ahead, and what is carried (EMPTY: nothing)."""
    return codes[_AHEAD[0]], codes[_HERE]


@functools.lru_cache(maxsize=1 << 12)
def choices(ahead: bytes, held: bytes, allowed: tuple[int, ...]) -> tuple[str, ...]:
    """The admissible among the allowed actions: those that change something, as far as can be seen."""
    idle = refusals(ahead, held)
    return tuple(ACTIONS[a] for a in allowed if a not in idle)
