"""Episodes become samples: what carries loss, where a sample ends, and what an expert disagrees with."""

import pytest
from lights import Lights

import dutiful
from dutiful.core.errors import SpecError, Unsupported
from dutiful.core.records import Source
from dutiful.kit.demonstrations import agreement, demonstrate, examples

LIGHTS = "lights:Lights"


def test_one_sample_is_the_last_prompt_and_its_answer_with_loss_on_every_answer():
    (episode,) = demonstrate("act", LIGHTS, 1)
    (example,) = examples([episode])
    assert example.spans[:-1] == episode.prompts()[-1]
    answers = [span.text for span, loss in zip(example.spans, example.loss, strict=True) if loss]
    assert answers == [step.action.text for step in episode.steps]
    assert {span.source for span, loss in zip(example.spans, example.loss, strict=True) if loss} == {Source.MODEL}
    assert example.origin["agent"] == "act" and example.origin["split"] == "train"


def test_a_prompt_that_does_not_only_grow_gives_a_sample_each_time_and_no_loss_twice():
    (episode,) = demonstrate("act+window?k=1", LIGHTS, 1, seed=3)
    prompts, samples = episode.prompts(), list(examples([episode]))
    learned = [[s.text for s, loss in zip(e.spans, e.loss, strict=True) if loss] for e in samples]
    assert [text for texts in learned for text in texts] == [step.action.text for step in episode.steps]
    for sample in samples:
        assert sample.spans[:-1] in prompts


def test_demonstrations_repeat_and_no_task_comes_twice():
    first, again = ([e.replace(started=0.0, seconds=0.0) for e in demonstrate("act", LIGHTS, 6, seed=1)] for _ in range(2))
    assert [e.task for e in first] == [e.task for e in again]
    assert len({e.task.id for e in first}) == 6
    assert [e.task for e in demonstrate("act", LIGHTS, 6, seed=2)] != [e.task for e in first]


def test_only_what_the_expert_would_have_done_is_learned_from_a_player_that_errs():
    world = Lights()
    episodes = list(demonstrate("act", LIGHTS, 12, error=0.8))
    assert not all(episode.passed for episode in episodes)
    for episode in episodes:
        right = agreement(episode, world)
        learned = [s.text for e in examples([episode], world) for s, loss in zip(e.spans, e.loss, strict=True) if loss]
        assert learned == [step.action.text for step, ok in zip(episode.steps, right, strict=True) if ok]
    assert sum(sum(agreement(e, world)) for e in episodes) < sum(len(e.steps) for e in episodes)


def test_without_a_world_only_what_passed_is_learned():
    episodes = list(demonstrate("act", LIGHTS, 12, error=0.8))
    assert len(list(examples(episodes))) == sum(episode.passed for episode in episodes)


def test_agreement_is_full_for_the_expert_and_none_for_its_opposite():
    world = Lights()
    (episode,) = demonstrate("act", LIGHTS, 1)
    assert agreement(episode, world) == [True, True]
    task = episode.task
    wrong = next(room for room in ("attic", "hall", "study") if room not in task.setup["rooms"])
    agent = dutiful.agent("act", model=dutiful.model(f"scripted?script=press {wrong}|press {task.setup['rooms'][1]}"))
    assert agreement(dutiful.solve(agent, task, world), world)[0] is False


def test_too_many_demonstrations_and_worlds_without_an_expert_are_refused():
    with pytest.raises(SpecError, match="13 demonstrations"):
        list(demonstrate("act", LIGHTS, 13))
    with pytest.raises(Unsupported, match="expert"):
        list(demonstrate("act", "test_demonstrations:Dark", 1))


def test_tasks_can_be_picked_by_their_setup():
    episodes = demonstrate("act", LIGHTS, 3, tasks=lambda setup: setup["rooms"][0] == "attic")
    assert {episode.task.setup["rooms"][0] for episode in episodes} == {"attic"}


class Dark(Lights):
    card = dutiful.Card(kind="world", name="dark", summary="nobody knows the way")
