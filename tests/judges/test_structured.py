"""Structured answers: what could not be read is counted, not dropped."""

import pytest

import dutiful
from dutiful.judges import Structured
from dutiful.testing import check_judge


def answered(text, n=6):
    world = dutiful.world("rag/papers?cards=effect-tuples")
    model = dutiful.model("scripted" if text is None else f"scripted?script={text}")
    agent = dutiful.agent("act", model=model)
    return [dutiful.solve(agent, task, world) for task in world.tasks("test")[:n]]


def figures(episodes):
    return {figure.name: figure.value for figure in Structured().report(episodes)}


def test_the_battery():
    check_judge("structured", good=answered(None, 1)[0], bad=answered("no idea", 1)[0])


def test_the_unreadable_counts_as_nothing_right():
    found = figures(answered("no idea"))
    assert found["JSON failed"] == 1 and found["F1 over all"] == 0 and "F1 over the readable" not in found


def test_chatter_around_the_answer_is_no_failure():
    found = figures(answered("The answer is [] I think"))
    assert found["JSON extracted"] == 1 and found["JSON success"] == 1 and found["F1 over all"] == 0


def test_gold_is_whole():
    found = figures(answered(None))
    assert found["JSON whole"] == 1 and found["F1 effect-tuples"] == 1


def test_cards_weigh_alike_in_the_mean_over_cards():
    world = dutiful.world("rag/papers?cards=all")
    tasks = list(world.tasks("test")[:9])
    reader, silent = (dutiful.agent("act", model=dutiful.model(spec)) for spec in ("scripted", "scripted?script=no idea"))
    known = tasks[0].setup["tags"]["card"]
    found = figures([dutiful.solve(silent if task.setup["tags"]["card"] == known else reader, task, world) for task in tasks])
    assert found["F1, mean over cards"] == pytest.approx(8 / 9) and found["F1, median over cards"] == 1
    assert "F1, mean over cards" not in figures(answered(None))


def test_tasks_without_json_are_refused():
    world = dutiful.world("chat/exam")
    episode = dutiful.solve(dutiful.agent("act", model=dutiful.model("scripted")), world.tasks("test")[0], world)
    with pytest.raises(ValueError, match="reads JSON"):
        Structured().judge(episode)
