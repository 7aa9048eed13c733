"""tools/plan: every task has its plan, and every plan its shape."""

import pytest

from dutiful import world
from dutiful.core.errors import SpecError, UnknownPart
from dutiful.kit import toolgraphs
from dutiful.teachers.backinstruct import faults
from dutiful.testing import check_world
from dutiful.worlds.tools.planning import scored


@pytest.mark.parametrize("spec", ["tools/plan", "tools/plan?domain=phone&shape=dag"])
def test_the_battery_passes_tools_plan(spec):
    assert check_world(spec).ran >= 12


def test_the_request_says_every_value_of_its_plan():
    for task in world("tools/plan").tasks("train")[:40]:
        plan = toolgraphs.read(task.setup["plan"])
        assert faults(task.setup["domain"], plan, plan, task.instruction.text) == []
        assert "{" not in task.instruction.text and "[" not in task.instruction.text


def test_splits_share_no_combination_of_tools():
    def combinations(split):
        plans = [toolgraphs.read(task.setup["plan"]) for task in world("tools/plan?shape=chain").tasks(split)[:40]]
        return {tuple(sorted(node.tool for node in plan.nodes)) for plan in plans}

    train, validation, test = map(combinations, ("train", "validation", "test"))
    assert not train & test and not train & validation and not validation & test


def test_shapes_and_wrong_settings():
    shapes = [task.setup["shape"] for task in world("tools/plan").tasks("test")[:60]]
    assert {"single", "chain", "dag"} == set(shapes) and shapes.count("single") < 20
    assert all(task.setup["size"] >= 3 for task in world("tools/plan?shape=dag").tasks("test")[:20])
    for spec in ("tools/plan?domain=moon", "tools/plan?shape=ring"):
        with pytest.raises((UnknownPart, SpecError)):
            world(spec)


def test_an_answer_without_nodes_has_no_credit_for_links_that_are_not_there():
    single = toolgraphs.read(world("tools/plan?shape=single").tasks("test")[0].setup["plan"])
    assert scored("", single).score == 0 and scored(toolgraphs.write(single), single).score == 1
