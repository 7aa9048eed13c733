"""Runs Python that nobody vouches for, such as a checker that a language model wrote, in a process that is confined and killed.

    call("def evaluate(response):\n    return len(response) < 9", "evaluate", [("short",), ("quite long",)])
    -> [Outcome(True), Outcome(False)]

Three walls. The syntax: imports from a whitelist, no names or attributes with an underscore in front, no frames, none of
`eval`, `exec`, `open`, `getattr` and their like. The interpreter: only harmless builtins, modules without the modules that they
import, and an audit hook that refuses files, processes, sockets and further imports. The process: its own empty folder and
environment, limits on memory, processor time, file size, open files and processes, a namespace without network where the
platform lets it have one, and a hard end on the wall clock, with everything it started.

What it does not protect from: faults of the interpreter itself (CPython is no security boundary; a memory error in a C module
may run anything), reading what any process of this user may read if all walls but the last fall, and a checker that lies: it
may return what it likes. On Windows and macOS some limits are missing. For code of an enemy, and not merely of a careless
model, put a virtual machine around it.
"""

from __future__ import annotations

import ast
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

_MODULES = "collections datetime functools itertools json math re statistics string textwrap unicodedata"
_FORBIDDEN = (
    "eval exec compile open input getattr setattr delattr vars globals locals dir breakpoint memoryview help exit quit "
    "__import__ __builtins__ __loader__ __spec__ BaseException"
)
MODULES = tuple(_MODULES.split())
"""What may be imported."""
FORBIDDEN = frozenset(_FORBIDDEN.split())
"""Names that may not be used."""
_FRAMES = ("_", "gi_", "cr_", "ag_", "tb_", "co_", "func_")
"""How attributes begin that lead to the interpreter's own objects, frames and code among them."""
_INNER = frozenset(["f_back", "f_globals", "f_locals", "f_builtins", "f_code", "f_trace", "mro"])
STARTING = 5.0
"""Seconds that the process may take to start."""
_OUTPUT = 1 << 20


class Outcome(NamedTuple):
    """What one call came to: a plain value, or why there is none."""

    value: bool | int | float | str | None
    error: str = ""


def refusal(code: str) -> str:
    """Why code may not run, by its syntax alone; "" where it may."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        return f"it does not parse: {problem}"
    for node in ast.walk(tree):
        if why := _refused(node):
            return f"line {getattr(node, 'lineno', 0)}: {why}"
    return ""


def imported(code: str) -> list[str]:
    """The modules that code imports, to be loaded before the process is confined."""
    nodes = list(ast.walk(ast.parse(code)))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return sorted(plain | {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module})


def _refused(node: ast.AST) -> str:
    match node:
        case ast.Import(names=names):
            wrong = [alias.name for alias in names if alias.name not in MODULES]
            return f"import of {wrong[0]}" if wrong else ""
        case ast.ImportFrom(module=module, level=level):
            return "" if module in MODULES and not level else f"import from {module}"
        case ast.Attribute() | ast.MatchClass():
            names = [node.attr] if isinstance(node, ast.Attribute) else node.kwd_attrs
            return next((f"the attribute {name}" for name in names if _inner(name)), "")
        case ast.Name(id=name):
            return f"the name {name}" if name in FORBIDDEN or name.startswith("__") else ""
        case ast.ExceptHandler(type=None):
            return "an except that catches everything"
        case _:
            return ""


def _inner(attribute: str) -> bool:
    return attribute.startswith(_FRAMES) or attribute in _INNER


def call(
    code: str, function: str, calls: Sequence[Sequence[Any]], seconds: float = 5.0, memory: int = 256 << 20
) -> list[Outcome]:
    """Runs code in a fresh process and calls a function of it once for each list of arguments (JSON values).

    seconds: that the code, and then each call, may take. memory: bytes of address space. Code that fails is no error here: each
    call gets an Outcome that says so.
    """
    if not calls:
        return []
    if why := refusal(code):
        return [Outcome(None, f"refused: {why}")] * len(calls)
    order = dict(code=code, function=function, calls=[*map(list, calls)], seconds=seconds, memory=memory, modules=imported(code))
    with tempfile.TemporaryDirectory(prefix="confined-") as folder:
        text, ending = _run(json.dumps(order), folder, STARTING + seconds * (len(calls) + 1))
    outcomes = [_outcome(line) for line in text.splitlines()[: len(calls)]]
    return outcomes + [Outcome(None, ending)] * (len(calls) - len(outcomes))


def _run(order: str, folder: str, limit: float) -> tuple[str, str]:
    """What the process wrote, and how it ended; it and all it started are dead afterwards."""
    command = [sys.executable, "-I", "-S", str(Path(__file__).with_name("confined.py"))]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={"PYTHONHASHSEED": "0"},
        start_new_session=True,
        text=True,
    )
    late = threading.Event()

    def end() -> None:
        late.set()
        _kill(process)

    clock = threading.Timer(limit, end)
    clock.start()
    try:
        assert process.stdin and process.stdout
        try:
            process.stdin.write(order)
            process.stdin.close()
        except BrokenPipeError:
            pass
        text = process.stdout.read(_OUTPUT)
    finally:
        clock.cancel()
        _kill(process)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
    return text, "killed: it took too long" if late.is_set() else f"the process ended early ({process.returncode})"


def _kill(process: subprocess.Popen[str]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()


def _outcome(line: str) -> Outcome:
    try:
        found: Any = json.loads(line)
        return Outcome(found["value"], str(found["error"]))
    except (ValueError, KeyError, TypeError):
        return Outcome(None, "the process wrote something else")
