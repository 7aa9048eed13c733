"""What the first letters of the sentences spell."""

from __future__ import annotations

import random as randomness
import re
from typing import Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.joints import close, first, follow, gap
from dutiful.kit.constraints.position.places import BEFORE, OPENERS, Place
from dutiful.kit.constraints.text import lowered, sentence_spans

_LETTER = re.compile(r"[^\W\d_]")


class Acrostic(Place, frozen=True):
    """The first letters of the sentences spell a word, no more and no fewer."""

    word: str

    kind = "acrostic"
    languages = ("en",)
    wordings = (
        'The first letters of the sentences must spell the word "{word}".',
        'Write an acrostic: the first letters of the sentences spell "{word}".',
        'Make sure that the initial letters of the sentences spell "{word}".',
    )

    def check(self, text: str) -> Finding:
        letters = self.word.lower()
        spans = sentence_spans(text)
        firsts = [_LETTER.search(text, *span) for span in spans]
        got = "".join(each.group().lower() if each else "-" for each in firsts)
        wrong = tuple(span for span, a, b in zip(spans, got, letters, strict=False) if a != b) + tuple(spans[len(letters) :])
        return Finding(got == letters, f"the sentences start with {got[:40].upper()!r}, {letters.upper()!r} asked for", wrong)

    def finish(self, text: str) -> str | None:
        letters = self.word.lower()
        if self.check(text).passed:
            return ""
        spans = sentence_spans(text)
        got = [_LETTER.search(text, *span) for span in spans]
        last = spans and got[-1] is None  # the last one has no letter yet
        got = got[:-1] if last else got
        if len(spans) > len(letters) or any(not a or a.group().lower() != b for a, b in zip(got, letters, strict=False)):
            return None
        rest = [OPENERS[letter] for letter in letters[len(got) :]]
        if not last:
            return follow(text, *rest)
        start = rest[0]
        ends = (joint + start + follow(start, *rest[1:]) for joint in (gap(text), "", ".. ", ", "))
        low = (joint + start.lower() + follow(start, *rest[1:]) for joint in (gap(text), ".. ", ", "))
        return first(self, text, (*ends, *low))

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        kept: list[str] = []
        sentences = [text[start:end] for start, end in sentence_spans(text)]
        for letter, sentence in zip(self.word.lower(), sentences, strict=False):
            found = _LETTER.search(sentence)
            same = found and found.group().lower() == letter
            new = sentence if same else f"{BEFORE[letter]}, {lowered(sentence)}"
            kept.append(new + close(new))
        mended = " ".join(kept)
        end = self.finish(mended)
        return mended + end if end is not None else self.finish("") or ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("hope", "star", "sun", "lamp", "tea", "moon", "path")))

    def opposes(self, other: Rule) -> str:
        return "two acrostics" if isinstance(other, Acrostic) and other.word.lower() != self.word.lower() else ""


__all__ = ["Acrostic"]
