"""Running many episodes: agents x models x worlds x seeds, kept as they end, resumable at any moment."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, nullcontext
from typing import NamedTuple

import msgspec

from dutiful.core.errors import SpecError, StoreError
from dutiful.core.limits import Limits
from dutiful.core.records import Episode
from dutiful.lab.crew import Crew
from dutiful.lab.plan import Agents, Models, Plan, Worlds, differences
from dutiful.lab.progress import Progress, Silent, Tally
from dutiful.lab.rows import Cell, Row, RunInfo
from dutiful.lab.store import Store

TICK = 0.1
"""Seconds between two looks at the workers."""
CROWD = 64
"""Workers from which on the interpreter is tuned for many threads, see `_crowded`."""


class Run(NamedTuple):
    """How a run ended. `state` is "finished" or "interrupted"; `errors` of its episodes ended in error."""

    store: Store
    name: str
    state: str
    cells: int
    done: int
    errors: int
    seconds: float

    @property
    def rows(self) -> list[Row]:
        """The light rows of all episodes that are kept."""
        return self.store.episodes(self.name)


def run(
    store: Store,
    agents: Agents,
    models: Models,
    worlds: Worlds,
    *,
    split: str = "test",
    tasks: int | None = 20,
    seeds: int | Sequence[int] = 1,
    limits: Limits = Limits(steps=100),
    workers: int = 8,
    name: str | None = None,
    resume: bool = False,
    retry_errors: bool = True,
    same_tasks: bool = False,
    stall: float = 300.0,
    progress: Progress | None = None,
    kept: Callable[[Row], None] | None = None,
) -> Run:
    """Runs every agent with every model in every world, and keeps each episode as it ends.

    agents, models, worlds: spec strings or ready objects, one or several. Agents that ask no model run once, with model "".
    tasks: how many a seed takes from the split; None takes all. Each seed takes its own slice, unless `same_tasks`.
    seeds: how many (from 0 on), or which. workers: episodes that go on at once, a thread each.
    resume: goes on with the run called `name`; what has a verdict is not run again, what ended in error is (unless
    `retry_errors` is False). Its configuration must be the same; the differences are listed otherwise.
    stall: seconds without a step after which an episode is ended as an error. kept: called with each row once it is kept,
    in the thread that writes.

    What breaks inside an episode is kept on it and stops nothing. Ctrl-C takes no new episodes and ends in the state
    "interrupted" when those going on are through; a second one does not wait for them. Raises SpecError, UnknownPart or
    MissingExtra before anything runs when a part cannot be made, and StoreError when the store cannot be written.
    """
    if workers < 1 or stall <= 0:
        raise SpecError(f"workers is {workers} and stall is {stall}, expected at least one worker and a stall above 0 s")
    plan = Plan(agents, models, worlds, split, tasks, seeds, limits, same_tasks)
    try:
        info = _enter(store, name, plan, resume)
        with store.lock(info):
            return _carry_out(store, info, plan, workers, stall, retry_errors, progress or Silent(), kept)
    finally:
        plan.close()


def resume(
    store: Store,
    name: str | None = None,
    *,
    workers: int = 8,
    retry_errors: bool = True,
    stall: float = 300.0,
    progress: Progress | None = None,
    kept: Callable[[Row], None] | None = None,
) -> Run:
    """Goes on with a run (the latest, when no name is given) by what the store says of it alone."""
    info = store.run(name)
    config = info.config
    return run(
        store,
        config["agents"],
        config["models"],
        config["worlds"],
        split=config["split"],
        tasks=config["tasks"],
        seeds=config["seeds"],
        limits=msgspec.convert(config["limits"], Limits),
        same_tasks=config["same_tasks"],
        name=info.name,
        resume=True,
        workers=workers,
        retry_errors=retry_errors,
        stall=stall,
        progress=progress,
        kept=kept,
    )


def _enter(store: Store, name: str | None, plan: Plan, again: bool) -> RunInfo:
    """The run in the store: a new one, or the one to go on with."""
    taken = {info.name for info in store.runs()}
    if again:
        info = store.run(name)
        if unlike := differences(info.config, plan.config):
            lines = "\n".join(f"  {line}" for line in unlike)
            raise StoreError(f"the run {info.name!r} was begun otherwise; undo the differences, or start a new run:\n{lines}")
        return info
    if name is None:
        stamp = time.strftime("%Y-%m-%d-%H%M%S")
        name = next(n for i in range(len(taken) + 1) if (n := stamp + (f"-{i + 1}" if i else "")) not in taken)
    return store.begin(name, plan.config, len(plan.cells))


def _carry_out(
    store: Store,
    info: RunInfo,
    plan: Plan,
    workers: int,
    stall: float,
    retry_errors: bool,
    progress: Progress,
    kept: Callable[[Row], None] | None,
) -> Run:
    rows = [row for row in store.episodes(info) if not (row.error and retry_errors)]
    known = {row.cell for row in rows}
    tally = Tally(len(plan.cells), rows)

    def counted(row: Row) -> None:
        tally.add(row)
        if kept:
            try:
                kept(row)
            except Exception as problem:  # the caller's own, raised at the end; the writer goes on
                crew.failure = problem
                crew.stop()

    def ended(cell: Cell, episode: Episode) -> None:
        store.submit(info, cell, episode, counted)

    crew = Crew(plan, [cell for cell in plan.cells if cell not in known], workers, stall, ended)
    store.mark(info, "running")
    progress.start(info.name, tally)
    try:
        with _crowded() if workers > CROWD else nullcontext():
            _watch(crew, progress, tally)
            store.flush()
    finally:
        crew.abandon()
        plan.in_use = not crew.gone()
    if crew.failure:
        raise crew.failure
    state = "finished" if tally.done == tally.total else "interrupted"
    store.mark(info, state)
    progress.finish(state, tally)
    seconds = time.monotonic() - tally.began
    return Run(store, info.name, state, tally.total, tally.done, tally.errors, seconds)


@contextmanager
def _crowded() -> Generator[None]:
    """For a thousand threads: they take turns less often, and the collector does not go through all their episodes so often.

    Every thread that waits for the interpreter wakes once an interval; at the default of 5 ms the waking itself takes it all.
    A collection visits every live record, and nearly all of them stay: at the default threshold a tenth of the time went there.
    """
    interval, thresholds = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(max(interval, 0.25))
    gc.set_threshold(max(thresholds[0], 20_000), 20, 50)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)
        gc.set_threshold(*thresholds)


def _watch(crew: Crew, progress: Progress, tally: Tally) -> None:
    """Looks after the workers until they are through. Ctrl-C lands here."""
    going, stopping = False, False
    while True:
        try:
            if not going:
                going = True
                crew.start()
            crew.check()
            while not crew.idle.wait(TICK):
                crew.check()
                progress.update(tally)
            return
        except KeyboardInterrupt:
            if stopping:
                return
            stopping = True
            crew.stop()
            progress.say(f"stopping: {len(crew.workers)} episodes are ending; Ctrl-C again does not wait for them")
