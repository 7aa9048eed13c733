"""What the puzzles have in common: how tasks are drawn, how they are played, and a password that may have to be kept in mind."""

from __future__ import annotations

import hashlib
import math
import zlib
from collections.abc import Mapping, Sequence
from random import Random
from typing import NamedTuple

import msgspec

from dutiful.core.errors import SpecError, UnknownPart, WorldFailure
from dutiful.core.records import Action, Instruction, Json, Observation, Task, Verdict
from dutiful.core.world import World
from dutiful.kit.strips import normal
from dutiful.kit.tasks import Lazy
from dutiful.worlds.text.puzzles.laid import Laid, Scene, verdict

SPLITS = ("train", "validation", "test")
COUNT = 10_000
TRIES = 600
PASSWORDS = ("heron", "otter", "badger", "falcon", "lizard", "salmon", "beaver", "magpie", "walrus", "pigeon", "ferret", "toad")
OFFERED = 6
"""Words to choose from at the end, where there is a password."""


class Saved(NamedTuple):
    """What `snapshot` returns: the puzzle, its state, the steps taken, the word said, and what was seen last."""

    laid: Laid
    task: Task
    state: int
    steps: int
    said: str
    observation: Observation


def split_of(puzzle: Json, names: Sequence[str]) -> str:
    """The one split that a puzzle under these names belongs to: a checksum mod 7 is 0 for test, 1 for validation, else train."""
    return {0: "test", 1: "validation"}.get(zlib.crc32(msgspec.json.encode([puzzle, list(names)])) % 7, "train")


