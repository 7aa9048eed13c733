"""Requirements on position."""

from __future__ import annotations

from random import Random

import pytest
from rule_properties import check_type

from dutiful.kit.constraints import position
from dutiful.kit.constraints.position import (
    Acrostic,
    EndsWith,
    FirstWord,
    KeywordAt,
    KeywordInSentence,
    LastWord,
    LinesStartWith,
    NthSentenceStartsWith,
    NthWord,
    ParagraphStartsWith,
    Postscript,
    SecondWords,
    SentencesStartWith,
    SentencesStartWithLetter,
    SentenceStartsDiffer,
    StartsWith,
    StartsWithVerb,
)


@pytest.mark.parametrize("name", position.__all__)
def test_contract(name: str) -> None:
    check_type(getattr(position, name))


def test_beginnings_and_ends() -> None:
    assert StartsWith("In short,").finish("In sh") == "ort,"
    assert StartsWith("In short,").finish("In the") is None
    assert StartsWith("In short,").mend("The cat sat.", Random(0)) == "In short, the cat sat."
    assert EndsWith("Good luck.").check('Do it. "good luck."').passed, "case and a closing quotation mark do not count"
    assert EndsWith("Good luck.").finish("Do it. Good l") == "uck."
    assert FirstWord("yes").check('"Yes, it is').passed and FirstWord("yes").finish("Yet") is None
    assert LastWord("home").check("Let us go home!").passed
    assert StartsWithVerb().check("Take it.").passed and not StartsWithVerb().check("The takes").passed


def test_places_of_words() -> None:
    assert NthWord(3, "river").check("See the river.").passed
    assert NthWord(3, "river").finish("See the old") is None
    assert SecondWords("bread").check("Good bread is bread enough.").passed
    assert KeywordInSentence("river", 2).check("Go on. See the rivers. Yes.").passed
    assert KeywordInSentence("river", 2).check("See the river. Go on.").spans == ((15, 21),)
    assert KeywordAt("river", 2, 3).check("Go on. See the river.").passed
    assert Postscript("P.S.").check("Bye.\n\nP.S. Call me.").passed and not Postscript("P.S.").check("P.P.S. Call me.").passed


def test_starts_of_sentences_paragraphs_and_lines() -> None:
    assert NthSentenceStartsWith(2, "then").check("Go. Then stop.").passed
    assert ParagraphStartsWith(2, 2, "then").check("Go.\n\n**Then** stop.").passed
    assert not ParagraphStartsWith(2, 2, "then").check("Go.\n\nThen stop.\n\nYes.").passed
    assert SentencesStartWithLetter("T").check("The cat. Two dogs. A bird.").spans == ((19, 20),)
    assert SentencesStartWith("still").finish("Still it rains. Now ") is None
    assert SentenceStartsDiffer().check("The cat. The dog.").spans == ((9, 12),)
    assert Acrostic("tea").check("The cat. Every dog. All birds.").passed
    assert Acrostic("tea").finish("The cat. All") is None
    assert LinesStartWith(">").check("> a\n\n > b").passed and LinesStartWith(">").check("> a\nb").spans == ((4, 5),)
