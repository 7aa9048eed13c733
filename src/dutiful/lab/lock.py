"""One process at a time may carry out a run."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from types import TracebackType

from dutiful.core.errors import StoreError


class RunLock:
    """A locked file beside the store. The system lets go of the lock when the process ends, however it ends.

    Where the system has no `fcntl`, two processes are not kept apart; the store still refuses to keep a cell twice.
    """

    def __init__(self, path: Path, run: str):
        self.path, self.run = path, run
        self._file: int | None = None

    def __enter__(self) -> RunLock:
        try:
            import fcntl
        except ImportError:
            return self
        file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(file)
            raise StoreError(f"the run {self.run!r} is going on in another process: wait for it, or stop it first") from error
        self._file = file
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):
                self.path.unlink()
            os.close(self._file)
            self._file = None
