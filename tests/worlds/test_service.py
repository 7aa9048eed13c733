"""The service desk: the world, its procedures held out, the planner that shows them, the cascade."""

import re

import pytest

import dutiful
from dutiful.core import parts
from dutiful.core.episode import solve
from dutiful.core.errors import SpecError
from dutiful.core.records import Source
from dutiful.kit import calls
from dutiful.teachers.workflows import ACTIONS as HELD
from dutiful.teachers.workflows import leaks, split
from dutiful.testing import check_agent, check_world
from dutiful.worlds.tools.service.dialogues import dialogue, plan_of, samples
from dutiful.worlds.tools.service.procedures import ACTIONS, WORKFLOWS


def test_there_are_forty_procedures_over_twenty_five_actions():
    assert len(WORKFLOWS) == 40 and len(ACTIONS) == 25
    assert {name for _, steps in WORKFLOWS.values() for name in steps} == set(ACTIONS)
    assert all(3 <= len(steps) <= 5 and len(set(steps)) == len(steps) for _, steps in WORKFLOWS.values())
    assert len({about for about, _ in WORKFLOWS.values()}) == 40


@pytest.mark.parametrize("spec", ["tools/service", "tools/service?hold=true"])
def test_it_is_a_good_world(spec):
    check_world(spec)


def test_held_out_workflows_stand_in_the_test_split_alone():
    world = dutiful.world("tools/service?hold=true")
    train, test = ({task.setup["workflow"] for task in world.tasks(name)[:200]} for name in ("train", "test"))
    assert not train & test and len(train | test) == 40


def test_the_procedure_is_followed_in_order_or_not_at_all():
    world = dutiful.world("tools/service")
    task = world.tasks()[0]
    world.reset(task)
    plan = [calls.Call(name, values) for name, values in zip(task.setup["plan"], task.setup["values"], strict=True)]
    for call in reversed(plan):
        world.step(calls.action(call))
    world.step(calls.action(calls.Call("finish", {})))
    assert not world.verdict().passed
    assert "is no" in world.reset(task).said or world.step(dutiful.Action("What details do you have?")).said.endswith(".")


def test_the_planner_shows_what_it_is_told_to_and_no_values():
    world = dutiful.world("tools/service")
    task = world.tasks()[0]
    shown = {}
    for show in ("plan", "names", "plans", "shuffled"):
        episode = solve(dutiful.agent(f"json+workflows?show={show}", dutiful.model("scripted")), task, world)
        assert episode.passed
        shown[show] = next(span.text for span in episode.prompts()[0] if span.source is Source.PLAN)
    assert shown["plan"] == f"Plan: {', '.join(task.setup['plan'])}."
    assert sorted(re.findall(r"[\w-]+", shown["shuffled"])) == sorted(re.findall(r"[\w-]+", shown["plan"]))
    assert all(name in shown["names"] for name in WORKFLOWS) and task.setup["plan"][0] not in shown["names"]
    values = [each for row in task.setup["values"] for each in row.values()]
    assert not any(each in text for each in values for text in shown.values())


def test_the_planner_goes_with_any_world():
    check_agent("act+workflows", "text/home")
    check_agent("json+workflows", "tools")


def test_no_held_out_action_stands_in_any_training_target():
    seen = {name for part in ("seen", "workflows", "actions") for name in split(part)}
    assert seen == set(WORKFLOWS) and not set(split("seen")) & set(split("workflows"))
    for setting in ("base", "names", "plan"):
        teacher = parts.make("teacher", f"workflows?setting={setting}")
        made = list(teacher.make(400))
        assert len(made) == 400 and not leaks(made)
        assert made[:50] == list(teacher.make(50))
    assert leaks(list(parts.make("teacher", "workflows?part=actions").make(200))), "the check can find a leak"
    assert len(split("actions")) >= 8 and len(HELD) == 3


def test_a_shuffled_plan_keeps_its_actions():
    import random

    for name in WORKFLOWS:
        shuffled = plan_of(name, "shuffled", random.Random(1))
        assert sorted(shuffled) == sorted(WORKFLOWS[name][1]) and shuffled != WORKFLOWS[name][1]


def test_samples_show_the_past_and_ask_for_the_next_turn():
    import random

    each = dialogue("late parcel", random.Random(0))
    made = samples([each], "plan")
    assert len(made) == 2 * 4 + 1 and made[-1].target.endswith("next: end")
    assert made[1].target == f"workflow: late-parcel | next: action | name: pull-account | values: {each.turns[3].values[0]}"
    assert each.turns[3].values[0] in made[1].source and "plan: pull-account trace-parcel" in made[1].source
    with pytest.raises(ValueError, match="expected one of"):
        samples([each], "gold")
    with pytest.raises(SpecError, match="setting"):
        parts.make("teacher", "workflows?setting=gold")
