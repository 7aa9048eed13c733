"""Which words and letters occur, how often, and of what shape they are."""

from __future__ import annotations

from dutiful.kit.constraints.lexical.counted import KeywordAtLeast, KeywordAtMost, KeywordExactly, KeywordsTimes
from dutiful.kit.constraints.lexical.forbidden import ForbiddenLetters, ForbiddenWords
from dutiful.kit.constraints.lexical.keywords import EitherKeyword, Keywords, KeywordsInOrder
from dutiful.kit.constraints.lexical.kinds import ConjunctionsAtLeast, NamesAtLeast, PronounsAtLeast
from dutiful.kit.constraints.lexical.letters import LetterAtLeast, LetterAtMost
from dutiful.kit.constraints.lexical.repeats import DistinctWordsAtLeast, NoWordTwice, WordRepeatsAtMost
from dutiful.kit.constraints.lexical.shares import Overlap, StopWordsAtMost
from dutiful.kit.constraints.lexical.syllables import SyllablesAlternate
from dutiful.kit.constraints.lexical.word_lengths import OddLengths, PrimeLengths, WordLettersAtMost
from dutiful.kit.constraints.lexical.word_letters import (
    AlphabetLoop,
    ConsonantClusters,
    InitialLetter,
    InitialsDiffer,
    PalindromesAtLeast,
    VowelsAtMost,
)

__all__ = [
    "AlphabetLoop",
    "ConjunctionsAtLeast",
    "ConsonantClusters",
    "DistinctWordsAtLeast",
    "EitherKeyword",
    "ForbiddenLetters",
    "ForbiddenWords",
    "InitialLetter",
    "InitialsDiffer",
    "KeywordAtLeast",
    "KeywordAtMost",
    "KeywordExactly",
    "Keywords",
    "KeywordsInOrder",
    "KeywordsTimes",
    "LetterAtLeast",
    "LetterAtMost",
    "NamesAtLeast",
    "NoWordTwice",
    "OddLengths",
    "Overlap",
    "PalindromesAtLeast",
    "PrimeLengths",
    "PronounsAtLeast",
    "StopWordsAtMost",
    "SyllablesAlternate",
    "VowelsAtMost",
    "WordLettersAtMost",
    "WordRepeatsAtMost",
]
