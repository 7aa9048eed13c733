"""Eight quick text games of TextWorldExpress, which run in a Java process of their own."""

from __future__ import annotations

from collections.abc import Sequence

from dutiful.core.errors import UnknownPart, WorldFailure
from dutiful.core.parts import Card
from dutiful.core.records import Action, Instruction, Task
from dutiful.kit.tasks import Lazy
from dutiful.worlds.text.express import expert
from dutiful.worlds.text.express.engine import Engine, Start
from dutiful.worlds.text.game import Game, Seen, within
from dutiful.worlds.text.jvm import folder

GAMES = ("cookingworld", "twc", "coin", "mapreader", "arithmetic", "sorting", "simonsays", "peckingorder")
FOLDS = {"train": ("train", 0), "validation": ("dev", 10_000), "test": ("test", 20_000)}
"""For each split the engine's fold, and its first seed."""
COUNT = 1000


class Express(Game):
    """Cook, tidy up, find a coin, read a map, calculate, sort, do what Simon says, follow a book of instructions.

    `game` is one of GAMES; `params` are the engine's own numbers for it ("numLocations=5,numDistractorItems=2"; empty: its
    defaults). An episode ends after `max_steps` (100, the engine's own limit); an answer of the game may take `timeout`
    seconds. Splits are the engine's folds, of 1,000 seeds each, with words of their own where the game has folds of words.
    Choices are all that is possible, sorted; what is not among them is refused. The reward is the rise of the score.
    """

    card = Card(
        kind="world",
        name="text/express",
        summary="TextWorldExpress: eight quick text games, from cooking and tidying up to following a book of instructions",
        capabilities=frozenset({"expert", "snapshot", "choices"}),
        needs=("text",),
        source="arXiv 2208.01174; package textworld-express",
        licence="Apache-2.0 (the engine, which runs in Java)",
    )
    rules = "You play a text game. Do what the instruction says, one action a turn."

    def __init__(self, game: str = "coin", params: str = "", max_steps: int = 100, timeout: float = 60.0):
        folder("text/express", "textworld_express")
        if game not in GAMES:
            raise UnknownPart("game of text/express", game, GAMES)
        within("text/express", max_steps=(max_steps, 1, 10_000), timeout=(timeout, 0.1, 3600))
        self.game, self.params, self.max_steps, self.timeout = game, params, max_steps, timeout
        self._engine: Engine | None = None

    @property
    def engine(self) -> Engine:
        """The Java process, started when first needed, and again after it died."""
        if self._engine is None or not self._engine.jvm.alive:
            self._engine = Engine("text/express", self.timeout)
        return self._engine

    def tasks(self, split: str = "test") -> Sequence[Task]:
        """1,000 tasks, made when asked for. Splits: train, validation, test."""
        if split not in FOLDS:
            raise UnknownPart("split of text/express", split, FOLDS)
        return Lazy(lambda number: self.make(split, number), COUNT)

    def make(self, split: str, number: int) -> Task:
        """Task `number` of a split."""
        fold, first = FOLDS[split]
        start = Start(self.game, self.params, fold, first + number)
        said = Instruction(self.engine.describe(start))
        return Task(f"express-{self.game}-{split}-{number}", self.spec, split, start.seed, said, start._asdict())

    def lay_out(self, task: Task) -> Seen:
        self._start, self._path, self._history = Start(**task.setup), None, []
        self._before = self.engine.at(self._start)
        return self._before

    def carry_out(self, command: str) -> Seen:
        if self._engine is None:
            raise WorldFailure("text/express: the world is closed; reset(task) opens it again")
        seen = self._engine.at(self._start, (*self.done, command))
        self._history.append((self._before, command))
        self._before = seen
        return seen

    def evidence(self) -> str:
        outcome = "the game is won" if self.seen.won else "the game is lost" if self.seen.lost else "the game goes on"
        return f"{outcome}, score {self.seen.score:g} of 1; last shown: {self.seen.text[:200]!r}"

    def expert(self) -> Action:
        """The next action of the engine's own path, or back to it; see `express.expert`."""
        if self.laid and (self.seen.won or self.seen.lost):
            raise WorldFailure("text/express: the game is over; the expert has nothing left to do")
        start, done = self._start, self.done
        if self._path is None:
            self._path = expert.Path(*self.engine.gold(start))
        if start.game in expert.LOOKING:
            placements = expert.placed_in(self._path.commands)
            return Action(expert.look_around(start.game, placements, self._history, self.seen))
        return Action(expert.follow(self._path, done, self.seen, lambda more: self.engine.at(start, (*done, *more))))

    def close(self) -> None:
        self._task = None
        if self._engine is not None:
            self._engine.jvm.close()
            self._engine = None
