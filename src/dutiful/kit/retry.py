"""Asking a server again, and no more at once than it bears.

    window = 4, then +1 for each answer (slow start: it doubles a round)
    "limited" (429): window *= 0.8, once a round; from then on +1 a round; nobody asks before the time the server gave
    "server" (5xx, broken connections): the window stays as it is

This is the additive increase and multiplicative decrease of Chiu and Jain (1989), with TCP's slow start (RFC 5681). `Window`
is the arithmetic, without clock or threads; `Gate` makes threads wait for it; `ask` is the loop of attempts.
"""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Literal, NamedTuple, TypeVar

T = TypeVar("T")

Outcome = Literal["fine", "limited", "server", "refused"]
"""How an attempt ended: an answer; a 429; a fault of server or connection; anything else, which says nothing of the load."""


class Again(Exception):
    """Raised by an attempt that may be made again. `error` is what is raised once patience is at its end.

    after: seconds to wait, if the server said so. retries: how often at most, where that is less than usual.
    """

    def __init__(self, error: Exception, outcome: Outcome = "server", after: float | None = None, retries: int | None = None):
        super().__init__(str(error))
        self.error, self.after, self.retries = error, after, retries
        self.outcome: Outcome = outcome


class Backoff(NamedTuple):
    """Waits of `first` seconds, doubled with each attempt up to `most`; a half of each is drawn, so that callers spread.

    patience: the longest wait, in seconds, that a server may ask for; beyond it the attempt fails at once.
    """

    retries: int = 6
    first: float = 0.5
    most: float = 30.0
    patience: float = 120.0

    def wait(self, attempt: int, after: float | None = None, draw: float = 0.5) -> float:
        """Seconds before attempt + 1 (attempts count from 0); `draw` is uniform on [0, 1)."""
        step = min(self.most, self.first * 2.0 ** min(attempt, 60))
        return max(step * (1 + draw) / 2, 0.0 if after is None else after + draw * self.first)


class Ticket(NamedTuple):
    """A place in the window: how many cuts, and how many times the window had been full, before it was taken."""

    cuts: int
    fills: int


class Window:
    """How many requests may be under way at once. Times are in seconds of any clock that does not run backwards."""

    def __init__(self, most: int = 64, start: int = 4, cut: float = 0.8):
        if most < 1 or start < 1 or not 0 < cut < 1:
            raise ValueError(f"Window: most={most}, start={start}, cut={cut}; expected most and start of 1 or more, 0 < cut < 1")
        self.most, self.cut = most, cut
        self.size = float(min(start, most))
        self.slow_start = True
        self.under_way = 0
        self.closed_until = 0.0
        self.cuts = self.fills = 0

    @property
    def free(self) -> int:
        """How many more may begin now, were the window open."""
        return int(self.size) - self.under_way

    def enter(self, now: float) -> Ticket | None:
        """A place, or None if one must wait."""
        if now < self.closed_until or self.free < 1:
            return None
        ticket = Ticket(self.cuts, self.fills)
        self.under_way += 1
        self.fills += self.free < 1
        return ticket

    def wait(self, now: float) -> float | None:
        """Seconds until trying again makes sense; None is until someone leaves."""
        return self.closed_until - now if now < self.closed_until else None

    def leave(self, ticket: Ticket, outcome: Outcome, now: float, after: float | None = None) -> None:
        """Gives a place back and learns from how it went."""
        self.under_way -= 1
        if outcome == "fine" and self.fills > ticket.fills:  # a window that nobody filled meanwhile teaches nothing
            self.size = min(float(self.most), self.size + (1.0 if self.slow_start else 1.0 / self.size))
        elif outcome == "limited":
            self.closed_until = max(self.closed_until, now + (after or 0.0))
            if ticket.cuts == self.cuts:  # a burst of refusals is one piece of news
                self.size = max(1.0, self.size * self.cut)
                self.slow_start = False
                self.cuts += 1


class Gate:
    """A window that threads wait at."""

    def __init__(self, window: Window, now: Callable[[], float] = time.monotonic):
        self.window, self.now = window, now
        self._changed = threading.Condition()

    def enter(self) -> Ticket:
        """Waits for a place."""
        with self._changed:
            while (ticket := self.window.enter(self.now())) is None:
                self._changed.wait(self.window.wait(self.now()))
            return ticket

    def leave(self, ticket: Ticket, outcome: Outcome, after: float | None = None) -> None:
        """Gives the place back, and wakes as many as can go on."""
        with self._changed:
            self.window.leave(ticket, outcome, self.now(), after)
            self._changed.notify(max(0, self.window.free))


def ask(
    once: Callable[[], T],
    gate: Gate,
    backoff: Backoff = Backoff(),
    sleep: Callable[[float], object] = time.sleep,
    draw: Callable[[], float] = random.random,
) -> T:
    """Calls `once` until it does not raise Again, at most `backoff.retries` times more; then raises the error it carries.

    Waiting between attempts takes no place in the window. Any other exception of `once` passes at once.
    """
    attempt = 0
    while True:
        ticket = gate.enter()
        outcome: Outcome = "refused"
        after: float | None = None
        try:
            answer = once()
            outcome = "fine"
            return answer
        except Again as again:
            outcome = again.outcome
            after = again.after
            allowed = backoff.retries if again.retries is None else min(backoff.retries, again.retries)
            if (after or 0.0) > backoff.patience:
                after = None  # who gives up must not make the others wait for hours before they do
                raise again.error from again.__cause__
            if attempt >= allowed:
                raise again.error from again.__cause__
        finally:
            gate.leave(ticket, outcome, after)
        sleep(backoff.wait(attempt, after, draw()))
        attempt += 1


def retry_after(header: str | None, now: float | None = None) -> float | None:
    """Seconds in a Retry-After header: a number or an HTTP date (RFC 9110, 10.2.3); None if there is none to read.

    `now` is in seconds since the epoch.
    """
    if not header:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(header).timestamp() - (time.time() if now is None else now)
        except (ValueError, TypeError, OverflowError):
            return None
    return max(0.0, seconds) if math.isfinite(seconds) else None
