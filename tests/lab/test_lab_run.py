"""Runs: what is carried out, what is kept, what goes wrong, and how they are taken up again."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from places import Corridor, Failing

from dutiful import Limits, agent, model, solve
from dutiful.core.errors import MissingExtra, SpecError, StoreError, UnknownPart
from dutiful.lab import Store, resume, run

HERE = str(Path(__file__).parent)


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "runs.sqlite") as store:
        yield store


def outcomes(rows):
    return {row.cell: (row.passed, row.score, row.steps, row.ended) for row in rows}


class Told:
    """A progress display that remembers."""

    def __init__(self):
        self.said, self.seen, self.state = [], [], ""

    def start(self, run, tally):
        self.seen.append((tally.done, tally.total))

    def update(self, tally):
        self.seen.append((tally.done, tally.total))

    def say(self, text):
        self.said.append(text)

    def finish(self, state, tally):
        self.state = state
        self.seen.append((tally.done, tally.total))


def test_every_cell_is_run_once(store):
    result = run(store, ["act", "random"], ["scripted", "scripted?error=0.5"], "places:Corridor?steps=2", tasks=5, seeds=2)
    assert (result.state, result.done, result.errors) == ("finished", 30, 0)
    rows = result.rows
    assert {(row.agent, row.model) for row in rows} == {("act", "scripted"), ("act", "scripted?error=0.5"), ("random", "")}
    assert {(row.seed, row.place) for row in rows} == {(s, s * 5 + i) for s in range(2) for i in range(5)}, "a slice a seed"
    assert store.run().state == "finished" and store.run().done == 30
    assert all(row.attempts == 1 for row in rows)


def test_the_same_tasks_with_every_seed(store):
    rows = run(store, "act", "scripted?error=0.5", Corridor(4), tasks=6, seeds=[3, 8], same_tasks=True).rows
    assert {(row.seed, row.place) for row in rows} == {(s, i) for s in (3, 8) for i in range(6)}
    steps = {seed: [row.steps for row in rows if row.seed == seed] for seed in (3, 8)}
    assert steps[3] != steps[8], "the seeds draw other errors"


def test_results_do_not_depend_on_the_number_of_workers(store):
    def walk(workers):
        return run(store, ["act", "random"], "scripted?error=0.4", "places:Corridor?steps=4", tasks=15, seeds=2, workers=workers)

    one, many = walk(1), walk(7)
    assert outcomes(one.rows) == outcomes(many.rows)
    assert len({row.steps for row in one.rows}) > 3, "the errors show"


def test_an_episode_of_a_run_can_be_run_again_alone(store):
    row = run(store, "act", "scripted?error=0.5", "places:Corridor", tasks=3).rows[2]
    kept, world = store.episode(row), Corridor()
    again = solve(agent("act", model("scripted?error=0.5")), kept.task, world, seed=kept.seed, limits=Limits(steps=100))
    assert [step.action for step in again.steps] == [step.action for step in kept.steps]


def test_ready_objects_are_used_and_left_open(store):
    world, ready = Corridor(2), agent("act", model("scripted"))
    result = run(store, [ready, agent("act+window?k=1")], [model("scripted?error=0.5")], [world], tasks=4, workers=3)
    labels = {(row.agent, row.model) for row in result.rows}
    assert labels == {("act", "scripted"), ("act+window?k=1", "scripted?error=0.5")}
    assert not world.closed and result.errors == 0


def test_worlds_are_closed(store, tmp_path):
    made = []

    class Counted(Corridor):
        def __init__(self, steps: int = 2):
            super().__init__(steps)
            made.append(self)

    run(store, "act", "scripted", Counted(2), tasks=12, workers=3)
    given, *ours = made
    assert 2 <= len(ours) <= 4 and all(world.closed for world in ours) and not given.closed


@pytest.mark.parametrize("trouble", ["raises", "no verdict", "exits"])
def test_a_world_that_breaks_stops_nothing(store, trouble):
    result = run(store, "act", "scripted", f"places:Corridor?trouble={trouble}&at=3", tasks=9, workers=2)
    assert (result.state, result.done, result.errors) == ("finished", 9, 3)
    for row in result.rows:
        assert bool(row.error) == (row.place % 3 == 0) and (row.passed is None) == bool(row.error)
    broken = store.episode(result.rows[0])
    assert broken.error.kind == ("SystemExit" if trouble == "exits" else "WorldFailure") and broken.verdict is None


def test_a_model_that_breaks_stops_nothing(store):
    result = run(store, ["act", "random"], [Failing()], "places:Corridor?steps=1", tasks=3)
    assert result.errors == 3 and {row.error for row in result.rows if row.agent == "act"} == {"ModelFailure"}
    assert all(row.error == "" for row in result.rows if row.agent == "random")
    assert "the server is gone" in result.rows[0].message


@pytest.mark.parametrize("trouble", ["sleeps", "loops"])
def test_a_world_that_hangs_is_an_error_and_the_rest_goes_on(store, trouble):
    began = time.monotonic()
    spec = f"places:Corridor?trouble={trouble}&at=4"
    result = run(store, "act", "scripted", spec, tasks=8, workers=2, stall=0.8)
    assert time.monotonic() - began < 20, "nobody waits for the sleeper"
    assert (result.state, result.done, result.errors) == ("finished", 8, 2)
    for row in result.rows:
        if row.place % 4 == 0:
            assert row.error == "WorldFailure" and "no answer for" in row.message and "the limit is 0.8 s" in row.message
            assert row.steps == 1 and store.episode(row).task.id == row.task, "the steps before are kept"
        else:
            assert row.passed


def test_a_world_that_does_not_close_is_not_waited_for(store):
    began = time.monotonic()
    result = run(store, "act", "scripted", "places:Corridor?trouble=stays open", tasks=4, workers=2, stall=0.5)
    assert result.done == 4 and result.errors == 0 and time.monotonic() - began < 15


def test_errors_are_run_again_on_resume(store):
    first = run(store, "act", "scripted", "places:Corridor?trouble=raises&at=3", tasks=6, name="walks")
    assert first.errors == 2
    again = resume(store, "walks")
    assert [row.attempts for row in again.rows] == [2, 1, 1, 2, 1, 1] and again.done == 6
    left = resume(store, "walks", retry_errors=False)
    assert [row.attempts for row in left.rows] == [2, 1, 1, 2, 1, 1] and left.state == "finished"


def test_a_finished_run_is_left_alone(store):
    told = []
    first = run(store, "act", "scripted", "places:Corridor", tasks=4, name="walks")
    again = resume(store, kept=told.append)
    assert not told and again.rows == first.rows and again.name == "walks"


def test_another_configuration_is_refused_with_the_differences(store):
    run(store, "act", "scripted", "places:Corridor", tasks=4, name="walks")
    with pytest.raises(StoreError) as caught:
        run(store, "act", "scripted?error=0.1", "places:Corridor", tasks=5, name="walks", limits=Limits(steps=7), resume=True)
    text = str(caught.value)
    assert "tasks: 4 in the run, 5 now" in text and "limits.steps: 100 in the run, 7 now" in text and "models:" in text
    with pytest.raises(StoreError, match="called 'walks' already"):
        run(store, "act", "scripted", "places:Corridor", tasks=4, name="walks")
    with pytest.raises(StoreError, match="no run called 'other'"):
        resume(store, "other")


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (dict(worlds="places:Corridor?trouble=construction"), RuntimeError, "no room for a corridor"),
        (dict(worlds="nowhere"), UnknownPart, "nowhere"),
        (dict(agents="acht"), UnknownPart, "did you mean 'act'"),
        (dict(models=[]), SpecError, "asks a language model: give it one"),
        (dict(agents=[]), SpecError, "at least one agent"),
        (dict(tasks=500), SpecError, "has 240 tasks in its split 'test', and 1 seeds of 500"),
        (dict(tasks=100, seeds=3), SpecError, "3 seeds of 100 tasks each take 300"),
        (dict(tasks=0), SpecError, "expected at least 1"),
        (dict(seeds=[1, 1]), SpecError, "different numbers"),
        (dict(split="exam"), KeyError, "exam"),
        (dict(workers=0), SpecError, "at least one worker"),
    ],
)
def test_what_cannot_be_run_is_told_before_anything_runs(store, arguments, error, message):
    given = dict(agents="act", models="scripted", worlds="places:Corridor") | arguments
    with pytest.raises(error, match=message):
        run(store, given.pop("agents"), given.pop("models"), given.pop("worlds"), **given)
    assert store.runs() == []


def test_a_missing_extra_is_named_before_anything_runs(store):
    class Heavy(Corridor):
        def __init__(self):
            raise MissingExtra("heavy", "heavy", "torch")

    sys.modules["places"].Heavy = Heavy
    with pytest.raises(MissingExtra, match=r"dutiful\[heavy\]"):
        run(store, "act", "scripted", "places:Heavy")


def test_a_cost_limit_needs_a_price(store):
    unpriced = model("scripted")
    unpriced.priced = False
    with pytest.raises(SpecError, match="price of scripted is unknown"):
        run(store, "act", unpriced, "places:Corridor", limits=Limits(cost=1.0))
    assert store.runs() == []


def test_progress_and_acknowledgements(store):
    told, kept = Told(), []
    run(store, "act", "scripted?seconds=0.02", "places:Corridor", tasks=10, workers=2, progress=told, kept=kept.append)
    assert told.seen[0] == (0, 10) and told.seen[-1] == (10, 10) and told.state == "finished"
    assert len({done for done, _ in told.seen}) > 2, "there was something to see on the way"
    assert sorted(row.place for row in kept) == list(range(10))


def test_a_listener_that_fails_ends_the_run_but_loses_nothing(store):
    def listen(row):
        raise LookupError("nobody listens")

    with pytest.raises(LookupError, match="nobody listens"):
        run(store, "act", "scripted?seconds=0.01", "places:Corridor", tasks=40, workers=2, name="walks", kept=listen)
    done = store.run("walks").done
    assert 1 <= done < 40 and resume(store, "walks").done == 40


def test_one_process_at_a_time(store, tmp_path):
    run(store, "act", "scripted", "places:Corridor", tasks=2, name="walks")
    with store.lock(store.run()), Store(tmp_path / "runs.sqlite") as other, pytest.raises(StoreError, match="in another process"):
        resume(other, "walks")
    assert resume(store, "walks").done == 2
    assert not list(tmp_path.glob("*.lock*")), "no locks are left lying about"


CHILD = """
import sys
sys.path.insert(0, {here!r})
from dutiful.lab import Store, run, resume
with Store({path!r}) as store:
    more = dict(workers=4, kept=lambda row: print(row.place, row.passed, flush=True))
    if store.runs():
        result = resume(store, "walks", **more)
    else:
        spec = "places:Corridor?steps=4"
        result = run(store, "act", "scripted?seconds=0.01&error=0.3", spec, tasks=60, name="walks", **more)
