"""TRE: every way through a tool's code must return something that can be told."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from dutiful.kit.agentlint.findings import Finding
from dutiful.kit.agentlint.project import Function
from dutiful.kit.agentlint.rules.base import Analysed
from dutiful.kit.agentlint.values import own


def check(analysed: Analysed) -> Iterator[Finding]:
    """Ways that fall off the end, empty bodies, bare returns, and returns of what is no text."""
    seen: set[ast.AST] = set()
    for tool in analysed.subjects.tools:
        function = tool.function
        if not isinstance(function, Function) or function in seen:
            continue
        seen.add(function)
        nodes = list(own(function))
        if any(isinstance(n, ast.Yield | ast.YieldFrom) for n in nodes):
            yield analysed.finding("TRE", function, tool.title, "it returns a generator, which is no text")
            continue
        for node in nodes:
            if isinstance(node, ast.Return) and (why := _useless(node.value)):
                yield analysed.finding("TRE", node, tool.title, why, also=function)
        if _falls_through(function.body):
            body = [s for s in function.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
            empty = all(isinstance(s, ast.Pass) for s in body)
            why = "its body is empty" if empty else "a way through it ends without a return"
            yield analysed.finding("TRE", function, tool.title, why)


def _useless(value: ast.expr | None) -> str:
    if value is None or (isinstance(value, ast.Constant) and value.value is None):
        return "it returns None, which tells the model nothing"
    if isinstance(value, ast.Lambda | ast.GeneratorExp):
        return "it returns what is no text"
    if (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and value.func.id in ("print", "open", "map", "filter", "iter")
    ):
        return f"it returns what {value.func.id}() gives, which is no text"
    if (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and value.func.attr in ("append", "sort", "extend", "update")
    ):
        return f"it returns what .{value.func.attr}() gives, which is None"
    return ""


def _falls_through(body: Sequence[ast.stmt]) -> bool:
    """Whether control can reach the end of a block."""
    return all(_continues(statement) for statement in body)


def _continues(statement: ast.stmt) -> bool:  # noqa: PLR0911
    """Whether control can go on after a statement."""
    match statement:
        case ast.Return() | ast.Raise() | ast.Continue() | ast.Break():
            return False
        case ast.If():
            return _falls_through(statement.body) or _falls_through(statement.orelse)
        case ast.With() | ast.AsyncWith():
            return _falls_through(statement.body)
        case ast.Try():
            if statement.finalbody and not _falls_through(statement.finalbody):
                return False
            normal = _falls_through(statement.body) and _falls_through(statement.orelse)
            return normal or any(_falls_through(handler.body) for handler in statement.handlers)
        case ast.While():
            endless = isinstance(statement.test, ast.Constant) and bool(statement.test.value)
            return not endless or any(isinstance(n, ast.Break) for each in statement.body for n in ast.walk(each))
        case ast.Match():
            last = statement.cases[-1]
            total = isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None and last.guard is None
            return not total or any(_falls_through(case.body) for case in statement.cases)
        case _:
            return True
