"""The tasks of a split, made when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import overload

from dutiful.core.records import Task


class Lazy(Sequence[Task]):
    """A sequence of `len(span)` tasks that are made one by one: `make(span[index])`, always the same for the same number."""

    def __init__(self, make: Callable[[int], Task], span: int | range):
        self.make, self.span = make, range(span) if isinstance(span, int) else span

    def __len__(self) -> int:
        return len(self.span)

    @overload
    def __getitem__(self, index: int) -> Task: ...
    @overload
    def __getitem__(self, index: slice) -> Lazy: ...
    def __getitem__(self, index: int | slice) -> Task | Lazy:
        return Lazy(self.make, self.span[index]) if isinstance(index, slice) else self.make(self.span[index])

    def __iter__(self) -> Iterator[Task]:
        return map(self.make, self.span)
