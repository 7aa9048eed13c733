"""A learned policy: a small network that reads the instruction and its own map of what it has seen of a grid."""

from __future__ import annotations

import functools
import re
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from dutiful.core.agent import Agent
from dutiful.core.errors import SpecError, UnknownPart, Unsupported
from dutiful.core.parts import Card
from dutiful.core.records import Action, Observation, Span
from dutiful.kit.network import Lexicon, Network, Sizes, fresh, load
from dutiful.worlds.grid import view

SIDE, REACH = 13, 6
"""The map that the network reads: cells on a side, and how far it reaches from the agent in the middle."""
_BOARD, _MARGIN = 96, 16
_LENGTH, _PAST = 48, 4

_WORDS = (
    "go to pick up open put next the a an door ball box key object red green blue purple yellow grey on your left right in "
    "front of you behind then after and must goal use lava avoid square room rooms find opening unlock from traverse matching "
    "end hallway drop"
)
_LIKE: dict[str, str] = {"gray": "grey", "walk": "go", "reach": "go to", "near": "next to", "beside": "next to", "place": "put"}
_LIKE |= {"bring": "put", "please": "", "now": "", "grab": "pick up", "take": "pick up", "fetch": "pick up"}
_LIKE |= {"get": "pick up", "collect": "pick up"}
VOCABULARY = tuple(_WORDS.split())
_NUMBER = {word: number for number, word in enumerate(VOCABULARY, 2)}
"""Word numbers; 0 is no word, 1 an unknown one."""

UNSEEN, EMPTY, WALL, BEEN = range(4)
_KINDS = {"floor": 4, "door": 10, "key": 28, "ball": 34, "box": 40, "goal": 46, "lava": 47}
CODES, CLASSES, MARKS, PLACES, EXTRA = 48, 13, 6, 9 * 6, 4 + 2 + _PAST * 7


@functools.cache
def lexicon() -> Lexicon:
    """What words name: a colour names all that has it, "object" all that can be carried. Colours are looked up as one word,
    kinds of things as another. Classes of codes: unseen, empty, wall, been there, floor, open, closed and locked door,
    key, ball, box, goal, lava."""
    kind = np.arange(len(VOCABULARY) + 2)
    names = np.zeros((len(kind), CODES), np.float32)
    classes = np.arange(CODES)
    for thing, first in _KINDS.items():
        steps = {"door": 3, "goal": 0, "lava": 0}.get(thing, 1)
        for colour, word in enumerate(view.COLOURS if steps else ()):
            codes = slice(first + steps * colour, first + steps * (colour + 1))
            classes[codes] = {"floor": [4], "door": [5, 6, 7], "key": [8], "ball": [9], "box": [10]}[thing]
            if thing != "floor":
                for name in (word, thing, *(["object"] if thing != "door" else [])):
                    names[_NUMBER[name], codes] = 1
                    kind[_NUMBER[name]] = _NUMBER["red" if name == word else "ball"]
    classes[46:] = 11, 12
    return Lexicon(kind, names, classes)


def _lookup() -> np.ndarray:
    """(11, 6, 3) -> the code of a cell: unseen, empty, wall, been there, 6 floors, 18 doors, 6 keys, balls, boxes, goal, lava."""
    table = np.zeros((11, 6, 3), np.uint8)
    table[1], table[2] = EMPTY, WALL
    for kind, first in _KINDS.items():
        for colour in range(6):
            for state in range(3):
                steps = {"door": 3 * colour + state, "goal": 0, "lava": 0}.get(kind, colour)
                table[view.KINDS.index(kind), colour, state] = first + steps
    return table


