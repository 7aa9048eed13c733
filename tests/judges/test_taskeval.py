"""TaskEval: graphs against graphs, and figures by shape and size."""

import msgspec
import pytest

from dutiful import agent, solve, world
from dutiful.judges.taskeval import TaskEval
from dutiful.kit import toolgraphs
from dutiful.models.scripted import Scripted
from dutiful.testing import check_judge

PLACE = world("tools/plan")
TASKS = PLACE.tasks("validation")[:24]
GOOD = [solve(agent("expert"), task, PLACE) for task in TASKS]


def says(text, task):
    return solve(agent("act", Scripted(reply=lambda prompt: text)), task, PLACE)


def figures(episodes):
    return {figure.name: figure.value for figure in TaskEval().report(episodes)}


def test_the_battery_passes_taskeval():
    assert check_judge("taskeval", good=GOOD[0], bad=says("no plan", TASKS[0])).ran == 6


def test_gold_plans_have_every_figure_and_groups_by_shape_and_size():
    found = figures(GOOD)
    assert set(found.values()) == {1}
    assert {"n-F1", "v-F1", "shape/chain: e-F1", "size/1: t-F1", "order in chains"} <= set(found)
    assert "shape/single: e-F1" not in found, "one tool has no links"


def test_no_plan_and_half_a_plan():
    empty = [says("I do not know", task) for task in TASKS]
    assert {value for name, value in figures(empty).items()} == {0} and TaskEval().judge(empty[0]).score == 0
    task = next(task for task in PLACE.tasks("train") if task.setup["size"] == 2)
    gold = toolgraphs.read(task.setup["plan"])
    half = says(toolgraphs.write(gold._replace(nodes=gold.nodes[:1], links=())), task)
    assert figures([half])["n-F1"] == pytest.approx(2 / 3) and figures([half])["e-F1"] == 0
    assert not TaskEval().judge(half).passed


def test_a_task_without_a_plan_is_refused():
    other = msgspec.structs.replace(GOOD[0], task=msgspec.structs.replace(TASKS[0], setup={}))
    with pytest.raises(ValueError, match="tools/plan"):
        TaskEval().judge(other)
