"""Requirements of the family lexical: which words and letters occur, and how often. Word shapes are in `lexical_words`.

Keywords count as IFEval counts them: anywhere, in any case, also inside a longer word ("art" in "start"). Forbidden words are
whole words. Keywords are taken literally; IFEval reads them as regular expressions, which is a bug for "C++" or "3.5".
"""

from __future__ import annotations

import random as randomness
import re
from functools import lru_cache
from typing import Self

from dutiful.kit.constraints.base import Finding, Rule, shown
from dutiful.kit.constraints.endings import NOUNS, Mended, first, grown, lead, repeated, several


@lru_cache(512)
def _literal(word: str) -> re.Pattern[str]:
    return re.compile(re.escape(word), re.IGNORECASE)


@lru_cache(512)
def _whole(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)


def _spans(word: str, text: str, skip: int = 0) -> tuple[tuple[int, int], ...]:
    return tuple(match.span() for match in _literal(word).finditer(text))[skip:]


def _completed(text: str, words: tuple[str, ...]) -> str:
    """The rest of the first word that the text may have broken off in, or ""."""
    low = text[-24:].lower()
    for word in words:
        for size in range(min(len(word) - 1, len(low)), 2, -1):
            if low.endswith(word[:size].lower()) and not low[: len(low) - size][-1:].isalnum():
                return word[size:]
    return ""


def _distinct(words: tuple[str, ...]) -> None:
    if not words or not all(word.strip() for word in words):
        raise ValueError(f"needs words, got {words!r}")


class Keywords(Mended, frozen=True):
    """Every one of some words or phrases occurs."""

    words: tuple[str, ...]

    kind, family, category, subtype = "keywords", "lexical", "content", "keywords"
    same_as = "ifeval:keywords:existence"
    wordings = (
        "Include the keywords {words}.",
        "Make sure that the answer mentions {words}.",
        "These must appear in your response: {words}.",
    )

    def __post_init__(self) -> None:
        _distinct(self.words)

    def missing(self, text: str) -> tuple[str, ...]:
        """The words that do not occur."""
        low = text.lower()
        return tuple(word for word in self.words if word.lower() not in low)

    def check(self, text: str) -> Finding:
        missing = self.missing(text)
        return Finding(not missing, f"missing: {shown(missing)}" if missing else f"all {len(self.words)} occur")

    def finish(self, text: str) -> str | None:
        missing = self.missing(text)
        if not missing:
            return ""
        if (rest := _completed(text, missing)) and len(self.missing(text + rest)) < len(missing):
            return rest if len(missing) == 1 else rest + (self.finish(text + rest) or "")
        return f"{lead(text)}This also concerns {shown(missing)}."

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(tuple(random.sample(sorted(set(NOUNS)), random.randint(1, 3))))

    def opposes(self, other: Rule) -> str:
        if isinstance(other, ForbiddenWords):
            for word in self.words:
                if other.found(word):
                    return f"{word!r} is asked for and forbidden"
        if isinstance(other, ForbiddenLetters):
            for word in self.words:
                if set(word.lower()) & set(other.letters.lower()):
                    return f"{word!r} holds a forbidden letter"
        if isinstance(other, KeywordAtMost) and other.n < sum(
            word.lower().count(other.word.lower()) > 0 for word in set(self.words)
        ):
            return f"{other.word!r} is asked for, but at most {other.n} times"
        return ""

    def peer(self) -> dict[str, object]:
        return {"keywords": list(self.words)}


class _Times(Mended, frozen=True):
    word: str
    n: int

    family, category, subtype = "lexical", "content", "keywords"

    def __post_init__(self) -> None:
        _distinct((self.word,))

    def count(self, text: str) -> int:
        return text.lower().count(self.word.lower())

    def more(self, text: str, count: int) -> str:
        rest = _completed(text, (self.word,))
        if rest and self.count(text + rest) == self.count(text) + 1:
            return rest if count == 1 else rest + self.more(text + rest, count - 1)
        return f"{lead(text)}Once more: {repeated(self.word, count)}."

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(NOUNS), random.randint(1, 3))


