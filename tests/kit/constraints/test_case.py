"""Requirements on case."""

from __future__ import annotations

from random import Random

import pytest
from rule_properties import check_type

from dutiful.kit.constraints import case
from dutiful.kit.constraints.case import (
    AllLower,
    AllUpper,
    CapitalWordsAtLeast,
    CapitalWordsAtMost,
    SentenceCase,
    TitleCase,
    WordInCapitals,
)


@pytest.mark.parametrize("name", case.__all__)
def test_contract(name: str) -> None:
    check_type(getattr(case, name))


def test_one_case() -> None:
    assert AllLower().check("so it is, 3 times.").passed
    assert AllLower().check("so It is").spans == ((3, 4),)
    assert AllLower().finish("So") is None
    assert AllUpper().check("SO IT IS").passed and not AllUpper().check("12").passed
    assert AllUpper().mend("so it is", Random(0)) == "SO IT IS"


def test_titles() -> None:
    assert TitleCase().check("The Lord of the Rings Isn't a Well-known Book").passed
    assert TitleCase().check("The lord of the Rings").spans == ((4, 8),)
    assert TitleCase().finish("The Lord int") == "o"
    assert TitleCase().finish("The Lord ob") is None


def test_words_in_capitals() -> None:
    assert CapitalWordsAtLeast(3).check("NASA and I met the U.S. team").passed
    assert CapitalWordsAtLeast(1).check("Nasa").evidence == "0 words in capitals, at least 1 asked for"
    assert CapitalWordsAtMost(1).check("WOW, it is NASA!").spans == ((11, 15),)
    assert CapitalWordsAtMost(0).finish("It is so. N") == "ow", "the word is not at its end"
    assert CapitalWordsAtMost(0).finish("It is NASA ") is None
    assert CapitalWordsAtMost(1).mend("WOW, it is NASA!", Random(0)) == "WOW, it is Nasa!"
    assert WordInCapitals("free").check("It is FREE. Freedom").passed
    assert WordInCapitals("free").finish("It is free ") is None
    assert SentenceCase().check("Yes. no.").spans == ((5, 6),)
    assert AllLower().opposes(AllUpper()) and WordInCapitals("free").opposes(AllLower())


def test_abbreviations_in_small_letters_are_no_title_case() -> None:
    assert TitleCase().check("Fruit, e.g. Pears").spans == ((7, 10),)
    assert TitleCase().finish("Fruit, e.g. Pears") is None and TitleCase().finish("Fruit, e.") == ""
    assert TitleCase().mend("Fruit, e.g. Pears", Random(0)) == "Fruit, E.g. Pears"
