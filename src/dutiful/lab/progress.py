"""Progress from the first second: how far a run is, how it goes, what it costs, how long it takes."""

from __future__ import annotations

import shutil
import sys
import time
from typing import Any, Protocol, TextIO

from dutiful.kit.statistics import Interval, wilson
from dutiful.lab.rows import Row


class Tally:
    """Where a run stands. `before` were done when this process took it up; `errors` are not among the judged."""

    def __init__(self, total: int, kept: list[Row]):
        self.total, self.began = total, time.monotonic()
        self.done = self.passed = self.errors = self.read = self.reused = self.written = 0
        self.cost = 0.0
        for row in kept:
            self.add(row)
        self.before = self.done

    def add(self, row: Row) -> None:
        """Counts an episode that is kept now."""
        self.passed += bool(row.passed)
        self.errors += bool(row.error)
        self.read += row.prompt_tokens - row.cached_tokens
        self.reused += row.cached_tokens
        self.written += row.completion_tokens
        self.cost += row.cost
        self.done += 1

    @property
    def success(self) -> Interval | None:
        """The share of judged episodes that passed, with its 95% interval; None before the first verdict."""
        judged = self.done - self.errors
        return wilson(self.passed, judged) if judged else None

    @property
    def left(self) -> float | None:
        """Seconds left, at the pace so far; None before the first episode."""
        fresh = self.done - self.before
        return (time.monotonic() - self.began) * (self.total - self.done) / fresh if fresh else None

    def __str__(self) -> str:
        parts: list[str] = []
        if (share := self.success) is not None:
            parts.append(f"success {share.value:.0%} [{share.low:.0%}, {share.high:.0%}]")
        if self.errors:
            parts.append(f"{self.errors} errors")
        if self.read or self.reused or self.written:
            parts.append(f"tokens {short(self.read)} read, {short(self.reused)} reused, {short(self.written)} written")
        if self.cost:
            parts.append(f"${self.cost:.2f}")
        return ", ".join(parts)


class Progress(Protocol):
    """Told how a run goes; all calls come from the thread that called `run`, `update` at most some ten times a second."""

    def start(self, run: str, tally: Tally) -> None: ...
    def update(self, tally: Tally) -> None: ...
    def say(self, text: str) -> None: ...
    def finish(self, state: str, tally: Tally) -> None: ...


class Silent:
    """Says nothing."""

    def start(self, run: str, tally: Tally) -> None: ...
    def update(self, tally: Tally) -> None: ...
    def say(self, text: str) -> None: ...
    def finish(self, state: str, tally: Tally) -> None: ...


class Terminal:
    """A bar on a terminal; a plain line now and then (every `every` seconds) where there is none."""

    def __init__(self, stream: TextIO | None = None, every: float = 10.0):
        self.stream, self.every = stream or sys.stderr, every
        self._bar: Any = None
        self._said = 0.0

    def start(self, run: str, tally: Tally) -> None:
        known = f", {tally.done} of them kept before" if tally.done else ""
        self.say(f"run {run}: {tally.total} episodes{known}")
        if self.stream.isatty():
            from tqdm import tqdm

            layout = "{percentage:3.0f}%|{bar:8}| {n_fmt}/{total_fmt} [{elapsed}<{remaining}]{postfix}"
            # tqdm itself shows nothing on a terminal that does not know its size
            columns, rows = shutil.get_terminal_size()
            self._bar = tqdm(
                total=tally.total, initial=tally.done, ncols=columns, nrows=rows, file=self.stream, bar_format=layout
            )
        self._said = time.monotonic()

    def update(self, tally: Tally) -> None:
        if self._bar is not None:
            self._bar.set_postfix_str(str(tally), refresh=False)
            self._bar.update(tally.done - self._bar.n)
            self._bar.refresh()
        elif time.monotonic() - self._said > self.every:
            self._line(tally)

    def _line(self, tally: Tally) -> None:
        self._said = time.monotonic()
        left = f", {clock(tally.left)} left" if tally.left is not None and tally.done < tally.total else ""
        self.say(f"{tally.done}/{tally.total} episodes, {clock(self._said - tally.began)}{left}; {tally}".rstrip("; "))

    def say(self, text: str) -> None:
        if self._bar is not None:
            self._bar.write(text, file=self.stream)
        else:
            print(text, file=self.stream, flush=True)

    def finish(self, state: str, tally: Tally) -> None:
        if self._bar is not None:
            self.update(tally)
            self._bar.close()
            self._bar = None
        else:
            self._line(tally)
        if state != "finished":
            self.say(f"{state}: {tally.done} of {tally.total} episodes are kept; resume to go on")


def clock(seconds: float) -> str:
    """Seconds as a person says them: "8 s", "3:05", "2:10:00"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def short(count: float) -> str:
    """A count in three figures: 950, 12.3k, 4.5M."""
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if count >= size:
            return f"{count / size:.3g}{unit}" if count < 999.5 * size else f"{count / size:.0f}{unit}"
    return f"{count:.0f}"
