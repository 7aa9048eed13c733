"""Answers that are CSV."""

from __future__ import annotations

import csv
import random as randomness
import re
from collections.abc import Iterator
from typing import Self

from dutiful.kit.constraints.base import Finding
from dutiful.kit.constraints.joints import first
from dutiful.kit.constraints.mended import Mended


class CsvAnswer(Mended, frozen=True):
    """The whole answer is CSV: a line with the names of the columns, and so many rows of as many fields.

    delimiter: one character; a tab may be given as "tab".
    """

    columns: tuple[str, ...]
    rows: int
    delimiter: str = ","

    kind, family, category, subtype = "csv_answer", "format", "format", "csv"
    same_as = "ifbench:custom:csv_city"
    wordings = (
        'Give CSV data only: the columns are {columns}, with {rows} rows, delimited by "{delimiter}".',
        'Answer with {rows} rows of CSV below a line with the column names {columns}; the delimiter is "{delimiter}".',
        'The output must be CSV, "{delimiter}" between the fields, with the header {columns} and {rows} rows of data.',
    )

    def __post_init__(self) -> None:
        if len(self.columns) < 2 or (len(self.delimiter) != 1 and self.delimiter != "tab") or self.delimiter in '"\n\r ':
            raise ValueError(
                f"needs two columns or more, and a delimiter of one character, got {self.columns}, {self.delimiter!r}"
            )
        if any(not name.strip() or re.search(rf'["\r\n{re.escape(self.mark)}]', name) for name in self.columns):
            raise ValueError(f"names of columns hold no delimiter, quote or line break, got {self.columns}")

    @property
    def mark(self) -> str:
        """The delimiter itself."""
        return "\t" if self.delimiter == "tab" else self.delimiter

    def read(self, text: str) -> list[list[str]]:
        """The records, as Python's csv reads them."""
        return list(csv.reader(text.splitlines(keepends=True), delimiter=self.mark))

    def wrong(self, data: list[list[str]]) -> str:
        """What is wrong with the records, or ""."""
        if not data or data[0] != list(self.columns):
            return f"the header is {data[0] if data else 'missing'}"
        width = len(self.columns)
        uneven = [index for index, row in enumerate(data[1:], 1) if len(row) != width]
        if uneven:
            return f"row {uneven[0]} has {len(data[uneven[0]])} fields instead of {width}"
        return "" if len(data) == self.rows + 1 else f"{len(data) - 1} rows instead of {self.rows}"

    def check(self, text: str) -> Finding:
        head = text.split("\n", 1)[0].rstrip("\r").replace('"', "").split(self.mark)
        if head != list(self.columns):  # names hold no quote and no delimiter, so no need to read on
            return Finding(False, f"the header is {self.mark.join(head)[:80]!r}")
        try:
            wrong = self.wrong(self.read(text))
        except csv.Error as error:
            wrong = str(error)
        return Finding(not wrong, wrong or f"{self.rows} rows of {len(self.columns)} fields")

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        return first(self, text, self._endings(text))

    def _endings(self, text: str) -> Iterator[str]:
        """The last record filled up, with or without a quote to close first, then the missing rows."""
        width, mark = len(self.columns), self.mark
        for close in ("", '"'):
            try:
                data = self.read(text + close)
            except csv.Error:
                continue
            lines = text.endswith(("\n", "\r")) and not close
            open_row = data[-1] if data and not lines else []
            head = "" if lines or not data else close
            if len(data) <= 1 and not (data and lines):
                done = len(open_row)
                begun = open_row[-1] if open_row else ""
                name = self.columns[done - 1] if 0 < done <= width else ""
                rest = name[len(begun) :] if name.startswith(begun) else ""
                yield from self._filled(text, rest + head, mark.join(["", *self.columns[max(1, done) :]]), not done, 0)
            else:
                for filled in (head, "-" + head):
                    yield from self._filled(
                        text,
                        filled if open_row else "",
                        (mark + "-") * (width - len(open_row)) if open_row else "",
                        False,
                        len(data) - 1,
                    )

    def _filled(self, text: str, close: str, fields: str, fresh: bool, rows: int) -> Iterator[str]:
        start = (self.columns[0] if fresh else "") + close + fields
        body = [self.mark.join(["-"] * len(self.columns))] * (self.rows - rows)
        if not start and text.endswith("\n"):
            yield "\n".join(body)
        yield "\n".join([start, *body])

    def mend(self, text: str, random: randomness.Random) -> str:
        """Keeps the rows that can be read, and fills up what they lack."""
        if (end := self.finish(text)) is not None:
            return text + end
        try:
            data = self.read(text)
        except csv.Error:
            data = []
        width = len(self.columns)
        rows = [
            [re.sub(r'["\r\n]', "", field.replace(self.mark, " ")).strip() or "-" for field in row][:width] for row in data if row
        ]
        rows = [row + ["-"] * (width - len(row)) for row in rows if row != list(self.columns)][: self.rows]
        rows += [["-"] * width] * (self.rows - len(rows))
        return "\n".join(self.mark.join(row) for row in [list(self.columns), *rows])

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        columns = tuple(random.sample(("id", "name", "city", "year", "count", "price"), random.randint(2, 4)))
        return cls(columns, random.randint(2, 6), random.choice((",", ",", ";", "tab")))


