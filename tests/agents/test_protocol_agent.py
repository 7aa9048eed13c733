"""An agent that is a formula, in worlds of choices, of tools and of dialogue."""

from itertools import pairwise

import pytest

from dutiful.agents.protocol import transcripts, violation
from dutiful.core.episode import solve
from dutiful.core.errors import SpecError
from dutiful.core.limits import Limits
from dutiful.core.parts import build
from dutiful.kit.ltlf.protocol import load, shipped
from dutiful.models import Scripted
from dutiful.testing import check_agent

ANYWHERE = [name for name in shipped() if name not in ("react-tools", "react-lookup")]


def lived(spec, place, model, number=0, limits=Limits(steps=12)):
    world = build(place, "world")
    return solve(
        build(spec, model=build(model, "model") if isinstance(model, str) else model), world.tasks()[number], world, limits=limits
    )


@pytest.mark.parametrize("name", ANYWHERE)
def test_every_protocol_lives_in_a_world_of_choices(name):
    episode = lived(f"protocol?formula={name}", "text/home", "scripted")
    assert episode.error is None, episode.error
    assert violation(episode, load(name)) is None
    assert episode.passed or name in ("rewoo", "pass"), "the expert's actions, one by one, reach the goal"
    assert sum(map(len, transcripts(episode, load(name)))) > len(episode.steps)


@pytest.mark.parametrize("slots", ["", "+json", "+line", "+window?k=2"])
def test_actions_come_in_the_notation_of_the_slot(slots):
    episode = lived(f"protocol{slots}", "text/home", "scripted")
    assert episode.error is None and episode.passed and violation(episode, load("react")) is None


def test_the_control_holds_an_agent_of_a_formula_too():
    episode = lived('protocol+ltl?formula=G("go to" -> N not "go to")', "text/home", "scripted?error=1")
    assert episode.error is None
    went = [step.action.text.startswith("go to") for step in episode.steps]
    assert not any(a and b for a, b in pairwise(went))


def test_the_monitor_keeps_what_is_legal_and_writes_the_next_prefix():
    said = iter(["Action: fly\nThought: hm", "I think", "Thought: again\nAnswer: no", *["bla"] * 500])
    episode = lived("protocol?formula=cot", "chat/rules", Scripted(reply=lambda prompt: next(said)))
    assert episode.error is None, episode.error
    assert violation(episode, load("cot")) is None
    (first, *_) = transcripts(episode, load("cot"))
    # What begins with an action is cut whole, the thought's prefix is written; then a chunk that is legal is taken as it is.
    assert [segment.state for segment in first] == ["Thought", "Thought", "Answer"] and first[0].content == "I think"
    assert episode.steps[0].action.text == "no" and episode.steps[0].format_failures == 1


def test_free_decoding_is_not_held_to_anything():
    said = iter(["Answer: no", *["bla"] * 500])
    episode = lived("protocol?formula=cot&decoder=free", "chat/rules", Scripted(reply=lambda prompt: next(said)))
    assert episode.error is None
    assert violation(episode, load("cot")).position == 0


def test_the_step_cap_forces_the_shortest_way_to_an_end():
    talk = Scripted(reply=lambda prompt: "Thought: more to think about")
    world = build("chat/rules", "world")
    episode = solve(build("protocol?formula=cot&steps=5", model=talk), world.tasks()[0], world)
    assert episode.error is None
    first = transcripts(episode, load("cot"))[0]
    assert [segment.state for segment in first] == ["Thought"] * 4 + ["Answer"]


def test_a_formula_alone_is_an_agent():
    formula = "Thought and X(Action and X(Observation and X(Review and last and X Answer)))"
    with pytest.raises(SpecError, match="no transcript"):
        build(f"protocol?formula={formula}")
    formula = "Thought and X(Action and X(Observation and X(Review and X(Answer and last))))"
    episode = lived(f"protocol?formula={formula}", "text/home", "scripted")
    assert episode.error is None and violation(episode, load(formula)) is None


def test_what_cannot_be_built_says_why():
    with pytest.raises(SpecError, match="there are cot"):
        build("protocol?formula=reakt")
    episode = lived("protocol?formula=react-tools", "text/home", "scripted")
    assert episode.error is not None and "this world has none" in episode.error.message


def test_the_battery():
    check_agent("protocol", "text/home")
    check_agent("protocol?formula=pass", "text/home")


@pytest.mark.parametrize(
    "spec", ["protocol", "protocol+json", "protocol+line", "protocol?formula=cot+json", "protocol?formula=react-tools"]
)
@pytest.mark.parametrize("place", ["tools/lookup", "tools?depth=1"])
def test_worlds_with_tools(spec, place):
    episode = lived(spec, place, "scripted")
    assert episode.error is None, episode.error
    assert violation(episode, load(spec.partition("formula=")[2].partition("+")[0] or "react")) is None


def test_an_answer_is_the_tool_finish():
    said = iter(
        [
            "Thought: I look\nAction: so",
            '{"tool": "lookup", "arguments": {"name": "unicorn"}}',
            "Thought: none\nAnswer: 12",
            *["bla"] * 50,
        ]
    )
    episode = lived("protocol+json", "tools/lookup", Scripted(reply=lambda prompt: next(said)))
    assert episode.error is None
    assert [step.action.tool for step in episode.steps][-1] == "finish" and episode.steps[-1].action.arguments == {"answer": "12"}
