"""One thread a loaded model: the requests of concurrent episodes share its batches, and every prefix stays in the KV cache.

    submit -> waiting --(a slot, sequences and cells are free)--> active --rows--> llama_decode --logits--> done

A *slot* is a sequence of the KV cache together with the tokens that it holds. A request continues the slot with the longest
common prefix; where that would throw away what another episode may come back to, or the slot is busy, the prefix is forked
(no copy) into the slot that was used longest ago. So an episode finds its own prefix again without a session, and what all
episodes share is kept once. Reading prompts, writing answers and scoring options go into the same batches.
"""

from __future__ import annotations

import collections
import threading
import weakref
from concurrent.futures import InvalidStateError
from typing import Any

import numpy as np

from dutiful.core.errors import DutifulError, ModelFailure
from dutiful.models.embedded.jobs import Job
from dutiful.models.embedded.llama import Context, load

TAIL = 8
"""Tokens that may be lost where a request continues a slot; beyond that it is taken for another episode, and forks."""
SEQUENCES = 192
"""Sequences beside the slots, for the options under score; llama.cpp has 256 at most."""
STALE = 2
"""Requests, for each slot, after which a prefix that nobody came back to is forgotten: the episode has ended, most likely, and
every token attends over all the cells of the cache, whoever they belong to (they are masked, not skipped)."""
LINGER = 0.002
"""Seconds to wait, after answers were given, for the next questions of the same episodes, so that batches stay full."""


class Slot:
    """A sequence and the tokens in it."""

    def __init__(self, index: int):
        self.index = index
        self.tokens = np.zeros(0, np.int32)
        self.used = 0
        self.job: Job | None = None


class Engine:
    """The model at work. `submit` may be called from any thread; `close` ends the thread and fails what still waits.

    context: tokens of one prompt with its answer. cells: tokens of all slots together, those of waiting episodes included.
    """

    def __init__(self, path: str, context: int = 4096, slots: int = 16, threads: int = 2, adapter: str = "", cells: int = 0):
        self.weights = load(path)
        cells = cells or max(2 * context, min(slots * context, 16384))
        self.context = Context(self.weights, cells, slots + SEQUENCES, threads=threads, adapter=adapter)
        self._loop = _Loop(self.context, slots, cells)
        thread = threading.Thread(target=self._loop.run, name="dutiful-embedded", daemon=True)
        thread.start()
        # Runs when the engine is let go and when the interpreter exits: a thread inside C must not outlive it.
        self._stop = weakref.finalize(self, _stop, self._loop, thread, self.context)

    def submit(self, job: Job) -> Any:
        """Waits for the job's result; raises ModelFailure."""
        self._loop.put(job)
        return job.future.result()

    def close(self) -> None:
        """May be called twice."""
        self._stop()


def _stop(loop: _Loop, thread: threading.Thread, context: Context) -> None:
    loop.close()
    if thread is not threading.current_thread():
        thread.join(timeout=30)
    if not thread.is_alive():
        context.close()


