"""rci: plans, actions and answers are criticised out loud, and nothing looks at the outcome."""

import pytest

from dutiful import Card, Limits
from dutiful.agents.critics import rci
from dutiful.core.episode import solve
from dutiful.core.parts import agent, world
from dutiful.core.records import Source
from dutiful.kit.constraints.length import WordsAtMost
from dutiful.kit.dialogue import Conversation, Dialogue, Said
from dutiful.models import Scripted
from dutiful.testing import check_agent

SHORT = WordsAtMost(6).constraint()
HOME = "text/home?rooms=2&objects=4"


class One(Conversation):
    """A single question."""

    card = Card(kind="world", name="one", summary="one turn", capabilities=frozenset({"dialogue", "expert", "snapshot"}))

    def tasks(self, split="test"):
        asked = Said("What is 6 times 7? " + SHORT.wording, constraints=(SHORT,), gold="42")
        return [Dialogue((asked,)).task("t", self.spec, split, 0)]


class Speaker:
    """Says its lines in turn, and keeps the prompts."""

    def __init__(self, *lines):
        self.lines, self.prompts = list(lines), []

    def __call__(self, prompt):
        self.prompts.append(prompt)
        return self.lines.pop(0)


def say(spec, place, *lines, steps=1):
    speaker = Speaker(*lines)
    episode = solve(agent(spec, Scripted(reply=speaker)), place.tasks("test")[0], place, limits=Limits(steps=steps))
    assert episode.error is None, episode.error
    assert not speaker.lines, f"not said: {speaker.lines}"
    return episode, speaker.prompts


def test_the_battery():
    check_agent("act+rci", "text/home?rooms=2&objects=4")
    check_agent("act+json+rci?explicit=-1&state=true", "text/home?rooms=2&objects=4")


def test_an_answer_is_criticised_and_improved():
    episode, prompts = say("act+rci?explicit=1", One(), "41", "It is one too low.", "42")
    assert episode.steps[0].action.text == "42"
    assert [span.text for span in prompts[2][-4:]] == ["41", rci.FAULTS, "It is one too low.", rci.BETTER]
    assert [span.source for span in prompts[2][-4:]] == [Source.MODEL, Source.PLAN, Source.MODEL, Source.PLAN]


def test_rounds_end_when_nothing_changes():
    episode, _ = say("act+rci?explicit=5", One(), "41", "too low", "42", "nothing is wrong", "42")
    assert episode.steps[0].action.text == "42"


def test_without_rounds_an_answer_stands():
    say("act+rci?explicit=0", One(), "41")


def test_a_plan_is_criticised_and_stands_above_every_turn():
    place = world(HOME)
    episode, prompts = say("act?retries=0+line+rci?implicit=0", place, "fly", "no wings", "walk", "x", "y", steps=2)
    assert [prompt[-1].text for prompt in prompts[:3]] == [rci.PLAN, rci.PLAN_FAULTS, rci.PLAN_BETTER]
    assert [span.text for span in prompts[2][-4:-1]] == ["fly", rci.PLAN_FAULTS, "no wings"]
    for prompt in prompts[3:]:
        assert [span.text for span in prompt if span.source is Source.PLAN] == ["Plan:\nwalk"]
    shown = [span for span in prompts[0] if span.source is Source.WORLD]
    assert shown and shown[0].text.startswith(episode.steps[0].observation.text)


def test_an_action_is_asked_for_again_until_it_is_legal():
    place = world(HOME)
    legal = place.reset(place.tasks("test")[0]).choices[0]
    spec = "act?retries=0+line+rci?explicit=-1&implicit={}"
    for tries, lines in ((0, ["fly"]), (1, ["fly", "swim"]), (3, ["fly", "swim", legal]), (3, [legal])):
        episode, prompts = say(spec.format(tries), place, *lines)
        assert episode.steps[0].action.text == lines[-1]
        assert not any("wrong" in span.text.lower() for prompt in prompts for span in prompt if span.source is Source.PLAN)


def test_the_state_is_asked_for_once():
    place = world(HOME)
    first, second = place.reset(place.tasks("test")[0]).choices[:2]
    episode, prompts = say("act?retries=0+line+rci?explicit=-1&state=true", place, first, second)
    assert episode.steps[0].action.text == second and prompts[1][-1].text == rci.HERE.format(first)


def test_a_call_that_fits_no_tool_is_asked_for_again():
    place = world("tools/lookup")
    right = place.reset(place.tasks("test")[0]) and place.expert().text
    bad = '{"tool": "look_up", "arguments": {}}'
    spec = "act?retries=0+json?constrained=false+rci?explicit=-1&implicit=2"
    episode, prompts = say(spec, place, bad, right)
    assert episode.steps[0].action.tool == "lookup" and "lookup" in prompts[1][-1].text


@pytest.mark.parametrize("spec", ["act+rci?explicit=-2", "act+rci?implicit=-1"])
def test_bad_numbers_are_refused(spec):
    with pytest.raises(ValueError, match="rci"):
        agent(spec)
