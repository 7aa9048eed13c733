"""MNFT: loops around a model without a bound, frameworks' bounds switched off, requests without time limit or second try."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from dutiful.kit.agentlint.findings import Finding
from dutiful.kit.agentlint.frameworks import BOUNDED_CALLS
from dutiful.kit.agentlint.project import Function
from dutiful.kit.agentlint.rules.base import Analysed
from dutiful.kit.agentlint.values import own

ENOUGH = 1000
"""Steps or tries from which on a bound is none."""
_EXECUTORS = r"langchain\w*(\.\w+)*\.(AgentExecutor(\.from_agent_and_tools)?|initialize_agent)"
_STEPPED = r"smolagents(\.\w+)*\.\w*Agent"
_CLIENTS = r"(openai|anthropic)\.\w*(OpenAI|Anthropic)\w*|langchain\w*(\.\w+)*\.(Chat\w+|\w*OpenAI)"


def check(analysed: Analysed) -> Iterator[Finding]:
    yield from _loops(analysed)
    yield from _recursion(analysed)
    yield from _configured(analysed)
    yield from _requests(analysed)


def _loops(analysed: Analysed) -> Iterator[Finding]:
    for module in analysed.project.modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.While):
                unbounded = not _counted(analysed, node)
            elif isinstance(node, ast.For):
                called = node.iter.func if isinstance(node.iter, ast.Call) else None
                name = analysed.project.qualified(called) if called is not None else ""
                unbounded = (
                    isinstance(node.iter, ast.Call)
                    and (name in ("itertools.count", "itertools.cycle") or (name == "iter" and len(node.iter.args) == 2))
                    and not _counted(analysed, node)
                )
                if name == "range" and isinstance(node.iter, ast.Call):
                    unbounded = any(_endless(v.value) for a in node.iter.args for v in analysed.subjects.symbols.resolve(a))
            else:
                continue
            if unbounded and analysed.subjects.asks(node) and not _talks(analysed, node):
                yield analysed.finding(
                    "MNFT", node, analysed.around(node), "the loop asks the model and has no bound on steps or time"
                )


def _talks(analysed: Analysed, loop: ast.While | ast.For) -> bool:
    """A loop that waits for a person at every turn is bounded by the person."""
    return any(isinstance(n, ast.Call) and analysed.project.qualified(n.func) == "input" for n in own(loop))


def _counted(analysed: Analysed, loop: ast.While | ast.For) -> bool:
    """Whether leaving the loop depends on something that the loop counts, or on the time."""
    symbols = analysed.subjects.symbols
    nodes = list(own(loop))
    counted = {ast.unparse(n.target) for n in nodes if isinstance(n, ast.AugAssign)}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp) and isinstance(node.value.op, ast.Add | ast.Sub):
            counted |= {ast.unparse(t) for t in node.targets if ast.unparse(t) in ast.unparse(node.value)}
        if isinstance(node, ast.Call):
            if any(re.fullmatch(BOUNDED_CALLS, name) for name in symbols.callees(node)):
                return True
            if isinstance(node.func, ast.Attribute) and node.func.attr in ("append", "pop", "popleft", "add", "remove"):
                counted.add(ast.unparse(node.func.value))
    if isinstance(loop, ast.For):
        counted |= {n.id for n in ast.walk(loop.target) if isinstance(n, ast.Name)}
    tests = [loop.test] if isinstance(loop, ast.While) else []
    for node in nodes:
        if isinstance(node, ast.If) and any(_leaves(each, loop, analysed) for each in ast.walk(node)):
            tests.append(node.test)
    return any(_bounds(analysed, test, counted) for test in tests)


def _leaves(node: ast.AST, loop: ast.AST, analysed: Analysed) -> bool:
    if isinstance(node, ast.Return | ast.Raise):
        return True
    if not isinstance(node, ast.Break):
        return False
    nearest = next(each for each in analysed.project.home[node].around(node) if isinstance(each, ast.While | ast.For))
    return nearest is loop


def _bounds(analysed: Analysed, test: ast.expr, counted: set[str]) -> bool:
    """A comparison of a count or a clock; the truth of a list that is popped."""
    if isinstance(test, ast.Name | ast.Attribute) or (isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)):
        inner = test.operand if isinstance(test, ast.UnaryOp) else test
        return ast.unparse(inner) in counted
    for node in ast.walk(test):
        if not isinstance(node, ast.Compare):
            continue
        text = ast.unparse(node)
        clock = any(
            isinstance(n, ast.Call) and re.fullmatch(r"time\.(time|monotonic|perf_counter)|(.*\.)?now", _name(analysed, n))
            for n in ast.walk(node)
        )
        sides = [node.left, *node.comparators]
        counts = [s for s in sides for n in ast.walk(s) if isinstance(n, ast.Name | ast.Attribute) and ast.unparse(n) in counted]
        if clock or (counts and any(isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE | ast.Eq | ast.NotEq) for op in node.ops)):
            bounds = [v.value for s in sides if s not in counts for v in analysed.subjects.symbols.resolve(s)]
            if text and not any(_endless(bound) for bound in bounds):
                return True
    return False


def _name(analysed: Analysed, call: ast.Call) -> str:
    return analysed.project.qualified(call.func) or getattr(call.func, "attr", "")


def _endless(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= ENOUGH


def _recursion(analysed: Analysed) -> Iterator[Finding]:
    """A function that asks the model and calls itself, and no argument of the call changes by a count."""
    for module, function in analysed.project.functions():
        again = [
            c
            for c in analysed.subjects.symbols.calls.get(function, ())
            if module.function(c) is function and _within(module.around(c), function)
        ]
        for call in again:
            arguments = [*call.args, *(k.value for k in call.keywords)]
            counted = any(
                isinstance(n, ast.BinOp) and isinstance(n.op, ast.Add | ast.Sub)
                for a in arguments
                for n in ast.walk(a)
                if _number(n)
            )
            tests = [n.test for n in own(function) if isinstance(n, ast.If | ast.IfExp)]
            compared = any(isinstance(n, ast.Compare) for test in tests for n in ast.walk(test))
            direct = any(n in analysed.subjects.model_calls for n in own(function))
            if direct and not (counted and compared):
                yield analysed.finding(
                    "MNFT", call, analysed.around(call), "the function asks the model and calls itself without a bound"
                )


def _within(around: Iterator[ast.AST], function: Function) -> bool:
    return any(each is function for each in around)


def _number(node: ast.AST) -> bool:
    return isinstance(node, ast.BinOp) and any(
        isinstance(s, ast.Constant) and isinstance(s.value, int) for s in (node.left, node.right)
    )


def _configured(analysed: Analysed) -> Iterator[Finding]:  # noqa: PLR0912
    """What frameworks and clients are told about steps, parse errors, tries and time."""
    subjects = analysed.subjects
    resolve = subjects.symbols.resolve
    for call in subjects.symbols.every_call:
        names = sorted(subjects.symbols.callees(call))
        if any(re.fullmatch(_EXECUTORS, n) for n in names):
            steps = [v for g in subjects.argument(call, "max_iterations") for v in resolve(g)]
            timed = [v for g in subjects.argument(call, "max_execution_time") for v in resolve(g) if v.value is not None]
            for value in steps:
                if (value.value is None or _endless(value.value)) and not timed:
                    yield analysed.finding(
                        "MNFT", value.node, names[0], f"max_iterations is {value.value}: no bound on steps", also=call
                    )
            handled = [v for g in subjects.argument(call, "handle_parsing_errors") for v in resolve(g)]
            given = subjects.argument(call, "handle_parsing_errors", "agent_executor_kwargs")
            if (not given and not any(k.arg is None for k in call.keywords)) or any(v.value is False for v in handled):
                node = handled[0].node if handled else call
                yield analysed.finding(
                    "MNFT", node, names[0], "handle_parsing_errors is off: words that do not parse end the run", also=call
                )
        if any(re.fullmatch(_STEPPED, n) for n in names):
            for value in (v for g in subjects.argument(call, "max_steps") for v in resolve(g)):
                if value.value is None or _endless(value.value):
                    yield analysed.finding(
                        "MNFT", value.node, names[0], f"max_steps is {value.value}: no bound on steps", also=call
                    )
        if any(re.fullmatch(_CLIENTS, n) for n in names):
            for value in (v for g in subjects.argument(call, "max_retries") for v in resolve(g)):
                if value.value == 0 and value.value is not False and not _calls_caught(analysed):
                    yield analysed.finding(
                        "MNFT", value.node, names[0], "max_retries is 0 and no failure of a call is caught", also=call
                    )
            for value in (v for g in subjects.argument(call, "timeout", "request_timeout") for v in resolve(g)):
                if value.value is None:
                    yield analysed.finding("MNFT", value.node, names[0], "timeout is None: a call may hang for ever", also=call)


def _calls_caught(analysed: Analysed) -> bool:
    """Whether every call to the model stands in a handler, here or at the call sites of its function."""
    subjects = analysed.subjects
    for call in subjects.model_calls:
        function = analysed.project.home[call].function(call)
        sites = subjects.symbols.calls.get(function, []) if function is not None else []
        if not _tried(analysed, call) and not (sites and all(_tried(analysed, site) for site in sites)):
            return False
    return True


def _tried(analysed: Analysed, node: ast.AST) -> bool:
    around = list(analysed.project.home[node].around(node))
    function = next((each for each in around if isinstance(each, Function)), None)
    if function is not None and any(
        "retry" in ast.dump(d).lower() or "backoff" in ast.dump(d).lower() for d in function.decorator_list
    ):
        return True
    inner = node
    for outer in around:
        if isinstance(outer, ast.Try) and outer.handlers and any(inner is each for each in outer.body):
            return True
        if isinstance(outer, Function):
            return False
        inner = outer
    return False


def _requests(analysed: Analysed) -> Iterator[Finding]:
    """A model asked over plain HTTP: with a time limit, and with failures caught or tried again."""
    for call, framework in analysed.subjects.model_calls.items():
        if framework != "plain HTTP":
            continue
        names = analysed.subjects.symbols.callees(call)
        limits = analysed.subjects.argument(call, "timeout")
        endless = any(v.value is None for g in limits for v in analysed.subjects.symbols.resolve(g))
        if (not limits and not any(n.startswith("httpx") for n in names)) or endless:
            yield analysed.finding("MNFT", call, analysed.around(call), "the request has no time limit")
        function = analysed.project.home[call].function(call)
        sites = analysed.subjects.symbols.calls.get(function, []) if function is not None else []
        if (
            not _tried(analysed, call)
            and not (sites and all(_tried(analysed, site) for site in sites))
            and not _mounted(analysed)
        ):
            yield analysed.finding("MNFT", call, analysed.around(call), "a failed request is neither caught nor tried again")


def _mounted(analysed: Analysed) -> bool:
    return any(
        name.endswith("urllib3.util.Retry") or name.endswith("Retry")
        for c in analysed.subjects.symbols.every_call
        for name in analysed.subjects.symbols.callees(c)
    )
