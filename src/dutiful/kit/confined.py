"""Runs in a process of its own (`kit.sandbox`), as a script: confines itself, then calls a function out of foreign code.

Reads one JSON object from standard input (code, function, calls, seconds, memory, modules), writes one JSON line for each call to
standard output. It imports nothing of this library.
"""

import builtins
import contextlib
import ctypes
import importlib
import json
import os
import signal
import sys
import types
from typing import Any

SAFE_EVENTS = ("compile", "exec", "object.__getattr__", "object.__setattr__", "sys._getframe", "builtins.id")
"""What the interpreter does of itself while plain code runs; every other audited event is refused."""
_PLAIN = (
    "abs all any ascii bin bool bytes callable chr complex dict divmod enumerate filter float format frozenset hash hex int "
    "isinstance issubclass iter len list map max min next oct ord pow print range repr reversed round set slice sorted str sum "
    "tuple type zip object property staticmethod classmethod super True False None __build_class__ "
    "Exception ArithmeticError AssertionError AttributeError IndexError KeyError LookupError NameError RuntimeError "
    "StopIteration TypeError ValueError ZeroDivisionError OverflowError UnicodeError"
)
"""The builtins that are left."""
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000


def confine(memory: int, seconds: float) -> None:
    """Limits of the process, as far as the platform has them."""
    with contextlib.suppress(ImportError):
        import resource

        cpu = int(seconds) + 2
        limits = {"AS": memory, "FSIZE": 0, "NOFILE": 16, "CORE": 0, "NPROC": 0, "CPU": cpu}
        for name, value in limits.items():
            with contextlib.suppress(AttributeError, ValueError, OSError):
                resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).unshare(CLONE_NEWUSER | CLONE_NEWNET)  # no network where unprivileged namespaces are allowed


def shown(module: types.ModuleType) -> types.SimpleNamespace:
    """A module without its private names and without the modules that it imports: no way from it to `sys` or `os`."""
    hidden = ("Formatter", "update_wrapper", "wraps")  # these take attributes by name
    names = (name for name in vars(module) if not name.startswith("_") and name not in hidden)
    public = {name: value for name in names if not isinstance(value := getattr(module, name), types.ModuleType)}
    return types.SimpleNamespace(**public)


def guard(event: str, arguments: tuple[Any, ...], safe: frozenset[str] = frozenset(SAFE_EVENTS)) -> None:
    """The audit hook: it cannot be taken away again, nor changed."""
    if event not in safe or (event == "object.__setattr__" and arguments[0] is guard):
        raise PermissionError(f"{event} is not allowed here")


def quiet(*values: object, **options: object) -> None:
    """In the place of `print`."""


def late(number: int, frame: Any) -> None:
    raise TimeoutError("the call took too long")


def main() -> None:
    order = json.load(sys.stdin)
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    late_ones = ("_strptime",) if "datetime" in order["modules"] else ()
    for module in (*order["modules"], *late_ones):  # what is loaded now need not be opened later
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
    modules = {name: shown(sys.modules[name]) for name in order["modules"] if name in sys.modules}

    def load(name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
        if name == "_strptime":  # datetime's own, asked for by C
            return sys.modules[name]
        if name not in modules:
            raise ImportError(f"{name} is not allowed here")
        return modules[name]

    inside: dict[str, Any] = {name: getattr(builtins, name) for name in _PLAIN.split() if hasattr(builtins, name)}
    inside |= {"__import__": load, "print": quiet}
    space: dict[str, Any] = {"__builtins__": inside, "__name__": "checker"}
    signal.signal(signal.SIGALRM, late)
    confine(order["memory"], order["seconds"] * (len(order["calls"]) + 1))
    sys.addaudithook(guard)
    failure, function = "", quiet
    try:
        signal.setitimer(signal.ITIMER_REAL, order["seconds"], 0.05)  # fires again for code that swallows the first
        exec(compile(order["code"], "<checker>", "exec"), space)
        function = space[order["function"]]
    except BaseException as problem:
        failure = f"{type(problem).__name__}: {problem}"
    for arguments in order["calls"]:
        answer: dict[str, Any] = {"value": None, "error": failure}
        if not failure:
            try:
                signal.setitimer(signal.ITIMER_REAL, order["seconds"], 0.05)
                value: Any = function(*arguments)
                if not isinstance(value, (bool, int, float, str, type(None))):
                    raise TypeError(f"it gave back a {type(value).__name__}, expected a plain value")
                answer["value"] = value[:10_000] if isinstance(value, str) else value
            except BaseException as problem:
                answer["error"] = f"{type(problem).__name__}: {str(problem)[:200]}"
        signal.setitimer(signal.ITIMER_REAL, 0)
        out.write(json.dumps(answer) + "\n")
        out.flush()


if __name__ == "__main__":
    main()
