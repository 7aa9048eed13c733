"""Values that tasks are made of, parted between the splits, and the usual ways to draw one."""

from __future__ import annotations

import functools
import itertools
import math
import zlib
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, TypeVar

from dutiful.worlds.tools.language import Draw, Kind, Tables

SPLITS = ("train", "validation", "test")
T = TypeVar("T")


def words(text: str, separator: str | None = None) -> tuple[str, ...]:
    """The words of a text, or what stands between separators."""
    return tuple(text.split(separator))


FIRST = words(
    "Ana Bela Carlos Dora Emil Fatima Goran Hana Igor Jana Kofi Lena Marek Nadia Otto Paula Quentin Rosa Sven Tala Udo Vera "
    "Walid Xenia Yusuf Zora Arno Brita Ciro Dina Elio Freya Gita Hugo Ines Jorge Karim Lotte Milo Noor"
)
LAST = words(
    "Abel Brandt Costa Dietz Evers Ferrari Gruber Hoxha Ivanov Jansen Keller Lindt Moreau Novak Okafor Pereira Quist Rossi "
    "Santos Tanaka Ueda Vogel Weber Xu Yilmaz Zeman Amari Bauer Cruz Dumont"
)
CITIES = words(
    "Lisbon Porto Madrid Paris Lyon Brussels Ghent Berlin Hamburg Vienna Graz Prague Rome Milan Turin Athens Zurich Bern Oslo "
    "Bergen Copenhagen Warsaw Krakow Dublin Helsinki"
)
STREETS = words(
    "Mill Lane,Station Road,Harbour Street,Church Hill,Garden Way,Linden Avenue,North Quay,Rose Court,Tower Street", ","
)


def split_of(name: str) -> str:
    """The one split that a name belongs to: a fifth to test, a fifth to validation, the rest to train."""
    return {0: "test", 1: "validation"}.get(zlib.crc32(name.encode()) % 5, "train")


def part(values: Sequence[T], split: str) -> list[T]:
    """The values of a list that belong to a split; all of them, where a list is too short to be parted (under 10)."""
    if len(values) < 10:
        return list(values)
    place = {"test": (0,), "validation": (1,)}.get(split, (2, 3, 4))
    return [value for number, value in enumerate(values) if number % 5 in place]


@functools.cache
def names(split: str) -> tuple[str, ...]:
    """All the names of people of a split."""
    return tuple(name for first in FIRST for last in LAST if split_of(name := f"{first} {last}") == split)


def people(random: Random, split: str, n: int) -> list[tuple[str, str]]:
    """n different people of a split, as (name, e-mail)."""
    return [(name, email_of(name)) for name in random.sample(names(split), n)]


def email_of(name: str) -> str:
    """The e-mail of a person."""
    return f"{name.lower().replace(' ', '.')}@example.com"


def serial(random: Random, prefix: str, low: int = 100, high: int = 999) -> Iterator[str]:
    """Different names of records, "O-123", without end and without order; they repeat after high - low + 1."""
    span = high - low + 1
    at, stride = random.randrange(span), random.choice((7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47))
    while math.gcd(stride, span) > 1:
        stride += 1
    while True:
        yield f"{prefix}{low + at}"
        at = (at + stride * stride) % span


def ids(random: Random, prefix: str, n: int, low: int = 1000, high: int = 9999) -> list[str]:
    """n different names of records."""
    return list(itertools.islice(serial(random, prefix, low, high), n))


def date(random: Random, low: int = 0, high: int = 27, month: str = "2026-05") -> str:
    """A day of May 2026, low and high counted from 0."""
    return f"{month}-{random.randint(low, high) + 1:02d}"


def column(table: str, field: str) -> Draw:
    """Draws the value that some record has in a field."""

    def draw(random: Random, tables: Tables, split: str) -> Any:
        return random.choice(list(tables[table].values()))[field]

    return draw


def among(values: Sequence[Any]) -> Draw:
    """Draws one of the values of the split."""

    def draw(random: Random, tables: Tables, split: str) -> Any:
        return random.choice(part(values, split))

    return draw


def between(low: int, high: int, step: int = 1) -> Draw:
    """Draws a whole number, both ends included."""

    def draw(random: Random, tables: Tables, split: str) -> int:
        return random.randrange(low, high + 1, step)

    return draw


def named(table: str, field: str, said: str, label: str = "", **more: Any) -> Kind:
    """A kind of string that names records: an id, an e-mail."""
    return Kind({"type": "string"}, said, column(table, field), label, **more)


def text(values: Sequence[str], said: str = '"{}"', label: str = "", **more: Any) -> Kind:
    """A kind of free text."""
    return Kind({"type": "string"}, said, among(values), label, **more)


def choice(values: Sequence[str], said: str = "{}", label: str = "", **more: Any) -> Kind:
    """A kind with few values."""
    return Kind({"enum": list(values)}, said, among(values), label, **more)


def number(low: int, high: int, step: int = 1, said: str = "{}", label: str = "", **more: Any) -> Kind:
    """A kind of whole number."""
    return Kind({"type": "integer"}, said, between(low, high, step), label, **more)


def shown(schema: str = "string", label: str = "", ask: bool = True, order: tuple[str, str] | None = None) -> Kind:
    """A kind that tools give and that nobody says."""
    return Kind({"type": schema}, "{}", None, label, ask, order)
