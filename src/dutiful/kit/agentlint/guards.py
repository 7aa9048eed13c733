"""Whether what parses a model's words is protected: by a handler, by a check before, here or where it is called."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Set

from dutiful.kit.agentlint.flow import Sink, mentioned
from dutiful.kit.agentlint.project import Function
from dutiful.kit.agentlint.subjects import Subjects


def protected(subjects: Subjects, sink: Sink, depth: int = 3) -> bool:
    """Whether an error of a parsing is caught, or kept away by a check before it, here or at every call site."""
    project = subjects.project
    module = project.home[sink.node]
    if caught(subjects, sink.node, sink.raises) or _checked(subjects, sink):
        return True
    function = module.function(sink.node)
    return function is not None and _callers_catch(subjects, function, sink.raises, depth)


def _callers_catch(subjects: Subjects, function: Function, raises: Set[str], depth: int) -> bool:
    sites = [c for c in subjects.symbols.calls.get(function, ()) if subjects.project.home[c].function(c) is not function]
    if not sites or depth <= 0:
        return False
    for call in sites:
        outer = subjects.project.home[call].function(call)
        if not caught(subjects, call, raises) and not (outer is not None and _callers_catch(subjects, outer, raises, depth - 1)):
            return False
    return True


_ABOVE = {
    "ValueError": {
        "ValueError",
        "JSONDecodeError",
        "ValidationError",
        "YAMLError",
        "DecodeError",
        "SyntaxError",
        "InvalidOperation",
        "ArithmeticError",
    },
    "LookupError": {"LookupError", "KeyError", "IndexError", "TypeError"},
    "TypeError": {"TypeError"},
    "AttributeError": {"AttributeError"},
    "Exception": set[str](),
}


def caught(subjects: Subjects, node: ast.AST, raises: Set[str]) -> bool:
    """Whether one of the handlers around a node takes these errors and does not just pass them on."""
    module = subjects.project.home[node]
    inner = node
    for outer in module.around(node):
        if isinstance(outer, ast.Try) and any(inner is each for each in outer.body):
            for handler in outer.handlers:
                if _takes(subjects, handler.type, raises) and not (len(handler.body) == 1 and _passes_on(handler.body[0])):
                    return True
        if isinstance(outer, ast.With) and any(inner is each for each in outer.body):
            for item in outer.items:
                call = item.context_expr
                if isinstance(call, ast.Call) and subjects.project.qualified(call.func).endswith("suppress"):  # noqa: SIM102
                    if any(_takes(subjects, arg, raises) for arg in call.args):
                        return True
        if isinstance(outer, Function):
            return any("retry" in ast.dump(d).lower() for d in outer.decorator_list)
        inner = outer
    return False


def _passes_on(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Raise) and statement.exc is None


def _takes(subjects: Subjects, kind: ast.expr | None, raises: Set[str]) -> bool:
    if kind is None:
        return True
    kinds = kind.elts if isinstance(kind, ast.Tuple) else subjects.symbols.expand(kind)
    kinds = [e for k in kinds for e in (k.elts if isinstance(k, ast.Tuple) else [k])]
    names = {(subjects.project.qualified(k) or getattr(k, "attr", "")).rpartition(".")[2] for k in kinds}
    return bool(names & {"Exception", "BaseException"}) or all(names & (_ABOVE[each] | {each}) for each in raises)


def _checked(subjects: Subjects, sink: Sink) -> bool:
    """Whether a condition that mentions the words holds where they are parsed."""
    names = set(sink.names) - {"#number"}
    if not names:
        return False
    module = subjects.project.home[sink.node]
    number = "#number" in sink.names
    inner: ast.AST = sink.node
    for outer in module.around(sink.node):
        if isinstance(outer, Function | ast.Lambda | ast.ClassDef):
            break
        tests = [outer.test] if isinstance(outer, ast.If | ast.IfExp | ast.While) and inner is not outer.test else []
        if isinstance(outer, ast.BoolOp) and isinstance(outer.op, ast.And | ast.Or) and inner in outer.values:
            tests += outer.values[: outer.values.index(inner)]  # type: ignore[arg-type]
        if isinstance(outer, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            tests += [test for each in outer.generators for test in each.ifs]
        if any(_decides(test, names, number) for test in tests):
            return True
        inner = outer
    return any(_decides(test, names, number) for test in _earlier(module.around(sink.node), sink.node))


def _earlier(around: Iterator[ast.AST], node: ast.AST) -> Iterator[ast.expr]:
    """The conditions of statements before a node that leave its block when they hold."""
    inner = node
    for outer in around:
        blocks: list[list[ast.stmt]] = [getattr(outer, name, None) or [] for name in ("body", "orelse", "finalbody")]
        for block in blocks:
            if isinstance(inner, ast.stmt) and inner in block:
                for statement in block[: block.index(inner)]:
                    if isinstance(statement, ast.If) and isinstance(
                        statement.body[-1], ast.Return | ast.Raise | ast.Continue | ast.Break
                    ):
                        yield statement.test
        if isinstance(outer, Function):
            return
        inner = outer


def _decides(test: ast.expr, names: Set[str], number: bool) -> bool:
    if not names & mentioned(test):
        return False
    if number:
        return bool(re.search(r"isdigit|isdecimal|isnumeric|fullmatch|match", ast.dump(test)))
    return True
