"""What share of the words is of a kind, or taken from another text."""

from __future__ import annotations

import random as randomness
from typing import Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.fillers import NOUNS, several
from dutiful.kit.constraints.joints import lead
from dutiful.kit.constraints.mended import Mended
from dutiful.kit.constraints.text import TOKEN

STOP_WORDS = frozenset(
    several(
        "a an the this that these those i me my myself we our ours ourselves you your yours yourself yourselves he him his"
        " himself she her hers herself it its itself they them their theirs themselves what which who whom am is are was were"
        " be been being have has had having do does did doing will should can but and if or nor so because as until while of"
        " at by for with about against between into through during before after above below to from up down in out on off"
        " over under again further then once here there when where why how all any both each few more most other some such no"
        " not only own same than too very just now s t d ll m o re ve y don isn aren wasn weren hasn haven hadn won wouldn"
        " couldn shouldn doesn didn mustn needn mightn shan ain ma"
    )
)
"""English function words, roughly those that usual stop lists agree on."""


class StopWordsAtMost(Mended, frozen=True):
    """At most so many percent of the words are stop words."""

    percent: int

    kind, family, category, subtype = "stop_words_at_most", "lexical", "content", "words"
    same_as = "ifbench:ratio:stop_words"
    wordings = (
        "Stop words may make up at most {percent}% of the answer.",
        "Ensure that no more than {percent}% of your words are stop words.",
        "Keep function words (the, of, and, ...) to {percent} percent of all words or fewer.",
    )

    def counts(self, text: str) -> tuple[int, int]:
        """The number of stop words and of words."""
        found = TOKEN.findall(text.lower())
        return sum(map(STOP_WORDS.__contains__, found)), len(found)

    def check(self, text: str) -> Finding:
        stop, count = self.counts(text)
        if not count:
            return Finding(False, "no words")
        over = 100 * stop > self.percent * count
        return Finding(not over, f"{stop} of {count} words are stop words, at most {self.percent}% allowed")

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        start = lead(text) if not self.counts(lead(text))[0] else "... "
        # The last word may be a stop word by accident of where the text breaks off: "so" of "soil".
        for glue in (start, *(f"{letters} " for letters in ("s", "ly", "ness")), "x "):
            stop, count = self.counts(text + glue)
            if stop and not self.percent:
                continue
            needed = max(1, -(-100 * stop // self.percent) - count) if stop else 1
            end = glue + " ".join(NOUNS[index % len(NOUNS)] for index in range(needed)) + "."
            if self.check(text + end).passed:
                return end
        return None

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((20, 30, 40, 50)))

    def peer(self) -> dict[str, object]:
        return {"percentage": self.percent}


def _trigrams(text: str) -> set[str]:
    return {text[i : i + 3] for i in range(len(text) - 2)}


class Overlap(Rule, frozen=True):
    """So many percent, give or take two, of the different runs of three characters occur in a source too (as in IFBench)."""

    source: str
    percent: int

    kind, family, category, subtype = "overlap", "lexical", "content", "words"
    steers, same_as = False, "ifbench:ratio:overlap"
    wordings = (
        'Keep a trigram overlap of {percent}% (give or take 2%) with this text: "{source}"',
        'Of your character trigrams, {percent}% (plus or minus 2) must occur in: "{source}"',
        'Stay so close to "{source}" that {percent}% of the runs of three characters are shared, within 2%.',
    )

    def __post_init__(self) -> None:
        if len(self.source) < 3:
            raise ValueError(f"needs a source of at least three characters, got {self.source!r}")

    def share(self, text: str) -> float:
        """The percentage of the text's trigrams that the source has."""
        found = _trigrams(text)
        return 100 * len(found & _trigrams(self.source)) / len(found) if found else -100.0

    def check(self, text: str) -> Finding:
        share = self.share(text)
        said = f"{share:.1f}% of the trigrams are shared" if share >= 0 else "shorter than three characters"
        return Finding(abs(share - self.percent) <= 2, f"{said}, {self.percent}% asked for, give or take 2")

    def mend(self, text: str, random: randomness.Random) -> str:
        """Lays more and more of the source before the text, then less and less of the text behind it."""
        if self.check(text).passed:
            return text
        for cut in range(len(self.source) + 1):
            if self.check(mixed := f"{self.source[:cut]} {text}".strip()).passed:
                return mixed
        fill = " ".join(random.choice(NOUNS) + random.choice(("s", "", "like", "ful")) for _ in range(200))
        rest, known = f"{self.source} {text} {fill}", _trigrams(self.source)
        seen, shared = set(known), len(known)
        for end in range(len(self.source) + 1, len(rest) + 1):  # the share falls from 100% in small steps
            if (new := rest[end - 3 : end]) not in seen:
                seen.add(new)
            if abs(100 * shared / len(seen) - self.percent) <= 2 and self.check(rest[:end]).passed:
                return rest[:end]
        raise ValueError(f"{self.kind} found no mixture with {self.percent}%")

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(
            f"The {random.choice(NOUNS)} near the {random.choice(NOUNS)} was opened again last year.", random.choice((40, 60, 80))
        )

    def peer(self) -> dict[str, object]:
        return {"reference_text": self.source, "percentage": self.percent}


__all__ = ["STOP_WORDS", "Overlap", "StopWordsAtMost"]