class KeywordAtLeast(_Times, frozen=True):
    """A word occurs at least n times."""

    kind, same_as = "keyword_at_least", "ifeval:keywords:frequency"
    wordings = (
        'Use the word "{word}" at least {n} times.',
        '"{word}" must appear {n} times or more.',
        "Mention {word} no fewer than {n} times in the answer.",
    )

    def check(self, text: str) -> Finding:
        count = self.count(text)
        return Finding(count >= self.n, f"{self.word!r} occurs {count} times, at least {self.n} asked for")

    def finish(self, text: str) -> str | None:
        count = self.count(text)
        return "" if count >= self.n else self.more(text, self.n - count)

    def opposes(self, other: Rule) -> str:
        if isinstance(other, (KeywordAtMost, KeywordExactly)) and other.word.lower() == self.word.lower() and other.n < self.n:
            return f"{self.word!r} at least {self.n} times, but not more than {other.n}"
        if self.n > 0 and isinstance(other, (ForbiddenWords, ForbiddenLetters)):
            return Keywords((self.word,)).opposes(other)
        return ""

    def peer(self) -> dict[str, object]:
        return {"keyword": self.word, "frequency": self.n, "relation": "at least"}


class KeywordAtMost(_Times, frozen=True):
    """A word occurs at most n times."""

    kind, same_as = "keyword_at_most", "ifeval:keywords:frequency"
    wordings = (
        'Use the word "{word}" at most {n} times.',
        '"{word}" may appear no more than {n} times.',
        "Do not write {word} more than {n} times.",
    )

    def check(self, text: str) -> Finding:
        count = self.count(text)
        over = _spans(self.word, text, self.n) if count > self.n else ()
        return Finding(count <= self.n, f"{self.word!r} occurs {count} times, at most {self.n} allowed", over)

    def peer(self) -> dict[str, object]:
        return {"keyword": self.word, "frequency": self.n + 1, "relation": "less than"}


class KeywordExactly(_Times, frozen=True):
    """A word occurs exactly n times."""

    kind = "keyword_exactly"
    wordings = (
        'Use the word "{word}" exactly {n} times.',
        '"{word}" must appear {n} times, no more and no fewer.',
        "Mention {word} precisely {n} times.",
    )

    def check(self, text: str) -> Finding:
        count = self.count(text)
        over = _spans(self.word, text, self.n) if count > self.n else ()
        return Finding(count == self.n, f"{self.word!r} occurs {count} times, exactly {self.n} asked for", over)

    def finish(self, text: str) -> str | None:
        count = self.count(text)
        if count >= self.n:
            return "" if count == self.n else None
        plain = " ".join(["", *[self.word] * (self.n - count)])
        return first(self, text, (self.more(text, self.n - count), plain, f" {plain}."))

    def opposes(self, other: Rule) -> str:
        if isinstance(other, KeywordExactly) and other.word.lower() == self.word.lower() and other.n != self.n:
            return f"{self.word!r} exactly {self.n} and exactly {other.n} times"
        return KeywordAtLeast(self.word, self.n).opposes(other)


class KeywordsTimes(Mended, frozen=True):
    """The first word occurs `times[0]` times, the second `times[1]` times, and so on; all exactly."""

    words: tuple[str, ...]
    times: tuple[int, ...]

    kind, family, category, subtype = "keywords_times", "lexical", "content", "keywords"
    same_as = "ifbench:count:keywords_multiple"
    wordings = (
        "Use the words {words} exactly {times} times, in that order of counts.",
        "The words {words} must occur {times} times respectively.",
        "Mention {words}: respectively {times} times, no more and no fewer.",
    )

    def __post_init__(self) -> None:
        _distinct(self.words)
        if len(self.words) != len(self.times):
            raise ValueError(f"{len(self.words)} words need as many counts, got {self.times}")
        low = [word.lower() for word in self.words]
        if any(a in b for i, a in enumerate(low) for j, b in enumerate(low) if i != j):
            raise ValueError(f"one of {self.words} is a part of another")

    def counts(self, text: str) -> list[int]:
        """How often each occurs."""
        low = text.lower()
        return [low.count(word.lower()) for word in self.words]

    def check(self, text: str) -> Finding:
        counts = self.counts(text)
        wrong = [i for i, count in enumerate(counts) if count != self.times[i]]
        said = "; ".join(f"{self.words[i]!r} {counts[i]} instead of {self.times[i]} times" for i in wrong)
        over = tuple(span for i in wrong if counts[i] > self.times[i] for span in _spans(self.words[i], text, self.times[i]))
        return Finding(not wrong, said or "all counts fit", over)

    def finish(self, text: str) -> str | None:
        counts = self.counts(text)
        if any(count > asked for count, asked in zip(counts, self.times, strict=True)):
            return None
        lists = [
            repeated(word, asked - count)
            for word, count, asked in zip(self.words, counts, self.times, strict=True)
            if count < asked
        ]
        ends = ("", f"{lead(text)}Again: {'; '.join(lists)}.", f" {' '.join(lists).replace(',', '')}", f" {', '.join(lists)}.")
        return first(self, text, ends)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        words = tuple(random.sample(sorted(set(NOUNS)), random.randint(2, 4)))
        return cls(words, tuple(random.randint(1, 3) for _ in words))

    def peer(self) -> dict[str, object]:
        return {f"keyword{i + 1}": word for i, word in enumerate(self.words)}  # IFBench fixes the counts: 1, 2, 3, 5, 7


