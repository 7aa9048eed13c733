"""chat/edits: dialogues of edits whose state is known."""

import pytest

import dutiful
from dutiful.core.errors import SpecError
from dutiful.core.records import Action
from dutiful.kit.dialogue import read
from dutiful.testing import check_world
from dutiful.worlds.chat.edits import NOTHING, POOL, Edit, Edits, Form, parse


def test_the_battery_passes():
    check_world("chat/edits?turns=10&patience=1")


def test_a_form_takes_back_ties_swaps_and_drops():
    form = Form()
    for edit in (
        Edit("set", "f", "a", "1"),
        Edit("set", "f", "b", "2"),
        Edit("change", "f", "a", "3"),
        Edit("undo", "f", "a"),
        Edit("same", "f", "b", other="a"),
        Edit("doubt", "f", "a", "9"),
    ):
        form.apply(edit)
    assert form.value("a") == form.value("b") == "1"
    form.apply(Edit("change", "f", "a", "4"))
    assert form.value("b") == "4"
    form.apply(Edit("undo", "f", "b"))
    form.apply(Edit("swap", "f", "a", other="b"))
    assert (form.value("a"), form.value("b")) == ("2", "4")
    form.apply(Edit("set", "f", "c", "5"))
    form.apply(Edit("keep", "f", "a", other="b"))
    assert form.value("c") == NOTHING and form.value("a") == "2"


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_the_gold_answers_follow_from_the_words_alone(split):
    for task in Edits(forms=2, slots=3, turns=30).tasks(split)[:15]:
        forms = {}
        for turn in read(task).turns:
            edit = parse(turn.text)
            assert edit is not None, turn.text
            form = forms.setdefault(edit.form, Form())
            form.apply(edit)
            if turn.metric:
                assert turn.reference == (form.value(edit.slot),)


def test_splits_share_no_value():
    said = {
        split: " ".join(turn.text for task in Edits().tasks(split)[:40] for turn in read(task).turns).split()
        for split in ("train", "validation", "test")
    }
    used = [{word.strip(".?") for word in words} & set(POOL) for words in said.values()]
    assert all(used) and not (used[0] & used[1] or used[0] & used[2] or used[1] & used[2])


def test_one_wrong_answer_fails():
    world = dutiful.world("chat/edits?turns=8")
    task = world.tasks()[0]
    for wrong in (False, True):
        observation = world.reset(task)
        while not observation.done:
            action = world.expert()
            asked, wrong_now = world.turn.metric, wrong
            observation = world.step(Action("Atlantis") if asked and wrong_now else action)
            wrong = wrong and not asked  # noqa: PLW2901
        assert world.verdict().passed is not any(not c.passed for c in world.verdict().criteria)
    assert not world.verdict().passed


def test_impossible_parameters_are_refused():
    with pytest.raises(SpecError, match="turns is 3"):
        Edits(turns=3)
    with pytest.raises(SpecError, match="9 forms"):
        Edits(forms=9)
