"""How often a mark stands."""

from __future__ import annotations

import random as randomness
from typing import Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.bounds import Bounded
from dutiful.kit.constraints.joints import gap, link
from dutiful.kit.constraints.punctuation.marks import NAMED, WIDE, Mark
from dutiful.kit.constraints.text import chinese

_WITH_MARK = {
    ",": "In short, it works well.",
    ";": "That helps; it works well.",
    ":": "One thing is clear: it works well.",
    "?": "Does that help?",
    "!": "That helps!",
}

_WITH_MARK_CHINESE = {
    ",": "总之，这很好。",
    ";": "这很好；没有问题。",
    ":": "要点如下：这很好。",
    "?": "这样好吗？",
    "!": "这很好！",
}


class _Marks(Bounded, frozen=True):
    """So many of a mark; its Chinese form counts too."""

    family, category, subtype = "punctuation", "content", "punctuation"
    unit = "marks"

    def sought(self) -> str:
        """The mark."""
        raise NotImplementedError

    def spans(self, text: str) -> list[tuple[int, int]]:
        mark = self.sought()
        return [(i, i + 1) for i, each in enumerate(text) if each == mark or each == WIDE[mark]]

    def count(self, text: str) -> int:
        return text.count(self.sought()) + text.count(WIDE[self.sought()])

    def check(self, text: str) -> Finding:
        return (
            super()
            .check(text)
            ._replace(
                evidence=f"{self.count(text)} {NAMED[self.sought()]}s, {self.asked()} asked for",
            )
        )

    def add(self, text: str, count: int) -> str:
        new = (_WITH_MARK_CHINESE if chinese(text) else _WITH_MARK)[self.sought()]
        more = ""
        for _ in range(count):
            more += (link(text) if not more else gap(more)) + new
        return more

    def mend(self, text: str, random: randomness.Random) -> str:
        high = self.bounds()[1]
        found = self.spans(text)
        if high is not None and len(found) > high:
            for start, end in reversed(found[high:]):
                instead = ("。" if text[start] in "！？" else ".") if text[start] in "!?！？" else ""
                text = text[:start] + instead + text[end:]
        return text + (self.finish(text) or "")

    def opposes(self, other: Rule) -> str:
        return super().opposes(other) if isinstance(other, _Marks) and other.sought() == self.sought() else ""


class _Chosen(_Marks, frozen=True):
    """So many of a mark that the user names."""

    mark: Mark
    n: int

    names_zh = WIDE

    def sought(self) -> str:
        return self.mark

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((",", ";", ":", "?", "!")), random.choice((1, 2, 3)))


class MarksAtLeast(_Chosen, frozen=True):
    """A mark at least n times."""

    kind = "marks_at_least"
    wordings = (
        'Use the mark "{mark}" at least {n} times.',
        'The mark "{mark}" should appear {n} or more times.',
        'Make sure that there are no fewer than {n} of the mark "{mark}".',
    )
    wordings_zh = (
        "标点“{mark}”至少用{n}次。",
        "“{mark}”这个标点要出现{n}次或更多。",
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.n, None


class MarksAtMost(_Chosen, frozen=True):
    """A mark at most n times."""

    kind = "marks_at_most"
    wordings = (
        'Use the mark "{mark}" at most {n} times.',
        'The mark "{mark}" should appear no more than {n} times.',
        'Make sure that there are {n} or fewer of the mark "{mark}".',
    )
    wordings_zh = (
        "标点“{mark}”最多用{n}次。",
        "“{mark}”这个标点不能超过{n}次。",
    )

    def bounds(self) -> tuple[int, int | None]:
        return 0, self.n


class MarksExactly(_Chosen, frozen=True):
    """A mark exactly n times."""

    kind = "marks_exactly"
    wordings = (
        'Use the mark "{mark}" exactly {n} times.',
        'The mark "{mark}" should appear {n} times, no more and no less.',
        'Make sure that there are exactly {n} of the mark "{mark}".',
    )
    wordings_zh = (
        "标点“{mark}”正好用{n}次。",
        "“{mark}”这个标点要出现{n}次，不多也不少。",
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.n, self.n


class QuestionsExactly(_Marks, frozen=True):
    """Exactly n questions, by their marks."""

    n: int

    kind = "questions_exactly"
    wordings = (
        "Ask exactly {n} questions.",
        "The answer must contain exactly {n} questions.",
        "Make sure that the number of questions is {n}.",
    )
    wordings_zh = (
        "正好提{n}个问题。",
        "回答中必须有{n}个问句，不多也不少。",
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.n, self.n

    def sought(self) -> str:
        return "?"

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((1, 2, 3)))


__all__ = ["MarksAtLeast", "MarksAtMost", "MarksExactly", "QuestionsExactly"]
