"""The exam: every rotation of an option, gold by computation, splits without a word in common."""

import re
from itertools import islice

import pytest

import dutiful
from dutiful.core.errors import SpecError
from dutiful.kit import rescue
from dutiful.testing import check_world


@pytest.mark.parametrize("spec", ["chat/exam", "chat/exam?kind=sums", "chat/exam?kind=options&choices=true"])
def test_the_battery(spec):
    check_world(spec)


def test_sums_come_out():
    for task in islice(dutiful.world("chat/exam?kind=sums").tasks("test"), 50):
        a, b = map(int, re.findall(r"\d+", task.instruction.text)[:2])
        gold = int(task.setup["turns"][0]["reference"][0])
        assert gold in (a + b, a - b) and len(str(a)) == int(task.setup["tags"]["digits"])


def test_an_option_is_right_in_every_rotation():
    tasks = dutiful.world("chat/exam?kind=options").tasks("test")
    for item in range(10):
        four = [tasks[4 * item + i] for i in range(4)]
        golds = [task.setup["turns"][0]["reference"][0] for task in four]
        assert sorted(golds) == list("ABCD")
        words = {re.search(rf"^{g}\) (\w+)", t.instruction.text, re.MULTILINE)[1] for g, t in zip(golds, four, strict=True)}
        assert len(words) == 1, "the same word is right in all four"


def test_splits_share_no_word():
    def options(split):
        tasks = dutiful.world("chat/exam?kind=options").tasks(split)
        return {
            word for task in islice(tasks, 200) for word in re.findall(r"^[A-D]\) (\w+)", task.instruction.text, re.MULTILINE)
        }

    assert not options("train") & options("test") and not options("train") & options("validation")


def test_the_expert_is_right_and_a_wrong_letter_is_not():
    world = dutiful.world("chat/exam?kind=options")
    for answer, passes in ((None, True), ("Answer: E", False), ("", False)):
        world.reset(world.tasks("test")[0])
        world.step(world.expert() if answer is None else dutiful.Action(answer))
        assert world.verdict().passed is passes


def test_parameters_that_mean_nothing_are_refused():
    with pytest.raises(SpecError, match="sums, options or all"):
        dutiful.world("chat/exam?kind=riddles")
    with pytest.raises(SpecError, match="kind=options"):
        dutiful.world("chat/exam?choices=true")
    assert rescue.letter("Answer: B") == "B"
