"""The language and the script of an answer."""

from __future__ import annotations

from dutiful.kit.constraints.language.chinese import EnglishThenChinese, InChinese, NoLatinLetters
from dutiful.kit.constraints.language.japanese import EveryNthWordJapanese
from dutiful.kit.constraints.language.scripts import AsciiOnly, LatinOnly
from dutiful.kit.constraints.language.whole import InLanguage

__all__ = ["AsciiOnly", "EnglishThenChinese", "EveryNthWordJapanese", "InChinese", "InLanguage", "LatinOnly", "NoLatinLetters"]