class _Loop:
    """What the engine's thread does. It knows nothing of the Engine, so that one can be let go."""

    def __init__(self, context: Context, slots: int, cells: int):
        self.context, self.cells = context, cells
        self.slots = [Slot(i) for i in range(slots)]
        self.spare = list(range(slots, context.sequences))
        self.waiting: collections.deque[Job] = collections.deque()
        self.active: list[Slot] = []
        self.news = threading.Condition()
        self.closed: ModelFailure | None = None
        self.clock = self.arrived = 0

    def put(self, job: Job) -> None:
        if job.cells > self.cells:
            raise ModelFailure(f"the request needs {job.cells} tokens of KV cache, there are {self.cells}: raise context=")
        with self.news:
            if self.closed:
                raise self.closed
            self.waiting.append(job)
            self.arrived += 1
            self.news.notify()

    def close(self, why: str = "the embedded model is closed") -> None:
        with self.news:
            self.closed = self.closed or ModelFailure(why)
            self.news.notify()

    def run(self) -> None:
        """The thread: until closed, or broken; then whoever waits is told why."""
        try:
            finished = 0
            while self._gather(finished):
                self._admit()
                finished = self._round()
        except BaseException as problem:
            why = f"the embedded model broke and answers no more: {type(problem).__name__}: {problem}"
            self.close(why)
        for job in [*self.waiting, *(slot.job for slot in self.active if slot.job)]:
            _settle(job, error=self.closed)

    def _gather(self, finished: int) -> bool:
        """Waits for work; lingers for as many requests as were just answered. False once closed."""
        with self.news:
            if finished and (self.active or self.waiting or finished > 1):
                goal = self.arrived - len(self.waiting) + finished
                self.news.wait_for(lambda: self.closed or self.arrived >= goal, LINGER)
            self.news.wait_for(lambda: self.closed or self.waiting or self.active)
            return self.closed is None

    def _admit(self) -> None:
        """Gives slots to those who wait, first come first served, as long as slots, sequences and cells last."""
        while self.waiting:
            job = self.waiting[0]
            least = min(job.sequences, 16)
            taken = sum(slot.job.cells for slot in self.active if slot.job)
            idle = [slot for slot in self.slots if slot.job is None]
            if not idle or len(self.spare) < least or taken + job.cells > self.cells:
                return
            slot, shared = self._place(job, idle)
            self._make_room(job, taken, keep=slot)
            extra = [self.spare.pop() for _ in range(min(job.sequences, len(self.spare)))]
            slot.job = job
            self.active.append(slot)
            job.begin(self.context, slot.index, shared, extra)
            with self.news:
                self.waiting.popleft()  # last, so that whatever breaks on the way, the job is known and told

    def _place(self, job: Job, idle: list[Slot]) -> tuple[Slot, int]:
        """The slot for a job and how much of the prompt it then holds. At least one token is left to read, for its logits."""
        donor, shared = max(((slot, _common(slot.tokens, job.ids)) for slot in self.slots), key=lambda pair: pair[1])
        shared = min(shared, len(job.ids) - 1)
        self.clock += 1
        if donor.job is None and len(donor.tokens) - shared <= TAIL:
            slot = donor
            self.context.forget(slot.index, shared)
        else:
            slot = min(idle, key=lambda slot: (len(slot.tokens) > 0, slot.used))
            if slot is donor:
                self.context.forget(slot.index, shared)
            else:
                self.context.forget(slot.index)
                self.context.fork(donor.index, [slot.index], 0, shared)
        slot.tokens, slot.used = job.ids[:shared], self.clock
        return slot, shared

    def _make_room(self, job: Job, taken: int, keep: Slot) -> None:
        """Empties the idle slots used longest ago: those that are stale, and more until the job fits.

        Shared cells count more than once: never too few.
        """
        idle = sorted((s for s in self.slots if s.job is None and s is not keep), key=lambda s: s.used, reverse=True)
        held = sum(len(slot.tokens) for slot in idle)
        while idle and (taken + job.cells + held > self.cells or self.clock - idle[-1].used > STALE * len(self.slots)):
            slot = idle.pop()
            held -= len(slot.tokens)
            self.context.forget(slot.index)
            slot.tokens = slot.tokens[:0]

    def _round(self) -> int:
        """One batch: fills it, decodes it, hands the logits out. Returns how many jobs were finished."""
        at, parts = 0, []
        # Who wants one row (writing) comes before who wants many (reading), so that no one starves.
        for slot in sorted(self.active, key=lambda slot: slot.job.read < len(slot.job.ids) if slot.job else False):
            if slot.job and at < self.context.batch:
                n = slot.job.fill(self.context, at, self.context.batch - at)
                parts.append((slot, int(self.context.wanted[at : at + n].sum())))
                at += n
        if not at:
            return 0
        logits = self.context.decode(at)
        row = finished = 0
        for slot, rows in parts:
            job = slot.job
            try:
                done = job.take(self.context, logits[row : row + rows])
                slot.tokens = job.ids[: job.read]
                if done:
                    slot.tokens = job.held(self.context)
                    self._release(slot)
                    _settle(job, result=job.result())
                    finished += 1
            except Exception as problem:  # of this job alone: the others go on
                self.context.forget(slot.index)
                slot.tokens = slot.tokens[:0]
                self._release(slot)
                _settle(job, error=problem)
                finished += 1
            row += rows
        return finished

    def _release(self, slot: Slot) -> None:
        assert slot.job is not None
        for sequence in slot.job.extra:
            self.context.forget(sequence)
        self.spare.extend(slot.job.extra)
        slot.job = None
        self.active.remove(slot)


def _settle(job: Job, result: Any = None, error: BaseException | None = None) -> None:
    """Answers a job once, whoever comes first."""
    if error is not None and not isinstance(error, DutifulError):
        error = ModelFailure(f"{type(error).__name__}: {error}")
    try:
        if error is not None:
            job.future.set_exception(error)
        else:
            job.future.set_result(result)
    except InvalidStateError:
        pass


def _common(held: np.ndarray, ids: np.ndarray) -> int:
    """How many leading tokens two arrays share."""
    n = min(len(held), len(ids))
    different = np.flatnonzero(held[:n] != ids[:n])
    return int(different[0]) if len(different) else n
