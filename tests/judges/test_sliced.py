"""Form and substance are told apart; what cannot be read is unparsed, not a letter."""

import pytest

import dutiful
from dutiful.judges import Sliced
from dutiful.testing import check_judge


def sit(answer, kind="options", n=8):
    world = dutiful.world(f"chat/exam?kind={kind}")
    model = dutiful.model("scripted") if answer is None else dutiful.model(f"scripted?script={answer}")
    agent = dutiful.agent("act", model=model)
    return [dutiful.solve(agent, task, world) for task in world.tasks("test")[:n]]


def figures(episodes):
    return {figure.name: figure.value for figure in Sliced().report(episodes)}


def test_the_battery():
    good, bad = sit(None, n=1)[0], sit("Answer: Z", n=1)[0]
    check_judge("sliced", good=good, bad=bad)


def test_form_is_not_substance():
    loose = figures(sit("I would say (A).", n=8))
    assert loose["right, read leniently"] == 0.25 and loose["right, read strictly"] == 0
    assert loose["letter A: said less right"] == 0.75 and loose["same content in all rotations"] == 0


def test_the_unparsed_are_wrong_and_counted():
    silent = figures(sit("no idea", n=8))
    assert silent["unparsed"] == 1 and silent["right, read leniently"] == 0 and "right among the parsed" not in silent


def test_who_knows_is_consistent():
    right = figures(sit(None, n=8))
    assert right["same content in all rotations"] == 1 and right["letter A: said less right"] == 0
    assert figures(sit(None, "sums"))["right, read strictly"] == 1


def test_tasks_that_were_repeated_count_their_rotations_apart():
    once = sit(None, n=8)
    again = [episode.replace(seed=1) for episode in sit("Answer: A", n=8)]
    found = {figure.name: figure for figure in Sliced().report([*once, *again])}
    assert (found["same content in all rotations"].value, found["same content in all rotations"].n) == (0.5, 4)
    assert found["unparsed"].value == 0 and found["right, read leniently"].n == 16


def test_other_tasks_are_refused():
    world = dutiful.world("text/home")
    episode = dutiful.solve(dutiful.agent("random"), world.tasks("test")[0], world)
    with pytest.raises(Exception, match="no dialogue"):
        Sliced().judge(episode)