class KeywordsInOrder(Mended, frozen=True):
    """Some words occur one after the other in the order given; whatever stands between."""

    words: tuple[str, ...]

    kind, family, category, subtype = "keywords_in_order", "lexical", "content", "keywords"
    wordings = (
        "Mention {words}, in this order.",
        "The words {words} must appear one after the other, in the order given.",
        "First bring up the first of these, then the next, and so on: {words}.",
    )

    def __post_init__(self) -> None:
        _distinct(self.words)

    def check(self, text: str) -> Finding:
        low, at = text.lower(), 0
        for word in self.words:
            found = low.find(word.lower(), at)
            if found < 0:
                return Finding(False, f"{word!r} is missing" + (f" after character {at}" if at else ""))
            at = found + len(word)
        return Finding(True, f"all {len(self.words)} in order")

    def finish(self, text: str) -> str | None:
        low, at = text.lower(), 0
        for index, word in enumerate(self.words):
            found = low.find(word.lower(), at)
            if found < 0:
                return f"{lead(text)}Then comes {', then '.join(self.words[index:])}."
            at = found + len(word)
        return ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(tuple(random.sample(sorted(set(NOUNS)), random.randint(2, 3))))

    def opposes(self, other: Rule) -> str:
        return Keywords(self.words).opposes(other)


class EitherKeyword(Mended, frozen=True):
    """One of two words occurs, the other does not."""

    first: str
    second: str

    kind, family, category, subtype = "either_keyword", "lexical", "content", "keywords"
    wordings = (
        'Use either "{first}" or "{second}", but not both.',
        "Mention {first} or {second}, only one of the two.",
        'Exactly one of the words "{first}" and "{second}" must appear.',
    )

    def __post_init__(self) -> None:
        a, b = self.first.lower(), self.second.lower()
        if not a.strip() or not b.strip() or a in b or b in a:
            raise ValueError(f"needs two words of which none holds the other, got {self.first!r} and {self.second!r}")

    def check(self, text: str) -> Finding:
        low = text.lower()
        found = [word for word in (self.first, self.second) if word.lower() in low]
        spans = _spans(self.second, text) if len(found) == 2 else ()
        return Finding(len(found) == 1, f"found: {shown(tuple(found)) or 'none'}", spans)

    def finish(self, text: str) -> str | None:
        low = text.lower()
        count = (self.first.lower() in low) + (self.second.lower() in low)
        if count:
            return "" if count == 1 else None
        # The sentence must not bring the other one in where it joins the text.
        return first(self, text, (f"{start}{word}." for start in (lead(text), " ") for word in (self.first, self.second)))

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(*random.sample(sorted(set(NOUNS)), 2))


class ForbiddenWords(Mended, frozen=True):
    """None of some words occurs as a whole word."""

    words: tuple[str, ...]

    kind, family, category, subtype = "forbidden_words", "lexical", "content", "keywords"
    same_as = "ifeval:keywords:forbidden_words"
    wordings = (
        "Do not use the words {words}.",
        "Avoid these words: {words}.",
        "The answer must not contain {words}.",
    )

    def __post_init__(self) -> None:
        _distinct(self.words)

    def found(self, text: str) -> list[re.Match[str]]:
        """Where forbidden words stand."""
        low = text.lower()
        if not any(word.lower() in low for word in self.words):  # far faster than the pattern, and most often enough
            return []
        return list(_whole(self.words).finditer(text))

    def check(self, text: str) -> Finding:
        found = self.found(text)
        if not found:
            return Finding(True, "no forbidden word")
        names = shown(tuple(dict.fromkeys(match[0].lower() for match in found)))
        return Finding(False, f"forbidden: {names}", tuple(match.span() for match in found))

    def finish(self, text: str) -> str | None:
        found = self.found(text)
        if not found:
            return ""
        # A text that breaks off at a forbidden word may still make a longer one of it.
        if len(found) > 1 or found[0].end() < len(text) or not text[-1].isalnum():
            return None
        return first(self, text, grown())

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(
            tuple(random.sample(["very", "really", "also", "however", "many", "good", "often", *NOUNS], random.randint(1, 3)))
        )

    def peer(self) -> dict[str, object]:
        return {"forbidden_words": list(self.words)}


