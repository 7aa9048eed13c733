"""A given text, repeated as a whole, in part or changed."""

from __future__ import annotations

import random as randomness
from collections.abc import Iterator
from typing import Self

from dutiful.kit.constraints.base import Finding
from dutiful.kit.constraints.joints import first
from dutiful.kit.constraints.mended import Mended

REQUESTS = (
    "What should I cook for six guests on Sunday?",
    "Explain how a bicycle stays upright.",
    "Name three ways to save water at home.",
    "Tell me why the sea is salty.",
)


class RepeatsFirst(Mended, frozen=True):
    """The answer begins with the request word for word, apart from case."""

    request: str

    kind, family, category, subtype = "repeats_first", "structure", "content", "copies"
    same_as = "ifeval:combination:repeat_prompt"
    wordings = (
        'First repeat the request word for word, then give your answer. The request: "{request}"',
        'Begin by repeating this without any change: "{request}" Only then answer.',
        'The answer must open with the words "{request}"; say nothing before them.',
    )

    def __post_init__(self) -> None:
        if not self.request.strip():
            raise ValueError("needs a request to repeat")

    def check(self, text: str) -> Finding:
        passed = text.strip().lower().startswith(self.request.strip().lower())
        return Finding(passed, "begins with the request" if passed else "does not begin with the request")

    def finish(self, text: str) -> str | None:
        asked, begun = self.request.strip(), text.lstrip()
        if begun.lower().startswith(asked.lower()):
            return ""
        return asked[len(begun) :] if asked.lower().startswith(begun.lower()) else None

    def mend(self, text: str, random: randomness.Random) -> str:
        """Puts the request before the text."""
        end = self.finish(text)
        return text + end if end is not None else f"{self.request.strip()}\n\n{text.strip()}"

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(REQUESTS))

    def peer(self) -> dict[str, object]:
        return {"prompt_to_repeat": self.request}


class _Copy(Mended, frozen=True):
    """The words of the answer are given, but for some."""

    family, category, subtype = "structure", "content", "copies"

    def asked(self) -> list[str]:
        """The words that the answer consists of, in lower case where case does not count."""
        raise NotImplementedError

    def told(self, text: str) -> list[str]:
        """The words of the answer, to be compared."""
        return text.lower().split()

    def check(self, text: str) -> Finding:
        asked, said = self.asked(), self.told(text)
        if said == asked:
            return Finding(True, f"all {len(asked)} words are as asked for")
        wrong = next((i for i, (a, b) in enumerate(zip(asked, said, strict=False)) if a != b), min(len(asked), len(said)))
        chunks, at = text.split(None, wrong + 1)[: wrong + 1], 0
        for chunk in chunks:
            at = text.find(chunk, at) + len(chunk)
        span = ((at - len(chunks[-1]), len(text.rstrip())),) if wrong < len(said) else ()
        return Finding(False, f"differs from word {wrong + 1} on", span)

    def finish(self, text: str) -> str | None:
        asked, said = self.asked(), self.told(text)
        if said == asked:
            return ""
        open_word = bool(text) and not text[-1].isspace()
        done = len(said) - open_word
        if said[:done] != asked[:done] or done >= len(asked):
            return None
        rest = asked[done:]
        if open_word:
            if not rest[0].startswith(said[-1]):
                return None
            rest[0] = rest[0][len(said[-1]) :]
        return " ".join(rest)

    def mend(self, text: str, random: randomness.Random) -> str:
        """The words asked for, instead of the text."""
        end = self.finish(text)
        return text + end if end is not None else " ".join(self.asked())


