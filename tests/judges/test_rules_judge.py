"""The judge of requirements by code: all-pass, per rule, slices, and an estimator that is exact."""

import sys
from itertools import combinations
from pathlib import Path

import pytest

from dutiful.core.parts import build
from dutiful.judges.rules import Rules
from dutiful.testing import check_judge

sys.path.insert(0, str(Path(__file__).parent))
from spoken import LONG, SHORT, spoken

GOOD, BAD = ["Two words.", "These are five words now."], ["Two words.", "Short."]


def figures(spec, episodes):
    return {figure.name: figure for figure in build(spec, "judge").report(episodes)}


def test_the_battery_passes():
    assert check_judge("rules", good=spoken(GOOD, 1)[0], bad=spoken(BAD, 1)[0]).ran == 6


def test_it_says_what_the_world_said():
    for episode in spoken(GOOD, 2) + spoken(BAD, 2):
        assert Rules().judge(episode) == episode.verdict


def test_all_of_an_episode_and_single_rules_are_counted_apart():
    found = figures("rules", spoken(GOOD, 3) + spoken(BAD, 1))
    assert found["all"].value == pytest.approx(3 / 4) and found["all"].n == 4
    assert found["rules"].value == pytest.approx(11 / 12) and found["rules"].n == 12
    assert found[f"rule/{LONG.kind}"].value == pytest.approx(3 / 4)
    assert found[f"rule/{SHORT.kind}"].value == 1 and found[f"rule/{SHORT.kind}"].n == 8


def test_loose_lets_a_first_line_pass():
    episodes = spoken(["Two words.", "Sure, here is an answer for you:\nThese are five words now."], 2)
    assert figures("rules", episodes)["all"].value == 0
    assert figures("rules?mode=loose", episodes)["all"].value == 1


def test_slices_follow_tags_of_dialogues_and_of_turns():
    found = figures("rules?by=parity,colours,turn", spoken(BAD, 5))
    assert [found[f"parity={value}/all"].n for value in ("even", "odd")] == [3, 2]
    assert [found[f"colours={value}/all"].n for value in ("red", "blue")] == [5, 2]
    assert found["turn=first/all"].value == 1 and found["turn=second/all"].value == 0
    assert found["turn=second/rules"].value == 0.5 and found["turn=second/rules"].n == 10
    assert figures("rules?by=nothing", spoken(BAD, 1)).keys() == figures("rules", spoken(BAD, 1)).keys()


def test_k_of_n_is_the_mean_over_all_draws():
    answers = [GOOD, BAD, GOOD, GOOD, BAD]
    episodes = [episode for lines in answers for episode in spoken(lines, 1)]
    found = figures("rules?n=3", episodes)
    draws = list(combinations([lines is GOOD for lines in answers], 3))
    for k in (1, 2, 3):
        assert found[f"{k} of 3"].value == pytest.approx(sum(sum(draw) >= k for draw in draws) / len(draws))
    assert "1 of 9" not in figures("rules?n=9", episodes)
    with pytest.raises(ValueError, match="n is 0"):
        Rules(n=0)


def test_what_was_not_answered_is_not_met():
    episode = spoken(GOOD, 1)[0]
    verdict = Rules().judge(episode.replace(steps=episode.steps[:1]))
    assert [criterion.passed for criterion in verdict.criteria] == [True, False, False]
    assert verdict.criteria[1].evidence == "not answered"
