"""The household: ALFWorld's six kinds of task over generated homes, in words."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from dutiful.core.errors import SpecError, UnknownPart, WorldFailure
from dutiful.core.parts import Card
from dutiful.core.records import Action, Instruction, Observation, Task, Verdict
from dutiful.core.world import World
from dutiful.kit.tasks import Lazy
from dutiful.worlds.text.home import generate, grounding, wording
from dutiful.worlds.text.home.catalogue import KINDS, ROOMS, SPLITS
from dutiful.worlds.text.home.expert import next_action, optimum
from dutiful.worlds.text.home.house import House, View
from dutiful.worlds.text.home.refusals import plain, refusal
from dutiful.worlds.text.home.verdict import judge

WORDINGS = ("split", "seen", "unseen", "both")
COUNT = 10_000


class Saved(NamedTuple):
    """What `snapshot` returns: the home, the view of it, the steps taken, and what was seen last."""

    house: House
    view: View
    steps: int
    observation: Observation


class Home(World):
    """Homes of several rooms with things in open and closed places; one thing can be carried at a time.

    `rooms` (2 to 8) and `objects` (4 to 24) set the size, `max_steps` when an episode ends. `kinds` are the kinds of task,
    "all" or some of put,two,clean,heat,cool,look. `wordings`: "split" trains and validates on the seen wordings and tests
    on both seen and unseen ones (half each); "seen", "unseen" and "both" hold for every split. Goals of a split join
    things and places that no other split's goals join (`catalogue.split_of`). Larger homes: `rooms=6&objects=16&max_steps=60`.
    Reset lays out any task of any `Home`, whatever its own knobs; only `max_steps` is the world's own.
    """

    card = Card(
        kind="world",
        name="text/home",
        summary="a household in words: find, clean, heat, cool, put and look at things in generated homes",
        capabilities=frozenset({"expert", "snapshot", "ground", "choices"}),
        source="the six kinds of task are those of ALFWorld (arXiv 2010.03768); homes, words and engine are our own",
    )
    rules = (
        "You are in a house and carry one thing at a time. Do what the instruction says, one action a turn. "
        "The kitchen has a sink, a fridge and a stove or microwave. Open what is closed to look inside."
    )

    def __init__(self, rooms: int = 3, objects: int = 8, max_steps: int = 25, kinds: str = "all", wordings: str = "split"):
        for name, value, low, high in (
            ("rooms", rooms, 2, len(ROOMS)),
            ("objects", objects, 4, 24),
            ("max_steps", max_steps, 1, 1000),
        ):
            if not low <= value <= high:
                raise SpecError(f"text/home: {name}={value}, expected {low} to {high}")
        if objects > 6 * rooms:
            raise SpecError(f"text/home: objects={objects} do not fit into rooms={rooms}, expected at most {6 * rooms}")
        if wordings not in WORDINGS:
            raise UnknownPart("choice of wordings of text/home", wordings, WORDINGS)
        self.rooms, self.objects, self.max_steps, self.kinds, self.wordings = rooms, objects, max_steps, kinds, wordings
        for kind in kinds.split(","):
            if kind not in (*KINDS, "all"):
                raise UnknownPart("kind of task of text/home", kind, (*KINDS, "all"))
        self._kinds = KINDS if "all" in kinds.split(",") else tuple(kind for kind in KINDS if kind in kinds.split(","))
        self._house: House | None = None

    def tasks(self, split: str = "test") -> Sequence[Task]:
        """10,000 tasks, made when asked for; the kinds take turns. Splits: train, validation, test."""
        if split not in SPLITS:
            raise UnknownPart("split of text/home", split, SPLITS)
        return Lazy(lambda number: self.make(split, number), COUNT)

    def make(self, split: str, number: int) -> Task:
        """Task `number` of a split."""
        seed = SPLITS.index(split) * 1_000_000 + number
        kind = self._kinds[number % len(self._kinds)]
        random = Random(f"text/home {seed} {kind} {self.rooms} {self.objects}")
        goal = generate.draw_goal(kind, split, random)
        setup = generate.furnish(goal, self.rooms, self.objects, random)
        which = self.wordings
        if which == "split":
            which = "both" if split == "test" else "seen"
        if which == "both":
            which = random.choice(("seen", "unseen"))
        text, origin = wording.draw(generate.Goal.of(setup), which, random)
        setup["wording"] = origin
        return Task(f"home-{split}-{kind}-{number}", self.spec, split, seed, Instruction(text), setup)

    def ground(self, instruction: str, seed: int = 0) -> Task:
        """A task from a user's own words, in a home made for it; raises NotGrounded."""
        goal = grounding.goal_of(instruction)
        random = Random(f"text/home user {seed} {goal} {self.rooms} {self.objects}")
        setup = generate.furnish(goal, self.rooms, self.objects, random, name_room=False)
        setup["wording"] = "user"
        digest = hashlib.sha256(f"{instruction} {seed} {self.rooms} {self.objects}".encode()).hexdigest()[:12]
        return Task(f"home-user-{digest}", self.spec, "user", seed, Instruction(instruction), setup)

    @property
    def house(self) -> House:
        """The home that is laid out."""
        if self._house is None:
            raise WorldFailure("text/home: no task is laid out yet; call reset(task) first")
        return self._house

    def reset(self, task: Task) -> Observation:
        try:
            self._house = house = House(task.setup)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise WorldFailure(f"text/home cannot lay out the task {task.id!r}: its setup lacks or garbles {error}") from error
        self._steps, self._view = 0, house.start()
        return self._see(house.describe(self._view))

    def step(self, action: Action) -> Observation:
        house, view = self.house, self._view
        if self._last.done:
            raise WorldFailure("text/home: the episode is over; call reset(task) to begin another")
        self._steps += 1
        found = house.words.read(action.text, view.state) or house.words.read(plain(action.text), view.state)
        if not found:
            why = refusal(house, view, action.text)
            return self._see(f"Nothing happens: {why}", refused=why)
        self._view = house.after(view, found[0])
        return self._see(house.report(self._view, found[0]))

    def _see(self, text: str, **info: str) -> Observation:
        house, state = self.house, self._view.state
        reached = house.reached(state)
        done = reached or self._steps >= self.max_steps
        said, choices = house.words.said, ()
        if not done:
            choices = tuple([said[number] for number in house.task.applicable(state)])
        self._last = Observation(text, choices, done, float(reached), info=info)
        return self._last

    def verdict(self) -> Verdict:
        return judge(self.house, self._view.state)

    def expert(self) -> Action:
        """The action of one who searches as the agent must (`expert.next_action`)."""
        if self.house.reached(self._view.state):
            raise WorldFailure("text/home: the goal is reached; the expert has nothing left to do")
        return Action(self.house.words.say(next_action(self.house, self._view)))

    def plan(self) -> tuple[Action, ...]:
        """A shortest way to the goal from here, for one who knows where everything is: the floor of the number of steps."""
        return tuple(Action(self.house.words.say(number)) for number in optimum(self.house, self._view.state))

    def snapshot(self) -> Saved:
        return Saved(self.house, self._view, self._steps, self._last)

    def restore(self, state: Saved) -> Observation:
        self._house, self._view, self._steps, self._last = state
        return state.observation

    def digest(self) -> str:
        """The state in 16 hexadecimal digits, the same in every process."""
        house, view = self.house, self._view
        facts = sorted(" ".join(atom) for atom in house.task.facts(view.state))
        whole = "|".join((*facts, *sorted(view.visited), *sorted(view.searched), str(self._steps)))
        return hashlib.sha256(whole.encode()).hexdigest()[:16]
