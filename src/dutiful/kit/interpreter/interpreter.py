"""The interpreter that agents use; the backends are its siblings."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Self

from dutiful.core.errors import DutifulError, MissingExtra
from dutiful.kit.interpreter.backend import Backend, Lost, Ran, Snapshot
from dutiful.kit.interpreter.calling import Calls

BACKENDS = ("monty", "box")


class Interpreter:
    """Python between turns. `functions` by name; called with and answering with plain values (what JSON carries).

    seconds: for the code of one run, without the time in `functions`. memory: bytes. output: characters of printed output, and
    of a value or traceback, that come back. modules: what may be imported; None: what the backend has.

    A run that takes too long or breaks the interpreter is stopped; variables are then as they were before it. An exception of a
    function is one in the code, but what ends an episode (a spent limit) goes through `run` to the caller.
    """

    def __init__(
        self,
        functions: Mapping[str, Callable[..., Any]],
        backend: str = "auto",
        seconds: float = 5,
        memory: int = 256 << 20,
        output: int = 4000,
        modules: Collection[str] | None = None,
    ):
        if min(seconds, memory, output) <= 0:
            raise ValueError("the limits of an interpreter must be above 0")
        self.functions, self.output, self.modules = functions, output, modules
        self.seconds = seconds
        self._inner, self.backend = _choose(backend, functions, seconds, memory, output)

    def run(self, code: str) -> Ran:
        """Runs code in the state that earlier runs left. What the code does wrong comes back as text."""
        if error := self._forbidden(code):
            return Ran("", "", error)
        before = self._inner.snapshot()
        calls = Calls(self.functions)
        try:
            ran = self._inner.run(code, calls)
        except Lost as lost:
            ran = Ran("", "", f"{lost}; {self._back(before)}")
        if calls.stopped is not None:
            raise calls.stopped
        return Ran(*(shortened(_clean(part), self.output) for part in ran))

    def _back(self, before: Snapshot) -> str:
        try:
            self._inner.restore(before)
        except DutifulError as error:
            self._inner.close()
            return f"the variables are lost ({error})"
        return "the variables are as they were before this code"

    def snapshot(self) -> Snapshot:
        """The variables as they are now, for `restore`."""
        return self._inner.snapshot()

    def restore(self, state: Snapshot) -> None:
        """Goes back. The functions are not called again: where code is run anew, it gets the answers it got before.

        Raises DutifulError where such code does something else this time, as it can if it asks for the time; there are no
        variables then.
        """
        if state.backend != self.backend:
            raise ValueError(f"this state is of the backend {state.backend}, and the interpreter is of {self.backend}")
        self._inner.restore(state)

    def close(self) -> None:
        """Ends the process behind it. A later run begins anew, without variables."""
        self._inner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def _forbidden(self, code: str) -> str:
        """A traceback for the first import of what may not be imported; a rule, no wall: the backends are the walls."""
        if self.modules is None:
            return ""
        try:
            nodes = sorted(_imports(ast.parse(code)))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return ""  # the backend says what is wrong
        for line, module in nodes:
            if module not in self.modules:
                allowed = ", ".join(sorted(self.modules)) or "nothing"
                return f"line {line}: ImportError: {module} may not be imported here (allowed: {allowed})"
        return ""


def _imports(tree: ast.AST) -> Sequence[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, name.name.partition(".")[0]) for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.lineno, (node.module or "").partition(".")[0]))
    return found


def _clean(text: str) -> str:
    """Without half characters, which no file or database takes."""
    return text.encode(errors="replace").decode()


def shortened(text: str, most: int) -> str:
    """A text of at most `most` characters and a note; the beginning and the end are kept, since errors stand at the end."""
    if len(text) <= most:
        return text
    head, tail = most * 2 // 3, most // 3
    return f"{text[:head]}\n... ({len(text) - head - tail} characters left out) ...\n{text[-tail:] if tail else ''}"


def _choose(
    name: str, functions: Mapping[str, Callable[..., Any]], seconds: float, memory: int, output: int
) -> tuple[Backend, str]:
    if name not in ("auto", *BACKENDS):
        raise ValueError(f"there is no interpreter {name!r}; there are: auto, {', '.join(BACKENDS)}")
    if name in ("auto", "monty"):
        try:
            from dutiful.kit.interpreter.monty import Monty

            return Monty(functions, seconds, memory, output), "monty"
        except MissingExtra:
            if name == "monty":
                raise
    from dutiful.kit.interpreter.boxed import Boxed

    return Boxed(functions, seconds, memory, output), "box"
