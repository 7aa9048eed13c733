"""Programs: what should be done with tools, as data. Run step by step, all at once, or written down as Python.

program = Program((
    Call("list_orders", {"customer_id": "C12"}, "orders"),
    Best(Ref("orders"), "total", "lowest", "order"),
    Call("cancel_order", {"order_id": Ref("order", ("order_id",))}),
))
execute(program, call)      runs it; `call` carries a `calls.Call` out and gives its result (a JSON value) back
run(program)                a coroutine: yields calls, takes results, returns the answer (None where there is none)
to_python(program)          the block of code that does the same, with the tools as functions and `finish(answer=...)` at its end
dump(program), load(data)   to JSON and back

A value is a JSON literal, or a `Ref` (a variable, and the way into it), `Count`, `Total` or `Column` of a list.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import Any, cast

import msgspec

from dutiful.core.records import Json, Record
from dutiful.kit import calls


class Ref(Record, frozen=True, tag="ref", tag_field="value"):
    """A variable; `at` are the fields to go into, one after the other."""

    name: str
    at: tuple[str, ...] = ()


class Count(Record, frozen=True, tag="count", tag_field="value"):
    """How many items a list has."""

    of: Ref


class Total(Record, frozen=True, tag="total", tag_field="value"):
    """The sum over a list: of its items, or of one field (`by`) of each; rounded to cents."""

    of: Ref
    by: str = ""


class Column(Record, frozen=True, tag="column", tag_field="value"):
    """One field of every item of a list, as a list."""

    of: Ref
    by: str


Value = Any
"""A JSON literal, or one of Ref, Count, Total, Column."""


class Call(Record, frozen=True, tag="call", tag_field="do"):
    """Calls a tool; the result goes into the variable `into`, where there is one."""

    tool: str
    arguments: dict[str, Value] = {}
    into: str = ""


class Let(Record, frozen=True, tag="let", tag_field="do"):
    """Names a value."""

    into: str
    value: Value


class Best(Record, frozen=True, tag="best", tag_field="do"):
    """The item of a list whose field `by` is "lowest" or "highest"; the first of equals, None of an empty list."""

    of: Ref
    by: str
    most: str
    into: str


class Where(Record, frozen=True, tag="where", tag_field="do"):
    """The items of a list whose field compares to a value as `test` says; `only`: the first of them, not a list."""

    of: Ref
    by: str
    test: str
    value: Value
    into: str
    only: bool = False


class Each(Record, frozen=True, tag="each", tag_field="do"):
    """Runs `body` for every item of a list, which is called `item` there."""

    item: str
    of: Value
    body: tuple[Statement, ...]


class If(Record, frozen=True, tag="if", tag_field="do"):
    """Compares two values and runs one of two bodies."""

    left: Value
    test: str
    right: Value
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...] = ()


class Collect(Record, frozen=True, tag="collect", tag_field="do"):
    """Appends a value to the list `into`, which begins empty; `fields` are added to an item that is an object."""

    value: Value
    into: str
    fields: dict[str, Value] = {}


class Answer(Record, frozen=True, tag="answer", tag_field="do"):
    """The answer to what was asked."""

    value: Value


Statement = Call | Let | Best | Where | Each | If | Collect | Answer

TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Program(Record, frozen=True):
    """Statements, one after the other."""

    body: tuple[Statement, ...]


_VALUES: Mapping[str, type[Record]] = {"ref": Ref, "count": Count, "total": Total, "column": Column}


def dump(program: Program) -> Json:
    """The program as JSON."""
    return cast(Json, msgspec.json.decode(msgspec.json.encode(program)))


def load(data: Json) -> Program:
    """The program out of JSON; raises ValueError (msgspec.ValidationError) where it is none."""
    return Program(_body(msgspec.convert(data, Program).body))


def _body(body: Sequence[Statement]) -> tuple[Statement, ...]:
    """Statements whose values, left as objects by the decoder, are what they stand for."""
    return tuple(_restore(statement) for statement in body)


def _restore(statement: Statement) -> Statement:
    changes: Json = {}
    for name in ("value", "of", "left", "right"):
        if isinstance(found := getattr(statement, name, None), dict):
            changes[name] = _value(found)
    for name in ("arguments", "fields"):
        if found := getattr(statement, name, None):
            changes[name] = {key: _value(value) for key, value in found.items()}
    for name in ("body", "then", "otherwise"):
        if found := getattr(statement, name, None):
            changes[name] = _body(found)
    return statement.replace(**changes) if changes else statement


def _value(data: Any) -> Value:
    if not isinstance(data, dict):
        return data
    found = cast(Json, data)
    kind = _VALUES.get(found.get("value", ""))
    return msgspec.convert(found, kind) if kind else found


class _Answered(Exception):
    """Ends a program where it has its answer."""

    def __init__(self, answer: Any):
        super().__init__()
        self.answer = answer


def run(program: Program, strict: bool = False) -> Generator[calls.Call, Any, Any]:
    """Yields one call after the other and takes its result; returns the answer, None where there is none.

    strict: raises ValueError where a choice is not one and no other: equals for a `Best`, not one for a `Where(only=True)`.
    """
    try:
        yield from _run(program.body, {}, strict)
    except _Answered as end:
        return end.answer
    return None


def execute(program: Program, call: Callable[[calls.Call], Any], strict: bool = False) -> Any:
    """Runs a program with a function that carries a call out and returns its result; returns the answer."""
    running = run(program, strict)
    try:
        wanted = next(running)
        while True:
            wanted = running.send(call(wanted))
    except StopIteration as end:
        return end.value


def _run(body: Sequence[Statement], names: Json, strict: bool) -> Generator[calls.Call, Any, None]:
    for statement in body:
        match statement:
            case Call(tool, arguments, into):
                result = yield calls.Call(tool, {name: evaluate(value, names) for name, value in arguments.items()})
                if into:
                    names[into] = result
            case Each(item, of, inner):
                for value in _items(of, names):
                    names[item] = value
                    yield from _run(inner, names, strict)
            case If(left, test, right, then, otherwise):
                holds = TESTS[test](evaluate(left, names), evaluate(right, names))
                yield from _run(then if holds else otherwise, names, strict)
            case Answer(value):
                raise _Answered(evaluate(value, names))
            case _:
                names[statement.into] = _work_out(statement, names, strict)


def _work_out(statement: Let | Best | Where | Collect, names: Json, strict: bool) -> Any:
    """What the variable of a statement becomes that calls nothing."""
    match statement:
        case Let(_, value):
            return evaluate(value, names)
        case Best(of, by, most):
            items = _items(of, names)
            best = (min if most == "lowest" else max)(items, key=operator.itemgetter(by), default=None)
            if strict and (best is None or sum(item[by] == best[by] for item in items) != 1):
                raise ValueError(f"the {most} {by} is not one alone")
            return best
        case Where(of, by, test, value, _, only):
            right = evaluate(value, names)
            found = [item for item in _items(of, names) if TESTS[test](item[by], right)]
            if strict and only and len(found) != 1:
                raise ValueError(f"{len(found)} have {by} {test} {right!r}, expected one")
            return (found[0] if found else None) if only else found
        case Collect(value, into, fields):
            kept = evaluate(value, names)
            if fields:
                kept = {**kept, **{name: evaluate(field, names) for name, field in fields.items()}}
            return [*names.get(into, ()), kept]


def evaluate(value: Value, names: Mapping[str, Any]) -> Any:
    """A value with the variables as they are; what cannot be gone into is None."""
    match value:
        case Ref(name, at):
            found = names.get(name)
            for field in at:
                found = cast(Json, found).get(field) if isinstance(found, dict) else None
            return found
        case Count(of):
            return len(_items(of, names))
        case Total(of, by):
            return round(sum(item[by] if by else item for item in _items(of, names)), 2)
        case Column(of, by):
            return [item[by] for item in _items(of, names)]
        case _:
            return value


def _items(of: Value, names: Mapping[str, Any]) -> list[Any]:
    found = evaluate(of, names)
    return list(cast(Sequence[Any], found)) if isinstance(found, (list, tuple)) else []


def statements(program: Program) -> Iterator[Statement]:
    """Every statement, those inside others too, in order."""

    def walk(body: Sequence[Statement]) -> Iterator[Statement]:
        for statement in body:
            yield statement
            for name in ("body", "then", "otherwise"):
                yield from walk(getattr(statement, name, ()))

    return walk(program.body)


def tools(program: Program) -> tuple[str, ...]:
    """The tools that a program may call, each once, in order."""
    return tuple(dict.fromkeys(statement.tool for statement in statements(program) if isinstance(statement, Call)))


def to_python(program: Program, finish: str = "finish") -> str:
    """The code that does it all: tools are functions that take keywords and return JSON values; it ends with `finish`."""
    lines: list[str] = []
    for name in dict.fromkeys(s.into for s in statements(program) if isinstance(s, Collect)):
        lines.append(f"{name} = []")
    _write(program.body, "", lines, finish)
    if not any(isinstance(statement, Answer) for statement in statements(program)):
        lines.append(f"{finish}(answer=None)")
    return "\n".join(lines)


def _write(body: Sequence[Statement], indent: str, lines: list[str], finish: str) -> None:
    for statement in body:
        match statement:
            case Call(tool, arguments, into):
                given = ", ".join(f"{name}={code(value)}" for name, value in arguments.items())
                lines.append(f"{indent}{f'{into} = ' if into else ''}{tool}({given})")
            case Let(into, value):
                lines.append(f"{indent}{into} = {code(value)}")
            case Best(of, by, most, into):
                pick = "min" if most == "lowest" else "max"
                lines.append(f"{indent}{into} = {pick}({code(of)}, key=lambda row: row[{by!r}])")
            case Where(of, by, test, value, into, only):
                found = f"[row for row in {code(of)} if row[{by!r}] {test} {code(value)}]"
                lines.append(f"{indent}{into} = {found}{'[0]' if only else ''}")
            case Each(item, of, inner):
                lines.append(f"{indent}for {item} in {code(of)}:")
                _write(inner, indent + "    ", lines, finish)
            case If(left, test, right, then, otherwise):
                lines.append(f"{indent}if {code(left)} {test} {code(right)}:")
                _write(then, indent + "    ", lines, finish)
                if otherwise:
                    lines.append(f"{indent}else:")
                    _write(otherwise, indent + "    ", lines, finish)
            case Collect(value, into, fields):
                added = "".join(f", {name!r}: {code(field)}" for name, field in fields.items())
                kept = f"{{**{code(value)}{added}}}" if fields else code(value)
                lines.append(f"{indent}{into}.append({kept})")
            case Answer(value):
                lines.append(f"{indent}{finish}(answer={code(value)})")


def code(value: Value) -> str:
    """A value as a Python expression."""
    match value:
        case Ref(name, at):
            return name + "".join(f"[{field!r}]" for field in at)
        case Count(of):
            return f"len({code(of)})"
        case Total(of, by):
            return f"round(sum(row[{by!r}] for row in {code(of)}), 2)" if by else f"round(sum({code(of)}), 2)"
        case Column(of, by):
            return f"[row[{by!r}] for row in {code(of)}]"
        case _:
            return repr(value)
