"""A box: a folder, limits, and programs that run inside. See the package for what it is, `backends` for how it is built."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, cast

from dutiful.kit.box import backends, files, filter, pump

Ended = Literal["done", "time", "memory", "output", "disk", "killed"]
"""How a run ended: by itself; or stopped for the time, the memory, the output or the disk it took; or killed, by itself or
for what it did to the box (it ended all of the box's processes, or had more of them than it may)."""
_KILLED, _XCPU = 128 + 9, 128 + 24
_FULL = "full"
_HEADERS = 24 << 20  # of a tar stream: a kilobyte a file, for as many files as a box may hold


class Finished(NamedTuple):
    """What a run came to. `code` is the exit code (128 + signal where one ended it), `seconds` the time by the clock."""

    code: int
    stdout: str
    stderr: str
    ended: Ended
    seconds: float

    @property
    def ok(self) -> bool:
        """It ended by itself, with exit code 0."""
        return self.ended == "done" and self.code == 0


class Box:
    """Runs programs on a copy of `folder` (none: an empty one), seen as /box; no two runs share a file but through the folder.

    seconds: by the clock, and of the processor for each process. memory: bytes, for each process and for all together.
    processes: threads count. disk: bytes in /box, and again in /tmp. output: bytes of stdout and stderr together.
    read_only: nothing comes back into the folder. using: "bwrap" or "nsjail"; "" takes what works, raises where nothing does.
    """

    def __init__(
        self,
        folder: str | Path | None = None,
        seconds: float = 10,
        memory: int = 512 << 20,
        processes: int = 32,
        disk: int = 50 << 20,
        output: int = 1 << 20,
        read_only: bool = False,
        using: str = "",
    ):
        if min(seconds, memory, processes, disk, output) <= 0:
            raise ValueError("the limits of a box must be above 0")
        self.folder = None if folder is None else Path(folder)
        if self.folder is not None and not self.folder.is_dir():
            raise ValueError(f"{folder} is no folder")
        self.limits = backends.Limits(seconds, memory, processes, disk)
        self.output, self.read_only = output, read_only
        self.backend = backends.backend(using)

    def run(self, command: Sequence[str], stdin: str = "") -> Finished:
        """Runs one program to its end. A program that does not exist ends with code 127, as in a shell.

        Raises ValueError where the folder holds more than the disk of the box.
        """
        if isinstance(command, str) or not command:
            raise ValueError(f"a command is a sequence of words, not {command!r}")
        packed = files.EMPTY if self.folder is None else files.pack(self.folder, self.limits.disk)
        begun = time.monotonic()
        out, err = pump.Sink(self.output), pump.Sink(self.output)
        back = pump.Sink(self.limits.disk + _HEADERS, "disk")
        with _pipe() as (inside, entrance), _pipe() as (exit_, outside):
            ends = inside.fileno(), outside.fileno()
            bring = self.folder is not None
            with self.start(_within(command, *ends, bring, bring and not self.read_only), ends) as process:
                inside.close()
                outside.close()
                assert process.stdin and process.stdout and process.stderr
                ended = pump.pump(
                    process,
                    {process.stdin: stdin.encode(errors="surrogateescape"), entrance: packed},
                    {process.stdout: out, process.stderr: err, exit_: back},
                    self.guard(),
                    begun + self.limits.seconds,
                )
        code, ended = self._end(ended, bytes(back.held))
        return Finished(code, out.text(), err.text(), ended, time.monotonic() - begun)

    @contextlib.contextmanager
    def start(self, command: Sequence[str], passed: Sequence[int] = ()) -> Generator[subprocess.Popen[bytes]]:
        """A process in the box with pipes, to talk with; the folder is not brought in. Everything in it ends with the block.

        It also ends with the thread that started it. Use `pump.pump` to talk, which holds it to `guard()`.
        """
        with _filter() as rules:
            line = backends.around(self.backend, command, self.limits, rules, passed)
            process = subprocess.Popen(
                line,
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=backends.OUTSIDE,
                cwd="/",
                pass_fds=[*passed, *([] if rules is None else [rules])],
                start_new_session=True,
            )
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()
            process.wait()

    def guard(self) -> pump.Guard:
        """The limits that are watched from outside."""
        return pump.Guard(self.limits.memory, self.limits.processes, self.output)

    def _end(self, ended: str, back: bytes) -> tuple[int, Ended]:
        """The exit code and the end of a run, out of what the box sent back; the folder is written."""
        said, _, stream = back.partition(b"\n")
        if ended != "done":
            return _KILLED, cast(Ended, ended)
        if said == _FULL.encode():
            return _KILLED, "disk"
        if not said.isdigit() or len(said) > 3:  # the shell was killed before it could say, or another spoke in its place
            return _KILLED, "killed"
        if int(said) == _XCPU:
            return _XCPU, "time"
        if self.folder is not None and not self.read_only:
            try:
                files.unpack(stream, self.folder)
            except ValueError:
                return int(said), "killed"
        return int(said), "done"


def _within(command: Sequence[str], inside: int, outside: int, bring: bool, take: bool) -> list[str]:
    """The command between two copies: file `inside` brings the folder in, `outside` takes the exit code and the folder out.

    The program itself has neither file. bash, since not every shell can name a file above 9.
    """
    fetch = f'tar -xf - -C /box <&{inside} || {{ echo "{_FULL}" >&{outside}; exit 1; }}; ' if bring else ""
    give = f"; exec tar -cf - -C /box . >&{outside} 2>/dev/null </dev/null" if take else ""
    script = f'{fetch}exec {inside}<&-; "$@" {outside}>&-; echo "$?" >&{outside}{give}'
    return ["/bin/bash", "-c", script, "box", *command]


@contextlib.contextmanager
def _pipe() -> Generator[tuple[pump.Pipe, pump.Pipe]]:
    """An end to read from and an end to write to."""
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as first, open(writing, "wb", 0) as second:  # noqa: PTH123
        yield first, second


@contextlib.contextmanager
def _filter() -> Generator[int | None]:
    """A file with the filter of system calls, for the backend to read; None where there is no filter for this machine."""
    if not (rules := filter.program()):
        yield None
        return
    file = os.memfd_create("filter")
    try:
        os.write(file, rules)
        os.lseek(file, 0, os.SEEK_SET)
        yield file
    finally:
        os.close(file)
