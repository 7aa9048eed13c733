"""The tasks of a level: split by seed, and by which colour and kind of thing a mission names.

Seeds: train takes them from 0 on, validation from 1,000,000,000, test from 2,000,000,000. Combinations: the twelve in `HELD`
are kept out of training. A test mission names one of the test combinations ("the yellow key"), a validation mission one of
the validation combinations and none of test, a training mission neither. Where a level has no such choice (a fixed mission,
or words without both colour and kind), its splits differ by their seeds alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from dutiful.core.errors import SpecError
from dutiful.core.records import Instruction, Task
from dutiful.kit.tasks import Lazy

HELD = {
    "validation": frozenset({("green", "ball"), ("purple", "box"), ("red", "key"), ("blue", "door")}),
    "test": frozenset({("grey", "ball"), ("blue", "box"), ("yellow", "key"), ("purple", "door")}),
}
"""Combinations that no training mission names; each colour and each kind is still met in training."""
FIRST = {"train": 0, "validation": 1_000_000_000, "test": 2_000_000_000}
"""The first seed of each split."""
COUNT = {"train": 500_000, "validation": 10_000, "test": 10_000}
"""How many tasks a split has; any of them is laid out only when it is asked for."""
DRAWS = 1000
"""Seeds that belong to one task: the first whose mission fits the split is taken."""
PROBES = 120
"""Seeds of the training range that tell whether a level names a split's combinations at all; a few milliseconds each."""

_NAMED = re.compile(r"\b(red|green|blue|purple|yellow|grey) (ball|box|key|door)\b")


def combinations(mission: str) -> set[tuple[str, str]]:
    """The (colour, kind) pairs that a mission names in full."""
    return {(m[1], m[2]) for m in _NAMED.finditer(mission)}


def split_of(mission: str) -> str:
    """The split that a mission belongs to by what it names."""
    named = combinations(mission)
    return next((split for split in ("test", "validation") if named & HELD[split]), "train")


def tasks(world: str, level: str, split: str, mission: Callable[[int], str], choice: bool) -> Sequence[Task]:
    """The tasks of a split, laid out when asked for. `mission(seed)` lays a seed out and returns its mission."""

    def make(number: int) -> Task:
        first = FIRST[split] + number * DRAWS
        for seed in range(first, first + DRAWS):
            said = mission(seed)
            if not choice or split_of(said) == split:
                return Task(f"{level}/{split}/{number}", world, split, seed, Instruction(said), {"level": level, "seed": seed})
        raise SpecError(f"grid/{level}: no mission of the split {split!r} in {DRAWS} draws from seed {first}")

    return Lazy(make, COUNT[split])


def check_split(split: str) -> None:
    """Raises SpecError for a split there is not."""
    if split not in FIRST:
        raise SpecError(f"grid has no split {split!r}; there are: {', '.join(FIRST)}")


def bound(split: str, mission: Callable[[int], str]) -> bool:
    """Whether a level leaves a choice: whether some of its missions belong to the split, and some do not."""
    found: set[bool] = set()
    for seed in range(PROBES):
        found.add(split_of(mission(seed)) == split)
        if len(found) == 2:
            return True
    return False
