"""Which word stands in a certain place."""

from __future__ import annotations

import random as randomness
from typing import Any, Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.joints import first, gap, link
from dutiful.kit.constraints.position.places import TOPIC_WORDS, Place
from dutiful.kit.constraints.text import WORD, capitalised, lowered


class NthWord(Place, frozen=True):
    """The nth word is a certain one, in either case."""

    n: int
    word: str

    kind = "nth_word"
    languages = ("en",)
    wordings = (
        'Word number {n} of the answer must be "{word}".',
        'Put "{word}" in place {n} among the words of the answer.',
        'Make sure that "{word}" is word {n} of the answer.',
    )

    def check(self, text: str) -> Finding:
        for index, found in enumerate(WORD.finditer(text), 1):
            if index == self.n:
                passed = found.group().lower() == self.word.lower()
                return Finding(passed, f"word {self.n} is {found.group()!r}", () if passed else (found.span(),))
        return Finding(False, f"fewer than {self.n} words")

    def finish(self, text: str) -> str | None:
        found = list(WORD.finditer(text))
        if len(found) >= self.n:
            begun = text[found[self.n - 1].start() :].lower()
            if self.check(text).passed:
                return ""
            return self.word[len(begun) :] if len(found) == self.n and self.word.lower().startswith(begun) else None
        need = self.n - len(found) - 1
        filler = " ".join(("so", "it", "goes", "on", "and", "on")[i % 6] for i in range(need))
        more = f"{filler} {self.word}" if filler else self.word
        return gap(text) + (more if found else capitalised(more)) + "."

    def mend(self, text: str, random: randomness.Random) -> str:
        found = list(WORD.finditer(text))
        if self.check(text).passed:
            return text
        if len(found) < self.n:
            return text + (self.finish(text) or "")
        at = found[self.n - 1].start()
        rest = lowered(text[at:]) if self.n == 1 else text[at:]
        return text[:at] + (capitalised(self.word) if self.n == 1 else self.word) + " " + rest

    def opposes(self, other: Rule) -> str:
        clash = isinstance(other, NthWord) and other.n == self.n and other.word.lower() != self.word.lower()
        return f"two different words in place {self.n}" if clash else ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((2, 3, 4, 5, 6)), random.choice(TOPIC_WORDS))


class SecondWords(Place, frozen=True):
    """The second word and the last but one are a certain one. IFBench takes the full stop at the end for the last word.

    So what `finish` gives ends without one: the verdicts are the same then.
    """

    word: str

    kind = "second_words"
    languages = ("en",)
    same_as = "ifbench:words:words_position"
    wordings = (
        'The second word and the second to last word of the answer must be "{word}".',
        'Use "{word}" as the second word and also as the last word but one.',
        'Make sure that "{word}" stands in the second place from the start and from the end.',
    )

    def check(self, text: str) -> Finding:
        found = list(WORD.finditer(text))
        if len(found) < 2:
            return Finding(False, "fewer than two words")
        wrong = tuple(each.span() for each in (found[1], found[-2]) if each.group().lower() != self.word.lower())
        return Finding(not wrong, f"they are {found[1].group()!r} and {found[-2].group()!r}", tuple(dict.fromkeys(wrong)))

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        found = list(WORD.finditer(text))
        if not found:
            return gap(text) + f"Good {self.word} helps"
        if len(found) == 1:
            return gap(text) + f"{self.word} helps"
        begun = text[found[1].start() :].lower()
        if len(found) == 2 and self.word.lower().startswith(begun):
            return self.word[len(begun) :] + " helps"
        if found[1].group().lower() != self.word.lower():
            return None
        return first(
            self, text, (gap(text) + "helps", link(text) + f"It takes {self.word} too", gap(text) + f"and {self.word} helps")
        )

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        found = list(WORD.finditer(text))
        if len(found) > 1 and found[1].group().lower() != self.word.lower():
            text = text[found[0].start() :]  # a mark in front is a word to IFBench
            at = len(found[0].group())
            text = text[:at] + " " + self.word + ("" if text[at].isspace() else " ") + text[at:]
        end = self.finish(text)
        return text + end if end is not None else f"Good {self.word} helps"

    def peer(self) -> dict[str, Any]:
        return {"keyword": self.word}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(TOPIC_WORDS))


__all__ = ["NthWord", "SecondWords"]
