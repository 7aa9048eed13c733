"""How long an answer is: its words, sentences, paragraphs, lines and characters, and how long its sentences are."""

from __future__ import annotations

from dutiful.kit.constraints.length.alike import SentencesSameLength
from dutiful.kit.constraints.length.characters import CharactersAtLeast, CharactersAtMost, CharactersBetween
from dutiful.kit.constraints.length.each_paragraph import SentencesPerParagraph
from dutiful.kit.constraints.length.each_sentence import (
    WordsPerSentenceAtLeast,
    WordsPerSentenceAtMost,
    WordsPerSentenceExactly,
)
from dutiful.kit.constraints.length.paragraphs import (
    LinesAtMost,
    LinesExactly,
    ParagraphsAtLeast,
    ParagraphsAtMost,
    ParagraphsExactly,
)
from dutiful.kit.constraints.length.sentences import SentencesAtLeast, SentencesAtMost, SentencesBetween, SentencesExactly
from dutiful.kit.constraints.length.words import WordsAround, WordsAtLeast, WordsAtMost, WordsBetween, WordsExactly

__all__ = [
    "CharactersAtLeast",
    "CharactersAtMost",
    "CharactersBetween",
    "LinesAtMost",
    "LinesExactly",
    "ParagraphsAtLeast",
    "ParagraphsAtMost",
    "ParagraphsExactly",
    "SentencesAtLeast",
    "SentencesAtMost",
    "SentencesBetween",
    "SentencesExactly",
    "SentencesPerParagraph",
    "SentencesSameLength",
    "WordsAround",
    "WordsAtLeast",
    "WordsAtMost",
    "WordsBetween",
    "WordsExactly",
    "WordsPerSentenceAtLeast",
    "WordsPerSentenceAtMost",
    "WordsPerSentenceExactly",
]