print(result.state, flush=True)
"""


def child(tmp_path) -> subprocess.Popen:
    code = CHILD.format(here=HERE, path=str(tmp_path / "runs.sqlite"))
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)


def test_killed_and_resumed_nothing_is_lost_and_nothing_is_run_twice(tmp_path):
    acknowledged = []
    for stop in (1, 14, 30):
        with child(tmp_path) as process:
            for line in process.stdout:
                acknowledged.append(line.split()[0])
                if len(acknowledged) >= stop:
                    break
            os.kill(process.pid, signal.SIGKILL)
            acknowledged += [line.split()[0] for line in process.stdout if line.endswith("\n")]
    with child(tmp_path) as process:
        *rest, state = process.stdout.read().split("\n")[:-1]
    acknowledged += [line.split()[0] for line in rest]
    assert state == "finished" and process.returncode == 0
    assert len(set(acknowledged)) == len(acknowledged), "no acknowledged episode is run again"
    with Store(tmp_path / "runs.sqlite") as store:
        rows = store.episodes("walks")
        unbroken = run(store, "act", "scripted?seconds=0&error=0.3", "places:Corridor?steps=4", tasks=60)
        assert len(rows) == 60 and {row.attempts for row in rows} == {1}
        assert [(r.place, r.passed, r.steps) for r in rows] == [(r.place, r.passed, r.steps) for r in unbroken.rows]


def test_interrupted_ends_cleanly_and_can_be_resumed(tmp_path):
    with child(tmp_path) as process:
        seen = [process.stdout.readline() for _ in range(5)]
        process.send_signal(signal.SIGINT)
        *rest, state = process.stdout.read().split("\n")[:-1]
    assert state == "interrupted" and process.returncode == 0
    with Store(tmp_path / "runs.sqlite") as store:
        done = store.run("walks").done
        assert len(seen) + len(rest) == done < 60 and store.run("walks").state == "interrupted"
        assert resume(store, "walks").state == "finished" and store.run("walks").done == 60


def test_a_second_interrupt_does_not_wait(tmp_path):
    code = CHILD.format(here=HERE, path=str(tmp_path / "runs.sqlite")).replace("steps=4", "steps=4&trouble=sleeps&at=10")
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        for _ in range(5):
            process.stdout.readline()
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        state = process.stdout.read().split("\n")[-2]
    assert state == "interrupted" and time.monotonic() - began < 15
    with Store(tmp_path / "runs.sqlite") as store:
        assert all(row.passed is not None for row in store.episodes("walks")), "what was dropped is undone, not an error"


def test_the_configuration_is_json(store):
    run(store, ["act", "random"], "scripted", Corridor(2), tasks=2, seeds=2, limits=Limits(steps=9))
    config = store.run().config
    assert json.loads(json.dumps(config)) == config
    assert config["limits"]["steps"] == 9 and config["seeds"] == [0, 1] and config["versions"]["scripted"]
