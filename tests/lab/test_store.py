"""The store gives back what it was given, and says clearly when it cannot."""

import sqlite3
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import Corridor

from dutiful import Action, Array, Episode, Failure, Instruction, Observation, Step, Task, Verdict, agent, model, solve
from dutiful.core.errors import StoreError
from dutiful.core.records import read_episode, write_episode
from dutiful.lab import Cell, Store
from dutiful.lab.blobs import put_aside, put_back


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "runs.sqlite") as store:
        yield store


def walked(trouble="", number=0, error=0.0) -> Episode:
    world = Corridor(3, trouble)
    return solve(agent("act", model(f"scripted?error={error}")), world.tasks()[number], world, seed=number)


def cell(number=0, seed=0) -> Cell:
    return Cell("act", "scripted", "corridor", seed, number)


def test_an_episode_comes_back_as_it_was(store):
    run = store.begin("walks", {"agents": ["act"]}, 1)
    episode = walked()
    row = store.add(run, cell(), episode)
    assert store.episode(row.id) == episode
    assert (row.passed, row.score, row.steps, row.task, row.kind) == (True, 1.0, 3, "walk-0", "short")
    assert row.usage.tokens == episode.usage.tokens and row.instruction == episode.task.instruction.text
    assert store.episodes("walks") == [row] and store.row(row.id) == row
    assert store.runs()[0].config == {"agents": ["act"]}


def test_it_is_still_there_after_opening_again(tmp_path):
    episode = walked()
    with Store(tmp_path / "a" / "runs.sqlite") as store:
        row = store.add(store.begin("walks", {}, 1), cell(), episode)
    with Store(tmp_path / "a" / "runs.sqlite", create=False) as store:
        assert store.episode(row) == episode


def test_pictures_are_kept_once_and_come_back_exactly(store, tmp_path):
    run = store.begin("pictures", {}, 2)
    episodes = [walked("picture", number) for number in (0, 1)]
    assert episodes[0].steps[0].observation.image is not None
    rows = [store.add(run, cell(i), episode) for i, episode in enumerate(episodes)]
    assert [store.episode(row) for row in rows] == episodes
    count = sqlite3.connect(tmp_path / "runs.sqlite").execute("SELECT COUNT(*) FROM blobs").fetchone()[0]
    assert count == 4, "both episodes saw the same four pictures"


arrays = st.one_of(
    st.none(),
    st.integers(0, 800).map(lambda n: Array.of(np.arange(n, dtype=np.int16))),
    st.builds(Array, st.sampled_from(["blob:|u1", "|u1", "blob:blob:<f4"]), st.just((3,)), st.binary(max_size=40)),
    st.binary(min_size=500, max_size=530).map(lambda data: Array("|u1", (len(data),), data)),
)
observations = st.builds(Observation, text=st.text(max_size=5), image=arrays, state=arrays)


@given(steps=st.lists(observations, max_size=3), final=st.none() | observations, images=st.lists(arrays.filter(bool), max_size=2))
@settings(max_examples=60)
def test_arrays_put_aside_come_back_exactly(steps, final, images):
    task = Task("t", "w", "test", 0, Instruction("look", tuple(images)))
    episode = Episode(task, "act", "", 0, tuple(Step(o, Action("go")) for o in steps), final, Verdict(1.0, True))
    light, blobs = put_aside(episode)
    assert all(len(data) <= 512 for data in _data(light))
    assert put_back(read_episode(write_episode(light)), blobs.__getitem__) == episode


def _data(episode):
    return [a.data for step in episode.steps for a in (step.observation.image, step.observation.state) if a]


def test_a_cell_with_a_verdict_is_never_written_twice(store):
    run = store.begin("walks", {}, 1)
    first = store.add(run, cell(), walked())
    with pytest.raises(StoreError, match=r"act\|scripted\|corridor\|0\|0.*has a verdict already"):
        store.add(run, cell(), walked(number=2))
    assert store.episodes(run) == [first]
    assert store.add(run, cell(1), walked(number=1)).attempts == 1, "the store goes on afterwards"


def test_an_error_is_replaced_and_counted(store):
    run = store.begin("walks", {}, 1)
    failed = Episode(walked().task, "act", "scripted", 0, error=Failure("WorldFailure", "gone"), ended="error")
    assert store.add(run, cell(), failed).passed is None
    assert store.add(run, cell(), failed).attempts == 2
    row = store.add(run, cell(), walked())
    assert (row.attempts, row.passed, row.error) == (3, True, "")
    assert store.episodes(run) == [row] and store.episode(row).error is None


def test_what_cannot_be_written_down_is_kept_as_an_error(store):
    run = store.begin("walks", {}, 2)
    row = store.add(run, cell(), walked("unwritable"))
    assert row.error == "StoreError" and "cannot be written down" in row.message and "object" in row.message
    assert store.episode(row).error.kind == "StoreError"
    assert store.add(run, cell(1), walked()).passed


def test_half_a_surrogate_and_huge_numbers_do_not_stop_the_writer(store):
    run = store.begin("walks", {}, 4)
    good = walked()
    words = good.replace(task=good.task.replace(id="walk\udc80", instruction=Instruction("go \udc80")))
    failed = words.replace(verdict=None, error=Failure("WorldFailure", "gone \udc80"), ended="error")
    huge = good.replace(usage=good.usage.replace(prompt_tokens=2**70))
    rows = [store.add(run, cell(i), episode) for i, episode in enumerate((words, failed, huge, good))]
    assert [row.error for row in rows] == ["StoreError", "WorldFailure", "StoreError", ""]
    assert rows[0].instruction == "go ?" and rows[1].message.startswith("gone ? (the episode cannot be written down")
    assert store.episodes(run) == rows


