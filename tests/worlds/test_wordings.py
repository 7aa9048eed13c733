"""chat/wordings: the words of the request change, item and answer do not."""

from collections import Counter, defaultdict

import pytest

from dutiful import SpecError, world
from dutiful.testing import check_world
from dutiful.worlds.chat.instructions import WORDINGS
from dutiful.worlds.chat.wordings import SETS, instructions, items


@pytest.mark.parametrize("which", SETS)
def test_battery(which):
    check_world(f"chat/wordings?set={which}", tasks=10)


def test_one_shot_comes_from_the_train_split():
    check_world("chat/wordings?shots=1", tasks=3)
    task = world("chat/wordings?shots=1").tasks("test")[0]
    assert items("sentiment", "train")[0].shown in task.instruction.text


def test_every_task_has_three_observed_and_five_unobserved_wordings_of_its_own():
    everything = [text for wordings in WORDINGS.values() for group in wordings for text in group]
    assert len(everything) == len(set(everything))
    for wordings in WORDINGS.values():
        assert (len(wordings.observed), len(wordings.unobserved), len(wordings.negated)) == (3, 5, 3)


def test_all_wordings_of_a_set_are_asked_on_the_same_items_and_the_answer_stays():
    answers = defaultdict(set)
    for which in SETS:
        ways = len(instructions("first", which))
        tasks = list(world(f"chat/wordings?set={which}").tasks("test")[: 40 * ways])
        assert set(Counter(task.setup["tags"]["item"] for task in tasks).values()) == {ways}
        for task in tasks:
            answers[task.setup["tags"]["item"]].add(task.setup["turns"][0]["gold"])
    assert len(answers) == 40 and all(len(golds) == 1 for golds in answers.values())


def test_wrong_instructions_are_right_elsewhere():
    for name in WORDINGS:
        wrong = instructions(name, "wrong")
        assert wrong not in (WORDINGS[name].observed,) and any(wrong == other.observed for other in WORDINGS.values())


def test_splits_share_no_item():
    for name in WORDINGS:
        seen = [{item.shown for item in items(name, split)} for split in ("train", "validation", "test")]
        assert all(len(each) >= 10 for each in seen)
        assert not seen[0] & seen[1] and not seen[0] & seen[2] and not seen[1] & seen[2]


def test_answers_balance():
    for name in ("sentiment", "topic", "fact", "larger", "opposite"):
        right = [item.right for item in items(name, "test")]
        assert 0.25 < sum(right) / len(right) < 0.75, name


def test_sets_and_shots_there_are_not_are_refused():
    for bad in ("set=odd", "shots=2"):
        with pytest.raises(SpecError, match="observed, unobserved, wrong, negated"):
            world(f"chat/wordings?{bad}")
