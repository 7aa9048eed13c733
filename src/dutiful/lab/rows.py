"""What a store says of an episode without decoding it: one light row each."""

from __future__ import annotations

from typing import Any, NamedTuple

from dutiful.core.records import Episode, Json, Usage


class Cell(NamedTuple):
    """One place in a run: which episode is to be run. All are canonical specs, `place` is the task's index in the split."""

    agent: str
    model: str
    world: str
    seed: int
    place: int

    @property
    def key(self) -> str:
        """The cell as text, unique within a run (specs percent-encode the bar)."""
        return f"{self.agent}|{self.model}|{self.world}|{self.seed}|{self.place}"

    @property
    def episode_seed(self) -> int:
        """The seed of the episode: another for every task, so that errors of two tasks do not fall on the same turns."""
        return self.seed * 10_007 + self.place


class Row(NamedTuple):
    """An episode in a store, without its steps.

    `passed` and `score` are None exactly when the episode ended in error, whose kind is `error`. `seed` is the run's seed,
    not the episode's. `attempts` counts how often the cell was run.
    """

    id: int
    run: str
    world: str
    agent: str
    model: str
    seed: int
    place: int
    task: str
    split: str
    kind: str
    instruction: str
    passed: bool | None
    score: float | None
    steps: int
    ended: str
    error: str
    message: str
    attempts: int
    format_failures: int
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    calls: int
    cost: float
    seconds: float
    started: float

    @property
    def usage(self) -> Usage:
        """What the episode spent."""
        return Usage(self.prompt_tokens, self.cached_tokens, self.completion_tokens, self.calls, self.seconds, self.cost)

    @property
    def cell(self) -> Cell:
        return Cell(self.agent, self.model, self.world, self.seed, self.place)


class RunInfo(NamedTuple):
    """A run in a store. `state` is "running", "interrupted" or "finished"; a killed run stays "running".

    `cells` is how many episodes it wants; `done` how many have a verdict, `errors` how many ended in error.
    """

    id: int
    name: str
    state: str
    created: float
    finished: float | None
    cells: int
    config: Json
    done: int
    errors: int


def row_of(id: int, run: str, cell: Cell, episode: Episode, attempts: int = 1) -> Row:
    """The light row of an episode."""
    task, usage, verdict, error = episode.task, episode.usage, episode.verdict, episode.error
    kind: Any = task.setup.get("kind", "")
    return Row(
        id=id,
        run=run,
        world=cell.world,
        agent=cell.agent,
        model=cell.model,
        seed=cell.seed,
        place=cell.place,
        task=task.id,
        split=task.split,
        kind=kind if isinstance(kind, str) else "",
        instruction=task.instruction.text,
        passed=verdict.passed if verdict else None,
        score=verdict.score if verdict else None,
        steps=len(episode.steps),
        ended=episode.ended,
        error=error.kind if error else "",
        message=error.message[:500] if error else "",
        attempts=attempts,
        format_failures=sum(step.format_failures for step in episode.steps),
        prompt_tokens=usage.prompt_tokens,
        cached_tokens=usage.cached_tokens,
        completion_tokens=usage.completion_tokens,
        calls=usage.calls,
        cost=usage.cost,
        seconds=episode.seconds,
        started=episode.started,
    )
