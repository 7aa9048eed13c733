"""Tables in markdown."""

from __future__ import annotations

import random as randomness
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Self

from dutiful.kit.constraints.base import Finding, Rule, shown
from dutiful.kit.constraints.fillers import counted
from dutiful.kit.constraints.joints import block, first
from dutiful.kit.constraints.mended import Mended

_ROWS = re.compile(r"(?:^[ \t]*\|.*(?:\n|\Z))+", re.MULTILINE)
_RULER = re.compile(r"[ \t]*\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t\r]*")


class Shape(NamedTuple):
    """A markdown table: its columns, the places of its body rows, and whether its ruler could still become something else."""

    columns: int
    rows: tuple[tuple[int, int], ...]
    span: tuple[int, int]
    fixed: bool


def cells(line: str) -> int:
    """The number of cells of a line of a table."""
    line = line.strip().replace("\\|", "")
    return line.removesuffix("|").count("|") if len(line) > 1 else 0


def tables(text: str) -> list[Shape]:
    """The markdown tables: a row of names, a ruler of dashes with as many cells, and the rows below. All begin with "|"."""
    found: list[Shape] = []
    for run in _ROWS.finditer(text) if "|" in text else ():
        lines = run[0].split("\n")
        lines = lines[:-1] if lines[-1] == "" else lines
        if len(lines) < 2 or not _RULER.fullmatch(lines[1]) or cells(lines[0]) != cells(lines[1]):
            continue
        at = run.start() + len(lines[0]) + len(lines[1]) + 2
        rows: list[tuple[int, int]] = []
        for line in lines[2:]:
            rows.append((at, at + len(line)))
            at += len(line) + 1
        fixed = len(run[0]) > len(lines[0]) + len(lines[1]) + 1
        found.append(Shape(cells(lines[0]), tuple(rows), (run.start(), min(at, len(text))), fixed))
    return found


def _row(columns: int, words: Sequence[str] = ("more",)) -> str:
    return "| " + " | ".join(words[index % len(words)] for index in range(columns)) + " |"


def _table(columns: int, rows: int) -> str:
    head = _row(columns, ("item", "note", "value", "source"))
    return "\n".join([head, "|" + "---|" * columns, *([_row(columns)] * rows)])


class _Tabled(Mended, frozen=True):
    """A table is there. To finish: the one that the text breaks off in, where that can do, else a new one."""

    family, category, subtype = "format", "format", "table"

    def size(self) -> tuple[int, int]:
        """Columns and rows of a table that would do."""
        raise NotImplementedError

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        if self.spoilt(text):
            return None
        return first(self, text, self._endings(text))

    def spoilt(self, text: str) -> bool:
        """Whether there is a table that does not do and cannot be taken back."""
        return False

    def _endings(self, text: str) -> Iterator[str]:
        columns, rows = self.size()
        last = text.rsplit("\n", 1)[-1]
        if last.lstrip().startswith("|"):
            close = "" if last.rstrip().endswith("|") and len(last.strip()) > 1 else "|"
            yield close
            width = cells(last + close)
            body = f"\n{_row(width)}" * rows
            for more in range(1, rows + 1):
                yield close + f"\n{_row(width)}" * more
            yield f"{close}\n|{'---|' * width}{body}"
        new = _table(columns, rows)
        yield block(text) + new
        yield f"x\n\n{new}"  # a ruler of dashes, followed by a letter, is none

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(*(random.randint(2, 4) for _ in cls.__struct_fields__))


