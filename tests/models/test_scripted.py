"""The scripted model, which the other tests stand on."""

import json
import threading

import pytest
from lights import ROOMS, Lights

import dutiful
from dutiful import Limits, Prompt, Sampling, Source, Span
from dutiful.core.errors import ModelFailure, SpecError
from dutiful.core.model import Choices, JsonSchema
from dutiful.models import Scripted

PROMPT = Prompt(
    (Span(Source.SYSTEM, "two words"), Span(Source.USER, "go"), Span(Source.MODEL, "one"), Span(Source.WORLD, "now what"))
)


def follow(model, agent="act", task=0, seed=0, **more):
    world = Lights()
    return dutiful.solve(dutiful.agent(agent, model=dutiful.model(model)), world.tasks("train")[task], world, seed=seed, **more)


def first_action_errs(model, agent, task, seed):
    episode = follow(model, agent, task, seed, limits=Limits(steps=1))
    assert episode.error is None
    return episode.steps[0].action.text != f"press {episode.task.setup['rooms'][0]}"


@pytest.mark.parametrize("agent", ["act", "react", "act+json"])
def test_the_expert_without_error_always_succeeds(agent):
    assert all(follow("scripted", agent, task).passed for task in range(8))


@pytest.mark.parametrize("agent", ["act", "act+json", "react"])
def test_the_error_rate_is_what_is_stated(agent):
    errs = [first_action_errs("scripted?error=0.4", agent, task, seed) for task in range(8) for seed in range(75)]
    wrong = 0.4 * (len(ROOMS) - 1) / len(ROOMS)  # the right one may be drawn too
    assert sum(errs) / len(errs) == pytest.approx(wrong, abs=4 * (wrong * (1 - wrong) / len(errs)) ** 0.5)


def test_the_tasks_of_one_seed_do_not_err_in_step():
    errs = [first_action_errs("scripted?error=0.5", "act", task, 7) for task in range(12)]
    assert 0 < sum(errs) < len(errs)


def test_an_episode_repeats_with_its_seed_and_only_with_it():
    actions = [[step.action.text for step in follow("scripted?error=0.9", seed=seed).steps] for seed in (3, 3, *range(20))]
    assert actions[0] == actions[1] and len(set(map(tuple, actions))) > 3


def test_one_model_serves_many_episodes_at_once():
    model, passed = Scripted(), []
    world = Lights()

    def live(task):
        place = Lights()
        passed.append(dutiful.solve(dutiful.agent("act", model), task, place).passed)

    threads = [threading.Thread(target=live, args=(task,)) for task in world.tasks("train")[:12]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert passed == [True] * 12


def test_a_script_is_said_in_turn_over_and_over_and_anew_in_each_episode():
    model = dutiful.model("scripted?script=a|b b|c")
    assert [model.generate(PROMPT).text for _ in range(5)] == ["a", "b b", "c", "a", "b b"]
    agent = dutiful.agent("act+line", model)
    world = Lights()
    for _ in range(2):
        episode = dutiful.solve(agent, world.tasks("train")[0], world, limits=Limits(steps=2))
        assert [call.text for step in episode.steps for call in step.calls] == ["a", "b b", "c", "a"]


def test_react_takes_thought_and_action_from_a_script_in_turn():
    task = Lights().tasks("train")[0]
    one, two = task.setup["rooms"]
    episode = follow(f"scripted?script=the {one} is dark|press {one}|now the {two}|press {two}", "react")
    assert episode.passed and [step.action.thought for step in episode.steps] == [f"the {one} is dark", f"now the {two}"]


def test_a_script_may_speak_json():
    task = Lights().tasks("train")[0]
    lines = "|".join(json.dumps({"action": f"press {room}"}) for room in task.setup["rooms"])
    model = Scripted(script=lines)
    world = Lights()
    assert dutiful.solve(dutiful.agent("act+json", model), task, world).passed
    episode = follow("scripted?script=press hall", "act+json", limits=Limits(steps=1))
    assert sum(step.format_failures for step in episode.steps) == 2 and episode.error is None


def test_words_that_are_no_option_are_an_error_that_says_so():
    episode = follow("scripted?script=dance")
    assert episode.error.kind == "ModelFailure" and "'dance', which is none of ['press attic'" in episode.error.message


def test_an_expert_without_a_world_says_what_to_give():
    with pytest.raises(ModelFailure, match="give it a script"):
        Scripted().generate(PROMPT)
    with pytest.raises(ValueError, match=r"error is 1\.5"):
        Scripted(error=1.5)
    with pytest.raises(SpecError, match="error='often'"):
        dutiful.model("scripted?error=often")


def test_constraints_reach_the_expert():
    world = Lights()
    world.reset(world.tasks("train")[0])
    bound, right = Scripted().bind(world, 0), world.expert().text
    assert bound.generate(PROMPT, Sampling(), Choices(("press hall", "press attic"))).text == right
    assert json.loads(bound.generate(PROMPT, Sampling(), JsonSchema({"type": "object"})).text) == {"action": right}
    assert Scripted(error=1.0).bind(world, 0).generate(PROMPT).text == right  # free text has no options to err among


def test_words_count_as_tokens_and_what_was_said_before_as_read():
    usage = Scripted(script="three words now").generate(PROMPT).usage
    assert (usage.prompt_tokens, usage.cached_tokens, usage.completion_tokens, usage.calls, usage.cost) == (6, 4, 3, 1, 0.0)


def test_lengths_and_stops_are_kept():
    model = Scripted(reply=lambda prompt: "one two three. four")
    assert model.generate(PROMPT, Sampling(2)).replace(usage=dutiful.Usage()) == dutiful.core.model.Completion(
        "one two", finish="length"
    )
    assert model.generate(PROMPT, Sampling(9, stop=(".",))).text == "one two three"


def answers_yes(prompt):
    return "yes"


def test_the_spec_names_a_reply_and_builds_the_rest_again():
    spec = "scripted?error=0.25&seconds=0.5"
    assert dutiful.model(spec).spec == spec and Scripted(script="a|b+c").spec == "scripted?script=a%7Cb%2Bc"
    assert dutiful.model("scripted?script=a%7Cb%2Bc").script == "a|b+c"
    assert Scripted(reply=answers_yes).spec == "scripted?reply=test_scripted:answers_yes"
    assert Scripted(seconds=0.5, reply=answers_yes).spec == "scripted?seconds=0.5&reply=test_scripted:answers_yes"
