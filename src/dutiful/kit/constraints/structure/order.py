"""In which order the lines stand."""

from __future__ import annotations

import random as randomness
import unicodedata
from collections.abc import Iterator
from typing import Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.fillers import counted
from dutiful.kit.constraints.mended import Mended
from dutiful.kit.constraints.text import EDGES

_ORDERS = ("alphabetical", "reverse alphabetical")


class LinesInOrder(Mended, frozen=True):
    """At least n lines that are not blank, in the order of the alphabet or against it, case aside."""

    n: int
    order: str

    kind, family, category, subtype = "lines_in_order", "structure", "format", "lines"
    wordings = (
        "Give at least {n} lines in {order} order.",
        "Sort your lines, {n} or more of them, in {order} order.",
        "Each line must follow the one before it in {order} order; write no fewer than {n} lines.",
    )

    def __post_init__(self) -> None:
        if self.order not in _ORDERS:
            raise ValueError(f"needs one of {_ORDERS}, got {self.order!r}")

    @property
    def reverse(self) -> bool:
        """Whether the lines go against the alphabet."""
        return self.order != _ORDERS[0]

    def check(self, text: str) -> Finding:
        before, at, count = None, 0, 0
        for line in text.split("\n"):
            key = line.strip().lower()
            if key:
                if before is not None and key != before and (key > before) == self.reverse:
                    return Finding(False, f"{line.strip()[:40]!r} is out of order", ((at, at + len(line)),))
                before, count = key, count + 1
            at += len(line) + 1
        return Finding(count >= self.n, f"{counted(count, 'line')} in order, at least {self.n} asked for")

    def finish(self, text: str) -> str | None:
        lines = [line.strip() for line in text.split("\n")]
        full = [line for line in lines if line]
        rest = next(self._rests(text, full), None)
        if rest is None:
            return None
        last = ((full[-1] if lines[-1] else "") + rest) or (full[-1] if full else "")
        last = last.strip() or "Here"
        count = len(full) + (bool(rest.strip()) and not lines[-1])
        missing = max(0, self.n - count)
        # The line again is in order in both directions; upwards, a longer one is too.
        more = [last if self.reverse else f"{last}{' and more' * (index + 1)}" for index in range(missing)]
        if not missing:
            return rest
        start = "" if not lines[-1] and not rest else "\n"
        return rest + start + "\n".join(more)

    def _rests(self, text: str, full: list[str]) -> Iterator[str]:
        """What brings the line that the text breaks off in into order."""
        partly = type(self)(0, self.order)
        rests, last = [""], text.rsplit("\n", 1)[-1].lstrip()
        if last and len(full) > 1 and full[-2].lower().startswith(last.lower()):
            rests.append(full[-2][len(last) :])
        yield from (rest for rest in rests if partly.check(text + rest).passed)

    def mend(self, text: str, random: randomness.Random) -> str:
        """Sorts the lines."""
        if not self.check(text).passed:
            lines = sorted((line.strip() for line in text.split("\n") if line.strip()), key=str.lower, reverse=self.reverse)
            text = "\n".join(lines)
        return super().mend(text, random)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(2, 5), random.choice(_ORDERS))


def _plain(text: str) -> str:
    """Without accents and other signs beyond ASCII."""
    return text if text.isascii() else unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


class LinesFallFrom(Rule, frozen=True):
    """From the line that holds a word on, there are at least n lines, in reverse alphabetical order; accents do not count."""

    start: str
    n: int

    kind, family, category, subtype = "lines_fall_from", "structure", "format", "lines"
    steers, same_as = False, "ifbench:custom:reverse_newline"
    wordings = (
        "List at least {n} items in reverse alphabetical order, each on a new line, beginning with {start}.",
        "Begin a list with {start} and go backwards through the alphabet, one item a line, {n} lines or more.",
        "The lines from {start} on must fall in the alphabet; there must be no fewer than {n} of them.",
    )

    def __post_init__(self) -> None:
        if not self.start.strip(EDGES) or self.n < 1:
            raise ValueError(f"needs a word to begin with and a number of lines, got {self.start!r} and {self.n}")

    def items(self, text: str) -> list[str]:
        """The lines from the first on that holds the word, without marks around them."""
        lines = [item for line in text.split("\n") if (item := line.strip(EDGES))]
        begin = next((index for index, line in enumerate(lines) if self.start in line), len(lines))
        return [_plain(line) for line in lines[begin:]]

    def check(self, text: str) -> Finding:
        if self.start not in text:
            return Finding(False, f"no line with {self.start!r}")
        items = self.items(text)
        fallen = items == sorted(items, reverse=True)
        said = f"{counted(len(items), 'line')} from {self.start!r} on, {'in' if fallen else 'not in'} reverse order"
        return Finding(fallen and len(items) >= self.n, said)

    def mend(self, text: str, random: randomness.Random) -> str:
        """Keeps the lines that come later in the list, sorts them, and repeats the last where there are too few."""
        if self.check(text).passed:
            return text
        lines = {item for line in text.split("\n") if (item := line.strip(EDGES)) and self.start not in item}
        kept = sorted((line for line in lines if _plain(line) < _plain(self.start)), key=_plain, reverse=True)
        made = [self.start, *kept]
        return "\n".join(made + [made[-1]] * (self.n - len(made)))

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("Zebra", "Yarn", "Winter", "Umbrella")), random.randint(3, 6))


__all__ = ["LinesFallFrom", "LinesInOrder"]