class ExactSentence(_Copy, frozen=True):
    """The answer is a sentence that is given, apart from case, and nothing else."""

    sentence: str

    kind, same_as = "exact_sentence", "ifbench:repeat:repeat_simple"
    wordings = (
        'Only output this sentence: "{sentence}"',
        'Say exactly "{sentence}" and nothing else.',
        'Ignore everything else and answer with these words only: "{sentence}"',
    )

    def __post_init__(self) -> None:
        if not self.sentence.strip():
            raise ValueError("needs a sentence")

    def asked(self) -> list[str]:
        return self.sentence.lower().split()

    def told(self, text: str) -> list[str]:
        """Split at single blanks: a line break within is a part of its words, so the sentence is not the one asked for."""
        text = text.strip().lower()
        return text.split(" ") if text else []

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("I cannot say.", "This sentence is all there is.", "Please come back on Monday morning.")))


class CopiedSpan(_Copy, frozen=True):
    """The answer is the words from place `start` up to, but without, place `end` of a source, counted from 0; case aside.

    IFBench asks for places of characters and for the last one too, but checks for words, without the last; here the wording fits.
    """

    source: str
    start: int
    end: int

    kind, same_as = "copied_span", "ifbench:repeat:repeat_span"
    wordings = (
        'Copy the words from number {start} up to but not including number {end}, counted from 0, of this text: "{source}"',
        'Of "{source}" give only the words at the places {start} to {end}, counted from 0, the last place excluded.',
        'Repeat nothing but the words {start} to {end} (from 0; the word at {end} left out) of: "{source}"',
    )

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= len(self.source.split()):
            raise ValueError(f"the source has {len(self.source.split())} words, so not {self.start} to {self.end}")

    def asked(self) -> list[str]:
        return self.source.lower().split()[self.start : self.end]

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        source = random.choice(REQUESTS)
        start = random.randint(1, 3)  # IFBench takes 0 for "draw one"
        return cls(source, start, start + random.randint(2, 3))

    def peer(self) -> dict[str, object]:
        return {"prompt_to_repeat": self.source, "n_start": self.start, "n_end": self.end}


class RepeatsChanged(Mended, frozen=True):
    """The answer is the request again, with another first word, and nothing else.

    IFBench lets the first word stay if the blanks differ; that is a bug.
    """

    request: str

    kind, family, category, subtype = "repeats_changed", "structure", "content", "copies"
    same_as = "ifbench:repeat:repeat_change"
    wordings = (
        'Repeat the request, but change its first word, and do not answer it. The request: "{request}"',
        'Say this again with another first word and nothing else changed: "{request}"',
        'Replace the first word of "{request}" and give the result; say nothing else.',
    )

    def __post_init__(self) -> None:
        if len(self.request.split()) < 2:
            raise ValueError(f"needs a request of two words or more, got {self.request!r}")

    def check(self, text: str) -> Finding:
        asked, said = self.request.split(), text.split()
        if said[:1] == asked[:1]:
            return Finding(False, "the first word is the same")
        return Finding(said[1:] == asked[1:], "the rest is the same" if said[1:] == asked[1:] else "the rest is not the same")

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        return first(self, text, self._rests(text))

    def _rests(self, text: str) -> Iterator[str]:
        asked, said = self.request.split(), text.split()
        if not said:
            yield " ".join(["Please" if asked[0] != "Please" else "Kindly", *asked[1:]])
            return
        if text[-1].isspace():
            yield " ".join(asked[len(said) :])
            return
        if len(said) == 1:
            yield " ".join(["", *asked[1:]])
            yield " ".join(["s", *asked[1:]])
        elif len(said) <= len(asked) and asked[len(said) - 1].startswith(said[-1]):
            yield " ".join([asked[len(said) - 1][len(said[-1]) :], *asked[len(said) :]])

    def mend(self, text: str, random: randomness.Random) -> str:
        """The request with another first word."""
        end = self.finish(text)
        return text + end if end is not None else (self.finish("") or "")

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(REQUESTS))

    def peer(self) -> dict[str, object]:
        return {"prompt_to_repeat": self.request}


__all__ = ["REQUESTS", "CopiedSpan", "ExactSentence", "RepeatsChanged", "RepeatsFirst"]
