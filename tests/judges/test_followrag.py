"""The judge followrag scores rules and answers apart, and the world rag/rules has an answer for every task."""

import pytest

import dutiful
from dutiful import agent, solve, world
from dutiful.core.errors import SpecError
from dutiful.judges.followrag import FollowRag
from dutiful.kit.answers import best
from dutiful.kit.constraints import check
from dutiful.kit.dialogue import read
from dutiful.models.scripted import Scripted
from dutiful.testing import check_judge, check_world

PLACE = world("rag/rules?k=1&retriever=gold&level=1")


def answer(write, place=PLACE, n=6):
    done = []
    for task in place.tasks("validation")[:n]:
        text = write(read(task).turns[0])
        done.append(solve(agent("act", Scripted(reply=lambda prompt, text=text: text)), task, place))
    return done


def figures(episodes, **settings):
    return {figure.name: figure.value for figure in FollowRag(**settings).report(episodes)}


@pytest.mark.parametrize("spec", ["rag/rules", "rag/rules?level=4&k=1&retriever=none"])
def test_the_battery_passes_rag_rules(spec):
    assert check_world(spec).ran >= 13


@pytest.mark.parametrize("name", ["followrag", "followrag?mode=loose"])
def test_the_battery_passes_followrag(name):
    good, bad = answer(lambda turn: turn.gold, n=1)[0], answer(lambda turn: "xyzzy", n=1)[0]
    assert check_judge(name, good=good, bad=bad).ran == 6


def test_every_gold_answer_is_right_and_obeys_and_levels_are_counted():
    counts = []
    for task in world("rag/rules?k=1&retriever=gold").tasks("validation")[:28]:
        (turn,) = read(task).turns
        assert best("recall_em", turn.gold, turn.reference) and all(check(rule, turn.gold).passed for rule in turn.constraints)
        assert turn.text.startswith(turn.tags["question"]) and all(rule.wording in turn.text for rule in turn.constraints)
        counts.append(len(turn.constraints))
    assert [counts.count(level) for level in (1, 2, 3, 4)] == [9, 9, 5, 5]


def test_obeying_and_knowing_are_told_apart():
    obeying = figures(answer(lambda turn: turn.gold.replace(turn.tags["answers"][0], "zzz")))
    assert obeying["answer"] < 0.6 and obeying["rules strict"] > 0.6
    gold = figures(answer(lambda turn: turn.gold))
    assert {gold[name] for name in ("answer", "rules strict", "prompts strict", "rules loose", "prompts loose, 1 rule")} == {1}


def test_loose_forgives_a_polite_first_line_and_strict_does_not():
    polite = answer(lambda turn: f"Sure, Here IS what you, asked for:\n{turn.gold}", n=12)
    found = figures(polite)
    assert found["rules loose"] == 1 > found["rules strict"] and found["answer"] == 1


def test_half_an_answer_is_half_and_a_model_can_grade():
    class Question:
        references, text = ("Orlin Vasker",), "It was Orlin."

    assert FollowRag().grade(Question) == 0.5
    graded = FollowRag(by="scripted?script=0.5")
    assert graded.judge(answer(lambda turn: turn.gold, n=1)[0]).criteria[-1].score == 0.5


def test_tasks_without_rules_and_unknown_levels_are_refused():
    place = world("rag/facts?k=1")
    episode = solve(agent("act", dutiful.model("scripted")), place.tasks("validation")[0], place)
    with pytest.raises(ValueError, match="rag/rules"):
        FollowRag().judge(episode)
    with pytest.raises(SpecError, match="1 to 4"):
        world("rag/rules?level=5")


def test_a_model_grades_each_answer_once():
    judge = FollowRag(by="scripted?script=1|0|0|0")
    episodes = answer(lambda turn: turn.gold, n=2)
    first = [judge.judge(episode).criteria[-1].score for episode in episodes]
    assert [figure.value for figure in judge.report(episodes) if figure.name == "answer"] == [0.5] and first == [1, 0]
    judge.close()
    judge.close()
