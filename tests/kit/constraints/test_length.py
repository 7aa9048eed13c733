"""Requirements on length."""

from __future__ import annotations

from random import Random

import pytest
from rule_properties import check_type

from dutiful.core.errors import SpecError
from dutiful.core.records import Constraint
from dutiful.kit.constraints import TYPES, length
from dutiful.kit.constraints.length import (
    CharactersBetween,
    ParagraphsExactly,
    SentencesAtMost,
    SentencesExactly,
    SentencesPerParagraph,
    SentencesSameLength,
    WordsAround,
    WordsAtLeast,
    WordsAtMost,
    WordsBetween,
    WordsExactly,
    WordsPerSentenceAtMost,
)


@pytest.mark.parametrize("name", length.__all__)
def test_contract(name: str) -> None:
    check_type(getattr(length, name))


def test_words_are_counted_as_ifeval_counts_them() -> None:
    found = WordsAtMost(3).check("I don't know it.")
    assert not found.passed and found.evidence == "5 words, at most 3 asked for"
    assert found.spans == ((8, 15),), "what is too much"
    assert WordsAtMost(5).check("I don't know it.").passed
    assert WordsAtMost(4).peer() == {"num_words": 5, "relation": "less than"}
    assert WordsExactly(4).check("今天很好。").passed, "a Chinese character is a word"
    assert WordsAround(20).bounds() == (18, 22)


def test_finish_is_dead_beyond_a_bound_and_exact_below_it() -> None:
    assert WordsBetween(2, 4).finish("one two three four five") is None
    assert WordsExactly(5).finish("It is fine") == ". That helps."
    assert SentencesExactly(2).finish("Rain fell. It rose. More") is None
    assert SentencesExactly(2).finish("Rain fell") == ". That is the idea."
    assert ParagraphsExactly(1).finish("a\n\nb") is None


def test_mend_keeps_what_fits() -> None:
    assert SentencesAtMost(2).mend("Rain fell. It rose. More came.", Random(0)) == "Rain fell. It rose."
    assert WordsAtMost(3).mend("Rain fell all night long.", Random(0)) == "Rain fell all."
    assert WordsPerSentenceAtMost(3).mend("Rain fell all night long.", Random(0)) == "Rain fell all. Night long."


def test_sentences_and_paragraphs_are_told_where_they_break_it() -> None:
    assert WordsPerSentenceAtMost(2).check("It rose. Rain fell again. Yes.").spans == ((9, 25),)
    assert SentencesPerParagraph(1).check("One.\n\nTwo. Three.").spans == ((6, 17),)
    assert SentencesPerParagraph(2).finish("One.\n\nTwo.") is None, "the first paragraph is over"
    assert SentencesSameLength().check("It is fun. We are up. Go by car.").passed
    assert not SentencesSameLength().check("It is fun. It was up. Go by car.").passed, "a word twice"
    assert CharactersBetween(3, 5).check(" abcd \n").passed, "blanks at the ends do not count"


def test_opposites_know_one_another() -> None:
    assert WordsAtMost(10).opposes(WordsAtLeast(20)) == "at most 10 words, but at least 20"
    assert not WordsAtMost(20).opposes(WordsAtLeast(20))
    assert SentencesAtMost(2).opposes(SentencesExactly(3))


def test_a_parameter_that_does_not_fit_is_an_error_that_names_it() -> None:
    with pytest.raises(SpecError, match="words_at_most"):
        TYPES.rule(Constraint("words_at_most", {"n": "many"}))
