"""How long an answer is: its words, sentences, paragraphs, lines and characters, and how long its sentences are.

Words are counted as `text.TOKEN` says and sentences as `text.sentence_spans` does, so that the verdicts are IFEval's.
"""

from __future__ import annotations

import random as randomness
import re
from typing import Any, ClassVar, Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.text import (
    TOKEN,
    chinese,
    close,
    count_words,
    extensions,
    follow,
    line_spans,
    link,
    paragraph_spans,
    sayings,
    sentence_spans,
)

_CAPITALISE = re.compile(r"[^\W\d_]")


def _capital(text: str) -> str:
    """With its first letter as a capital."""
    return _CAPITALISE.sub(lambda found: found.group().upper(), text, count=1)


class Bounded(Rule, frozen=True):
    """Between `low` and `high` of a unit. A subclass says which unit, and how to add some."""

    unit: ClassVar[str]
    languages = ("en", "zh")

    def bounds(self) -> tuple[int, int | None]:
        """The least and the most; None: any number."""
        raise NotImplementedError

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where the counted things are."""
        raise NotImplementedError

    def count(self, text: str) -> int:
        """How many there are."""
        return len(self.spans(text))

    def add(self, text: str, count: int) -> str:
        """The continuation that adds `count` of them."""
        raise NotImplementedError

    def asked(self) -> str:
        """The bounds in words."""
        low, high = self.bounds()
        if high is None:
            return f"at least {low}"
        return f"at most {high}" if not low else f"exactly {low}" if low == high else f"{low} to {high}"

    def check(self, text: str) -> Finding:
        low, high = self.bounds()
        count = self.count(text)
        over: tuple[tuple[int, int], ...] = ()
        if high is not None and count > high:
            found = self.spans(text)
            over = ((found[high][0], found[-1][1]),)
        return Finding(count >= low and not over, f"{count} {self.unit}, {self.asked()} asked for", over)

    def finish(self, text: str) -> str | None:
        low, high = self.bounds()
        count = self.count(text)
        if high is not None and count > high:
            return None
        return self.add(text, low - count) if count < low else ""

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        _, high = self.bounds()
        found = self.spans(text)
        cut = text if high is None or len(found) <= high else text[: found[high - 1][1]] if high else ""
        return cut + (self.finish(cut) or "")

    def opposes(self, other: Rule) -> str:
        if not isinstance(other, Bounded) or other.unit != self.unit:
            return ""
        low, high = other.bounds()[0], self.bounds()[1]
        return f"{self.asked()} {self.unit}, but {other.asked()}" if high is not None and low > high else ""


class _Words(Bounded, frozen=True):
    unit = "words"
    family, category, subtype = "length", "length", "words"

    def spans(self, text: str) -> list[tuple[int, int]]:
        return [found.span() for found in TOKEN.finditer(text)]

    def count(self, text: str) -> int:
        return count_words(text)

    def add(self, text: str, count: int) -> str:
        new = sayings(count, text)
        return link(text) + ("" if chinese(new[0]) else " ").join(new)

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        mended = super().mend(text, random)
        return mended + "." if len(mended) < len(text) and mended and mended[-1].isalnum() else mended


class WordsAtMost(_Words, frozen=True):
    """At most n words."""

    n: int

    kind = "words_at_most"
    same_as = "ifeval:length_constraints:number_words"
    wordings = (
        "Use at most {n} words.",
        "Answer in no more than {n} words.",
        "Keep it to {n} words or fewer.",
        "The answer must not be longer than {n} words.",
        "Make sure that it does not exceed {n} words.",
    )

    def bounds(self) -> tuple[int, int | None]:
        return 0, self.n

    def peer(self) -> dict[str, Any]:
        return {"num_words": self.n + 1, "relation": "less than"}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((15, 20, 25, 30, 40, 50, 60, 80)))


class WordsAtLeast(_Words, frozen=True):
    """At least n words."""

    n: int

    kind = "words_at_least"
    same_as = "ifeval:length_constraints:number_words"
    wordings = (
        "Use at least {n} words.",
        "Write {n} words or more.",
        "The answer should have no fewer than {n} words.",
        "Make sure that it is at least {n} words long.",
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.n, None

    def peer(self) -> dict[str, Any]:
        return {"num_words": self.n, "relation": "at least"}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((10, 20, 30, 40, 50)))


class WordsBetween(_Words, frozen=True):
    """From low to high words."""

    low: int
    high: int

    kind = "words_between"
    same_as = "ifbench:count:word_count_range"
    wordings = (
        "Use between {low} and {high} words.",
        "The answer should be {low} to {high} words long.",
        "Make sure that it has no fewer than {low} and no more than {high} words.",
        "Length: {low}-{high} words.",
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.low, self.high

    def peer(self) -> dict[str, Any]:
        return {"min_words": self.low, "max_words": self.high}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        low = random.choice((10, 15, 20, 30, 40))
        return cls(low, low + random.choice((5, 10, 20)))


class WordsExactly(_Words, frozen=True):
    """Exactly n words."""

    n: int

    kind = "words_exactly"
    same_as = "ifbench:count:word_count_range"
    wordings = (
        "Use exactly {n} words.",
        "The answer must be {n} words long, no more and no less.",
        "Make sure that it has exactly {n} words.",
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.n, self.n

    def peer(self) -> dict[str, Any]:
        return {"min_words": self.n, "max_words": self.n}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((5, 8, 10, 12, 15, 20, 25)))


class WordsAround(_Words, frozen=True):
    """About n words: within a tenth of n."""

    n: int

    kind = "words_around"
    same_as = "ifbench:count:word_count_range"
    wordings = (
        "Write about {n} words.",
        "The answer should be around {n} words long.",
        "Aim for roughly {n} words.",
        "Length: approximately {n} words.",
    )

    def bounds(self) -> tuple[int, int | None]:
        return -(-9 * self.n // 10), 11 * self.n // 10

    def peer(self) -> dict[str, Any]:
        low, high = self.bounds()
        return {"min_words": low, "max_words": high}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((20, 30, 40, 50, 60, 80, 100)))


class _Sentences(Bounded, frozen=True):
    unit = "sentences"
    family, category, subtype = "length", "length", "sentences"
    same_as = "ifeval:length_constraints:number_sentences"

    def spans(self, text: str) -> list[tuple[int, int]]:
        return sentence_spans(text)

    def add(self, text: str, count: int) -> str:
        sizes = (4, 6, 3, 7, 5)
        return follow(text, *(sayings(sizes[i % 5], text)[0] for i in range(count)))


class SentencesAtMost(_Sentences, frozen=True):
    """At most n sentences."""

    n: int

    kind = "sentences_at_most"
    wordings = (
        "Use at most {n} sentences.",
        "Answer in no more than {n} sentences.",
        "The answer must not be longer than {n} sentences.",
        "Make sure that there are {n} sentences or fewer.",
    )

    def bounds(self) -> tuple[int, int | None]:
        return 0, self.n

    def peer(self) -> dict[str, Any]:
        return {"num_sentences": self.n + 1, "relation": "less than"}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((2, 3, 4, 5)))


class SentencesAtLeast(_Sentences, frozen=True):
    """At least n sentences."""

    n: int

    kind = "sentences_at_least"
    wordings = (
        "Use at least {n} sentences.",
        "Write {n} sentences or more.",
        "The answer should have no fewer than {n} sentences.",
        "Make sure that there are at least {n} sentences.",
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.n, None

    def peer(self) -> dict[str, Any]:
        return {"num_sentences": self.n, "relation": "at least"}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((2, 3, 4, 5)))


class SentencesExactly(_Sentences, frozen=True):
    """Exactly n sentences."""

    n: int

    kind = "sentences_exactly"
    same_as = ""
    wordings = (
        "Use exactly {n} sentences.",
        "The answer must consist of exactly {n} sentences.",
        "Make sure that there are {n} sentences, no more and no less.",
        "Length: exactly {n} sentences.",
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.n, self.n

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((2, 3, 4, 5)))


class SentencesBetween(_Sentences, frozen=True):
    """From low to high sentences."""

    low: int
    high: int

    kind = "sentences_between"
    same_as = ""
    wordings = (
        "Use between {low} and {high} sentences.",
        "The answer should be {low} to {high} sentences long.",
        "Make sure that it has no fewer than {low} and no more than {high} sentences.",
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.low, self.high

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        low = random.choice((2, 3, 4))
        return cls(low, low + random.choice((1, 2, 3)))


class _Paragraphs(Bounded, frozen=True):
    unit = "paragraphs"
    family, category, subtype = "length", "length", "paragraphs"

    def spans(self, text: str) -> list[tuple[int, int]]:
        return paragraph_spans(text)

    def add(self, text: str, count: int) -> str:
        new = [sayings((8, 6, 9, 7)[i % 4], text)[0] for i in range(count)]
        open_end = "" if text[-1:].isspace() else close(text)
        return open_end + ("\n\n" if text.strip() else "") + "\n\n".join(new)


class ParagraphsExactly(_Paragraphs, frozen=True):
    """Exactly n paragraphs, with blank lines between them."""

    n: int

    kind = "paragraphs_exactly"
    wordings = (
        "Write exactly {n} paragraphs, separated by blank lines.",
        "The answer must have {n} paragraphs with a blank line between them.",
        "Make sure that there are exactly {n} paragraphs.",
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.n, self.n

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((2, 3, 4)))


class ParagraphsAtLeast(_Paragraphs, frozen=True):
    """At least n paragraphs, with blank lines between them."""

    n: int

    kind = "paragraphs_at_least"
    wordings = (
        "Write at least {n} paragraphs, separated by blank lines.",
        "The answer should have {n} or more paragraphs.",
        "Make sure that there are at least {n} paragraphs.",
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.n, None

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((2, 3)))


class ParagraphsAtMost(_Paragraphs, frozen=True):
    """At most n paragraphs, with blank lines between them."""

    n: int

    kind = "paragraphs_at_most"
    wordings = (
        "Write at most {n} paragraphs.",
        "The answer must not have more than {n} paragraphs.",
        "Make sure that there are {n} paragraphs or fewer.",
    )

    def bounds(self) -> tuple[int, int | None]:
        return 0, self.n

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((1, 2, 3)))


class _Lines(Bounded, frozen=True):
    unit = "lines"
    family, category, subtype = "length", "length", "lines"

    def spans(self, text: str) -> list[tuple[int, int]]:
        return line_spans(text)

    def add(self, text: str, count: int) -> str:
        new = [sayings((6, 5, 7, 4)[i % 4], text)[0] for i in range(count)]
        return ("" if not text or text.endswith("\n") else "\n") + "\n".join(new)


class LinesExactly(_Lines, frozen=True):
    """Exactly n lines that are not blank."""

    n: int

    kind = "lines_exactly"
    wordings = (
        "Write exactly {n} lines.",
        "The answer must consist of {n} lines.",
        "Make sure that there are exactly {n} lines, blank ones not counted.",
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.n, self.n

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((2, 3, 4, 5, 6)))


class LinesAtMost(_Lines, frozen=True):
    """At most n lines that are not blank."""

    n: int

    kind = "lines_at_most"
    wordings = (
        "Write at most {n} lines.",
        "The answer must fit on {n} lines or fewer.",
        "Make sure that there are no more than {n} lines.",
    )

    def bounds(self) -> tuple[int, int | None]:
        return 0, self.n

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((1, 2, 3, 5, 8)))


class _Characters(Bounded, frozen=True):
    """Blanks inside count, those at both ends do not."""

    unit = "characters"
    family, category, subtype = "length", "length", "characters"

    def spans(self, text: str) -> list[tuple[int, int]]:
        start = len(text) - len(text.lstrip())
        return [(i, i + 1) for i in range(start, len(text.rstrip()))]

    def count(self, text: str) -> int:
        return len(text.strip())

    def finish(self, text: str) -> str | None:
        low, high = self.bounds()
        count = len(text.strip())
        if high is not None and count > high:
            return None
        if count >= low:
            return ""
        held = len(text.lstrip())  # with the blanks at the end, which will stand inside
        if high is not None and held >= high:
            return None
        need = max(1, low - held)
        new = sayings(need if chinese(text) else need // 3 + 2, text)
        more = link(text) + ("" if chinese(new[0]) else " ").join(new)
        if high is None:
            ends = (found.end() for found in re.finditer(r"\w+\b", more) if found.end() >= need)
            return more[: next(ends, len(more))] + ("." if more.isascii() else "。")
        room = high - held
        ends = [found.end() for found in re.finditer(r"\w+\b", more) if need <= found.end() + 1 <= room]
        if ends:
            return more[: ends[0]] + ("." if more.isascii() else "。")
        cut = more[:need]
        return cut[:-1] + "." if cut[-1].isspace() else cut

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        low, high = self.bounds()
        text = text.strip()
        if high is not None and len(text) > high:
            ends = [found.end() for found in re.finditer(r"\w+\b|[.!?。！？]", text[:high])]
            text = text[: ends[-1]] if ends and ends[-1] >= low else text[:high]
        text = text.strip()
        return text + (self.finish(text) or "")


class CharactersAtMost(_Characters, frozen=True):
    """At most n characters, blanks inside included."""

    n: int

    kind = "characters_at_most"
    wordings = (
        "Use at most {n} characters.",
        "The answer must not be longer than {n} characters, spaces included.",
        "Make sure that it fits into {n} characters.",
        "Stay under a limit of {n} characters.",
    )

    def bounds(self) -> tuple[int, int | None]:
        return 0, self.n

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((80, 100, 140, 160, 200, 280)))


class CharactersAtLeast(_Characters, frozen=True):
    """At least n characters, blanks inside included."""

    n: int

    kind = "characters_at_least"
    wordings = (
        "Use at least {n} characters.",
        "The answer should be {n} characters long or longer, spaces included.",
        "Make sure that it has no fewer than {n} characters.",
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.n, None

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((60, 80, 100, 150, 200)))


class CharactersBetween(_Characters, frozen=True):
    """From low to high characters, blanks inside included."""

    low: int
    high: int

    kind = "characters_between"
    wordings = (
        "Use between {low} and {high} characters.",
        "The answer should be {low} to {high} characters long, spaces included.",
        "Make sure that it has no fewer than {low} and no more than {high} characters.",
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.low, self.high

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        low = random.choice((60, 80, 100, 150))
        return cls(low, low + random.choice((20, 40, 80)))


class EachSentence(Rule, frozen=True):
    """Every sentence has between `low` and `high` words. An empty text has no sentence, and does not meet it."""

    family, category, subtype = "length", "length", "words_per_sentence"
    languages = ("en", "zh")

    def bounds(self) -> tuple[int, int]:
        """The fewest and the most words of a sentence."""
        raise NotImplementedError

    def check(self, text: str) -> Finding:
        low, high = self.bounds()
        spans = sentence_spans(text)
        counts = [count_words(text[start:end]) for start, end in spans]
        wrong = tuple(span for span, count in zip(spans, counts, strict=True) if not low <= count <= high)
        if not spans:
            return Finding(False, "no sentence")
        asked = f"{low} to {high}" if 1 < low < high < MANY else f"at most {high}" if high < MANY else f"at least {low}"
        asked = f"exactly {low}" if low == high else asked
        return Finding(not wrong, f"sentences of {', '.join(map(str, counts[:40]))} words, {asked} asked for in each", wrong)

    def finish(self, text: str) -> str | None:
        low, high = self.bounds()
        spans = sentence_spans(text)
        counts = [count_words(text[start:end]) for start, end in spans]
        if any(not low <= count <= high for count in counts[:-1]) or (counts and counts[-1] > high):
            return None
        if counts and counts[-1] >= low:
            return ""
        for end in extensions(text[spans[-1][0] :] if spans else "", low - (counts[-1] if counts else 0)):
            if self.check(text + end).passed:
                return end
        return None

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        low, high = self.bounds()
        done: list[str] = []
        for start, end in sentence_spans(text):
            rest = text[start:end]
            while rest and (found := [each.end() for each in TOKEN.finditer(rest)]):
                if len(found) < low:
                    bare = rest.rstrip(".!?。！？*_\"'” ")
                    ends = (bare + more for more in extensions(bare, low - len(found)))
                    done.append(next((each for each in ends if self.check(each).passed), ""))
                    break
                if len(found) <= high:
                    done.append(rest)
                    break
                piece = rest[: found[high - 1]]
                done.append(piece + close(piece) if low < high else piece + ".")
                rest = _capital(rest[found[high - 1] :].lstrip(" ,;:.!?，；：-–—)\"'’”"))
        mended = " ".join(part for part in done if part)
        if mended and self.check(mended).passed:
            return mended
        kept = " ".join(part + close(part) for part in done if part and self.check(part + close(part)).passed)
        return kept if self.check(kept).passed else self.finish("") or ""

    def opposes(self, other: Rule) -> str:
        if isinstance(other, EachSentence) and other.bounds()[0] > self.bounds()[1]:
            return f"sentences of at most {self.bounds()[1]} words, but of at least {other.bounds()[0]}"
        return ""


MANY = 10**6
"""More words than any sentence has."""


class WordsPerSentenceAtMost(EachSentence, frozen=True):
    """No sentence has more than n words."""

    n: int

    kind = "words_per_sentence_at_most"
    wordings = (
        "Use at most {n} words in each sentence.",
        "No sentence may be longer than {n} words.",
        "Make sure that every sentence has {n} words or fewer.",
    )

    def bounds(self) -> tuple[int, int]:
        return 1, self.n

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((8, 10, 12, 15, 20)))


class WordsPerSentenceAtLeast(EachSentence, frozen=True):
    """No sentence has fewer than n words."""

    n: int

    kind = "words_per_sentence_at_least"
    wordings = (
        "Use at least {n} words in each sentence.",
        "No sentence may be shorter than {n} words.",
        "Make sure that every sentence has {n} words or more.",
    )

    def bounds(self) -> tuple[int, int]:
        return self.n, MANY

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((4, 5, 6, 8, 10)))


class WordsPerSentenceExactly(EachSentence, frozen=True):
    """Every sentence has exactly n words."""

    n: int

    kind = "words_per_sentence_exactly"
    wordings = (
        "Use exactly {n} words in each sentence.",
        "Every sentence must be {n} words long.",
        "Make sure that each sentence has exactly {n} words.",
    )

    def bounds(self) -> tuple[int, int]:
        return self.n, self.n

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((4, 5, 6, 7, 8)))


class SentencesPerParagraph(Rule, frozen=True):
    """Every paragraph has exactly n sentences; blank lines separate paragraphs."""

    n: int

    kind, family, category, subtype = "sentences_per_paragraph", "length", "length", "sentences"
    languages = ("en", "zh")
    wordings = (
        "Write exactly {n} sentences in each paragraph.",
        "Every paragraph must consist of {n} sentences.",
        "Make sure that each paragraph has exactly {n} sentences.",
    )

    def check(self, text: str) -> Finding:
        spans = paragraph_spans(text)
        counts = [len(sentence_spans(text[start:end])) for start, end in spans]
        wrong = tuple(span for span, count in zip(spans, counts, strict=True) if count != self.n)
        shown = ", ".join(map(str, counts[:40])) or "no"
        return Finding(bool(spans) and not wrong, f"paragraphs of {shown} sentences, {self.n} asked for in each", wrong)

    def finish(self, text: str) -> str | None:
        spans = paragraph_spans(text)
        counts = [len(sentence_spans(text[start:end])) for start, end in spans]
        if any(count != self.n for count in counts[:-1]) or (counts and counts[-1] > self.n):
            return None
        need = self.n - (counts[-1] if counts else 0)
        if not need:
            return ""
        last = text[spans[-1][0] :] if spans else ""
        if last and last.count("\n", len(last.rstrip())) > 1:  # a blank line has ended it
            return None
        sizes = (4, 6, 3, 7, 5)
        return follow(last, *(sayings(sizes[i % 5], text)[0] for i in range(need)))

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        done: list[str] = []
        for start, end in paragraph_spans(text):
            part = text[start:end]
            spans = sentence_spans(part)
            part = part[: spans[min(self.n, len(spans)) - 1][1]]
            done.append(part + (self.finish(part) or ""))
        return "\n\n".join(done) if done else self.finish("") or ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((2, 3, 4)))

    def opposes(self, other: Rule) -> str:
        if isinstance(other, SentencesPerParagraph) and other.n != self.n:
            return f"{self.n} sentences a paragraph, but {other.n}"
        return ""


_PLAIN = (
    ("no", "we", "go", "up", "it", "is", "by", "he", "an", "my", "us", "do"),
    ("old", "red", "sun", "sea", "men", "ate", "ten", "big", "pie", "was", "hot", "tea", "dog", "ran", "far", "one"),
    ("cold", "wind", "blew", "over", "warm", "sand", "most", "kids", "like", "cake", "fish", "swim", "near", "rock"),
    ("quiet", "birds", "build", "small", "nests", "under", "green", "roofs", "young", "foxes", "chase", "brown"),
    ("summer", "nights", "become", "longer", "during", "winter", "golden", "fields", "follow", "rivers"),
)


class SentencesSameLength(Rule, frozen=True):
    """Three sentences of equally many characters, with no word in common. IFBench does not look at the words."""

    kind, family, category, subtype = "sentences_same_length", "length", "length", "characters"
    steers = False
    same_as = "ifbench:ratio:sentence_words"
    wordings = (
        "Write three sentences with the same number of characters but all different words.",
        "The answer must be three sentences of equal length in characters, and no word may occur twice.",
        "Make sure that there are three sentences, equally long in characters, that share no word.",
    )

    def check(self, text: str) -> Finding:
        spans = sentence_spans(text)
        sizes = [end - start for start, end in spans]
        seen: set[str] = set()
        wrong: list[tuple[int, int]] = []
        for found in TOKEN.finditer(text):
            word = found.group().lower()
            if word in seen:
                wrong.append(found.span())
            seen.add(word)
        passed = len(spans) == 3 and len(set(sizes)) == 1 and not wrong
        shown = ", ".join(map(str, sizes[:40])) or "no"
        return Finding(
            passed, f"sentences of {shown} characters, three alike asked for; {len(wrong)} words repeated", tuple(wrong)
        )

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        for start, end in sentence_spans(text)[:3]:
            first = text[start:end]
            kept = [first + close(first)]
            used = [word.lower() for word in TOKEN.findall(first)]
            if len(used) == len(set(used)) and 12 <= len(kept[0]) <= 80:
                for _ in range(2):
                    kept.append(self._like(len(kept[0]), {word.lower() for each in kept for word in TOKEN.findall(each)}, random))
                if self.check(" ".join(kept)).passed:
                    return " ".join(kept)
        return "Quiet birds build nests. Most kids like hot pies. Young foxes follow them."

    def _like(self, size: int, used: set[str], random: randomness.Random) -> str:
        """A sentence of so many characters without the used words; the empty one where none was found."""
        for _ in range(40):
            words: list[str] = []
            free = size
            while free > 0:
                fit = [word for group in _PLAIN for word in group if word not in used and word not in words]
                fit = [word for word in fit if len(word) + 1 == free or len(word) + 4 <= free]
                if not fit:
                    break
                words.append(random.choice(fit))
                free -= len(words[-1]) + 1
            if not free:
                return _capital(" ".join(words)) + "."
        return ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


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
