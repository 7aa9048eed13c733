"""The batteries pass what is right and, above all, fail what is wrong."""

import re
from pathlib import Path

import pytest
from lights import Lights

from dutiful import Card, Criterion, Judge, Verdict
from dutiful.core.parts import registry
from dutiful.models.scripted import Scripted
from dutiful.testing import CheckFailed, check_agent, check_judge, check_model, check_world


def test_a_third_partys_world_and_agent_pass():
    assert check_world("lights:Lights").ran == 15
    assert check_agent("persistent:Persistent", "lights:Lights").ran == 8
    assert check_agent("persistent:Persistent+line", "lights:Lights").ran == 9


@pytest.mark.parametrize("name", ["act", "act+json", "act+line", "act+window", "act+text?choices=false", "react", "react+json"])
def test_our_agents_pass(name):
    assert check_agent(name, "lights:Lights").ran >= 8


@pytest.mark.parametrize("name", ["random", "expert"])
def test_agents_without_a_model_pass(name):
    assert check_agent(name, "lights:Lights").ran == 6


@pytest.mark.parametrize("name", sorted(registry("judge")))
def test_our_judges_pass(name):
    if name == "outcome":
        assert check_judge(name).ran == 6
    else:  # it reads episodes of its own protocol, which its own test has
        texts = [file.read_text() for file in (Path(__file__).parent.parent / "judges").glob("test_*.py")]
        assert any("check_judge(" in text and re.search(rf'"{name}["?]', text) for text in texts), name


def test_the_scripted_model_passes():
    assert check_model("scripted?script=sing").ran == 7


class Gullible(Lights):
    card = Card(kind="world", name="gullible", summary="believes whatever it is told")

    def verdict(self):
        return Verdict.of(Criterion("done", True, 1.0, "you said so"))


class Moody(Lights):
    card = Card(kind="world", name="moody", summary="never the same twice")
    resets = 0

    def reset(self, task):
        Moody.resets += 1
        return super().reset(task).replace(text=f"Reset number {Moody.resets}.")


class Obedient(Lights):
    card = Lights.card

    def step(self, action):
        self.on.append(self.wanted[min(len(self.on), 1)])
        return self.look()


@pytest.mark.parametrize(
    ("world", "check"),
    [
        (Gullible, "doing nothing fails"),
        (Gullible, "a reset repeats"),
        (Moody, "a reset repeats"),
        (Obedient, "wrong actions are refused and cost a step"),
        (Obedient, "doing nothing fails"),
    ],
)
def test_a_wrong_world_fails_the_check_that_is_meant_for_it(world, check):
    with pytest.raises(CheckFailed) as failed:
        check_world(world())
    assert check in {result.name for result in failed.value.report if result.status == "failed"}


def test_a_judge_that_cannot_fail_is_found_out():
    class Kind(Judge):
        card = Card(kind="judge", name="kind", summary="always content")

        def judge(self, episode):
            return Verdict.of(Criterion("nice", True, 1.0, "it meant well"))

    with pytest.raises(CheckFailed, match="cannot fail"):
        check_judge(Kind())


def test_a_model_that_does_not_repeat_is_found_out():
    answers = iter("abcdefghijklmnopqrstuvwxyz" * 4)
    with pytest.raises(CheckFailed, match="temperature 0"):
        check_model(Scripted(reply=lambda prompt: next(answers)))


def test_an_expected_failure_needs_a_reason_and_must_still_fail():
    report = check_world(
        Moody(), expected={"a reset repeats": "moody on purpose", "the same actions lead to the same place": "same"}
    )
    assert {result.status for result in report if "repeats" in result.name} == {"expected"}
    with pytest.raises(CheckFailed, match="drop the expectation"):
        check_world(Lights(), expected={"a reset repeats": "no longer true"})
    with pytest.raises(ValueError, match="reason"):
        check_world(Lights(), expected={"a reset repeats": " "})
    with pytest.raises(ValueError, match="no check is called"):
        check_world(Lights(), expected={"a typo": "reason"})
