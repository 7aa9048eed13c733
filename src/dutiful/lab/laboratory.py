"""The laboratory of a claim: it asks for episodes, and gets them run, kept and resumed."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path

from dutiful.core import parts
from dutiful.core.agent import Agent
from dutiful.core.errors import DutifulError
from dutiful.core.limits import Limits
from dutiful.core.model import Model
from dutiful.core.records import Episode
from dutiful.core.world import World
from dutiful.lab.progress import Progress
from dutiful.lab.run import run
from dutiful.lab.store import Store


class Laboratory:
    """Runs what a claim asks for. Episodes lie in the store at `path`: what is there is not run again, after a kill too.

    What a claim makes besides (an adapter) goes into `folder`. `say` is called with every note of the claim. Models are loaded
    once and closed at the end.
    """

    def __init__(self, path: str | Path, progress: Progress | None = None, say: Callable[[str], object] = lambda text: None):
        self.store, self.progress, self._say = Store(path), progress, say
        self.folder = Path(path).parent
        self.notes: list[str] = []
        self.asked: list[str] = []
        self._models: dict[str, Model] = {}

    def episodes(
        self,
        agent: str | Agent,
        world: str | World,
        model: str | Model = "",
        *,
        split: str = "test",
        tasks: int = 20,
        seeds: int = 5,
        limits: Limits = Limits(steps=100),
        same_tasks: bool = False,
        workers: int = 4,
    ) -> list[Episode]:
        """The episodes of one agent in one world, ordered by seed and task; raises DutifulError if one ended in error.

        tasks: how many each of the seeds 0 .. seeds-1 takes from the split, slices of their own unless `same_tasks`. So two
        calls with other agents or models, and the same rest, give pairs.
        """
        follower: Agent = parts.agent(agent) if isinstance(agent, str) else agent
        place: World = parts.world(world) if isinstance(world, str) else world
        speaker = self.model(model) if isinstance(model, str) and model else model
        spoken = speaker.spec if isinstance(speaker, Model) else follower.model.spec if follower.model else ""
        label = f"{follower.spec} | {spoken} | {place.spec} | {split} {tasks}x{seeds}{' same' if same_tasks else ''} {limits}"
        name = hashlib.sha256(label.encode()).hexdigest()[:16]
        known = name in {info.name for info in self.store.runs()}
        done = run(
            self.store,
            follower,
            [speaker] if isinstance(speaker, Model) else [],
            place,
            split=split,
            tasks=tasks,
            seeds=seeds,
            limits=limits,
            same_tasks=same_tasks,
            workers=workers,
            name=name,
            resume=known,
            progress=self.progress,
        )
        if done.state != "finished":
            raise KeyboardInterrupt
        rows = sorted(done.rows, key=lambda row: (row.seed, row.place))
        if broken := [row for row in rows if row.error]:
            raise DutifulError(f"{len(broken)} of {len(rows)} episodes of {label} ended in error, the first: {broken[0].error}")
        self.asked.append(label)
        return [self.store.episode(row) for row in rows]

    def model(self, spec: str) -> Model:
        """A model by its spec, loaded once."""
        if spec not in self._models:
            self._models[spec] = parts.model(spec)
        return self._models[spec]

    def note(self, text: str) -> None:
        """A line for the result file and for whoever watches: a figure beside the evidence, or how something went."""
        self.notes.append(text)
        self._say(text)

    def close(self) -> None:
        """Closes models and store."""
        with contextlib.ExitStack() as stack:  # one that cannot be closed keeps none of the others open
            stack.callback(self.store.close)
            for model in self._models.values():
                stack.callback(model.close)
