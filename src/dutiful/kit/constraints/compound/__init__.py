"""Requirements that tie several things together."""

from __future__ import annotations

from dutiful.kit.constraints.compound.bullets import BulletLetters, BulletsMatchSentences, BulletWordsAtMost
from dutiful.kit.constraints.compound.chains import FirstSentenceShorter, LastWordFirst
from dutiful.kit.constraints.compound.growing import AlliterationGrows, SentenceAlphabet, SentencesGrow
from dutiful.kit.constraints.compound.lines import LineAcrostic, LinesEndAsTheyBegin
from dutiful.kit.constraints.compound.mentions import EachParagraphHolds, IfMentions, NeverBoth
from dutiful.kit.constraints.compound.stated import StatesWordCount

__all__ = [
    "AlliterationGrows",
    "BulletLetters",
    "BulletWordsAtMost",
    "BulletsMatchSentences",
    "EachParagraphHolds",
    "FirstSentenceShorter",
    "IfMentions",
    "LastWordFirst",
    "LineAcrostic",
    "LinesEndAsTheyBegin",
    "NeverBoth",
    "SentenceAlphabet",
    "SentencesGrow",
    "StatesWordCount",
]
