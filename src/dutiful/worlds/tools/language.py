"""The little language that domains are written in: kinds of values, tables of records, tools over them.

orders = table("orders", "order", "order_id", "O-", "order_id status:order_status total:money")
read("get_order", "Shows an order.", orders, by="order_id", gives="order_id status total")
change("cancel_order", "Cancels a pending order.", orders, takes="order_id", sets={"status": "cancelled"},
       only=(("status", ("pending",), "only pending orders can be cancelled"),), do=("cancel {order_id}",))

A *kind* is a type of value ("order_id", "money"): an output of a kind feeds a parameter of that kind, nothing else does.
Rows are never changed in place, so that a copy of the tables is a copy of the state.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, NamedTuple

from dutiful.core.records import Json
from dutiful.core.world import Tool

Row = Json
Tables = dict[str, dict[str, Row]]
Draw = Callable[[Random, Tables, str], Any]
"""Picks a value for a task: from a random number generator, the tables, and the split."""


class ToolError(Exception):
    """What a tool answers when it cannot do what it is asked: "404 no order 'O-7'"."""

    def __init__(self, status: int, message: str):
        super().__init__(f"{status} {message}")
        self.status = status


class Kind(NamedTuple):
    """A type of value. `said`: how a value is named in a sentence; `label`: what a field of it is called, where not its name.

    `draw` picks one that a user might say; `ask`: whether a user would ask for it; `order`: its extremes, where it has an order.
    `link`: whether one tool's result feeds another's parameter (None: texts do; numbers and choices do not).
    """

    schema: Json
    said: str = "{}"
    draw: Draw | None = None
    label: str = ""
    ask: bool = False
    order: tuple[str, str] | None = None
    link: bool | None = None

    @property
    def links(self) -> bool:
        """Whether results of this kind feed parameters."""
        return self.schema.get("type") == "string" if self.link is None else self.link

    @property
    def decides(self) -> bool:
        """Whether something may be done or not as a value of this kind turns out: a choice, or a number with an order."""
        return "enum" in self.schema or (self.order is not None and self.schema.get("type") in ("number", "integer"))


class Table(NamedTuple):
    """Records of one kind: what one is called, the field that names it, the prefix of new names, the kinds of the fields."""

    name: str
    noun: str
    key: str
    prefix: str
    fields: Mapping[str, str]


def table(name: str, noun: str, key: str, prefix: str, fields: str) -> Table:
    """A table whose fields are written as "name" or "name:kind"."""
    return Table(name, noun, key, prefix, parameters(fields))


def parameters(takes: str) -> dict[str, str]:
    """Names with their kinds, out of "name" or "name:kind"."""
    pairs = (entry.partition(":") for entry in takes.split())
    return {name: kind or name for name, _, kind in pairs}


class State:
    """The tables as they are. Writing replaces rows and never changes one."""

    def __init__(self, tables: Tables, specs: Mapping[str, Table]):
        self.tables, self.specs = tables, specs

    def copy(self) -> State:
        """A state that can be written without a trace in this one; tables are copied when they are written."""
        return State(dict(self.tables), self.specs)

    def get(self, table: str, key: str) -> Row:
        """A row by its key; raises ToolError 404."""
        try:
            return self.tables[table][key]
        except KeyError:
            raise ToolError(404, f"there is no {self.specs[table].noun} {key!r}") from None

    def find(self, table: str, **equal: Any) -> list[Row]:
        """The rows whose fields equal these values, in the order they were made."""
        return [row for row in self.tables[table].values() if all(row[field] == value for field, value in equal.items())]

    def set(self, table: str, key: str, **changes: Any) -> Row:
        """Replaces fields of a row; returns the new row."""
        row = {**self.get(table, key), **changes}
        self.tables[table] = {**self.tables[table], key: row}
        return row

    def add(self, table: str, row: Row) -> Row:
        """Adds a row under a key that follows from its values, so that the order of additions leaves no trace."""
        spec = self.specs[table]
        number = 1000 + zlib.crc32(repr(sorted(row.items())).encode()) % 9000
        while (key := f"{spec.prefix}{number}") in self.tables[table]:
            number += 1
        row = {spec.key: key, **row}
        self.tables[table] = {**self.tables[table], key: row}
        return row

    def drop(self, table: str, key: str) -> Row:
        """Takes a row away and returns it."""
        row = self.get(table, key)
        self.tables[table] = {name: each for name, each in self.tables[table].items() if name != key}
        return row


Body = Callable[[State, Json], Any]
Only = tuple[str, Sequence[Any], str]
"""A field, the values that it may have, and the refusal where it has another."""


class Function(NamedTuple):
    """A tool of a domain. `takes` and `gives` name parameters and result fields with their kinds; `many`: a list of such results.

    `optional` are the parameters with a default. How users speak of it: `np` names the record that it gives ("order of
    {customer_id}"), `plural` a list of them; `do` are orders to do it, `hint` says what is wanted without saying what to do.
    """

    name: str
    doc: str
    takes: Mapping[str, str]
    gives: Mapping[str, str]
    body: Body
    writes: bool = False
    many: bool = False
    table: str = ""
    key: str = ""
    np: str = ""
    plural: str = ""
    do: tuple[str, ...] = ()
    hint: tuple[str, ...] = ()
    optional: Mapping[str, Any] = {}


class Procedure(NamedTuple):
    """A rule of the house: what to do about a record follows from what it shows, and users name the case, not the deed.

    rule: as agents are told it. reads: the tool that shows the record, by its first parameter. field, test, value: what decides.
    then, otherwise: a tool and its arguments; "$it" is what the record was named by, "$name" its field, all else is literal.
    do: how users bring the case up, with {it}.
    """

    name: str
    rule: str
    reads: str
    field: str
    test: str
    value: Any
    then: tuple[str, Mapping[str, Any]]
    otherwise: tuple[str, Mapping[str, Any]]
    do: tuple[str, ...]


class Domain(NamedTuple):
    """A domain: its kinds, tables, tools, how its state is made (from a random number generator and the split), its procedures.

    `policy` is what an agent is told about working here; `opening` what it sees first.
    """

    name: str
    kinds: Mapping[str, Kind]
    tables: Mapping[str, Table]
    functions: Mapping[str, Function]
    build: Callable[[Random, str], Tables]
    policy: str
    opening: str
    procedures: Sequence[Procedure] = ()

    def tool(self, function: Function) -> Tool:
        """A function as agents see it: name, what it does, a JSON schema of its parameters."""
        properties: Json = {}
        for name, kind in function.takes.items():
            schema = self.kinds[kind].schema
            properties[name] = {**schema, "default": function.optional[name]} if name in function.optional else schema
        needed = [name for name in function.takes if name not in function.optional]
        shows = f" Gives {'a list of ' if function.many else ''}{{{', '.join(function.gives)}}}."
        return Tool(function.name, function.doc + shows, {"type": "object", "properties": properties, "required": needed})


def domain(
    name: str,
    kinds: Mapping[str, Kind],
    tables: Sequence[Table],
    functions: Sequence[Function],
    build: Callable[[Random, str], Tables],
    policy: str,
    opening: str,
    procedures: Sequence[Procedure] = (),
) -> Domain:
    """A domain whose parts fit: every kind is known, every name is used once; raises ValueError otherwise."""
    unknown = {kind for f in functions for kind in (*f.takes.values(), *f.gives.values()) if kind not in kinds}
    if unknown:
        raise ValueError(f"domain {name}: kinds {sorted(unknown)} are used and not described")
    named = {function.name: function for function in functions}
    if len(named) < len(functions):
        raise ValueError(f"domain {name}: two tools share a name")
    return Domain(name, kinds, {table.name: table for table in tables}, named, build, policy, opening, procedures)
