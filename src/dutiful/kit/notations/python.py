"""PYTHON: calls as calls of functions, and code in what a model says."""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Sequence

from dutiful.core.world import Tool
from dutiful.kit import calls
from dutiful.kit.calls import Call
from dutiful.kit.notations.values import place

_FENCED = re.compile(r"```[ \t]*\w*[ \t]*\n(.*?)(?:^[ \t]*```|\Z)", re.DOTALL | re.MULTILINE)


def identifiers(tools: Sequence[Tool]) -> dict[str, Tool]:
    """The tools by their names as functions: what no name in Python may hold becomes `_`."""
    found: dict[str, Tool] = {}
    for tool in tools:
        name = re.sub(r"\W", "_", tool.name)
        if name[:1].isdigit() or keyword.iskeyword(name) or not name:
            name = f"_{name}"
        while name in found:
            name += "_"
        found[name] = tool
    return found


def code_in(said: str) -> list[str]:
    """The blocks of code in what was said: those between fences, else all of it where it is Python; [] where there is none."""
    fenced = [block.strip("\n") for block in _FENCED.findall(said)]
    if fenced:
        return [block for block in fenced if block.strip()]
    try:
        return [said.strip()] if ast.parse(said.strip()).body else []
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def write_python(call: Call, tools: Sequence[Tool]) -> str:
    function = next((name for name, tool in identifiers(tools).items() if tool.name == call.tool), call.tool)
    plain = {name: value for name, value in call.arguments.items() if name.isidentifier() and not keyword.iskeyword(name)}
    odd = {name: value for name, value in call.arguments.items() if name not in plain}
    parts = [f"{name}={value!r}" for name, value in plain.items()] + ([f"**{odd!r}"] if odd else [])
    return f"{function}({', '.join(parts)})"


def read_python(said: str, tools: Sequence[Tool]) -> list[Call]:
    found: list[Call] = []
    for block in code_in(said):
        try:
            tree = ast.parse(block)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
            raise ValueError(f"that is no Python ({problem})") from None
        for statement in tree.body:
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
                found.append(_called(statement.value, tools))
    if not found:
        raise ValueError("there is no call of a function with plain values, as in name(parameter=value)")
    return found


def _called(node: ast.Call, tools: Sequence[Tool]) -> Call:
    if not isinstance(node.func, ast.Name):
        raise ValueError(f"{ast.unparse(node.func)} is no name of a tool")
    tool = identifiers(tools).get(node.func.id)
    call, names = Call(tool.name if tool else node.func.id, {}), list(calls.parameters(tool)) if tool else []
    try:
        for given, value in enumerate(node.args):
            call.arguments[place(given, names)] = ast.literal_eval(value)
        for named in node.keywords:
            value = ast.literal_eval(named.value)
            call.arguments.update(value if named.arg is None else {named.arg: value})
    except (ValueError, TypeError, SyntaxError):
        raise ValueError("arguments are plain values here: strings, numbers, lists, dicts") from None
    return call
