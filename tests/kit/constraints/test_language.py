"""Requirements on language."""

from __future__ import annotations

from random import Random

import pytest
from rule_properties import check_type

from dutiful.kit.constraints import language
from dutiful.kit.constraints.language import (
    AsciiOnly,
    EnglishThenChinese,
    EveryNthWordJapanese,
    InChinese,
    InLanguage,
    LatinOnly,
    NoLatinLetters,
)
from dutiful.kit.constraints.language.data import NAMES, SAID
from dutiful.kit.constraints.language.detect import detect


@pytest.mark.parametrize("name", language.__all__)
def test_contract(name: str) -> None:
    check_type(getattr(language, name))


@pytest.mark.parametrize("name", NAMES)
def test_each_language_is_told_from_the_others(name: str) -> None:
    assert detect(SAID[NAMES[name]])[0] == NAMES[name]


def test_languages() -> None:
    assert InLanguage("French").check("Le chat est dans la maison et il dort.").passed
    assert not InLanguage("French").check("The cat is in the house.").passed
    assert not InLanguage("French").check("123").passed
    assert (
        InLanguage("French").mend("The cat is here and it is the best of all. Le chat est dans la maison.", Random(0))
        == "Le chat est dans la maison."
    )
    assert InLanguage("French").opposes(InLanguage("English"))


def test_scripts() -> None:
    assert InChinese("simplified").check("这个问题很难，2 天。").passed
    assert InChinese("simplified").check("這個问题").spans == ((0, 1), (1, 2))
    assert InChinese("traditional").mend("这个 AI 问题", Random(0)) == "這個問題"
    assert InChinese("simplified").finish("AI") is None
    assert LatinOnly().check("Café, no. 3").passed and not LatinOnly().check("да").passed
    assert AsciiOnly().mend("“Café”", Random(0)) == '"Cafe"'
    assert NoLatinLetters().check("我用 3 台电脑").passed and not NoLatinLetters().check("我用 PC").passed
    assert (
        EnglishThenChinese().check("It rains.\n\n下雨了。").passed
        and not EnglishThenChinese().check("下雨了。\n\nIt rains.").passed
    )
    assert EveryNthWordJapanese(3).check("I am 日本 and we はい.").passed
    assert EveryNthWordJapanese(3).check("I am fine and").spans == ((5, 9),)
