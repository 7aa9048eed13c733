"""Lists, parts, templates and lines: how an answer is built."""

from __future__ import annotations

from dutiful.kit.constraints.structure.backwards import HoldsReversed, HoldsWordsReversed
from dutiful.kit.constraints.structure.bullets import BulletsAtLeast, BulletsAtMost, BulletsExactly, SubBullets
from dutiful.kit.constraints.structure.given import CommaList, OutputTemplate
from dutiful.kit.constraints.structure.lines import LineStairs, WordsOnLines
from dutiful.kit.constraints.structure.lists import MarkedItems, NumberedExactly, SentencesThenBullets
from dutiful.kit.constraints.structure.options import HoldsOneOf, MultipleChoice, OneOf
from dutiful.kit.constraints.structure.order import LinesFallFrom, LinesInOrder
from dutiful.kit.constraints.structure.parts import PlaceholdersAtLeast, Sections, StarredParagraphs, TwoAnswers
from dutiful.kit.constraints.structure.repeated import CopiedSpan, ExactSentence, RepeatsChanged, RepeatsFirst

__all__ = [
    "BulletsAtLeast",
    "BulletsAtMost",
    "BulletsExactly",
    "CommaList",
    "CopiedSpan",
    "ExactSentence",
    "HoldsOneOf",
    "HoldsReversed",
    "HoldsWordsReversed",
    "LineStairs",
    "LinesFallFrom",
    "LinesInOrder",
    "MarkedItems",
    "MultipleChoice",
    "NumberedExactly",
    "OneOf",
    "OutputTemplate",
    "PlaceholdersAtLeast",
    "RepeatsChanged",
    "RepeatsFirst",
    "Sections",
    "SentencesThenBullets",
    "StarredParagraphs",
    "SubBullets",
    "TwoAnswers",
    "WordsOnLines",
]
