"""What is drawn for a task: steps, where their arguments come from, which of many is meant, and goals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from dutiful.kit import programs
from dutiful.worlds.tools.language import Function, Procedure, Row


class Reject(Exception):
    """A draw that leads nowhere."""


class Literal(NamedTuple):
    """A value that the user says."""

    kind: str
    value: Any


class Values(NamedTuple):
    """Several values that the user says; the call is made for each."""

    kind: str
    values: tuple[Any, ...]


class Pick(NamedTuple):
    """Which of a list: the "lowest" or "highest" of a field, or ("only") the one whose field has a value."""

    by: str
    most: str
    value: Any = None


@dataclass(eq=False)
class Step:
    """A call (or one for every item) with where its arguments come from, what it gave, and which of that is meant."""

    function: Function
    arguments: dict[str, Source]
    name: str
    rows: list[Row]
    plural: bool
    inner: Pick | None = None
    pick: Pick | None = None
    row: Row | None = None


class Field(NamedTuple):
    """A field of what a step gave (of the one that is picked)."""

    step: Step
    field: str


class Every(NamedTuple):
    """A field of everything that a step gave, or of those with a value in another field; the call is made for each."""

    step: Step
    field: str
    where: tuple[str, Any] | None


Source = Literal | Values | Field | Every


class Change(NamedTuple):
    """A goal: something is done."""

    step: Step


class Question(NamedTuple):
    """A goal: something is told. `how`: "field" of one, "column", "total" or "count" of many."""

    step: Step
    how: str
    field: str


class Branch(NamedTuple):
    """A goal: one of two things is done, as a field compares to a value; as the procedure says, where there is one."""

    left: Field
    test: str
    right: Any
    then: Step
    otherwise: Step
    procedure: Procedure | None = None


Goal = Change | Question | Branch


class Sampled(NamedTuple):
    """What was drawn: the goals for the words, the program for the gold, and every value the user says."""

    goals: list[Goal]
    program: programs.Program
    steps: list[Step]


def repeats(source: Source) -> bool:
    return isinstance(source, (Values, Every))


def can_repeat(function: Function, name: str) -> bool:
    """Whether a call makes sense for each of several: one of the record it names, or one that makes a record."""
    return not function.many and (name == function.key if function.key in function.takes else function.writes)


def makes(function: Function, field: str) -> bool:
    """Whether a field names the record that a tool made."""
    return field == function.key and field not in function.takes


def plain(function: Function) -> str:
    return (function.table or "found").lower()


def kept(source: Every) -> list[Row]:
    return [row for row in source.step.rows if source.where is None or row[source.where[0]] == source.where[1]]


def chosen(rows: Sequence[Row], pick: Pick) -> Row:
    if pick.most == "only":
        return next(row for row in rows if row[pick.by] == pick.value)
    return (min if pick.most == "lowest" else max)(rows, key=lambda row: row[pick.by])


def picking(pick: Pick, of: programs.Ref, into: str) -> programs.Statement:
    if pick.most == "only":
        return programs.Where(of, pick.by, "==", pick.value, into, only=True)
    return programs.Best(of, pick.by, pick.most, into)