def test_rows_can_be_filtered(store):
    run = store.begin("walks", {}, 6)
    for number in range(6):
        store.submit(run, cell(number, seed=number // 3), walked(number=number))
    store.flush()
    assert [row.place for row in store.episodes(run, seed=1)] == [3, 4, 5]
    assert [row.place for row in store.episodes(run, task=["walk-1", "walk-4"], passed=True)] == [1, 4]
    assert [row.place for row in store.episodes(kind="long", seed=0)] == [1]
    assert store.episodes(run, error="WorldFailure") == []
    with pytest.raises(StoreError, match="cannot be filtered by 'colour'; there are: world"):
        store.episodes(run, colour="red")


def test_runs_are_found_by_the_beginning_of_their_names(store):
    with pytest.raises(StoreError, match="holds no runs yet"):
        store.run()
    for name in ("monday", "monday-2", "tuesday", "wei[r]d*"):
        store.begin(name, {}, 1)
    assert store.run("t").name == "tuesday" and store.run("monday").name == "monday"
    assert store.run("wei[r").name == store.run().name == "wei[r]d*"
    with pytest.raises(StoreError, match="may be any of monday-2, monday"):
        store.run("mon")
    with pytest.raises(StoreError, match="no run called 'friday'; there are: wei"):
        store.run("friday")
    with pytest.raises(StoreError, match="a run called 'monday' already"):
        store.begin("monday", {}, 1)
    with pytest.raises(StoreError, match="no episode 99"):
        store.episode(99)


def test_many_threads_may_write(store):
    run = store.begin("walks", {}, 200)
    told = []
    episode = walked()

    def write(start):
        for number in range(start, 200, 4):
            store.submit(run, cell(number), episode, told.append)

    threads = [threading.Thread(target=write, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.flush()
    assert {row.place for row in told} == set(range(200)) and len(told) == 200
    assert sorted(row.id for row in store.episodes(run)) == sorted(row.id for row in told)


def test_two_stores_share_a_file(tmp_path):
    with Store(tmp_path / "runs.sqlite") as one, Store(tmp_path / "runs.sqlite") as two:
        first, second = one.begin("one", {}, 5), two.begin("two", {}, 5)
        for number in range(5):
            one.submit(first, cell(number), walked(number=number))
            two.submit(second, cell(number), walked(number=number))
        one.flush()
        two.flush()
        assert len(one.episodes("two")) == len(two.episodes("one")) == 5


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"this is a text, not a database, and long enough to tell" * 20, "is damaged or no store .*move the file away"),
        (b"SQLite format 3\0" + b"\xff" * 4000, "is damaged or no store"),
    ],
)
def test_a_corrupt_store_says_what_to_do(tmp_path, content, message):
    path = tmp_path / "runs.sqlite"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=message) as caught:
        Store(path)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == content, "nothing is written over"


def test_a_store_damaged_in_the_middle_says_so(tmp_path):
    path = tmp_path / "runs.sqlite"
    with Store(path) as store:
        run = store.begin("walks", {}, 300)
        for number in range(300):
            store.submit(run, cell(number), walked(number=number % 200, error=0.3))
    data = bytearray(path.read_bytes())
    data[8192:] = b"\x5a" * (len(data) - 8192)
    path.write_bytes(data)
    with pytest.raises(StoreError, match="damaged"), Store(path) as store:
        store.episodes()
        for row in range(1, 301):
            store.episode(row)


def test_a_damaged_episode_is_named(tmp_path):
    path = tmp_path / "runs.sqlite"
    with Store(path) as store:
        row = store.add(store.begin("walks", {}, 1), cell(), walked())
    with sqlite3.connect(path) as db:
        db.execute("UPDATE bodies SET body = x'0011'")
    with Store(path) as store, pytest.raises(StoreError, match=rf"episode {row.id} of .*runs.sqlite cannot be read"):
        store.episode(row)


def test_what_is_no_store_is_refused(tmp_path):
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE songs (name TEXT)")
    with pytest.raises(StoreError, match="a database of something else"):
        Store(other)
    with pytest.raises(StoreError, match="is a folder"):
        Store(tmp_path)
    with pytest.raises(StoreError, match="there is no store at"):
        Store(tmp_path / "none.sqlite", create=False)
    with pytest.raises(StoreError, match="SQLite file so far"):
        Store("postgresql://host/runs")


@pytest.mark.parametrize(("version", "way"), [("99", "upgrade dutiful"), ("0", "the version that wrote it")])
def test_another_version_of_the_tables_is_refused(tmp_path, version, way):
    path = tmp_path / "runs.sqlite"
    Store(path).close()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE meta SET value = ? WHERE key = 'schema'", (version,))
    with pytest.raises(StoreError, match=f"version {version}.*{way}"):
        Store(path)


def test_a_store_that_cannot_be_written_is_told(tmp_path):
    store = Store(tmp_path / "runs.sqlite")
    run = store.begin("walks", {}, 2)
    with sqlite3.connect(tmp_path / "runs.sqlite") as db:
        db.execute("DROP TABLE bodies")
    with pytest.raises(StoreError, match=r"could not be written .*bodies"):
        store.add(run, cell(), walked())
    assert store.episodes(run) == [], "an episode is kept whole or not at all"
    with pytest.raises(StoreError, match="could not be written"):
        store.submit(run, cell(1), walked())
    with pytest.raises(StoreError, match="could not be written"):
        store.close()
