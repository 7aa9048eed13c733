"""The interpreter of CPython in a box: one process between turns, which asks over pipes for what the host's functions answer."""

from __future__ import annotations

import contextlib
import json
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from dutiful.core.errors import DutifulError
from dutiful.kit.box import Box, pump
from dutiful.kit.interpreter.backend import Lost, Ran, Snapshot
from dutiful.kit.interpreter.calling import Called, Calls

_PROGRAM = "inside.py"
_LINE = 8 << 20
"""Bytes that the code may send at once."""
_STARTING = 10.0
_WHY = {
    "time": "TimeoutError: stopped after {seconds:g} seconds",
    "memory": "MemoryError: stopped, since all its processes together took more than {memory:,} bytes",
    "output": "stopped: it sent the host more than it may",
    "disk": "OSError: stopped, since it made too many files",
    "killed": "stopped: it started more processes than it may",
    "done": "the interpreter ended: the code killed it, or took more memory than there is",
}


_BROKEN = "stopped: it broke into the talk with the host"


class _Asked(msgspec.Struct, tag="call", tag_field="kind"):
    """The code calls a function."""

    call: str
    arguments: list[Any]
    named: dict[str, Any]


class _Done(msgspec.Struct, tag="done", tag_field="kind"):
    """The code has come to its end."""

    output: str
    value: str
    error: str


class Boxed:
    """A backend. The state is the runs so far with the calls they made: to go back, they run again in a new process."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]], seconds: float, memory: int, output: int):
        self.functions, self.seconds, self.memory, self.output = functions, seconds, memory, output
        # The time is kept here, by run; the box only bounds what a lost process could use.
        self._box = Box(seconds=3600, memory=memory, output=_LINE)
        self._guard = self._box.guard()
        self._held = contextlib.ExitStack()
        self._process: subprocess.Popen[bytes] | None = None
        self._runs: list[tuple[str, tuple[Called, ...]]] = []

    def run(self, code: str, calls: Calls) -> Ran:
        if self._process is not None and self._process.poll() is not None:
            self._back()
        ran = self._run(code, calls)
        self._runs.append((code, tuple(calls.made)))
        return ran

    def _back(self) -> None:
        """It ended between two runs, as with the thread that started it."""
        try:
            self.restore(self.snapshot())
        except DutifulError as error:
            raise Lost(str(error)) from None

    def snapshot(self) -> Snapshot:
        return Snapshot("box", b"", tuple(self._runs))

    def restore(self, state: Snapshot) -> None:
        self.close()
        for code, made in state.runs:
            try:
                self._run(code, Calls(self.functions, made))
            except Lost as lost:
                raise DutifulError(f"run again, the code did not come to its end: {lost}") from None
        self._runs = list(state.runs)

    def close(self) -> None:
        self._process = None
        self._runs = []
        held, self._held = self._held, contextlib.ExitStack()
        held.close()

    def _run(self, code: str, calls: Calls) -> Ran:
        process = self._open()
        left = self.seconds
        message: dict[str, Any] = {"run": code}
        while True:
            begun = time.monotonic()
            answer = self._exchange(process, message, begun + left)
            left -= time.monotonic() - begun
            if isinstance(answer, _Done):
                return Ran(answer.output, answer.value, answer.error)
            if answer.call not in self.functions:
                raise Lost(_BROKEN)
            called = calls.call(answer.call, answer.arguments, answer.named)
            message = {"result": called.result} if called.fault is None else {"fault": called.fault}

    def _open(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            program = Path(__file__).with_name(_PROGRAM).read_text(encoding="utf-8")
            self._process = self._held.enter_context(self._box.start(["/usr/bin/python3", "-I", "-S", "-c", program]))
            hello = {"functions": list(self.functions), "output": 2 * self.output}
            self._send(self._process, hello, time.monotonic() + _STARTING)
        return self._process

    def _send(self, process: subprocess.Popen[bytes], message: Any, until: float) -> None:
        assert process.stdin
        line = json.dumps(message).encode() + b"\n"
        feeds: dict[pump.Pipe, bytes] = {process.stdin: line}
        ended = pump.pump(process, feeds, {}, self._guard, until, fed=True)
        if ended != "enough":
            self._lost(ended)

    def _exchange(self, process: subprocess.Popen[bytes], message: Any, until: float) -> _Asked | _Done:
        """Sends a message and hears one line."""
        assert process.stdout and process.stderr
        heard, wrong = pump.Sink(_LINE), pump.Sink(_LINE)
        sinks: dict[pump.Pipe, pump.Sink] = {process.stdout: heard, process.stderr: wrong}
        self._send(process, message, until)
        ended = pump.pump(process, {}, sinks, self._guard, until, lambda: heard.held.endswith(b"\n"))
        if ended != "enough":
            self._lost(ended)
        try:
            return msgspec.json.decode(heard.held, type=_Asked | _Done)
        except (msgspec.MsgspecError, RecursionError):
            raise Lost(_BROKEN) from None

    def _lost(self, ended: str) -> None:
        raise Lost(_WHY[ended].format(seconds=self.seconds, memory=self.memory))
