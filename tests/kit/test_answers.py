"""Metrics against values worked out by hand, and what must hold for any text."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutiful.core.errors import UnknownPart
from dutiful.kit.answers import METRICS, after_answer, best, bleu, first_word, iou, k_precision, listed, rouge_l

texts = st.text("abc ,.:-Answer\n", max_size=40)


@pytest.mark.parametrize(
    ("answer", "right"),
    [("no", 1), (" No.", 1), ('"no", it is not', 1), ("nothing", 0), ("not", 0), ("I say no", 0), ("", 0), ("yes no", 0)],
)
def test_first_word_never_counts_parts_of_words(answer, right):
    assert first_word(answer, "no") == right


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("Answer: 42", 1),
        ("so 6 x 7\nAnswer: 42.\nGood luck!", 1),
        ("Answer: 41\nno, Answer: 42", 1),
        ("42", 0),
        ("Answer: 42 apples", 0),
        ("Answer: 421", 0),
    ],
)
def test_after_answer_takes_the_last_line_that_answers(answer, right):
    assert after_answer(answer, "42") == right


def test_iou_of_lists():
    assert listed("Labels: red, Blue.") == {"red", "blue"}
    assert iou("red, blue", "Labels: blue, red") == 1
    assert iou("red, blue, green", "red, blue") == pytest.approx(2 / 3)
    assert iou("", "") == 1
    assert iou("", "red") == 0


def test_bleu_by_hand():
    # Five words, one of them wrong at the end: 4/5 words, 3/4 pairs, 2/3 triples, 1/2 fours; equal length, no penalty.
    assert bleu("a b c d x", "a b c d e") == pytest.approx((4 / 5 * 3 / 4 * 2 / 3 * 1 / 2) ** 0.25)
    # All of its words are right, but there are half as many as there should be.
    assert bleu("a b", "a b c d") == pytest.approx(math.exp(1 - 4 / 2))
    # A word said twice counts once.
    assert bleu("a a", "a b") == pytest.approx((1 / 2 * 0.1 / 1) ** 0.5)


@settings(max_examples=100)
@given(texts, texts)
def test_every_metric_is_a_share_and_knows_its_own(answer, reference):
    special = ("attributes", "structured_f1", "number", "letter")  # their references are labels, JSON, numbers and letters
    plain = {name: metric for name, metric in METRICS.items() if name not in special}
    for name, metric in plain.items():
        assert 0 <= metric(answer, reference) <= 1, name
        assert best(name, answer, [reference, "zzz"]) >= metric(answer, reference)
    words = "the red fox sleeps"
    assert all(
        metric(f"Answer: {words}" if name == "after_answer" else words, words) == 1
        for name, metric in plain.items()
        if name != "first_word"
    )


@pytest.mark.parametrize(
    ("metric", "answer", "value"),
    [
        ("precision", "The town of Velgate", 1 / 3),
        ("recall", "It is the town of Velgate, I think", 1),
        ("recall", "Vel gate", 0),
        ("recall_em", "It is in Velgate.", 1),
        ("recall_em", "It is in Vel gate.", 0),
        ("rouge_l", "velgate town", 2 / 3),
    ],
)
def test_overlap_metrics_by_hand(metric, answer, value):
    assert METRICS[metric](answer, "velgate") == pytest.approx(value)


def test_a_reference_that_normalises_to_nothing_is_not_in_every_answer():
    assert METRICS["recall_em"]("anything", "A") == 0 and METRICS["exact"]("", "The") == 0 and METRICS["exact"](" ? ", "?") == 1


def test_a_metric_that_there_is_not_is_named():
    with pytest.raises(UnknownPart, match=r"'rouge'.*rouge_l"):
        best("rouge", "a", ["a"])


def test_rouge_l_is_a_subsequence_not_a_bag():
    assert rouge_l("a b c d", "a x c y") == pytest.approx(0.5)
    assert rouge_l("c a", "a c") == pytest.approx(0.5) and rouge_l("", "a") == 0


def test_knowledge_precision_with_and_without_the_words_of_the_question():
    knowledge, question = "Ada was born in Velgate.", "Where was Ada born?"
    assert k_precision("Ada was born in Velgate", knowledge) == 1
    assert k_precision("Ada was born in Rome", knowledge) == pytest.approx(4 / 5)
    assert k_precision("Ada was born in Rome", knowledge, question) == pytest.approx(1 / 2)
    assert k_precision("", knowledge) == 1


@given(texts, texts)
def test_f1_lies_between_precision_and_recall(answer, reference):
    low, high = sorted((METRICS["precision"](answer, reference), METRICS["recall"](answer, reference)))
    assert low - 1e-12 <= METRICS["f1"](answer, reference) <= high + 1e-12
