"""What every backend of the interpreter does, and what it gives back."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from dutiful.kit.interpreter.calling import Called, Calls


class Ran(NamedTuple):
    """What a run came to: printed output, the value of the last expression as its repr ("" for none), the traceback ("")."""

    output: str
    value: str
    error: str

    @property
    def text(self) -> str:
        """All of it, as an agent reads it."""
        parts = (self.output.rstrip("\n"), self.value, self.error)
        return "\n".join(part for part in parts if part)


class Snapshot(NamedTuple):
    """A state to go back to: a dump of the backend, or the runs that led there, each with the calls it made."""

    backend: str
    dump: bytes
    runs: tuple[tuple[str, tuple[Called, ...]], ...]


class Backend(Protocol):
    """What a backend does. `run` raises `Lost` where the code had to be stopped, and the state with it."""

    def run(self, code: str, calls: Calls) -> Ran: ...
    def snapshot(self) -> Snapshot: ...
    def restore(self, state: Snapshot) -> None: ...
    def close(self) -> None: ...


class Lost(Exception):
    """The code was stopped, and the variables are lost; says why."""