class ForbiddenLetters(Mended, frozen=True):
    """None of some letters occurs, in either case."""

    letters: str

    kind, family, category, subtype = "forbidden_letters", "lexical", "content", "identifiers"
    wordings = (
        "Do not use the letters {letters}.",
        "Write without any of these letters: {letters}.",
        'The letters "{letters}" must not occur anywhere.',
    )

    def __post_init__(self) -> None:
        if not self.letters.isalpha():
            raise ValueError(f"needs letters, got {self.letters!r}")

    def check(self, text: str) -> Finding:
        low = text.lower()
        found = [letter for letter in self.letters.lower() if letter in low]
        if not found:
            return Finding(True, "no forbidden letter")
        spans = tuple(match.span() for match in re.finditer(f"(?i)[{''.join(found)}]", text))
        return Finding(False, f"{len(spans)} times one of {shown(tuple(found))}", spans)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls("".join(random.sample("zqxjkvwybp", random.randint(1, 2))))


_WITH = {
    word[0]: word
    for word in several(
        "apple berry copper door energy flower green house island jelly kettle lemon mango novel orange pepper quartz river"
        " summer tulip umbrella velvet winter xylophone yellow zebra"
    )
}


class _Letter(Mended, frozen=True):
    letter: str
    n: int

    family, category, subtype = "lexical", "content", "identifiers"
    same_as = "ifeval:keywords:letter_frequency"

    def __post_init__(self) -> None:
        if len(self.letter) != 1 or not self.letter.isalpha():
            raise ValueError(f"needs one letter, got {self.letter!r}")

    def count(self, text: str) -> int:
        return text.lower().count(self.letter.lower())


class LetterAtLeast(_Letter, frozen=True):
    """A letter occurs at least n times, in either case."""

    kind = "letter_at_least"
    wordings = (
        'The letter "{letter}" must appear at least {n} times.',
        "Use the letter {letter} {n} times or more.",
        "Let the letter {letter} occur no fewer than {n} times.",
    )

    def check(self, text: str) -> Finding:
        count = self.count(text)
        return Finding(count >= self.n, f"the letter {self.letter} occurs {count} times, at least {self.n} asked for")

    def finish(self, text: str) -> str | None:
        missing = self.n - self.count(text)
        if missing <= 0:
            return ""
        word = _WITH.get(self.letter.lower(), self.letter)
        return f"{lead(text)}More of this: {repeated(word, -(-missing // word.count(self.letter.lower())))}."

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice("abcdefghiklmnoprstuvwy"), random.randint(3, 12))

    def opposes(self, other: Rule) -> str:
        if isinstance(other, ForbiddenLetters) and self.n > 0 and self.letter.lower() in other.letters.lower():
            return f"the letter {self.letter} is asked for and forbidden"
        if isinstance(other, LetterAtMost) and other.letter.lower() == self.letter.lower() and other.n < self.n:
            return f"the letter {self.letter} at least {self.n} times, but at most {other.n}"
        return ""

    def peer(self) -> dict[str, object]:
        return {"letter": self.letter, "let_frequency": self.n, "let_relation": "at least"}


class LetterAtMost(_Letter, frozen=True):
    """A letter occurs at most n times, in either case."""

    kind = "letter_at_most"
    wordings = (
        'The letter "{letter}" must appear at most {n} times.',
        "Use the letter {letter} no more than {n} times.",
        "Let the letter {letter} occur {n} times or fewer.",
    )

    def check(self, text: str) -> Finding:
        count = self.count(text)
        over = _spans(self.letter, text, self.n) if count > self.n else ()
        return Finding(count <= self.n, f"the letter {self.letter} occurs {count} times, at most {self.n} allowed", over)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice("bcdfghjkpquvwxyz"), random.randint(2, 10))

    def peer(self) -> dict[str, object]:
        return {"letter": self.letter, "let_frequency": self.n + 1, "let_relation": "less than"}


__all__ = [
    "EitherKeyword",
    "ForbiddenLetters",
    "ForbiddenWords",
    "KeywordAtLeast",
    "KeywordAtMost",
    "KeywordExactly",
    "Keywords",
    "KeywordsInOrder",
    "KeywordsTimes",
    "LetterAtLeast",
    "LetterAtMost",
]
