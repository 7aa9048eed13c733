"""Marks: which must not stand, how often they must, with which sentences and answers end, and how quotes and brackets nest."""

from __future__ import annotations

from dutiful.kit.constraints.punctuation.counted import MarksAtLeast, MarksAtMost, MarksExactly, QuestionsExactly
from dutiful.kit.constraints.punctuation.ends import EndsWithMark, SentencesEndWith
from dutiful.kit.constraints.punctuation.kinds import AllMarks, BalancedSentences, StatementsToQuestions
from dutiful.kit.constraints.punctuation.nested import NestedBrackets, NestedQuotes
from dutiful.kit.constraints.punctuation.without import NoCommas, NoDashes, NoExclamationMarks, NoMark, NoPunctuation, NoQuestions

__all__ = [
    "AllMarks",
    "BalancedSentences",
    "EndsWithMark",
    "MarksAtLeast",
    "MarksAtMost",
    "MarksExactly",
    "NestedBrackets",
    "NestedQuotes",
    "NoCommas",
    "NoDashes",
    "NoExclamationMarks",
    "NoMark",
    "NoPunctuation",
    "NoQuestions",
    "QuestionsExactly",
    "SentencesEndWith",
    "StatementsToQuestions",
]
