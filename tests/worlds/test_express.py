"""text/express: the battery, oracles on and off their path, and what happens when Java is killed, hangs or is not there."""

import os
import random
import signal

import pytest

from dutiful import Action
from dutiful.core.episode import solve
from dutiful.core.errors import DutifulError, SpecError, WorldFailure
from dutiful.core.parts import agent, world
from dutiful.testing import check_world

pytest.importorskip("py4j")


@pytest.fixture(scope="module")
def coin():
    built = world("text/express?game=coin&timeout=20")
    yield built
    built.close()


def test_the_battery():
    assert check_world("text/express?game=coin", tasks=1).ran == 16


@pytest.mark.parametrize("game", ["twc", "cookingworld", "mapreader", "arithmetic", "sorting", "simonsays", "peckingorder"])
def test_the_oracle_wins(game):
    place = world(f"text/express?game={game}")
    for task in list(place.tasks("test")[:2]):
        episode = solve(agent("expert"), task, place)
        assert episode.passed and episode.verdict.score == 1
    place.close()


def test_off_its_path_the_oracle_finds_back(coin):
    draw = random.Random(3)
    for task in list(coin.tasks("train")[:5]):
        seen = coin.reset(task)
        while not seen.done:
            seen = coin.step(coin.expert() if draw.random() < 0.7 else Action(draw.choice(seen.choices)))
        assert coin.verdict().passed, task.id


def test_what_the_expert_tries_out_leaves_the_episode_alone():
    """Two games in one Java process share things: sorting is the game where that shows."""
    asked, alone = world("text/express?game=sorting"), world("text/express?game=sorting")
    task = asked.tasks("test")[0]
    seen, same = asked.reset(task), alone.reset(task)
    while not seen.done:
        action = asked.expert()
        asked.tasks("train")[1]
        seen, same = asked.step(action), alone.step(action)
        assert seen == same
    asked.close(), alone.close()


def test_a_snapshot_survives_the_process(coin):
    task = coin.tasks("test")[1]
    coin.reset(task)
    coin.step(coin.expert())
    state, seen, verdict = coin.snapshot(), coin.step(coin.expert()), coin.verdict()
    coin.close()
    coin.restore(state)
    assert coin.step(coin.expert()) == seen and coin.verdict() == verdict


def test_a_process_that_dies_is_named_and_replaced(coin):
    task = coin.tasks("test")[0]
    first = coin.reset(task)
    os.kill(coin.engine.jvm.process.pid, signal.SIGKILL)
    with pytest.raises(WorldFailure, match=r"text/express.*died \(exit code -9\); reset\(task\) starts another"):
        coin.step(coin.expert())
    with pytest.raises(WorldFailure, match="reset"):
        coin.step(Action("look around"))
    assert coin.reset(task) == first


def test_a_process_that_hangs_is_given_up(capfd):
    place = world("text/express?game=coin&timeout=3")
    task = place.tasks("test")[0]
    first = place.reset(task)
    process = place.engine.jvm.process
    os.kill(process.pid, signal.SIGSTOP)
    with pytest.raises(WorldFailure, match="no answer within 3 s"):
        place.step(Action("look around"))
    assert process.poll() is not None, "the process that hung is still there"
    assert place.reset(task) == first
    place.close()
    assert "Traceback" not in capfd.readouterr().err


def test_without_java_one_is_told_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(DutifulError, match="apt install default-jre-headless"):
        world("text/express").tasks("test")[0]


def test_bad_games_and_parameters_are_refused():
    with pytest.raises(SpecError, match="cookingworld"):
        world("text/express?game=cooking")
    with pytest.raises(SpecError, match="max_steps"):
        world("text/express?max_steps=0")
