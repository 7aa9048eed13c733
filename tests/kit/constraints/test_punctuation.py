"""Requirements on punctuation."""

from __future__ import annotations

from random import Random

import pytest
from rule_properties import check_type

from dutiful.kit.constraints import punctuation
from dutiful.kit.constraints.punctuation import (
    AllMarks,
    BalancedSentences,
    EndsWithMark,
    MarksAtLeast,
    MarksAtMost,
    MarksExactly,
    NestedBrackets,
    NestedQuotes,
    NoCommas,
    NoDashes,
    NoExclamationMarks,
    NoMark,
    NoPunctuation,
    QuestionsExactly,
    SentencesEndWith,
    StatementsToQuestions,
)


@pytest.mark.parametrize("name", punctuation.__all__)
def test_contract(name: str) -> None:
    check_type(getattr(punctuation, name))


def test_what_must_not_stand() -> None:
    assert NoCommas().check("Yes, it is，").spans == ((3, 4), (10, 11))
    assert NoCommas().check("").passed and NoCommas().finish("a, b") is None
    assert NoCommas().mend("Well, it is.", Random(0)) == "Well it is."
    assert NoMark("!").mend("Yes! No.", Random(0)) == "Yes. No."
    assert NoDashes().check("a well-known thing").passed
    assert not any(NoDashes().check(text).passed for text in ("so — it", "so - it", "so--it", "1–2"))
    assert NoPunctuation().check("don't be well-known").passed and not NoPunctuation().check("Yes.").passed
    assert NoExclamationMarks().opposes(EndsWithMark("!"))


def test_how_often_marks_stand() -> None:
    assert MarksAtLeast("?", 2).check("Why? 为什么？").passed
    assert MarksExactly(";", 1).finish("a; b; c") is None
    assert MarksAtMost(",", 1).mend("a, b, c", Random(0)) == "a, b c"
    assert QuestionsExactly(1).finish("It works.") == " Does that help?"


def test_how_sentences_end() -> None:
    assert EndsWithMark("?").mend("It works.", Random(0)) == "It works?"
    assert SentencesEndWith("!").check("Yes! No. Oh!").spans == ((5, 8),)
    assert SentencesEndWith("!").finish("Yes! Fine. ") is None
    assert StatementsToQuestions().check("A cat. A dog. Who?").passed
    assert not StatementsToQuestions().check("What a day!").passed
    assert BalancedSentences().check("Yes it is. Is it? It is!").passed


def test_what_nests() -> None:
    assert NestedBrackets().check("(a [b {c (d [e])}])").passed
    assert not NestedBrackets().check("(a [b {c (d )}])").passed
    assert (
        NestedBrackets().finish("(a [b ") == " {as (noted [in])}])"
        or NestedBrackets().check("(a [b " + str(NestedBrackets().finish("(a [b "))).passed
    )
    assert NestedQuotes().check('"She said \'he said "no" then\' too"').passed
    assert not NestedQuotes().check("I don't say \"it isn't\" or can't").passed, "apostrophes are no quotes"
    assert AllMarks().check("So?! Yes, it is; see: it works. Really? Yes!").passed
    assert AllMarks().check("So?! Yes, it is; see. Really? Yes!").evidence == "missing: :"
