"""Cascading success: how far it gets before the first mistake, from every turn."""

import pytest

import dutiful
from dutiful.core import parts
from dutiful.core.episode import solve
from dutiful.judges.cascade import cascade
from dutiful.testing import check_judge


def test_a_cascade_counts_up_to_the_first_mistake_from_every_start():
    assert cascade([True] * 5) == 1 and cascade([False] * 5) == 0 == cascade([])
    assert cascade([True, False, True]) == pytest.approx((1 / 3 + 0 + 1) / 3)


def test_the_judge_agrees_with_the_expert():
    world, judge = dutiful.world("tools/service"), parts.make("judge", "cascade")
    good = solve(dutiful.agent("expert"), world.tasks()[0], world)
    assert judge.judge(good).score == 1 and judge.report([good])[0].value == 1
    silent = solve(dutiful.agent("act", dutiful.model("scripted?script=hello")), world.tasks()[0], world)
    assert judge.judge(silent).score < 0.5
    check_judge("cascade", good=good, bad=silent)