def _bare(name: str) -> str:
    """A field without blanks around and without its one pair of quotes."""
    name = name.strip()
    return name[1:-1] if len(name) > 1 and name[0] == name[-1] == '"' else name


class CsvQuoted(CsvAnswer, frozen=True):
    """As `CsvAnswer`, with every field between double quotes, those of the header too."""

    kind, same_as, steers = "csv_quoted", "ifbench:custom:csv_quotes", False
    wordings = (
        'Give CSV data, all fields in double quotes: the columns are {columns}, with {rows} rows, delimited by "{delimiter}".',
        'Answer with {rows} rows of CSV below the names {columns}, all fields in double quotes and "{delimiter}" between them.',
        'The output must be CSV with the header {columns}, {rows} rows, the delimiter "{delimiter}", quotes around all fields.',
    )

    def fields(self, text: str) -> list[list[str]]:
        """The fields of each line, with their quotes."""
        pattern = rf'[ ]*("[^"]*"|[^"{re.escape(self.mark)}]*)[ ]*(?:{re.escape(self.mark)}|\Z)'
        return [re.findall(pattern, line + self.mark)[:-1] for line in text.strip().split("\n")]

    def unquoted(self, data: list[list[str]]) -> str:
        """What is wrong with the quotes, or ""."""
        bare = [field for row in data for field in row if not (len(field) > 1 and field[0] == field[-1] == '"')]
        return f"{len(bare)} fields without quotes, such as {bare[0][:40]!r}" if bare else ""

    def check(self, text: str) -> Finding:
        head = [_bare(name) for name in text.lstrip().split("\n", 1)[0].split(self.mark)]
        if head != list(self.columns):  # no need to read on
            return Finding(False, f"the header is {self.mark.join(head)[:80]!r}")
        data = self.fields(text)
        wrong = self.wrong([[field.strip('"') for field in row] for row in data]) or self.unquoted(data)
        return Finding(not wrong, wrong or f"{self.rows} rows of {len(self.columns)} fields")

    def finish(self, text: str) -> str | None:
        return "" if self.check(text).passed else None

    def value(self, row: int, column: int) -> str:
        """A field to fill up with."""
        return '"-"'

    def mend(self, text: str, random: randomness.Random) -> str:
        """Keeps the fields that can be read."""
        if self.check(text).passed:
            return text
        plain = CsvAnswer(self.columns, self.rows, self.delimiter).mend("", random).split("\n")[1:]
        kept = [row for row in self.fields(text)[1:] if len(row) == len(self.columns)][: self.rows]
        rows = [[f'"{field.strip(chr(34)) or "-"}"' for field in row] for row in kept]
        rows += [[self.value(row, column) for column in range(len(self.columns))] for row in range(len(plain) - len(rows))]
        header = [f'"{name}"' for name in self.columns]
        return "\n".join(self.mark.join(row) for row in [header, *rows])


class CsvSpecial(CsvQuoted, frozen=True):
    """As `CsvAnswer`, with a field between double quotes that holds something other than letters, digits and blanks.

    IFBench looks at no row behind the first such field, so that the rest may be anything; that is a bug.
    """

    kind, same_as = "csv_special", "ifbench:custom:csv_special_character"
    wordings = (
        'Give CSV data only: the columns {columns}, {rows} rows, the delimiter "{delimiter}"; put one field that holds a special'
        " character in double quotes.",
        'Answer with {rows} rows of CSV below the names {columns}, "{delimiter}" between the fields; at least one field must hold'
        " a special character and stand in quotes.",
        'The output must be CSV, header {columns}, {rows} rows, delimited by "{delimiter}", with a quoted field that has a'
        " special character.",
    )

    def unquoted(self, data: list[list[str]]) -> str:
        found = any(re.search(r'^".*[^\w\s"].*"$', field) for row in data[1:] for field in row)
        return "" if found else "no field in quotes with a special character"

    def mend(self, text: str, random: randomness.Random) -> str:
        """Keeps the fields that can be read; the first of the data gets the special character."""
        if self.check(text).passed:
            return text
        header, first_row, *rest = super().mend(text, random).split("\n")
        if not self.check("\n".join([header, first_row, *rest])).passed:
            first_row = first_row.replace('"', '"& ', 1)
        return "\n".join([header, first_row, *rest])


__all__ = ["CsvAnswer", "CsvQuoted", "CsvSpecial"]
