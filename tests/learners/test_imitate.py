"""Behaviour cloning and DAgger at a size of seconds: it learns, resumes to the same weights, and fails loudly."""

import json

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("minigrid")

from dutiful.agents.policy import Policy
from dutiful.agents.random import Random
from dutiful.core.episode import solve
from dutiful.core.errors import SpecError, StoreError
from dutiful.kit.training import Diverged
from dutiful.learners import Imitate
from dutiful.worlds.grid import Grid

SMALL = dict(rounds=2, episodes=96, updates=50, batch=128, validate=10, cap=40)
LEVEL = "GoToLocalS6N2"


class Stop(Exception):
    """The lights go out."""


def test_a_few_seconds_of_teaching_beat_chance_on_combinations_never_named(tmp_path):
    world = Grid(LEVEL)
    untaught = Policy("")
    taught = Imitate(**SMALL).fit(untaught, [world], tmp_path / "small")
    assert taught.weights == str(tmp_path / "small.npz") and untaught.weights == ""
    tasks = world.tasks("validation")[:40]
    rates = [sum(solve(agent, task, world).passed for task in tasks) / 40 for agent in (taught, Random())]
    assert rates[0] >= 0.85 and rates[0] > rates[1] + 0.1, rates
    card = json.loads((tmp_path / "small.json").read_text())
    assert card["worlds"] == [f"grid/{LEVEL}"] and card["samples"] > 300 and len(card["curve"]) == 2
    assert {"python", "torch", "minigrid"} <= set(card["versions"]) and card["cpu_seconds"] > 0 and card["seed"] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["small.json", "small.npz"]
    assert (tmp_path / "small.npz").stat().st_size < 10_000_000


def test_a_training_cut_off_ends_where_an_unbroken_one_does(tmp_path):
    how = dict(SMALL, rounds=3, episodes=32, updates=10)
    Imitate(**how).fit(Policy(""), [Grid(LEVEL)], tmp_path / "whole")

    def cut(word, figures):
        if word == "round" and figures["round"] == 2:
            raise Stop

    with pytest.raises(Stop):
        Imitate(**how).fit(Policy(""), [Grid(LEVEL)], tmp_path / "cut", cut)
    assert (tmp_path / "cut.work").is_dir() and not (tmp_path / "cut.npz").exists()
    words = []
    Imitate(**how).fit(Policy(""), [Grid(LEVEL)], tmp_path / "cut", lambda word, figures: words.append(word))
    assert words[0] == "resume" and words.count("round") == 1
    whole, cut_off = (np.load(tmp_path / f"{name}.npz") for name in ("whole", "cut"))
    for name in whole.files:
        assert np.allclose(whole[name], cut_off[name], atol=1e-3), name


def test_an_unfinished_training_of_another_kind_is_not_continued(tmp_path):
    def cut(word, figures):
        if word == "round":
            raise Stop

    with pytest.raises(Stop):
        Imitate(**SMALL).fit(Policy(""), [Grid(LEVEL)], tmp_path / "a", cut)
    with pytest.raises(SpecError, match="unfinished training of other worlds or settings"):
        Imitate(**SMALL, seed=1).fit(Policy(""), [Grid(LEVEL)], tmp_path / "a")
    checkpoint = tmp_path / "a.work" / "checkpoint.pt"
    checkpoint.write_bytes(checkpoint.read_bytes()[:1000])
    with pytest.raises(StoreError, match="damaged"):
        Imitate(**SMALL).fit(Policy(""), [Grid(LEVEL)], tmp_path / "a")


def test_a_loss_that_runs_away_is_an_error_and_leaves_the_earlier_result(tmp_path):
    (tmp_path / "a.npz").write_bytes(b"earlier")
    with pytest.raises(Diverged, match="lower lr"):
        Imitate(**dict(SMALL, lr=1e4)).fit(Policy(""), [Grid(LEVEL)], tmp_path / "a")
    assert (tmp_path / "a.npz").read_bytes() == b"earlier"


def test_what_cannot_be_taught_is_refused(tmp_path):
    with pytest.raises(SpecError, match="teaches the agent 'policy'"):
        Imitate().fit(Random(), [Grid(LEVEL)], tmp_path / "a")
    with pytest.raises(SpecError, match="no world"):
        Imitate().fit(Policy(""), [], tmp_path / "a")
    with pytest.raises(SpecError, match="worlds with expert and state"):
        Imitate().fit(Policy(""), ["GoToLocal"], tmp_path / "a")
    for wrong in (dict(rounds=0), dict(lr=-1.0), dict(minutes=0.0), dict(noise=2.0)):
        with pytest.raises(SpecError, match="imitate"):
            Imitate(**wrong)
    assert Imitate(rounds=3, minutes=1.5).spec == "imitate?rounds=3&minutes=1.5"
