"""The learned policy: its map is true, its words are understood, its shipped weights follow instructions."""

import random

import numpy as np
import pytest

pytest.importorskip("minigrid")

from dutiful.agents.policy import BEEN, CODES, EMPTY, UNSEEN, Map, Policy, features, lexicon, sentence
from dutiful.agents.random import Random
from dutiful.core.episode import solve
from dutiful.core.errors import SpecError, StoreError, UnknownPart
from dutiful.core.records import Action
from dutiful.testing import check_agent
from dutiful.worlds.grid import Grid, view


@pytest.mark.parametrize("level", ["MiniBossLevel", "BossLevel", "UnlockPickup"])
def test_the_map_is_what_is_there(level):
    """After any walk, every cell that was seen is on the map as it is, though only the symbolic view was read."""
    world, draw = Grid(level), random.Random(2)
    for task in world.tasks("train")[:4]:
        observation = world.reset(task)
        seen = Map(np.asarray(observation.state))
        start, facing = np.array(world._env.agent_pos), world._env.agent_dir
        for _ in range(60):
            choice = draw.choice(list(observation.choices) + ["go forward"] * 2)
            seen.act(view.INDEX[choice])
            observation = world.step(Action(choice))
            if observation.done:
                break
            seen.see(np.asarray(observation.state))
            check_map(world._env, seen, start, facing)


def check_map(env, seen, start, facing):
    codes, marks, (turn, right, ahead) = seen.around()
    fx, fy = view._FORWARD[facing]
    moved = np.array(env.agent_pos) - start
    assert turn == (env.agent_dir - facing) % 4
    assert (right, ahead) == (moved @ (-fy, fx), moved @ (fx, fy))
    here = np.array(env.agent_pos)
    forward, side = env.dir_vec, env.right_vec
    known = 0
    for cell, code in enumerate(codes):
        row, column = divmod(cell, 13)
        x, y = here + forward * (6 - row) + side * (column - 6)
        if code == UNSEEN or cell == 84:
            continue
        known += 1
        thing = env.grid.get(x, y) if 0 <= x < env.width and 0 <= y < env.height else None
        if thing is None and 0 <= x < env.width and 0 <= y < env.height:
            assert code in {EMPTY, BEEN}
        else:
            kind, colour, state = thing.encode() if thing else (2, 5, 0)
            assert code == seen.lookup[kind, colour, state] or (code == BEEN and thing.can_overlap())
        assert marks[cell] % 3 == 0 or code >= 10
    assert known > 5


def test_places_tell_where_a_cell_lies_from_the_start():
    world = Grid("GoToLocal")
    observation = world.reset(world.tasks("train")[0])
    seen = Map(np.asarray(observation.state))
    marks = np.zeros((1, 169), np.uint8)
    at_start = features(marks, np.array([seen.around()[2]]), np.array([seen.past]))[0][0] // 6
    assert at_start[84] == 4 and at_start[84 - 13] == 5 and at_start[84 + 1] == 7 and at_start[84 - 1] == 1
    seen.act(view.RIGHT)
    turned = np.asarray(world.step(Action("turn right")).state)
    seen.see(turned)
    places = features(marks, np.array([seen.around()[2]]), np.array([seen.past]))[0][0] // 6
    assert places[84 - 13] == 7 and places[84 - 1] == 5, "what lies ahead now lay to the right at the start"


def test_words_are_read_and_name_things():
    words = lexicon().names
    ball = words[sentence("ball")[0]]
    assert ball.sum() == 6 and (ball * words[sentence("red")[0]]).sum() == 1
    assert words[sentence("object")[0]].sum() == 18 and not words[sentence("go")[0]].any()
    assert words.shape[1] == CODES
    assert np.array_equal(sentence("Please grab the GRAY box!"), sentence("pick up the grey box"))
    assert sentence("frobnicate")[0] == 1 and not sentence("").any()
    assert len(sentence("go " * 100)) == 48


def test_untrained_weights_act_and_repeat():
    assert check_agent("policy?weights=", "grid/GoToLocal").ran > 5


@pytest.mark.parametrize(("level", "floor"), [("GoToRedBallGrey", 38), ("GoToLocal", 38), ("PickupLoc", 34)])
def test_the_shipped_weights_follow_instructions(level, floor):
    """Validation tasks, whose combinations were never named in training."""
    world = Grid(level)
    tasks = world.tasks("validation")[:40]
    passed = sum(solve(Policy(), task, world).passed for task in tasks)
    chance = sum(solve(Random(), task, world).passed for task in tasks)
    assert passed >= floor and passed > chance + 5


def test_a_users_words_are_followed():
    world = Grid()
    passed = 0
    for seed in range(10):
        task = world.ground("go to the red ball, then pick up the key", seed)
        passed += solve(Policy(), task, world).passed
    assert passed >= 6


def test_weights_that_are_not_there(tmp_path):
    world = Grid("GoToLocal")
    task = world.tasks("train")[0]
    with pytest.raises(UnknownPart, match="grid"):
        _ = Policy("gird").network
    with pytest.raises(SpecError, match="no file"):
        _ = Policy(str(tmp_path / "none.npz")).network
    (tmp_path / "bad.npz").write_bytes(b"x")
    with pytest.raises(StoreError, match=r"bad\.npz"):
        _ = Policy(str(tmp_path / "bad.npz")).network
    episode = solve(Policy("gird"), task, world)
    assert episode.error is not None and episode.verdict is None, "a missing file is an error, never a zero"
