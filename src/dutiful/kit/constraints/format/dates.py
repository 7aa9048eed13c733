"""Answers that are a list of dates."""

from __future__ import annotations

import datetime
import random as randomness
import re
from collections.abc import Iterator
from typing import Self

from dutiful.kit.constraints.base import Finding
from dutiful.kit.constraints.fillers import counted
from dutiful.kit.constraints.mended import Mended

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


__all__ = ["IsoDates"]
