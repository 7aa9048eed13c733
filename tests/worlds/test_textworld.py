"""text/textworld: the battery, kinds of games, what is kept on disk, and a killed process."""

import os
import signal

import pytest

from dutiful import Action
from dutiful.core.episode import solve
from dutiful.core.errors import SpecError, WorldFailure
from dutiful.core.parts import agent, world
from dutiful.testing import check_world
from dutiful.worlds.text.textworld.world import folder

pytest.importorskip("textworld")


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUTIFUL_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def place():
    built = world("text/textworld?kind=coin&level=2&games=2")
    yield built
    built.close()


@pytest.mark.slow
def test_the_battery():
    assert check_world("text/textworld?kind=coin&level=2&games=2", tasks=1).ran == 16


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["treasure", "cooking", "simple"])
def test_the_oracle_wins(kind):
    built = world(f"text/textworld?kind={kind}")
    episode = solve(agent("expert"), built.tasks("test")[0], built)
    assert episode.passed and episode.verdict.score == 1
    built.close()


def test_a_coin_is_found_after_a_detour(place):
    task = place.tasks("test")[0]
    seen = place.reset(task)
    first = place.expert()
    assert first.text in seen.choices
    place.step(Action("inventory"))
    state = place.snapshot()
    assert place.expert() == first
    seen = place.step(first)
    while not seen.done:
        seen = place.step(place.expert())
    assert place.verdict().passed
    assert not place.restore(state).done and place.step(Action("fly")).info["refused"]


def test_games_are_kept_by_seed(place):
    place.reset(place.tasks("test")[0])
    kept = {path.name for path in folder().iterdir()}
    assert {"coin-2-test-2000001.json", "coin-2-test-2000001.said", "coin-2-test-2000001.z8"} <= kept


def test_a_process_that_dies_is_named_and_replaced(place):
    task = place.tasks("test")[0]
    first = place.reset(task)
    os.kill(place.process.process.pid, signal.SIGKILL)
    with pytest.raises(WorldFailure, match=r"text/textworld.*died \(exit code -9\); reset\(task\) starts another"):
        place.step(Action("look"))
    assert place.reset(task) == first


def test_a_process_that_hangs_is_given_up(place):
    slow = world("text/textworld?kind=coin&level=2&games=2")
    slow.reset(slow.tasks("test")[0])
    slow.process.seconds = 1
    process = slow.process.process
    os.kill(process.pid, signal.SIGSTOP)
    with pytest.raises(WorldFailure, match="no answer within 1 s"):
        slow.step(Action("look"))
    assert process.poll() is not None
    slow.close()


def test_unknown_kinds_and_levels_are_refused():
    with pytest.raises(SpecError, match="treasure"):
        world("text/textworld?kind=gold")
    with pytest.raises(SpecError, match="level"):
        world("text/textworld?kind=cooking&level=9")
