"""Answers that are one of some options, and questions that offer some."""

from __future__ import annotations

import random as randomness
import re
import string
from typing import Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.fillers import NOUNS
from dutiful.kit.constraints.joints import first, lead
from dutiful.kit.constraints.mended import Mended
from dutiful.kit.constraints.text import EDGES

_AROUND = EDGES + "。！？，；：“”「」"


class OneOf(Mended, frozen=True):
    """The answer is one of some options, apart from case and marks around it."""

    options: tuple[str, ...]

    kind, family, category, subtype = "one_of", "structure", "content", "options"
    same_as = "ifbench:format:options"
    languages = ("en", "zh")
    wordings = (
        "Answer with one of the following options only: {options}.",
        "Choose from {options}; give no explanation.",
        "Your whole answer must be one of these: {options}.",
    )
    wordings_zh = (
        "从以下选项中选一个回答：{options}。",
        "只回答下列选项之一：{options}。",
    )

    def __post_init__(self) -> None:
        if len(self.options) < 2 or not all(option.strip(_AROUND) for option in self.options):
            raise ValueError(f"needs two options or more, got {self.options!r}")

    def check(self, text: str) -> Finding:
        said = text.strip(_AROUND).lower()
        passed = any(option.strip(_AROUND).lower() == said for option in self.options)
        span = () if passed or not text.strip() else ((0, len(text)),)
        return Finding(passed, f"{said[:60]!r} is {'one' if passed else 'none'} of the options", span)

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        begun = text.lstrip(_AROUND).lower()
        rests = (
            option.strip(_AROUND)[len(begun) :] for option in self.options if option.strip(_AROUND).lower().startswith(begun)
        )
        return first(self, text, rests)

    def mend(self, text: str, random: randomness.Random) -> str:
        """An option that the text mentions, or any."""
        if (end := self.finish(text)) is not None:
            return text + end
        low = text.lower()
        named = [option for option in self.options if option.strip(_AROUND).lower() in low]
        return max(named, key=len) if named else random.choice(self.options)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((("yes", "no", "maybe"), ("true", "false"), ("I know", "I do not know"), ("A", "B", "C", "D"))))

    def peer(self) -> dict[str, object]:
        return {"options": "/".join(self.options)}


class HoldsOneOf(Mended, frozen=True):
    """One of some sentences occurs word for word; there may be more around it."""

    options: tuple[str, ...]

    kind, family, category, subtype = "holds_one_of", "structure", "content", "options"
    same_as = "ifeval:detectable_format:constrained_response"
    wordings = (
        "Your answer must hold one of these, word for word: {options}",
        "Say one of the following in exactly these words: {options}",
        "Include one of {options} as it stands here.",
    )

    def __post_init__(self) -> None:
        if not all(option.strip() == option and option for option in self.options):
            raise ValueError(f"needs options without blanks around them, got {self.options!r}")

    def check(self, text: str) -> Finding:
        for option in self.options:
            if option in text:
                return Finding(True, f"found: {option}")
        return Finding(False, "found: none")

    def finish(self, text: str) -> str | None:
        if any(option in text for option in self.options):
            return ""
        for option in self.options:
            for size in range(len(option) - 1, 3, -1):
                if text.endswith(option[:size]):
                    return option[size:]
        return lead(text) + self.options[0]

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((("My answer is yes.", "My answer is no.", "My answer is maybe."), ("I agree.", "I disagree."))))


_QUESTION = re.compile(r"\n*Question \d+[.|):;]?\s*")
_OPTION = re.compile(r"[A-Ea-e][.|)]\s*\w+")


class MultipleChoice(Rule, frozen=True):
    """So many multiple-choice questions, headed "Question 1" and so on, with so many options, each longer than the last.

    As in IFBench, the answer begins with "Question", and the length is that of the question in characters.
    """

    questions: int
    options: int

    kind, family, category, subtype = "multiple_choice", "structure", "format", "template"
    steers, same_as = False, "ifbench:custom:mcq_count_length"
    wordings = (
        'Write {questions} multiple-choice questions with {options} options each (A, B, ...); begin each with "Question" and its'
        " number, and let each question be longer than the one before.",
        "Give {questions} questions, headed Question 1 and so on, each longer than the last and followed by {options} options"
        " marked A), B), ...",
        'The answer must be {questions} questions to tick, with {options} options each; label them "Question 1." etc., in'
        " increasing length.",
    )

    def __post_init__(self) -> None:
        if self.questions < 1 or not 1 <= self.options <= 5:
            raise ValueError(f"needs questions, and 1 to 5 options, got {self.questions} and {self.options}")

    def check(self, text: str) -> Finding:
        if not text.startswith("Question"):
            return Finding(False, 'does not begin with "Question"')
        parts = [part.strip() for part in _QUESTION.split(text) if part.strip()]
        if len(parts) != self.questions:
            return Finding(False, f"{len(parts)} questions instead of {self.questions}")
        before = -1
        for index, part in enumerate(parts, 1):
            lines = [line.strip() for line in part.split("\n")]
            marks = [place for place, line in enumerate(lines) if _OPTION.match(line)]
            if len(marks) != self.options:
                return Finding(False, f"question {index} has {len(marks)} options instead of {self.options}")
            size = len(" ".join(lines[: marks[0]]).strip())
            if size <= before:
                return Finding(False, f"question {index} is not longer than the one before")
            before = size
        return Finding(True, f"{self.questions} questions with {self.options} options, longer and longer")

    def mend(self, text: str, random: randomness.Random) -> str:
        """Writes the questions anew: what they are about is not known here."""
        if self.check(text).passed:
            return text
        blocks: list[str] = []
        for index in range(self.questions):
            asked = " and ".join(["Which of these fits best"] + ["why would you say so"] * index)
            options = [f"{string.ascii_uppercase[place]}) The {random.choice(NOUNS)}" for place in range(self.options)]
            blocks.append("\n".join([f"Question {index + 1}. {asked}?", *options]))
        return "\n\n".join(blocks)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(2, 4), random.randint(3, 5))


__all__ = ["HoldsOneOf", "MultipleChoice", "OneOf"]
