"""Feeds a running box, reads what it says up to a limit, watches what it uses, and says what ended it."""

from __future__ import annotations

import os
import selectors
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from typing import IO, cast

from dutiful.kit.box import watch

LOOK = 0.02
"""Seconds between two looks at what the box uses."""
_PIECE = 1 << 16
Pipe = IO[bytes]


class Guard:
    """Looks at what a box uses, now and then. Limits: bytes of memory, tasks, bytes of output in one pump."""

    def __init__(self, memory: int, processes: int, output: int):
        self.memory, self.processes, self.output = memory, processes, output
        self.next = 0.0

    def passed(self, root: int, now: float) -> str:
        """Which limit is passed: "memory", "killed" (too many tasks), "disk" (too many files); "" for none, or not looked."""
        if now < self.next:
            return ""
        self.next = now + LOOK
        used = watch.use(root, self.memory)
        if used.memory > self.memory:
            return "memory"
        if used.tasks > self.processes + watch.OWN:
            return "killed"
        return "disk" if used.files > watch.FILES else ""


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
    guard: Guard,
    until: float,
    enough: Callable[[], bool] = lambda: False,
    fed: bool = False,
) -> str:
    """Runs until the process has ended and its pipes are empty ("done"), `enough()` says so ("enough"), or a limit is passed.

    The pipes fed are closed at their end; with `fed` they stay open, and it is enough to have fed them. A limit passed is named:
    "time" (past `until`, of time.monotonic), what the guard says, "output" (the sinks without a `full` of their own share a
    limit), or the `full` of a sink that is. Ending the process is the caller's.
    """
    with selectors.DefaultSelector() as selector:
        talk = _Talk(selector, feeds, sinks, not fed)
        while True:
            now = time.monotonic()
            if now >= until:
                return "time"
            if why := guard.passed(process.pid, now):
                return why
            talk.serve(max(0.0, min(guard.next, until) - now))
            if why := _full(sinks.values(), guard.output):
                return why
            if enough() or (fed and not any(talk.rest.values())):
                return "enough"
            if not talk.open and process.poll() is not None:
                return "done"


class _Talk:
    """The pipes of one pump: what is left to write, and which may still bring something."""

    def __init__(self, selector: selectors.BaseSelector, feeds: Mapping[Pipe, bytes], sinks: Mapping[Pipe, Sink], closing: bool):
        self.selector, self.sinks, self.closing = selector, sinks, closing
        self.rest = {pipe: memoryview(content) for pipe, content in feeds.items()}
        self.open = set(sinks)
        for pipe in (*feeds, *sinks):
            os.set_blocking(pipe.fileno(), False)
            selector.register(pipe, selectors.EVENT_WRITE if pipe in feeds else selectors.EVENT_READ)

    def serve(self, wait: float) -> None:
        """Writes and reads what can be at once, after at most `wait` seconds."""
        for key, _ in self.selector.select(wait):
            pipe = cast(Pipe, key.fileobj)
            if pipe in self.rest:
                self.rest[pipe] = _feed(pipe, self.rest[pipe])
                if not self.rest[pipe]:
                    self.selector.unregister(pipe)
                    if self.closing:
                        pipe.close()
            elif not _drain(pipe, self.sinks[pipe]):
                self.selector.unregister(pipe)
                self.open.discard(pipe)


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
