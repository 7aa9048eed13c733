"""Feeds a running box, reads what it says up to a limit, watches what it uses, and says what ended it."""

from __future__ import annotations

import os
import selectors
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from typing import IO, NamedTuple, cast

from dutiful.kit.box import watch

LOOK = 0.02
"""Seconds between two looks at what the box uses."""
_PIECE = 1 << 16
Pipe = IO[bytes]


class Most(NamedTuple):
    """Where a box is ended: at this time (of time.monotonic), with these bytes of memory, tasks, and bytes of output in all."""

    until: float
    memory: int
    processes: int
    output: int


class Sink:
    """What came out of one pipe."""

    def __init__(self, most: int, full: str = ""):
        self.held, self.most, self.full = bytearray(), most, full

    def text(self) -> str:
        """As text, cut at the limit; bytes that are no UTF-8 are shown as such."""
        return bytes(self.held[: self.most]).decode(errors="replace")


def pump(
    process: subprocess.Popen[bytes],
    feeds: Mapping[Pipe, bytes],
    sinks: Mapping[Pipe, Sink],
    most: Most,
    enough: Callable[[], bool] = lambda: False,
) -> str:
    """Runs until the process has ended and its pipes are empty ("done"), `enough()` says so ("enough"), or a limit is passed.

    The pipes fed are closed at their end. A limit passed is named: "time", "memory", "killed" (too many tasks), "disk" (too many
    files), "output" (the sinks without a `full` of their own share a limit), or the `full` of a sink that is. Ending the process
    is the caller's.
    """
    rest = {pipe: memoryview(content) for pipe, content in feeds.items()}
    open_ = set(sinks)
    look = 0.0
    with selectors.DefaultSelector() as selector:
        for pipe in (*rest, *sinks):
            os.set_blocking(pipe.fileno(), False)
            selector.register(pipe, selectors.EVENT_WRITE if pipe in rest else selectors.EVENT_READ)
        while True:
            now = time.monotonic()
            if now >= most.until:
                return "time"
            if now >= look:
                if why := _passed(process.pid, most):
                    return why
                look = now + LOOK
            for key, _ in selector.select(max(0.0, min(look, most.until) - now)):
                pipe = cast(Pipe, key.fileobj)
                if pipe in rest:
                    rest[pipe] = _feed(pipe, rest[pipe])
                    if not rest[pipe]:
                        selector.unregister(pipe)
                        pipe.close()
                elif not _drain(pipe, sinks[pipe]):
                    selector.unregister(pipe)
                    open_.discard(pipe)
            if why := _full(sinks.values(), most.output):
                return why
            if enough():
                return "enough"
            if not open_ and process.poll() is not None:
                return "done"


def _passed(root: int, most: Most) -> str:
    used = watch.use(root)
    if used.memory > most.memory:
        return "memory"
    if used.tasks > most.processes + watch.OWN:
        return "killed"
    return "disk" if used.files > watch.FILES else ""


def _feed(pipe: Pipe, rest: memoryview) -> memoryview:
    """What is left to write."""
    try:
        return rest[os.write(pipe.fileno(), rest[:_PIECE]) :] if rest else rest
    except BlockingIOError:
        return rest
    except OSError:  # nobody reads on
        return rest[:0]


def _drain(pipe: Pipe, sink: Sink) -> bool:
    """Whether more may come."""
    try:
        piece = os.read(pipe.fileno(), _PIECE)
    except BlockingIOError:
        return True
    sink.held += piece
    return bool(piece)


def _full(sinks: Iterable[Sink], output: int) -> str:
    shared = 0
    for sink in sinks:
        if not sink.full:
            shared += len(sink.held)
        elif len(sink.held) > sink.most:
            return sink.full
    return "output" if shared > output else ""