class Puzzle(World):
    """A planning puzzle in words, fully observed: every observation shows the whole state.

    size: how many things there are. least, most: the length of the oracle's plan. slack: an episode ends after `slack` times
    that many steps. clue: 0, or after how many steps a passer-by tells a password once, which has to be said when
    all else is done (six words to choose from, a wrong one ends the episode). A puzzle under its names belongs to one split
    (`split_of`); the test split words half of its instructions in ways that training never does.
    """

    SIZES = (1, 1)
    SEEN: Sequence[str] = ()
    UNSEEN: Sequence[str] = ()

    def __init__(self, size: int, least: int = 5, most: int = 40, slack: float = 2.0, clue: int = 0):
        low, high = self.SIZES
        for name, value, at_least, at_most in (
            ("size", size, low, high),
            ("least", least, 1, most),
            ("most", most, 1, 200),
            ("slack", slack, 1.0, 100.0),
            ("clue", clue, 0, least),
        ):
            if not at_least <= value <= at_most:
                raise SpecError(f"{self.card.name}: {name}={value}, expected {at_least} to {at_most}")
        self.size, self.least, self.most, self.slack, self.clue = size, least, most, slack, clue
        self._laid: Laid | None = None

    # What a puzzle is: filled by each of them.

    def draw(self, random: Random) -> Json:
        """A puzzle without names, of any length."""
        raise NotImplementedError

    def names(self, puzzle: Json, random: Random) -> list[str]:
        """Names for its things."""
        raise NotImplementedError

    def lay(self, puzzle: Json, names: Sequence[str]) -> Laid:
        """The puzzle laid out."""
        raise NotImplementedError

    def wish(self, puzzle: Json, names: Sequence[str]) -> Mapping[str, str]:
        """What the templates of the instruction are filled with."""
        raise NotImplementedError

    # The rest is the same for all.

    def tasks(self, split: str = "test") -> Sequence[Task]:
        """10,000 tasks, made when asked for. Splits: train, validation, test."""
        if split not in SPLITS:
            raise UnknownPart(f"split of {self.card.name}", split, SPLITS)
        return Lazy(lambda number: self.make(split, number), COUNT)

    def make(self, split: str, number: int) -> Task:
        """Task `number` of a split; raises SpecError where no puzzle of this size has a plan of the wanted length."""
        seed = SPLITS.index(split) * 1_000_000 + number
        random = Random(f"{self.spec} {seed}")
        puzzle, horizon = self._drawn(random)
        for _ in range(TRIES):
            names = self.names(puzzle, random)
            if split_of(puzzle, names) == split:
                break
        else:
            raise SpecError(f"{self.spec}: there are not enough names to tell the splits apart; raise size")
        unseen = split == "test" and random.random() < 0.5
        number_of = random.randrange(len(self.UNSEEN if unseen else self.SEEN))
        setup: Json = {"puzzle": puzzle, "names": names, "horizon": horizon}
        setup["wording"] = f"{'unseen' if unseen else 'seen'}/{number_of}"
        if self.clue:
            words = random.sample(PASSWORDS, OFFERED)
            setup |= {"clue": self.clue, "words": words, "password": random.choice(words)}
        text = (self.UNSEEN if unseen else self.SEEN)[number_of].format(**self.wish(puzzle, names))
        if self.clue:
            text += " When all that is done, say the password that you were told on the way."
        short = self.card.name.removeprefix("text/")
        return Task(f"{short}-{split}-{seed % 1_000_000}", self.spec, split, seed, Instruction(text), setup)

    def _drawn(self, random: Random) -> tuple[Json, int]:
        """A puzzle whose plan has the wanted length, and that length."""
        seen: set[int] = set()
        for _ in range(TRIES):
            puzzle = self.draw(random)
            horizon = self.horizon(puzzle)
            if self.least <= horizon <= self.most:
                return puzzle, horizon
            seen.add(horizon)
        raise SpecError(
            f"{self.spec}: no plan of {self.least} to {self.most} steps in {TRIES} draws, those drawn take "
            f"{min(seen)} to {max(seen)}; change size, least or most"
        )

    def horizon(self, puzzle: Json) -> int:
        """The length of the oracle's plan."""
        laid = self.lay(puzzle, ())
        return len(laid.plan(laid.start))

    @property
    def laid(self) -> Laid:
        """The puzzle that is laid out."""
        if self._laid is None:
            raise WorldFailure(f"{self.card.name}: no task is laid out yet; call reset(task) first")
        return self._laid

    def reset(self, task: Task) -> Observation:
        try:
            self._laid = self.lay(task.setup["puzzle"], task.setup["names"])
            self._max_steps = math.ceil(self.slack * task.setup["horizon"]) + bool(task.setup.get("clue"))
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise WorldFailure(
                f"{self.card.name} cannot lay out the task {task.id!r}: its setup lacks or garbles {error}"
            ) from error
        self._task, self._state, self._steps, self._said = task, self._laid.start, 0, ""
        self._scene = self._laid.scene(self._state)
        return self._see(self._scene.text)

    def step(self, action: Action) -> Observation:
        laid = self.laid
        if self._last.done:
            raise WorldFailure(f"{self.card.name}: the episode is over; call reset(task) to begin another")
        self._steps += 1
        text = action.text
        after = self._scene.leads.get(text)
        if after is None:
            if said := self._word(text):
                self._said = said
                return self._see(f"You said: {said}.")
            found = laid.words.read(text, self._state)
            if not found:
                why = laid.refusal(self._state, text)
                return self._see(f"Nothing happens: {why}{self._told()}", refused=why)
            after = laid.task.apply(self._state, found[0])
        self._state, self._scene = after, laid.scene(after)
        return self._see(self._scene.text + self._told() if self._steps == self.clue else self._scene.text)

    def _told(self) -> str:
        """What a passer-by says, at one step only."""
        setup = self._task.setup
        return f" A passer-by says: the password is {setup['password']}." if self._steps == setup.get("clue") else ""

    def _word(self, text: str) -> str:
        """The word that an action says, where words may be said now."""
        words = self._words()
        said = normal(text).removeprefix("say ").strip()
        return said if said in words else ""

    def _words(self) -> Sequence[str]:
        return self._task.setup.get("words", ()) if self._scene.met else ()

    def _see(self, text: str, **info: str) -> Observation:
        setup, scene = self._task.setup, self._scene
        word = setup.get("password", "")
        done = self._steps >= self._max_steps or (bool(self._said) if word else scene.met)
        passed = scene.met and self._said == word
        choices = () if done else scene.choices
        if choices and scene.met:
            choices = (*choices, *[f"say {each}" for each in setup["words"]])
        self._last = Observation(text, choices, done, float(passed), info=info)
        return self._last

    def verdict(self) -> Verdict:
        return verdict(self.laid, self._state, self._task.setup.get("password", ""), self._said)

    def expert(self) -> Action:
        """The oracle's next action (`Laid.solve`)."""
        if self._scene.met:
            if self._words() and not self._said:
                return Action(f"say {self._task.setup['password']}")
            raise WorldFailure(f"{self.card.name}: the goal is reached; the expert has nothing left to do")
        return Action(self.laid.words.said[self.laid.next(self._state)])

    def plan(self) -> tuple[Action, ...]:
        """The oracle's way to the goal from here."""
        laid = self.laid
        return tuple(Action(laid.words.said[number]) for number in laid.plan(self._state))

    def snapshot(self) -> Saved:
        return Saved(self.laid, self._task, self._state, self._steps, self._said, self._last)

    def restore(self, state: Saved) -> Observation:
        self._laid, self._task, self._state, self._steps, self._said, self._last = state
        self._scene: Scene = self.laid.scene(self._state)
        self._max_steps = math.ceil(self.slack * state.task.setup["horizon"]) + bool(state.task.setup.get("clue"))
        return state.observation

    def digest(self) -> str:
        """The state in 16 hexadecimal digits, the same in every process."""
        facts = sorted(" ".join(atom) for atom in self.laid.task.facts(self._state))
        return hashlib.sha256("|".join((*facts, self._said, str(self._steps))).encode()).hexdigest()[:16]
