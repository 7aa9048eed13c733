"""The interpreter of pydantic-monty: Python in Rust, in a worker process that has nothing to reach files or sockets with."""

from __future__ import annotations

import contextlib
import functools
import re
import sysconfig
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from dutiful.core.errors import MissingExtra
from dutiful.kit.interpreter.backend import Lost, Ran, Snapshot
from dutiful.kit.interpreter.calling import Calls, exception

if TYPE_CHECKING:
    from pydantic_monty import MontySession

_MANY = 10_000_000  # calls out of the code; the time bounds them
_PATHS = threading.Lock()
_FILE = re.compile(r'File "<python-input-(\d+)>"')


class Monty:
    """A backend. The state is the worker's own dump; a run that is stopped goes back to the dump before."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]], seconds: float, memory: int, output: int):
        try:
            import pydantic_monty
        except ImportError:
            raise MissingExtra("this interpreter", "code", "pydantic-monty") from None
        with _PATHS:
            sysconfig.get_config_vars()  # the package looks for its program there, and CPython 3.11 lets two threads trip over it
        self._package = pydantic_monty
        self.functions, self.seconds, self.memory, self.output = functions, seconds, memory, output
        self._held = contextlib.ExitStack()
        self._session: MontySession | None = None

    def run(self, code: str, calls: Calls) -> Ran:
        printed = _Printed(self.output * 2)
        package = self._package
        try:
            value = self._open().feed_run(code, external_lookup=self._lookup(calls), print_callback=printed)
        except package.MontyCrashedError as error:
            raise Lost(f"stopped after {self.seconds:g} seconds" if error.timed_out else "the interpreter broke") from None
        except package.MontyRuntimeError as error:
            if isinstance(error.exception(), TimeoutError) and "time limit exceeded" in str(error):
                raise Lost(f"TimeoutError: stopped after {self.seconds:g} seconds") from None
            return Ran(printed.text(), "", _named(error.display("traceback")))
        except package.MontySyntaxError as error:
            return Ran(printed.text(), "", _named(error.display("traceback")))
        except package.MontyError as error:
            return Ran(printed.text(), "", f"{type(error).__name__}: {error}")
        return Ran(printed.text(), _shown(value), "")

    def snapshot(self) -> Snapshot:
        return Snapshot("monty", b"" if self._session is None else self._session.dump(), ())

    def restore(self, state: Snapshot) -> None:
        self.close()
        if state.dump:
            self._open().load_session(state.dump)

    def close(self) -> None:
        self._session = None
        held, self._held = self._held, contextlib.ExitStack()
        with contextlib.suppress(self._package.MontyError):
            held.close()

    def _open(self) -> MontySession:
        if self._session is None:
            pool = self._held.enter_context(self._package.Monty(max_processes=1, checkout_timeout=30))
            session = pool.checkout(
                limits={"max_feed_duration_secs": self.seconds, "max_memory": self.memory, "max_suspensions": _MANY},
                os_policy={"random_start": {"seed": 0}, "sleep": "zero"},  # the same code does the same again
            )
            self._session = self._held.enter_context(session)
        return self._session

    def _lookup(self, calls: Calls) -> dict[str, Any]:
        return {name: functools.partial(_call, calls, name) for name in self.functions}


def _call(calls: Calls, name: str, /, *arguments: Any, **named: Any) -> Any:
    called = calls.call(name, arguments, named)
    if called.fault is not None:
        raise exception(called.fault)
    return called.result


def _shown(value: Any) -> str:
    try:
        return "" if value is None else repr(value)
    except (RecursionError, MemoryError):
        return "(a value too deep to be shown)"


def _named(traceback: str) -> str:
    """Runs count from 1, as in the other backend."""
    return _FILE.sub(lambda found: f'File "<code {int(found[1]) + 1}>"', traceback)


class _Printed:
    """Printed output; what is beyond the limit is counted, not kept."""

    def __init__(self, most: int):
        self.parts: list[str] = []
        self.left, self.beyond = most, 0

    def __call__(self, stream: str, text: str) -> None:
        kept = text[: self.left]
        self.parts.append(kept)
        self.left -= len(kept)
        self.beyond += len(text) - len(kept)

    def text(self) -> str:
        return "".join(self.parts) + (f"\n... ({self.beyond} more characters)" if self.beyond else "")
