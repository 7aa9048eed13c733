"""experts: each role on the gold plan, confusion at the stored rate, verdicts at the stated rates."""

import random

import pytest

import dutiful
from dutiful.core.episode import solve
from dutiful.core.errors import ModelFailure
from dutiful.core.limits import Limits
from dutiful.core.prompt import Prompt
from dutiful.core.records import Source, Span
from dutiful.kit import calls
from dutiful.kit.wrapped import Wrapped
from dutiful.models.experts import alike, rate, visible

WORLD = "tools/registry?hops=3"


def laid(number=0):
    world = dutiful.world(WORLD)
    world.reset(world.tasks("validation")[number])
    return world


@pytest.mark.parametrize("agent", ["act+json", "act+line", "act+codeact", "act+codeact+poact"])
def test_without_confusion_it_answers_in_every_agent(agent):
    world = dutiful.world(WORLD)
    model = dutiful.model("experts?confusion=0&recall=0")
    for task in world.tasks("validation")[:3]:
        episode = solve(dutiful.agent(agent, model), task, world, limits=Limits(steps=15))
        assert episode.error is None and episode.passed, (agent, episode.error)


def test_a_block_holds_as_many_calls_as_it_is_told():
    world = dutiful.world(WORLD)
    for block, steps in ((1, 4), (2, 3), (0, 2)):
        model = dutiful.model(f"experts?confusion=0&block={block}")
        episode = solve(dutiful.agent("act+codeact", model), world.tasks("validation")[0], world)
        assert episode.passed and len(episode.steps) == steps


def test_the_planner_writes_what_is_needed_and_then_what_is_left():
    world = laid()
    model = dutiful.model("experts").bind(world, 0)
    asked = Prompt((Span(Source.SYSTEM, "You are the planner. Plan."),))
    said = model.generate(asked).text
    assert [line.partition(". ")[2] for line in said.splitlines()] == world.needs()
    left = asked + (Span(Source.PLAN, "Still to do: a; b"),)
    assert model.generate(left).text == "1. a\n2. b"


def test_the_thinker_is_done_once_the_value_was_seen():
    world = laid()
    model = dutiful.model("experts").bind(world, 0)
    asked = Prompt((Span(Source.SYSTEM, "You are the thinker."), Span(Source.PLAN, f"The present step: {world.needs()[1]}")))
    assert model.generate(asked).text == f"I need {world.needs()[1]}."
    assert model.generate(asked + (Span(Source.WORLD, "found1: x"),)).text != "DONE"
    assert model.generate(asked + (Span(Source.WORLD, "found1: x\nfound2: y"),)).text == "DONE"


def coder(world, shown):
    tools = [tool for tool in world.tools() if tool.name in shown]
    return Prompt((Span(Source.SYSTEM, calls.describe(tools)), Span(Source.USER, "q")))


def test_it_takes_a_tool_for_one_like_it_as_often_as_the_curve_says():
    world = laid()
    right = world.program().body[0].tool
    model = dutiful.model("experts").bind(world, 0)
    prompt = coder(world, [tool.name for tool in world.tools()])
    wrong = sum(f"= {right}(" not in model.generate(prompt).text for _ in range(400)) / 400
    assert abs(wrong - rate(80)) < 0.08
    never = dutiful.model("experts?confusion=0").bind(world, 0)
    assert all(f"= {right}(" in never.generate(prompt).text for _ in range(20))


def test_it_writes_only_tools_that_it_is_shown():
    world = laid()
    right = world.program().body[0].tool
    others = [tool.name for tool in world.tools() if tool.name not in (right, "finish")]
    shown = random.Random(1).sample(others, 5)
    model = dutiful.model("experts").bind(world, 0)
    for _ in range(20):
        text = model.generate(coder(world, shown)).text
        assert any(f"= {name}(" in text for name in shown)


def test_the_reviewer_errs_at_the_stated_rates():
    world = laid()
    tool = world.program().body[0].tool
    model = dutiful.model("experts?recall=0.6&precision=0.75").bind(world, 0)

    def noes(name):
        spans = [Span(Source.SYSTEM, "You are the reviewer."), Span(Source.PLAN, f"The step: {world.needs()[0]}")]
        prompt = Prompt((*spans, Span(Source.MODEL, f"x = {name}(a=1)", role="user")))
        return sum(model.choose(prompt, ("yes", "no")).index for _ in range(500)) / 500

    assert abs(noes("get_court_phone" if tool != "get_court_phone" else "get_case_judge") - 0.6) < 0.07
    assert abs(noes(tool) - 0.2) < 0.06


def test_the_curve_rises_and_is_read_between_its_points():
    assert rate(1) == 0 < rate(4) <= rate(8) <= rate(16) <= rate(80) == rate(300)
    assert rate(4) <= rate(6) <= rate(8)


def test_likeness_is_shared_words():
    assert alike("get_case_judge", ["get_case_clerk", "get_lawyer_city", "list_cases_by_judge"])[0] == "get_case_clerk"
    assert visible(Prompt((Span(Source.SYSTEM, "Tools:\nf(a: string, b: integer = ?): Does.\ng(): Goes."),))) == {
        "f": "a",
        "g": "",
    }


def test_it_refuses_worlds_and_questions_that_are_not_its_own():
    model = dutiful.model("experts")
    with pytest.raises(ModelFailure, match="what each call is for"):
        model.bind(Wrapped(dutiful.world("tools")), 0).generate(Prompt((Span(Source.USER, "q"),)))
    with pytest.raises(ModelFailure, match="verdict"):
        model.bind(laid(), 0).choose(Prompt((Span(Source.USER, "q"),)), ("a", "b"))
    with pytest.raises(ValueError, match="precision"):
        dutiful.model("experts?recall=1&precision=0.2")
