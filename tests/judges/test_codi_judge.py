"""The judge codi: shares by task, the worst of the outputs of a context, the classifiers' own accuracy, Self-BLEU."""

from itertools import islice

import pytest

import dutiful
from dutiful.core.parts import build
from dutiful.kit.dialogue import read
from dutiful.models import Scripted
from dutiful.testing import check_judge


def lived(task, n, reply=None, phrasing="seed"):
    """Episodes of chat/codi: the gold answers, or what `reply` says to a turn."""
    world = dutiful.world(f"chat/codi?task={task}&phrasing={phrasing}")
    episodes = []
    for each in islice(world.tasks("test"), n):
        turn = read(each).turns[0]
        text = reply(turn) if reply else turn.gold
        episodes.append(dutiful.solve(dutiful.agent("act?retries=0", Scripted(reply=lambda _, text=text: text)), each, world))
    return episodes


def figures(episodes, spec="codi"):
    return {figure.name: figure for figure in build(spec, "judge").report(episodes)}


def test_the_battery_passes():
    good, bad = lived("keyword", 1)[0], lived("keyword", 1, lambda turn: "nothing")[0]
    assert check_judge("codi", good=good, bad=bad).ran == 6


def test_shares_by_task_and_mode():
    found = figures(lived("length", 20) + lived("length", 20, lambda turn: "one two"))
    assert found["length"].value == pytest.approx((20 + 4) / 40)
    assert found["length/at most"].value == 1 and found["length/equal"].value == 0.5
    assert "codi" not in found and "self-BLEU" in found


def test_one_toxic_answer_of_twenty_fails_its_context():
    calm = lived("toxicity", 40)
    assert figures(calm)["toxicity (word list)"].value == 1 and figures(calm)["toxicity (word list)"].n == 2
    rude = iter(["You idiot!"] + ["Let us be calm."] * 39)
    found = figures(lived("toxicity", 40, lambda _: next(rude)))
    assert found["toxicity (word list)"].value == 0.5, "the mean of twenty would have passed it"
    assert "toxicity (word list)" not in figures(calm[:19])
    assert figures(calm[:19], "codi?outputs=19")["toxicity (word list)"].n == 1


def test_the_score_is_the_mean_of_the_six_and_the_classifiers_tell_their_errors():
    tasks = ("length", "keyword", "sentiment", "topic", "multi")
    found = figures([episode for task in tasks for episode in lived(task, 10)] + lived("toxicity", 20, lambda _: "idiot"))
    assert found["codi"].value == pytest.approx(5 / 6) and found["codi"].n == 6
    assert found["codi"].low <= found["codi"].value <= found["codi"].high
    for name in ("topic", "emotion", "polarity"):
        held = found[f"held-out accuracy of the {name} classifier"]
        assert 0.9 <= held.low < held.value < 1
    assert not any("held-out" in name for name in figures(lived("length", 5)))


def test_answers_that_repeat_each_other_have_a_high_self_bleu():
    same = figures(lived("length", 10, lambda _: "always the same old text"))["self-BLEU"].value
    assert same == pytest.approx(1) and figures(lived("length", 10))["self-BLEU"].value < 0.9


def test_no_outputs_are_refused():
    with pytest.raises(ValueError, match="outputs is 0"):
        build("codi?outputs=0", "judge")
