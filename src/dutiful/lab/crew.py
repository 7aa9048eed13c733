"""The threads that carry a run out, and what happens when one of them hangs."""

from __future__ import annotations

import contextlib
import ctypes
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence

from dutiful.core.episode import solve
from dutiful.core.errors import StoreError
from dutiful.core.records import NOTHING, Episode, Failure, Instruction, Step, Task
from dutiful.core.world import World
from dutiful.lab.plan import Plan
from dutiful.lab.rows import Cell

Ended = Callable[[Cell, Episode], None]


class Abandoned(SystemExit):
    """Raised inside a thread that was given up, to end it where Python still runs in it."""


class Crew:
    """Worker threads that empty one queue of cells. Each has worlds of its own; agents and models are shared.

    `ended` is called with each episode, in the worker's thread. A worker that makes no step for `stall` seconds is given up:
    its episode ends in error, a fresh worker takes its place, and whatever it comes up with later is dropped.
    """

    def __init__(self, plan: Plan, cells: Sequence[Cell], workers: int, stall: float, ended: Ended):
        self.plan, self.stall, self.ended = plan, stall, ended
        self.followers = {(f.name, f.model): f for f in plan.followers}
        self.todo = deque(cells)
        self.lock = threading.Lock()
        self.idle = threading.Event()
        self.failure: Exception | None = None
        self.workers: set[Worker] = set()
        self.lost: list[Worker] = []
        self.closed = False
        self._wanted = min(workers, len(self.todo))

    def start(self) -> None:
        """Starts the workers, or as many as the system allows."""
        for _ in range(self._wanted):
            try:
                self._hire()
            except RuntimeError:
                if not self.workers:
                    raise
                return

    def _hire(self) -> None:
        worker = Worker(self)
        with self.lock:
            self.workers.add(worker)
        try:
            worker.start()
        except RuntimeError:
            self.workers.discard(worker)
            raise

    def stop(self) -> None:
        """No new cells; what is going on goes on."""
        self.todo.clear()

    def abandon(self) -> None:
        """Drops what is going on: its cells stay undone, and nothing is handed in any more."""
        self.closed = True
        self.stop()
        for worker in list(self.workers):
            self._give_up(worker)

    def gone(self, patience: float = 1.0) -> bool:
        """Whether every worker that was given up has ended; waits that many seconds for them."""
        until = time.monotonic() + patience
        for worker in self.lost:
            worker.join(max(0.0, until - time.monotonic()))
        return not any(worker.is_alive() for worker in self.lost)

    def check(self) -> None:
        """Gives up the workers that hang; to be called now and then, from the thread that called `start`."""
        now = time.monotonic()
        for worker in list(self.workers):
            if not worker.is_alive() or (worker.leaving and now - worker.beat > self.stall):
                self.leave(worker)  # died, or a world does not let itself be closed
            elif worker.cell and now - worker.beat > self.stall and (cell := self._give_up(worker)):
                self._end(cell, worker.hung(cell, now))
                if self.todo:
                    self._hire()
        if not self.workers:
            self.idle.set()

    def _give_up(self, worker: Worker) -> Cell | None:
        """Takes a worker's cell from it; None when it has just ended it."""
        with self.lock:
            cell, worker.cell = worker.cell, None
            if cell is None:
                return None
            self.workers.discard(worker)
            self.lost.append(worker)
        if worker.ident is not None:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(worker.ident), ctypes.py_object(Abandoned))
        return cell

    def hand_in(self, worker: Worker, episode: Episode) -> bool:
        """A worker's episode has ended; False when the worker had been given up before."""
        with self.lock:
            cell, worker.cell = worker.cell, None
        if cell is None or self.closed:
            return False
        self._end(cell, episode)
        return True

    def _end(self, cell: Cell, episode: Episode) -> None:
        try:
            self.ended(cell, episode)
        except StoreError as error:
            self.failure = error
            self.stop()

    def leave(self, worker: Worker) -> None:
        with self.lock:
            self.workers.discard(worker)
            if not self.workers and not self.todo:  # `check` looks after the rest
                self.idle.set()


class Worker(threading.Thread):
    """Lives through one episode after another. `beat` is when it last made a step; `cell` is None between episodes."""

    def __init__(self, crew: Crew):
        super().__init__(daemon=True, name="dutiful-worker")
        self.crew = crew
        self.cell: Cell | None = None
        self.leaving = False
        self.beat = 0.0
        self.steps: list[Step] = []
        self.started = 0.0
        self._worlds: dict[str, World] = {}

    def run(self) -> None:
        try:
            with contextlib.suppress(Abandoned):
                self._work()
            self.beat, self.leaving = time.monotonic(), True
            for world in self._worlds.values():
                with contextlib.suppress(Exception):
                    world.close()
        finally:
            self.crew.leave(self)

    def _work(self) -> None:
        todo = self.crew.todo
        while not self.crew.closed:
            try:
                cell = todo.popleft()  # atomic: no lock needed
            except IndexError:
                return
            self.steps, self.started, self.beat = [], time.time(), time.monotonic()
            self.cell = cell
            try:
                episode = self._solve(cell)
            except Abandoned:
                raise
            except BaseException as problem:  # a part that calls sys.exit() ends its episode, not the run
                episode = broken(self.crew.plan, cell, problem, self.started)
            if not self.crew.hand_in(self, episode):
                return
            if episode.error and episode.error.kind not in ("ModelFailure", "RateLimited"):
                self._forget(cell.world)

    def _solve(self, cell: Cell) -> Episode:
        plan = self.crew.plan
        place = plan.places[cell.world]
        world = self._worlds.get(cell.world)
        if world is None:
            world = self._worlds[cell.world] = place.make()
        agent = self.crew.followers[cell.agent, cell.model].agent
        return solve(agent, place.task(cell.place), world, seed=cell.episode_seed, limits=plan.limits, watch=self._saw)

    def _saw(self, step: Step) -> None:
        self.steps.append(step)
        self.beat = time.monotonic()

    def _forget(self, name: str) -> None:
        """After an error of a world its object is not trusted again."""
        world = self._worlds.pop(name, None)
        if world:
            with contextlib.suppress(Exception):
                world.close()

    def hung(self, cell: Cell, now: float) -> Episode:
        """The episode of a worker that makes no step, as far as it came."""
        why = f"no answer for {now - self.beat:.0f} s (the limit is {self.crew.stall:g} s)"
        steps = tuple(self.steps)
        episode = _failed(self.crew.plan, cell, Failure("WorldFailure", why), self.started)
        usage = sum((step.usage for step in steps), NOTHING)
        return episode.replace(steps=steps, usage=usage, final=steps[-1].observation if steps else None)


def broken(plan: Plan, cell: Cell, problem: BaseException, started: float) -> Episode:
    """The episode of a cell whose world or task could not even be made."""
    trace = "".join(traceback.format_exception(problem)[-6:])[-4000:]
    kind = type(problem).__name__
    return _failed(plan, cell, Failure(kind, str(problem) or repr(problem), trace), started)


def _failed(plan: Plan, cell: Cell, failure: Failure, started: float) -> Episode:
    task = plan.places[cell.world].known(cell.place)
    if task is None:
        task = Task(f"{cell.world}#{cell.place}", cell.world, plan.config["split"], cell.seed, Instruction(""))
    seconds = time.time() - started
    agent, model, seed = cell.agent, cell.model, cell.episode_seed
    return Episode(task, agent, model, seed, error=failure, ended="error", started=started, seconds=seconds)
