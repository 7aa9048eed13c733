"""The proposer: right at its rate, plausible otherwise, obedient when told."""

import pytest

import dutiful
from dutiful.core.episode import solve
from dutiful.core.errors import ModelFailure
from dutiful.core.limits import Limits
from dutiful.core.prompt import Prompt

WORLD = "tools?depth=3&given=needed&decoys=3&broken=4"


def runs(agent, model, n=30, **limits):
    world = dutiful.world(WORLD)
    for number in range(n):
        yield solve(
            dutiful.agent(agent, dutiful.model(model)), world.tasks("train")[number], world, seed=number, limits=Limits(**limits)
        )


def test_always_right_it_is_the_expert():
    assert all(episode.passed for episode in runs("act", "proposer?right=1"))


def test_it_is_right_at_its_rate_where_there_is_a_choice():
    world = dutiful.world(WORLD)
    first = []
    for number, episode in enumerate(runs("act", "proposer?right=0.6", 150, steps=1)):
        world.reset(world.tasks("train")[number])
        first.append(episode.steps[0].action.text == world.expert().text)
    assert 0.5 < sum(first) / len(first) < 0.75


def test_told_what_was_tried_it_does_otherwise_if_it_obeys():
    def repeats(model):
        tried, again = {}, 0
        for number, episode in enumerate(runs("act+dfsdt?calls=15", model, 25)):
            for step in episode.steps:
                place = (number, step.observation.text, len(tried.setdefault(number, [])) and 0)
                again += (place, step.action.text) in tried[number] and step.action.tool != "give_up"
                tried[number].append((place, step.action.text))
        return again

    assert repeats("proposer?right=0.5") < repeats("proposer?right=0.5&obeys=false")


def test_it_repeats_and_calls_tools_alone():
    one, two = ([e.steps for e in runs("act+dfsdt", "proposer", 5)] for _ in range(2))
    assert [[step.action for step in steps] for steps in one] == [[step.action for step in steps] for steps in two]
    with pytest.raises(ModelFailure, match="has none"):
        dutiful.model("proposer").generate(Prompt())
    with pytest.raises(ValueError, match="from 0 to 1"):
        dutiful.model("proposer?right=2")
