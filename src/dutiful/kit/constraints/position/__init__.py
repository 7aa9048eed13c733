"""What stands where: how answers, sentences, paragraphs and lines begin and end, and in which place a word stands."""

from __future__ import annotations

from dutiful.kit.constraints.position.acrostic import Acrostic
from dutiful.kit.constraints.position.answers import EndsWith, Postscript, StartsWith
from dutiful.kit.constraints.position.each_sentence import SentencesStartWith, SentencesStartWithLetter, SentenceStartsDiffer
from dutiful.kit.constraints.position.edge_words import FirstWord, LastWord, StartsWithVerb
from dutiful.kit.constraints.position.nth_words import NthWord, SecondWords
from dutiful.kit.constraints.position.paragraphs import LinesStartWith, ParagraphStartsWith
from dutiful.kit.constraints.position.sentences import KeywordAt, KeywordInSentence, NthSentenceStartsWith

__all__ = [
    "Acrostic",
    "EndsWith",
    "FirstWord",
    "KeywordAt",
    "KeywordInSentence",
    "LastWord",
    "LinesStartWith",
    "NthSentenceStartsWith",
    "NthWord",
    "ParagraphStartsWith",
    "Postscript",
    "SecondWords",
    "SentenceStartsDiffer",
    "SentencesStartWith",
    "SentencesStartWithLetter",
    "StartsWith",
    "StartsWithVerb",
]
