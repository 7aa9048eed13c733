"""How a domain's tools are written: a record shown, a list, a change, a record made, one taken away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dutiful.core.records import Json
from dutiful.worlds.tools.language import Function, Only, Row, State, Table, ToolError, parameters


def read(name: str, doc: str, table: Table, by: str, gives: str, np: str, also: str = "") -> Function:
    """A tool that shows the one record whose field `by` has the value given; `also`: a second field that must fit."""
    fields = (by, *also.split())

    def body(state: State, given: Json) -> Row:
        if by == table.key and not also:
            return pick(state.get(table.name, given[by]), gives)
        found = state.find(table.name, **{field: given[field] for field in fields})
        if not found:
            raise ToolError(404, f"there is no {table.noun} with {' and '.join(f'{f} {given[f]!r}' for f in fields)}")
        return pick(found[0], gives)

    return Function(name, doc, _kinds(table, fields), _kinds(table, gives.split()), body, table=table.name, key=table.key, np=np)


def listing(
    name: str, doc: str, table: Table, by: str, gives: str, np: str, plural: str, where: Mapping[str, Any] | None = None
) -> Function:
    """A tool that lists the records whose fields `by` have the values given (and those of `where` the values there)."""
    fields, fixed = tuple(by.split()), dict(where or {})

    def body(state: State, given: Json) -> list[Row]:
        return [pick(row, gives) for row in state.find(table.name, **{field: given[field] for field in fields}, **fixed)]

    return Function(
        name,
        doc,
        _kinds(table, fields),
        _kinds(table, gives.split()),
        body,
        many=True,
        table=table.name,
        key=table.key,
        np=np,
        plural=plural,
    )


def change(
    name: str,
    doc: str,
    table: Table,
    takes: str,
    sets: Mapping[str, Any],
    do: Sequence[str],
    hint: Sequence[str] = (),
    only: Sequence[Only] = (),
    then: Callable[[State, Json, Row], None] | None = None,
    optional: Mapping[str, Any] | None = None,
    gives: str = "",
) -> Function:
    """A tool that changes fields of the record named by its first parameter.

    `sets`: what the fields become: "$name" is a parameter, a function is called with (state, arguments, row), else a literal.
    `takes`: parameters, "name" or "name:kind". `then`: what else happens.
    """
    wanted = parameters(takes)
    first = next(iter(wanted))

    def body(state: State, given: Json) -> Row:
        row = state.get(table.name, given[first])
        for field, allowed, why in only:
            if row[field] not in allowed:
                raise ToolError(409, f"{why}; its {field} is {row[field]!r}")
        changed = state.set(table.name, given[first], **_filled(sets, state, given, row))
        if then:
            then(state, given, row)
        return pick(changed, gives or f"{table.key} {' '.join(sets)}")

    given = gives.split() or [table.key, *sets]
    return Function(
        name,
        doc,
        wanted,
        _kinds(table, given),
        body,
        writes=True,
        table=table.name,
        key=table.key,
        do=tuple(do),
        hint=tuple(hint),
        optional=dict(optional or {}),
    )


def create(
    name: str,
    doc: str,
    table: Table,
    takes: str,
    row: Mapping[str, Any],
    do: Sequence[str],
    hint: Sequence[str] = (),
    check: Callable[[State, Json], None] | None = None,
    then: Callable[[State, Json, Row], None] | None = None,
    optional: Mapping[str, Any] | None = None,
    np: str = "",
) -> Function:
    """A tool that adds a record. `row` as `sets` of `change`; `check` raises ToolError where it may not."""

    def body(state: State, given: Json) -> Row:
        if check:
            check(state, given)
        made = state.add(table.name, _filled(row, state, given, {}))
        if then:
            then(state, given, made)
        return dict(made)

    return Function(
        name,
        doc,
        parameters(takes),
        dict(table.fields),
        body,
        writes=True,
        table=table.name,
        key=table.key,
        np=np,
        do=tuple(do),
        hint=tuple(hint),
        optional=dict(optional or {}),
    )


def remove(name: str, doc: str, table: Table, do: Sequence[str], hint: Sequence[str] = (), only: Sequence[Only] = ()) -> Function:
    """A tool that takes a record away for good."""

    def body(state: State, given: Json) -> Row:
        row = state.get(table.name, given[table.key])
        for field, allowed, why in only:
            if row[field] not in allowed:
                raise ToolError(409, f"{why}; its {field} is {row[field]!r}")
        state.drop(table.name, given[table.key])
        return {table.key: given[table.key], "removed": True}

    takes = _kinds(table, (table.key,))
    return Function(name, doc, takes, takes, body, writes=True, table=table.name, key=table.key, do=tuple(do), hint=tuple(hint))


def pick(row: Row, fields: str) -> Row:
    """Some fields of a row."""
    return {field: row[field] for field in fields.split()}


def _kinds(table: Table, fields: Sequence[str]) -> dict[str, str]:
    return {field: table.fields[field] for field in fields}


def _filled(sets: Mapping[str, Any], state: State, given: Json, row: Row) -> Row:
    made: Row = {}
    for field, value in sets.items():
        if callable(value):
            made[field] = value(state, given, row)
        elif isinstance(value, str) and value.startswith("$"):
            made[field] = given[value[1:]]
        else:
            made[field] = value
    return made