@functools.cache
def _tables() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The codes of cells; for each heading where the 49 cells of the view and the cells of the map lie on the board; and the
    place numbers of the map's cells, by turn (4), steps to the right and ahead of the start (both + 13, 27 x 27)."""
    forward = np.array(_FORWARD)

    def offsets(right: np.ndarray, ahead: np.ndarray) -> np.ndarray:
        dx = forward[:, 0, None] * ahead - forward[:, 1, None] * right
        dy = forward[:, 1, None] * ahead + forward[:, 0, None] * right
        return dy * _BOARD + dx

    seen = np.arange(view.SIZE**2)
    in_view = offsets(seen // view.SIZE - 3, view.SIZE - 1 - seen % view.SIZE)
    cells = np.arange(SIDE**2)
    right, ahead = cells % SIDE - REACH, REACH - cells // SIDE
    in_map = offsets(right, ahead)
    reach = np.arange(-13, 14)
    places = np.zeros((4, 27, 27, SIDE**2), np.uint8)
    for turn, (sin, cos) in enumerate(((0, 1), (1, 0), (0, -1), (-1, 0))):
        x = np.sign(reach[:, None, None] + cos * right + sin * ahead)
        y = np.sign(reach[None, :, None] - sin * right + cos * ahead)
        places[turn] = MARKS * ((x + 1) * 3 + (y + 1))
    return _lookup(), in_view, in_map, places


class Map:
    """What has been seen of a grid so far, kept by counting one's own steps: a step forward moves one cell when the way ahead
    was free. Thirteen cells around are read, turned so that ahead is up. Things that one has stood before or has put down
    are marked."""

    def __init__(self, state: np.ndarray):
        self.lookup, self.in_view, self.in_map, self.places = _tables()
        self.start = int(state[147])
        self.moved = [0, 0]
        self.past = [6] * _PAST
        self.carried, self.put = EMPTY, False
        self._clear()
        self.see(state)

    def _clear(self) -> None:
        self.board = np.zeros(_BOARD * _BOARD, np.uint8)
        self.marked = np.zeros(_BOARD * _BOARD, np.uint8)
        self.at = (_BOARD // 2) * _BOARD + _BOARD // 2

    def see(self, state: np.ndarray) -> None:
        """Puts what is in sight on the map."""
        self.heading = int(state[147])
        cells = state[:147].reshape(-1, 3)
        codes = self.lookup[cells[:, 0], cells[:, 1], cells[:, 2]]
        self.free = view.passable(bytes(cells[_AHEAD]))
        put, self.carried = self.put and codes[_HERE] == EMPTY != self.carried, int(codes[_HERE])
        self.put = False
        spots = self.at + self.in_view[self.heading]
        lit = (codes != UNSEEN) & ((codes != EMPTY) | (self.board[spots] != BEEN))
        lit[_HERE] = False
        self.board[spots[lit]] = codes[lit]
        if self.board[self.at] <= EMPTY:
            self.board[self.at] = BEEN
        ahead = spots[_AHEAD]
        if 10 <= codes[_AHEAD] < 46:
            self.marked[ahead] = 2 if put else max(1, self.marked[ahead])
        else:
            self.marked[ahead] = 0

    def act(self, action: int) -> None:
        """Counts a step, before its outcome is seen."""
        self.past = [action, *self.past[:-1]]
        self.put = action == view.DROP
        if action == view.FORWARD and self.free:
            dx, dy = _FORWARD[self.heading]
            self.at += dy * _BOARD + dx
            self.moved[0] += dx
            self.moved[1] += dy
            y, x = divmod(self.at, _BOARD)
            if not (_MARGIN <= x < _BOARD - _MARGIN and _MARGIN <= y < _BOARD - _MARGIN):
                self._clear()

    def around(self) -> tuple[np.ndarray, np.ndarray, tuple[int, int, int]]:
        """The codes of the map's cells, (169,); their marks, (169,): 0 none, 1 stood before, 2 put down, and 3 more for the
        colour of what is carried; and the pose: turns to the right since the start, steps to its right and ahead of it."""
        dx, dy = self.moved
        fx, fy = _FORWARD[self.start]
        right, ahead = dy * fx - dx * fy, dx * fx + dy * fy
        spots = self.at + self.in_map[self.heading]
        codes, marks = self.board[spots], self.marked[spots]
        if self.carried != EMPTY:
            marks = marks + 3 * (_COLOUR[codes] == _COLOUR[self.carried])
        return codes, marks, ((self.heading - self.start) % 4, max(-13, min(13, right)), max(-13, min(13, ahead)))


_FORWARD = ((1, 0), (0, 1), (-1, 0), (0, -1))
_COLOUR = np.full(CODES, 255, np.uint8)
"""The colour of each code; 255 for what has none."""
_COLOUR[10:28] = np.arange(18) // 3
_COLOUR[28:46] = np.arange(18) % 6
_HERE, _AHEAD = 27, 26


def features(marks: np.ndarray, poses: np.ndarray, past: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """From marks (n, 169), poses (n, 3) and past actions (n, 4): the places (n, 169) of the map's cells, which tell marks
    and where a cell lies from the start, and the extra features (n, 34)."""
    poses = poses.astype(np.int64)
    places = _tables()[3][poses[:, 0], poses[:, 1] + 13, poses[:, 2] + 13] + marks
    extra = np.zeros((len(poses), EXTRA), np.float32)
    rows = np.arange(len(poses))
    extra[rows, poses[:, 0]] = 1
    extra[:, 4:6] = poses[:, 1:] / 6
    for n in range(_PAST):
        extra[rows, 6 + 7 * n + past[:, n]] = 1
    return places, extra


def sentence(text: str) -> np.ndarray:
    """Word numbers (48,) of an instruction; words of like meaning are read as those of BabyAI, longer ones are cut."""
    said: list[str] = re.findall(r"[a-z]+", text.lower())
    words = " ".join(_LIKE.get(word, word) for word in said).split()[:_LENGTH]
    numbers = np.zeros(_LENGTH, np.uint8)
    numbers[: len(words)] = [_NUMBER.get(word, 1) for word in words]
    return numbers


def sizes() -> Sizes:
    """The sizes of the network that a policy takes."""
    return Sizes(words=len(VOCABULARY) + 2, classes=CLASSES, places=PLACES, extra=EXTRA, actions=7, side=SIDE, length=_LENGTH)


def shipped() -> dict[str, Any]:
    """The weights that come along, by name."""
    folder = resources.files("dutiful.agents") / "policies"
    files = folder.iterdir() if folder.is_dir() else ()
    return {entry.name.removesuffix(".npz"): entry for entry in files if entry.name.endswith(".npz")}


class Policy(Agent):
    """Asks no language model. `weights` names weights that come along, or is a path to a .npz that `imitate` made; empty means
    untrained. The best admissible action is taken, but where the agent has stood with the same map n times before, one is
    drawn by its probability at temperature n: so it does not go in circles for ever.
    """

    card = Card(
        kind="agent",
        name="policy",
        summary="a learned network of 0.4 M parameters over its own map of a grid; asks no language model",
        source="trained here by the learner imitate",
    )

    def __init__(self, weights: str = "grid"):
        self.weights, self.model = weights, None
        self._loaded: list[Network] = []

    @property
    def network(self) -> Network:
        """The network, loaded when first asked for and shared with clones; raises SpecError for weights there are not."""
        if not self._loaded:
            self._loaded.append(_load(self.weights))
        return self._loaded[0]

    def begin(self, task, world, episode) -> None:
        self._read = self.network.read(sentence(task.instruction.text))
        self._draw = np.random.default_rng([episode.seed, len(task.id)])
        self._map: Map | None = None
        self._stood: dict[bytes, int] = {}
        self._spec_of_world = world.spec

    def solve(self, task, world, episode) -> None:
        while not episode.observation.done:
            episode.step(world, self.act(episode.observation))

    def act(self, observation: Observation, aside: tuple[Span, ...] = ()) -> Action:
        if observation.state is None or observation.state.shape != (view.STATE,):
            raise Unsupported(self._spec_of_world, "show the symbolic state of a grid, which the agent 'policy' reads")
        state = np.asarray(observation.state)
        if self._map is None:
            self._map = Map(state)
        else:
            self._map.see(state)
        codes, marks, pose = self._map.around()
        places, extra = features(marks[None], np.array([pose]), np.array([self._map.past]))
        scores = self.network.scores(self._read, codes, places[0], self._map.carried, extra[0])
        allowed = [view.INDEX[choice] for choice in observation.choices if choice in view.INDEX] or list(range(6))
        scores = scores[allowed].astype(np.float64)
        here = codes.tobytes() + marks.tobytes() + bytes((self._map.carried, *(x + 13 for x in pose)))
        before = self._stood.get(here, 0)
        if before:
            weights = np.exp((scores - scores.max()) / before)
            best = self._draw.choice(len(allowed), p=weights / weights.sum())
        else:
            best = int(scores.argmax())
        self._stood[here] = before + 1
        action = allowed[int(best)]
        self._map.act(action)
        return Action(view.ACTIONS[action])


def _load(weights: str) -> Network:
    if not weights:
        return Network(fresh(sizes()), sizes(), lexicon())
    known = shipped()
    if weights in known:
        with resources.as_file(known[weights]) as path:
            params, shape = load(path)
    elif Path(weights).suffix == ".npz":
        try:
            params, shape = load(Path(weights))
        except FileNotFoundError as error:
            raise SpecError(f"policy: there is no file {weights!r}") from error
    else:
        raise UnknownPart("policy's weights", weights, known)
    if shape != sizes():
        raise SpecError(f"policy: {weights!r} has the sizes {shape}, expected {sizes()}; it was trained for another version")
    return Network(params, shape, lexicon())
