"""Sentences that grow, or go through the alphabet."""

from __future__ import annotations

import random as randomness
import re
import string
from collections.abc import Iterator
from itertools import pairwise
from typing import Self

from dutiful.kit.constraints.base import Finding
from dutiful.kit.constraints.compound.bullets import BY_LETTER
from dutiful.kit.constraints.compound.chains import parted, starts_after, words_in
from dutiful.kit.constraints.fillers import counted, filler, several
from dutiful.kit.constraints.joints import first
from dutiful.kit.constraints.mended import Mended
from dutiful.kit.constraints.text import EDGES, NO_PUNCTUATION, sentence_spans

_GLUES = ("", " ", "5 ", "x ", " so ")
"""Ways to go on within a sentence: also "3." with "3.5 ", and "etc." with "etc.x "."""


class SentencesGrow(Mended, frozen=True):
    """Each sentence has exactly n more words than the one before it."""

    n: int

    kind, family, category, subtype = "sentences_grow", "compound", "length", "sentences"
    same_as = "ifbench:sentence:increment"
    wordings = (
        "Each sentence must contain exactly {n} more words than the previous one.",
        "Let every sentence be longer than the one before it by exactly {n} words.",
        "From sentence to sentence, the number of words must rise by {n}.",
    )

    def check(self, text: str) -> Finding:
        parts = parted(text)
        sizes = [words_in(part) for part, _ in parts]
        wrong = [index for index in range(1, len(sizes)) if sizes[index] != sizes[index - 1] + self.n]
        said = f"sentences of {', '.join(map(str, sizes)) or 'no'} words, each to have {self.n} more than the last"
        return Finding(bool(parts) and not wrong, said, tuple(parts[index][1] for index in wrong[:1]))

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        sizes = [words_in(part) for part, _ in parted(text)]
        if len(sizes) < 2:
            return first(self, text, ("So it is.",))
        missing = sizes[-2] + self.n - sizes[-1]
        if missing < 0 or any(after != before + self.n for before, after in pairwise(sizes[:-1])):
            return None
        return first(self, text, self._endings(missing))

    def _endings(self, missing: int) -> Iterator[str]:
        for glue in _GLUES:
            for count in (missing, missing - 1, missing + 1):
                yield f"{glue}{filler(count)}." if count > 0 else glue.strip()

    def mend(self, text: str, random: randomness.Random) -> str:
        """Lengthens the sentences that are too short, and cuts those that are too long."""
        if self.check(text).passed or not text.strip():
            return text + (self.finish(text) or "")
        made: list[str] = []
        size = 0
        for part, _ in parted(text):
            words = [word for word in part.rstrip(EDGES).split() if word.translate(NO_PUNCTUATION)]
            words = [re.sub(r"[.!?。！？]+", "", word) for word in words]
            words = [word for word in words if words_in(word)]
            asked = size + self.n if made else max(1, len(words))
            words += filler(max(0, asked - len(words))).split()
            # A short last word might be taken for an abbreviation, so that the sentence would not end there.
            made.append(" ".join([*words[: asked - 1], words[asked - 1] if len(words[asked - 1]) > 6 else "indeed"]) + ".")
            size = asked
        return super().mend(" ".join(line[:1].upper() + line[1:] for line in made), random)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(1, 3))

    def peer(self) -> dict[str, object]:
        return {"small_n": self.n}


class SentenceAlphabet(Mended, frozen=True):
    """Exactly n sentences; the first begins with A, the second with B, and so on."""

    n: int

    kind, family, category, subtype = "sentence_alphabet", "compound", "content", "acrostic"
    same_as = "ifbench:custom:sentence_alphabet"
    wordings = (
        "Write {n} sentences whose first words start with the letters of the alphabet in order.",
        "Tell it in {n} sentences: the first begins with A, the second with B, and so on.",
        "There must be exactly {n} sentences, and their initials must follow the alphabet.",
    )

    def __post_init__(self) -> None:
        if not 1 <= self.n <= 26:
            raise ValueError(f"the alphabet has 26 letters, so there can be 1 to 26 sentences, not {self.n}")

    def check(self, text: str) -> Finding:
        parts = parted(text)
        asked = string.ascii_lowercase[: self.n]
        wrong = [span for i, (part, span) in enumerate(parts) if part[0].lower() != asked[i : i + 1]]
        said = f"{counted(len(parts), 'sentence')}, {len(wrong)} out of place; {self.n} asked for"
        return Finding(len(parts) == self.n and not wrong, said, tuple(wrong))

    def finish(self, text: str) -> str | None:
        found = self.check(text)
        if found.passed:
            return ""
        if found.spans:
            return None
        rest = string.ascii_uppercase[len(sentence_spans(text)) : self.n]
        more = " ".join(f"{BY_LETTER[letter]} something." for letter in rest)
        return first(self, text, (start + more for start in starts_after(text)))

    def mend(self, text: str, random: randomness.Random) -> str:
        """Puts a word with the right letter before each sentence."""
        if (end := self.finish(text)) is not None:
            return text + end
        made: list[str] = []
        for (part, _), letter in zip(parted(text)[: self.n], string.ascii_uppercase, strict=False):
            plain = re.sub(r"[.!?。！？]+(?=\s)", ",", part)
            made.append(plain if plain[0].upper() == letter else f"{BY_LETTER[letter]} this: {plain}")
        for cut in range(len(made), -1, -1):
            text = " ".join(made[:cut])
            if (end := self.finish(text)) is not None:
                return text + end
        return super().mend(text, random)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(2, 6))


_SO = several("so some small silver stones still stand silently somewhere south")


class AlliterationGrows(Mended, frozen=True):
    """In each sentence more words stand next to one with the same first letter than in the sentence before (as in IFBench)."""

    kind, family, category, subtype = "alliteration_grows", "compound", "content", "alliteration"
    steers, same_as = False, "ifbench:sentence:alliteration_increment"
    wordings = (
        "Each sentence must have a longer sequence of consecutive alliterative words than the previous one.",
        "Let the run of words with the same first letter grow from sentence to sentence.",
        "From one sentence to the next, more neighbouring words must begin alike.",
    )

    def runs(self, sentence: str) -> int:
        """How many words of a sentence stand in runs of words that begin alike."""
        initials = [word[0] for chunk in sentence.lower().split() if (word := chunk.lstrip(string.punctuation))]
        count, running = 0, False
        for before, after in pairwise(initials):
            count += (1 if running else 2) if before == after else 0
            running = before == after
        return count

    def check(self, text: str) -> Finding:
        parts = parted(text)
        counts = [self.runs(part) for part, _ in parts]
        wrong = [index for index in range(1, len(counts)) if counts[index] <= counts[index - 1]]
        said = f"words in runs, by sentence: {', '.join(map(str, counts)) or 'none'}"
        return Finding(bool(parts) and not wrong, said, tuple(parts[index][1] for index in wrong[:1]))

    def finish(self, text: str) -> str | None:
        return "" if self.check(text).passed else None

    def mend(self, text: str, random: randomness.Random) -> str:
        """Adds words that begin alike to the end of each sentence that has too few."""
        if self.check(text).passed:
            return text
        made: list[str] = []
        before = -1
        for part, _ in parted(text) or [("So it is.", (0, 0))]:
            body, count, line = part.rstrip(EDGES), 0, part
            while self.runs(line) <= before:
                count += 1
                line = f"{body} {' '.join(_SO[i % len(_SO)] for i in range(count))}."
            made.append(line)
            before = self.runs(line)
        return " ".join(made)


__all__ = ["AlliterationGrows", "SentenceAlphabet", "SentencesGrow"]
