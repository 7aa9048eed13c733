"""Means and shares as figures: repetitions of a task make no interval shorter."""

import pytest

from dutiful import agent, solve, world
from dutiful.kit.figures import judged, mean, share
from dutiful.kit.statistics import bootstrap_mean, wilson


def test_a_share_has_wilsons_interval():
    hits = [True] * 7 + [False] * 3
    assert share("right", hits) == share("right", hits, range(10))
    assert (share("right", hits).low, share("right", hits).high) == wilson(7, 10)[1:] and share("right", hits).n == 10


def test_repeated_tasks_do_not_make_a_share_more_certain():
    hits, tasks = [True] * 8 + [False] * 8, [place // 4 for place in range(16)]
    once, again = share("right", hits), share("right", hits, tasks)
    assert again.value == once.value and again.high - again.low > once.high - once.low


def test_a_mean_is_bootstrapped_over_clusters():
    values, tasks = [0.0, 0.5, 1.0, 1.0], ["a", "a", "b", "b"]
    found = mean("score", values, tasks)
    assert (found.value, found.low, found.high) == bootstrap_mean(values, tasks) and found.n == 4


def test_an_episode_in_error_is_not_judged():
    place = world("chat/exam")
    done = solve(agent("expert"), place.tasks("test")[0], place)
    assert judged(done).passed
    with pytest.raises(ValueError, match="ended in error"):
        judged(done.replace(verdict=None))
