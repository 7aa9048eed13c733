"""Back-off, the adaptive window and the loop of attempts, on a clock of our own."""

import itertools
import random
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutiful.core.errors import ModelFailure
from dutiful.kit.retry import Again, Backoff, Gate, Window, ask, retry_after


class Clock:
    """A clock that only moves when someone sleeps."""

    def __init__(self):
        self.time, self.slept = 0.0, []

    def now(self):
        return self.time

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.time += seconds


def full_round(window, now=0.0, outcome="fine"):
    """Fills the window, then lets everyone leave."""
    tickets = []
    while (ticket := window.enter(now)) is not None:
        tickets.append(ticket)
    for ticket in tickets:
        window.leave(ticket, outcome, now)
    return len(tickets)


def test_slow_start_doubles_a_round_up_to_the_most():
    window = Window(most=64, start=4)
    assert [full_round(window) for _ in range(6)] == [4, 8, 16, 32, 64, 64]


def test_after_a_cut_the_window_grows_by_one_a_round():
    window = Window(most=100, start=10)
    window.leave(window.enter(0.0), "limited", 0.0)
    assert window.size == pytest.approx(8.0)
    sizes = [full_round(window) for _ in range(10)]
    assert sizes[0] == 8 and all(0 <= after - before <= 1 for before, after in itertools.pairwise(sizes))
    assert sizes[-1] >= 15


def test_a_burst_of_refusals_cuts_once_and_the_next_round_cuts_again():
    window = Window(most=64, start=10)
    assert full_round(window, outcome="limited") == 10
    assert window.size == pytest.approx(8.0)
    full_round(window, outcome="limited")
    assert window.size == pytest.approx(6.4)


def test_server_faults_hold_the_window():
    window = Window(start=8)
    full_round(window, outcome="server")
    full_round(window, outcome="refused")
    assert window.size == 8.0 and window.slow_start


def test_a_window_that_nobody_fills_does_not_grow():
    window = Window(most=64, start=8)
    for _ in range(100):
        window.leave(window.enter(0.0), "fine", 0.0)
    assert window.size == 8.0


def test_nobody_enters_before_the_time_the_server_gave():
    window = Window(start=4)
    window.leave(window.enter(10.0), "limited", 10.0, after=5.0)
    assert window.enter(14.9) is None and window.wait(14.0) == pytest.approx(1.0)
    assert window.enter(15.0) is not None


EVENTS = st.lists(
    st.one_of(
        st.just(("enter", 0)),
        st.tuples(st.sampled_from(["fine", "limited", "server", "refused"]), st.integers(0, 100)),
        st.tuples(st.just("tick"), st.integers(1, 10)),
    ),
    max_size=200,
)


@settings(max_examples=150, deadline=None)
@given(EVENTS, st.integers(1, 20), st.integers(1, 20))
def test_the_window_keeps_its_bounds_whatever_happens(events, most, start):
    window, now, held = Window(most, start), 0.0, []
    for what, number in events:
        before = window.size
        if what == "tick":
            now += number
        elif what == "enter":
            free, open_ = window.free >= 1, now >= window.closed_until
            ticket = window.enter(now)
            assert (ticket is not None) == (free and open_)
            if ticket is not None:
                held.append(ticket)
        elif held:
            window.leave(held.pop(number % len(held)), what, now, after=float(number % 7))
            assert {"fine": window.size >= before, "limited": window.size <= before}.get(what, window.size == before)
        assert 1.0 <= window.size <= most
        assert window.under_way == len(held) <= most


def attempts(*outcomes):
    """A call that ends in each outcome in turn."""
    waiting = list(outcomes)

    def once():
        outcome = waiting.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return once


def test_asking_again_until_it_works_waits_longer_each_time():
    clock = Clock()
    again = Again(ModelFailure("HTTP 500"))
    answer = ask(attempts(again, again, again, "yes"), Gate(Window(), clock.now), Backoff(first=1.0), clock.sleep, lambda: 0.5)
    assert answer == "yes" and clock.slept == [0.75, 1.5, 3.0]


def test_patience_ends_in_the_error_that_was_carried():
    clock, gate = Clock(), Gate(Window())
    again = Again(ModelFailure("HTTP 500: the way out"))
    with pytest.raises(ModelFailure, match="the way out"):
        ask(attempts(*[again] * 9), gate, Backoff(retries=3), clock.sleep)
    assert len(clock.slept) == 3 and gate.window.under_way == 0


def test_an_error_may_allow_fewer_retries_and_others_none():
    clock, gate = Clock(), Gate(Window())
    with pytest.raises(ModelFailure):
        ask(attempts(*[Again(ModelFailure("HTML"), retries=1)] * 9), gate, Backoff(), clock.sleep)
    assert len(clock.slept) == 1
    with pytest.raises(KeyError):
        ask(attempts(KeyError("bug")), gate, Backoff(), clock.sleep)
    assert len(clock.slept) == 1 and gate.window.under_way == 0


def test_the_servers_own_time_is_kept_and_too_long_a_time_is_an_error():
    clock = Clock()
    gate = Gate(Window(), clock.now)
    again = Again(ModelFailure("429"), "limited", after=7.0)
    assert ask(attempts(again, "yes"), gate, Backoff(first=0.1), clock.sleep) == "yes"
    assert clock.slept[0] >= 7.0
    with pytest.raises(ModelFailure):
        ask(attempts(Again(ModelFailure("429"), "limited", after=3600.0)), gate, Backoff(), clock.sleep)
    assert len(clock.slept) == 1 and gate.window.closed_until <= clock.time


@given(st.integers(0, 2000), st.floats(0, 0.999), st.none() | st.floats(0, 1000))
def test_waits_are_bounded_and_never_shorter_than_asked(attempt, draw, after):
    backoff = Backoff()
    wait = backoff.wait(attempt, after, draw)
    assert wait >= (after or 0.0) and 0 < wait <= max(backoff.most, (after or 0.0) + backoff.first)


def test_threads_never_exceed_the_window():
    gate, lock, seen = Gate(Window(most=5, start=2)), threading.Lock(), {"now": 0, "most": 0}
    draw = random.Random(0)

    def once():
        with lock:
            seen["now"] += 1
            seen["most"] = max(seen["most"], seen["now"])
            outcome = draw.random()
        threading.Event().wait(0.001)
        with lock:
            seen["now"] -= 1
        if outcome < 0.2:
            raise Again(ModelFailure("busy"), "limited" if outcome < 0.1 else "server")
        return 1

    answers = []

    def work():
        for _ in range(10):
            answers.append(ask(once, gate, Backoff(retries=50, first=0.001, most=0.002)))

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(answers) == 120 and 1 < seen["most"] <= 5 and gate.window.under_way == 0


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("3", 3.0),
        ("0.5", 0.5),
        ("-4", 0.0),
        ("nan", None),
        ("inf", None),
        ("soon", None),
        ("Thu, 01 Jan 1970 00:00:30 GMT", 20.0),
        ("Thu, 01 Jan 1970 00:00:05 GMT", 0.0),
    ],
)
def test_reading_retry_after(header, seconds):
    assert retry_after(header, now=10.0) == seconds


@given(st.text(max_size=30))
def test_any_header_is_read_without_an_exception(header):
    seconds = retry_after(header)
    assert seconds is None or seconds >= 0


def test_a_window_of_nonsense_is_refused():
    for wrong in (dict(most=0), dict(start=0), dict(cut=1.0)):
        with pytest.raises(ValueError, match="expected"):
            Window(**wrong)
