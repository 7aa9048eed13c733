"""How texts are cut into words, sentences, lines and paragraphs."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutiful.kit.constraints.fillers import sayings
from dutiful.kit.constraints.joints import close, follow
from dutiful.kit.constraints.text import (
    TOKEN,
    bullets,
    chinese,
    count_words,
    lines,
    paragraphs,
    sentence_spans,
    sentences,
    words,
)

PIECES = st.sampled_from(
    (
        "a",
        "b",
        "Dr",
        "A",
        "etc",
        "e.g",
        "U.S",
        "1",
        ".",
        ".",
        "!",
        "?",
        " ",
        " ",
        "\n",
        '"',
        "*",
        "...",
        "好",
        "。",
        "”",
        "(",
        ")",
        "-",
    )
)
TEXTS = st.lists(PIECES, max_size=14).map("".join)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rain fell. Dr. Smith left at 5 p.m. He was late!", ["Rain fell.", "Dr. Smith left at 5 p.m.", "He was late!"]),
        ("It costs 3.5 euros, e.g. here. See main.py now.", ["It costs 3.5 euros, e.g. here.", "See main.py now."]),
        ("Wait... no. Wait... No.", ["Wait... no.", "Wait...", "No."]),
        ('"Go home." He went (slowly.) Then', ['"Go home."', "He went (slowly.)", "Then"]),
        ("**Bold.** Next", ["**Bold.**", "Next"]),
        ("Really?! Yes", ["Really?!", "Yes"]),
        ("The U.S. Army, etc. and so on", ["The U.S. Army, etc. and so on"]),
        ("1. Milk\n2. Eggs", ["1.", "Milk\n2.", "Eggs"]),
        ("你好。我很好！ 真的吗？好”。", ["你好。", "我很好！", "真的吗？", "好”。"]),
        ("no stop at all\nnor here", ["no stop at all\nnor here"]),
        ("  \n", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_words_are_read_and_counted() -> None:
    assert words("Don't stop the well-known 2nd try_out") == ["Don't", "stop", "the", "well-known", "2nd", "try", "out"]
    assert count_words("Don't stop") == 3, "IFEval counts runs of letters"
    assert count_words("try_out") == 1
    assert count_words("今天 is 好") == 4


def test_lines_and_paragraphs() -> None:
    text = "\n one\n\n \ntwo\nthree\n\n\nfour\n"
    assert lines(text) == [" one", "two", "three", "four"]
    assert paragraphs(text) == [" one", "two\nthree", "four"]
    assert bullets("- a\n* b\n1. c\nd - e\n-f") == ["a", "b", "c"]


@given(st.text(max_size=60))
def test_words_are_counted_as_they_are_found(text: str) -> None:
    assert count_words(text) == len(TOKEN.findall(text))
    assert not re.search(r"[a-z]", text) or count_words(text) > 0


@given(TEXTS)
def test_no_count_falls_when_a_text_grows(text: str) -> None:
    counts = [(len(sentence_spans(text[:i])), count_words(text[:i]), len(paragraphs(text[:i]))) for i in range(len(text) + 1)]
    for before, after in pairwise(counts):
        assert all(a <= b for a, b in zip(before, after, strict=True))


@given(TEXTS)
def test_a_sentence_that_follows_is_one_more(text: str) -> None:
    before = len(sentence_spans(text))
    assert len(sentence_spans(text + close(text))) == before
    for new in ("It works well.", "确实如此。"):
        assert len(sentence_spans(text + follow(text, new))) == before + 1


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 23, 60, 137])
def test_sayings_have_as_many_words_as_asked(count: int) -> None:
    assert sum(map(count_words, sayings(count))) == count
    assert sum(map(count_words, sayings(count, "今天天气很好"))) == count
    assert chinese("今天天气很好, yes") and not chinese("yes, 好 it is")
