"""Requirements of the family format on tables: markdown tables, CSV, lists of dates."""

from __future__ import annotations

import csv
import datetime
import random as randomness
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Self

from dutiful.kit.constraints.base import Finding, Rule, shown
from dutiful.kit.constraints.endings import Mended, block, counted, first

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
    wordings = (
        "Include a markdown table with {rows} rows and {columns} columns.",
        "Show a table in markdown: {columns} columns, and {rows} rows below the heading.",
        "The answer must hold a markdown table that has {columns} columns and exactly {rows} rows of content.",
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
    wordings = (
        "Include a markdown table with at least {n} rows.",
        "Show a table of {n} or more rows in markdown.",
        "The answer must hold a markdown table with no fewer than {n} rows below its heading.",
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
    wordings = (
        "Include a markdown table with at most {n} rows.",
        "Show a table of no more than {n} rows in markdown.",
        "Use a markdown table, and limit every table to {n} rows below its heading.",
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
    wordings = (
        "Include a markdown table with exactly {n} columns.",
        "Show a table in markdown that has {n} columns, no more and no fewer.",
        "Use a markdown table; every table must have {n} columns.",
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
        head = [name.strip().strip('"') for name in text.lstrip().split("\n", 1)[0].split(self.mark)]
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


_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class IsoDates(Mended, frozen=True):
    """The whole answer is a list of dates, YYYY-MM-DD, with commas between, none before the year `since` or after `until`.

    The dates must exist. IFBench also takes month and day 00, and 29 February in any year; that is a bug.
    """

    since: int
    until: int

    kind, family, category, subtype = "iso_dates", "format", "format", "dates"
    same_as = "ifbench:custom:date_format_list"
    wordings = (
        "Answer only with dates as YYYY-MM-DD, separated by commas, from the years {since} to {until}.",
        "List dates between {since} and {until} in the format YYYY-MM-DD, with commas between them, and nothing else.",
        "The output must be dates in ISO format, comma separated, not before {since} and not after {until}.",
    )

    def __post_init__(self) -> None:
        if not 1 <= self.since <= self.until <= 9999:
            raise ValueError(f"needs years from 1 to 9999, got {self.since} to {self.until}")

    def valid(self, item: str) -> bool:
        """Whether it is a date that exists, in these years."""
        try:
            return _DATE.fullmatch(item) is not None and self.since <= datetime.date.fromisoformat(item).year <= self.until
        except ValueError:
            return False

    def check(self, text: str) -> Finding:
        items, at, wrong = text.split(","), 0, list[tuple[int, int]]()
        for item in items:
            if not self.valid(item.strip()):
                wrong.append((at, at + len(item)))
            at += len(item) + 1
        said = f"{len(wrong)} of {counted(len(items), 'item')} no date from {self.since} to {self.until}, YYYY-MM-DD"
        return Finding(not wrong, said if wrong else f"{len(items)} dates", tuple(span for span in wrong if span[1] > span[0]))

    def finish(self, text: str) -> str | None:
        *before, last = text.split(",")
        if not all(self.valid(item.strip()) for item in before):
            return None
        begun = last.lstrip()
        if self.valid(begun.rstrip()):
            return ""
        found = next(self._dates(begun), None)
        return None if found is None else found[len(begun) :]

    def _dates(self, begun: str) -> Iterator[str]:
        """The dates that begin so."""
        for year in range(self.since, self.until + 1):
            if not f"{year:04}-".startswith(begun[:5]):
                continue
            for month in range(1, 13):
                for day in range(1, 32):
                    if (text := f"{year:04}-{month:02}-{day:02}").startswith(begun) and self.valid(text):
                        yield text

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        since = random.randint(1500, 1990)
        return cls(since, since + random.randint(5, 60))


__all__ = ["CsvAnswer", "CsvQuoted", "CsvSpecial", "IsoDates", "Table", "TableColumns", "TableRowsAtLeast", "TableRowsAtMost"]