class Table(_Tabled, frozen=True):
    """There is a markdown table of just so many rows, besides the heading, and columns."""

    rows: int
    columns: int

    kind = "table"
    languages = ("en", "zh")
    wordings = (
        "Include a markdown table with {rows} rows and {columns} columns.",
        "Show a table in markdown: {columns} columns, and {rows} rows below the heading.",
        "The answer must hold a markdown table that has {columns} columns and exactly {rows} rows of content.",
    )
    wordings_zh = (
        "给出一个Markdown表格，{rows}行{columns}列，表头不算。",
        "回答中要有一个{columns}列的Markdown表格，表头下面正好{rows}行。",
    )

    def size(self) -> tuple[int, int]:
        return self.columns, self.rows

    def check(self, text: str) -> Finding:
        found = tables(text)
        sizes = shown(tuple(f"{len(table.rows)} by {table.columns}" for table in found)) or "no table"
        passed = any(len(table.rows) == self.rows and table.columns == self.columns for table in found)
        return Finding(passed, f"{sizes}; {self.rows} rows by {self.columns} columns asked for")

    def opposes(self, other: Rule) -> str:
        if isinstance(other, TableRowsAtMost) and other.n < self.rows:
            return f"a table of {self.rows} rows, but at most {other.n}"
        if isinstance(other, TableColumns) and other.n != self.columns:
            return f"a table of {self.columns} columns, but all tables have {other.n}"
        return ""


class TableRowsAtLeast(_Tabled, frozen=True):
    """There is a markdown table of at least n rows, besides the heading."""

    n: int

    kind = "table_rows_at_least"
    languages = ("en", "zh")
    wordings = (
        "Include a markdown table with at least {n} rows.",
        "Show a table of {n} or more rows in markdown.",
        "The answer must hold a markdown table with no fewer than {n} rows below its heading.",
    )
    wordings_zh = (
        "给出一个至少{n}行的Markdown表格，表头不算。",
        "Markdown表格的表头下面不少于{n}行。",
    )

    def size(self) -> tuple[int, int]:
        return 2, self.n

    def check(self, text: str) -> Finding:
        most = max((len(table.rows) for table in tables(text)), default=-1)
        said = "no table" if most < 0 else f"the longest table has {counted(most, 'row')}"
        return Finding(most >= self.n, f"{said}, at least {self.n} asked for")

    def opposes(self, other: Rule) -> str:
        if isinstance(other, TableRowsAtMost) and other.n < self.n:
            return f"a table of at least {self.n} rows, but at most {other.n}"
        return ""


class TableRowsAtMost(_Tabled, frozen=True):
    """There is a markdown table, and none has more than n rows besides the heading."""

    n: int

    kind = "table_rows_at_most"
    languages = ("en", "zh")
    wordings = (
        "Include a markdown table with at most {n} rows.",
        "Show a table of no more than {n} rows in markdown.",
        "Use a markdown table, and limit every table to {n} rows below its heading.",
    )
    wordings_zh = (
        "给出一个最多{n}行的Markdown表格，表头不算。",
        "Markdown表格的表头下面不超过{n}行。",
    )

    def size(self) -> tuple[int, int]:
        return 2, min(1, self.n)

    def check(self, text: str) -> Finding:
        found = tables(text)
        over = tuple(span for table in found for span in table.rows[self.n :] if span[1] > span[0])
        said = shown(tuple(counted(len(table.rows), "row") for table in found)) or "no table"
        return Finding(bool(found) and not over, f"{said}; at most {self.n} allowed", over)

    def spoilt(self, text: str) -> bool:
        return any(len(table.rows) > self.n for table in tables(text))


class TableColumns(_Tabled, frozen=True):
    """There is a markdown table, and all have n columns."""

    n: int

    kind = "table_columns"
    languages = ("en", "zh")
    wordings = (
        "Include a markdown table with exactly {n} columns.",
        "Show a table in markdown that has {n} columns, no more and no fewer.",
        "Use a markdown table; every table must have {n} columns.",
    )
    wordings_zh = (
        "给出一个Markdown表格，每个表格都正好{n}列。",
        "回答中的Markdown表格必须是{n}列。",
    )

    def size(self) -> tuple[int, int]:
        return self.n, 1

    def check(self, text: str) -> Finding:
        found = tables(text)
        wrong = tuple(table.span for table in found if table.columns != self.n)
        said = shown(tuple(counted(table.columns, "column") for table in found)) or "no table"
        return Finding(bool(found) and not wrong, f"{said}; {self.n} asked for", wrong)

    def spoilt(self, text: str) -> bool:
        return any(table.columns != self.n and table.fixed for table in tables(text))


__all__ = ["Shape", "Table", "TableColumns", "TableRowsAtLeast", "TableRowsAtMost", "cells", "tables"]
