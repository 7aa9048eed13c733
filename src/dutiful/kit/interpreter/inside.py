"""Runs in the box (`kit.interpreter.boxed`), as a script: one JSON line a message, in and out. Imports nothing of this library.

In:  {"functions": [...], "output": n}, then {"run": code}; answers to a call: {"result": ...} or {"fault": [kind, text]}.
Out: {"kind": "call", "call": name, "arguments": [...], "named": {...}}, and at the end of a run {"kind": "done", "output",
"value", "error"}.
"""

import ast
import builtins
import contextlib
import io
import json
import os
import random
import sys
import traceback
from collections.abc import Callable
from typing import Any

_in = os.fdopen(os.dup(0), "r", encoding="utf-8", errors="surrogateescape")
_out = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="replace")  # half characters become "?"


class Printed(io.TextIOBase):
    """Printed output; what is beyond the limit is counted, not kept."""

    def __init__(self, most: int):
        self.parts: list[str] = []
        self.left, self.beyond = most, 0

    def writable(self) -> bool:
        return True

    def write(self, text: str, /) -> int:
        kept = text[: self.left]
        self.parts.append(kept)
        self.left -= len(kept)
        self.beyond += len(text) - len(kept)
        return len(text)

    def text(self) -> str:
        return "".join(self.parts) + (f"\n... ({self.beyond} more characters)" if self.beyond else "")


def say(message: dict[str, Any]) -> None:
    _out.write(json.dumps(message, ensure_ascii=False) + "\n")
    _out.flush()


def hear() -> dict[str, Any]:
    line = _in.readline()
    if not line:
        os._exit(0)
    return json.loads(line)


def function(name: str) -> Callable[..., Any]:
    def call(*arguments: Any, **named: Any) -> Any:
        try:
            json.dumps([arguments, named])
        except (TypeError, ValueError, RecursionError) as fault:
            raise TypeError(f"{name}: only numbers, texts, lists and dicts pass: {fault}") from None
        say({"kind": "call", "call": name, "arguments": arguments, "named": named})
        answer = hear()
        if "fault" in answer:
            kind, text = answer["fault"]
            raise getattr(builtins, kind)(text)
        return answer["result"]

    call.__name__ = call.__qualname__ = name
    return call


def run(code: str, number: int, space: dict[str, Any], most: int) -> dict[str, Any]:
    """Runs the statements, then the last one as an expression if it is one."""
    printed, value, error = Printed(most), "", ""
    file = f"<code {number}>"
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            tree = ast.parse(code, file)
            last = tree.body[-1] if tree.body else None
            last = last.value if isinstance(last, ast.Expr) else None
            del tree.body[len(tree.body) - (last is not None) :]
            exec(compile(tree, file, "exec"), space)
            if last is not None:
                found = eval(compile(ast.Expression(last), file, "eval"), space)
                value = "" if found is None else repr(found)[: 2 * most]
        except BaseException as fault:  # also SystemExit: the session goes on
            error = explained(fault, file, code)
    return {"kind": "done", "output": printed.text(), "value": value, "error": error}


def explained(fault: BaseException, file: str, code: str) -> str:
    """The traceback from the agent's own lines on, with those lines shown; deep recursion is cut."""
    lines = code.split("\n")
    frames = traceback.extract_tb(fault.__traceback__)
    own = [frame for frame in frames if frame.filename.startswith("<code ")]
    shown = ["Traceback (most recent call last):\n"] if own else []
    for frame in own if len(own) <= 10 else own[:5] + own[-5:]:
        shown.append(f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}\n')
        if frame.filename == file and frame.lineno and frame.lineno <= len(lines):
            shown.append(f"    {lines[frame.lineno - 1].strip()}\n")
    return "".join(shown + traceback.format_exception_only(type(fault), fault)).rstrip("\n")


def main() -> None:
    null = os.open("/dev/null", os.O_RDWR)
    for file in (0, 1, 2):  # the code and its children have no part in the talk
        os.dup2(null, file)
    random.seed(0)
    sys.path.insert(0, "/box")
    settings = hear()
    space: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}
    space.update((name, function(name)) for name in settings["functions"])
    number = 0
    while True:
        message = hear()
        number += 1
        say(run(message["run"], number, space, settings["output"]))


if __name__ == "__main__":
    main()
