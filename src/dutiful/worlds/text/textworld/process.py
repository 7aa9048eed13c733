"""The other end of `server.py`: a process that is asked in lines of JSON, and given up when it dies or hangs."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import threading
import time
import weakref
from pathlib import Path
from typing import Any

import msgspec

from dutiful.core.errors import WorldFailure


class Process:
    """Answers take `seconds` at most; one that dies or waits longer is killed, and WorldFailure raised."""

    def __init__(self, world: str, seconds: float):
        self.world, self.seconds = world, seconds
        server = Path(__file__).with_name("server.py")
        self.process = subprocess.Popen(
            [sys.executable, "-P", str(server)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONHASHSEED": "0"},  # the generator walks through sets
            start_new_session=True,  # Ctrl-C ends a run in an orderly way, and must not take the games away first
        )
        self.alive = True
        self._end = weakref.finalize(self, self.process.kill)
        self._rest = b""
        self._lock = threading.Lock()

    def ask(self, **question: Any) -> dict[str, Any]:
        """The answer to a question, from any thread; raises WorldFailure."""
        with self._lock:
            if not self.alive:
                raise WorldFailure(f"{self.world}: the game's process is gone; reset(task) starts another")
            answer = self._ask(msgspec.json.encode(question) + b"\n")
        if "error" in answer:
            raise WorldFailure(f"{self.world}: the game failed: {answer['error']}")
        return answer

    def _ask(self, question: bytes) -> dict[str, Any]:
        assert self.process.stdin and self.process.stdout
        until = time.monotonic() + self.seconds
        try:
            self.process.stdin.write(question)
            self.process.stdin.flush()
            while b"\n" not in self._rest:
                ready, _, _ = select.select([self.process.stdout], [], [], max(0.0, until - time.monotonic()))
                if not ready:
                    raise self._lost(f"gave no answer within {self.seconds:g} s")
                read = os.read(self.process.stdout.fileno(), 1 << 16)
                if not read:
                    raise self._lost(f"died (exit code {self.process.wait()})")
                self._rest += read
        except (OSError, ValueError) as problem:
            raise self._lost(f"died (exit code {self.process.wait()})") from problem
        line, _, self._rest = self._rest.partition(b"\n")
        return msgspec.json.decode(line)

    def _lost(self, what: str) -> WorldFailure:
        self.close()
        return WorldFailure(f"{self.world}: the game's process {what}; reset(task) starts another")

    def close(self) -> None:
        """Ends the process at once; may be called twice, and from another thread, whose question then fails."""
        self.alive = False
        self._end()
        self.process.wait()
