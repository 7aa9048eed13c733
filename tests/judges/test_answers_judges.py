"""The judges correctness and faithfulness tell apart what they are for, and only that."""

import pytest

from dutiful import agent, solve, world
from dutiful.core.errors import UnknownPart
from dutiful.judges.correctness import Correctness, refuses
from dutiful.judges.faithfulness import Faithfulness
from dutiful.kit.dialogue import read
from dutiful.models.scripted import Scripted
from dutiful.testing import check_judge


def answer(spec, write, n=6):
    """Episodes whose answers are written from the turn."""
    place = world(spec)
    done = []
    for task in place.tasks("validation")[:n]:
        text = write(read(task).turns[0])
        done.append(solve(agent("act", Scripted(reply=lambda prompt, text=text: text)), task, place))
    return done


def right(turn):
    return turn.tags["answers"][0]


GOLD, IRRELEVANT = "rag/facts?retriever=gold&k=2", "rag/facts?retriever=irrelevant&k=2"


@pytest.mark.parametrize("name", ["correctness", "correctness?metric=exact", "correctness?metric=f1"])
def test_the_battery_passes_on_right_and_wrong(name):
    assert check_judge(name, good=answer(GOLD, right, 1)[0], bad=answer(GOLD, lambda turn: "a zeppelin", 1)[0]).ran == 6


@pytest.mark.parametrize("name", ["faithfulness", "faithfulness?metric=k_precision_plus"])
def test_the_battery_passes_on_grounded_and_not(name):
    assert check_judge(name, good=answer(GOLD, right, 1)[0], bad=answer(GOLD, lambda turn: "a zeppelin", 1)[0]).ran == 6


def test_a_long_right_answer_passes_by_recall_and_fails_by_exact_match():
    (long,) = answer(GOLD, lambda turn: f"I think that it must be {right(turn)}, but ask somebody else.", 1)
    assert Correctness().judge(long).passed and not Correctness("exact").judge(long).passed
    assert Correctness("f1").judge(long).score < 0.5


def test_the_right_answer_from_memory_is_correct_and_not_faithful():
    (memory,) = answer(IRRELEVANT, right, 1)
    assert Correctness().judge(memory).passed and not Faithfulness().judge(memory).passed


def test_a_copied_passage_is_faithful_and_wrong_the_known_blind_spot():
    (copy,) = answer(IRRELEVANT, lambda turn: turn.context.split("\n")[0], 1)
    assert Faithfulness().judge(copy).score == pytest.approx(1) and not Correctness().judge(copy).passed


def test_the_report_tells_right_refusals_from_wrong_ones():
    refusing = [*answer(GOLD, lambda turn: "Sorry, I don't know."), *answer(IRRELEVANT, lambda turn: "The passages do not say.")]
    knowing = [*answer(GOLD, right), *answer(IRRELEVANT, right)]
    for found, share in ((refusing, 1), (knowing, 0)):
        figures = {figure.name: figure for figure in Correctness().report(found)}
        assert figures["refused, right passage shown"].value == share == figures["refused, right passage not shown"].value
        assert figures["refused, right passage shown"].n == 6 and figures["recall"].value == 1 - share
    figures = {figure.name: figure.value for figure in Faithfulness().report(knowing)}
    assert figures["k_precision, right passage shown"] == 1 > figures["k_precision, right passage not shown"]


def test_words_of_refusal():
    assert refuses("I don't know.") and refuses("That is not mentioned in the text.")
    assert not refuses("Ashley House") and not refuses("")


def test_an_unknown_metric_and_a_question_without_passages_are_refused():
    with pytest.raises(UnknownPart, match="recall"):
        Correctness("recal")
    with pytest.raises(UnknownPart, match="k_precision"):
        Faithfulness("k_recal")
    with pytest.raises(ValueError, match="without passages"):
        Faithfulness().judge(answer("rag/facts?retriever=none", right, 1)[0])
