"""Requirements of the family lexical that look at words one by one: how they begin, how long they are, which kind they are.

A word here is what stands between blanks, without ASCII punctuation, as in IFBench: "well-known" is one word of nine letters.
"""

from __future__ import annotations

import random as randomness
import re
import string
from collections import Counter
from collections.abc import Collection, Iterator
from itertools import count as counting
from operator import eq
from typing import Self

from dutiful.kit.constraints.base import Finding
from dutiful.kit.constraints.endings import NO_PUNCTUATION, NOUNS, Mended, first, grown, lead, settled

_NO_ASCII = str.maketrans(string.ascii_uppercase, string.ascii_lowercase, string.punctuation)


def tokens(text: str) -> list[str]:
    """The words of a text in lower case, without ASCII punctuation."""
    if text.isascii():
        return text.translate(_NO_ASCII).split()
    return text.lower().translate(NO_PUNCTUATION).split()


def _where(text: str, found: list[str], wrong: Collection[int]) -> tuple[tuple[int, int], ...]:
    """Where those of the words `found` are that have the places `wrong` among them."""
    chunks = text.split()
    if len(chunks) != len(found):  # some are mere punctuation
        chunks = [chunk if chunk.translate(NO_PUNCTUATION) else "" for chunk in chunks]
    spans: list[tuple[int, int]] = []
    at = index = 0
    for chunk in chunks:
        if chunk:
            start = text.find(chunk, at)
            at = start + len(chunk)
            if index in wrong:
                spans.append((start, at))
            index += 1
    return tuple(spans)


class _EveryWord(Mended, frozen=True):
    """Every word fits, and there is one. A word that is not yet ended may still grow into one that fits."""

    family, category, subtype = "lexical", "content", "words"

    def fits(self, word: str) -> bool:
        """Whether a word, in lower case and without punctuation, is as asked for."""
        raise NotImplementedError

    def opening(self) -> str:
        """A word to begin with."""
        return "So"

    def check(self, text: str) -> Finding:
        found = tokens(text)
        if not found:
            return Finding(False, "no words")
        unfit = {word for word in set(found) if not self.fits(word)}
        if not unfit:
            return Finding(True, f"all {len(found)} words fit")
        wrong = {index for index, word in enumerate(found) if word in unfit}
        said = f"{len(wrong)} of {len(found)} words do not fit, such as {min(unfit)!r}"
        return Finding(False, said, _where(text, found, wrong))

    def finish(self, text: str) -> str | None:
        whole, part = settled(text)
        if not all(self.fits(word) for word in tokens(whole)):
            return None
        return first(self, text, self.endings(part))

    def endings(self, part: str) -> Iterator[str]:
        """Continuations to try, for a last word as far as it goes. Few, as each is checked."""
        yield ""
        if not tokens(part):
            yield self.opening()
        yield from ("s", "st", "sts", "nst", "th", "ness", "nesses", "ly", "ing")


_PRIMES = frozenset(n for n in range(2, 98) if all(n % d for d in range(2, n)))


class _Lengths(_EveryWord, frozen=True):
    subtype = "word length"

    def endings(self, part: str) -> Iterator[str]:
        yield ""
        if not tokens(part):
            yield self.opening()
        for size in range(1, 9):  # the widest gap between primes below 97 is 8
            yield (
                "s"
                if size == 1
                else ("ly", "ing", "ness", "nings", "nesses", "iveness", "fulness.")[size - 2][:size].ljust(size, "s")
            )

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


class PrimeLengths(_Lengths, frozen=True):
    """Every word has a prime number of letters, below 100."""

    kind, same_as = "prime_lengths", "ifbench:words:prime_lengths"
    wordings = (
        "Use only words whose length is a prime number.",
        "Every word must have a prime number of letters.",
        "Write so that the number of letters of each word is prime (2, 3, 5, 7, 11, ...).",
    )

    def fits(self, word: str) -> bool:
        return len(word) in _PRIMES


class OddLengths(_Lengths, frozen=True):
    """Every word has an odd number of letters."""

    kind = "odd_lengths"
    wordings = (
        "Use only words with an odd number of letters.",
        "Every word must have an odd length.",
        "Write so that no word has an even number of letters.",
    )

    def fits(self, word: str) -> bool:
        return len(word) % 2 == 1

    def opening(self) -> str:
        return "Yes"


class WordLettersAtMost(_EveryWord, frozen=True):
    """No word is longer than n characters. Met by a text without words."""

    n: int

    kind, subtype = "word_letters_at_most", "word length"
    wordings = (
        "Use no word of more than {n} letters.",
        "Every word must have at most {n} letters.",
        "Keep all words to {n} letters or fewer.",
    )

    def fits(self, word: str) -> bool:
        return len(word) <= self.n

    def check(self, text: str) -> Finding:
        longest = max(map(len, tokens(text)), default=0)
        if longest <= self.n:
            return Finding(True, f"the longest word has {longest} letters, at most {self.n} allowed")
        return super().check(text)

    def finish(self, text: str) -> str | None:
        return "" if self.check(text).passed else None

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(6, 10))


_CLUSTER = re.compile(r"[b-df-hj-np-tv-z]{2}")


class ConsonantClusters(_EveryWord, frozen=True):
    """Every word, split at blanks, holds two consonants side by side."""

    kind, subtype, same_as = "consonant_clusters", "letters", "ifbench:words:consonants"
    wordings = (
        "Every word must have at least one consonant cluster (two or more consonants together).",
        "Use only words in which two consonants stand side by side.",
        "Each word in your answer needs a consonant cluster.",
    )
    # IFBench leaves punctuation in the word, so "it's" has no cluster there ("t's"); here it is taken out first, and has one.
    # IFBench also takes a lone mark, such as that of a bullet, for a word, and passes an answer without words.

    def fits(self, word: str) -> bool:
        return _CLUSTER.search(word) is not None

    def opening(self) -> str:
        return "Strong"

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


class InitialLetter(_EveryWord, frozen=True):
    """Every word begins with one letter."""

    letter: str

    kind, subtype = "initial_letter", "alliteration"
    wordings = (
        'Begin every word with the letter "{letter}".',
        'Use only words that start with "{letter}".',
        'Write in full alliteration: each word must begin with "{letter}".',
    )

    def __post_init__(self) -> None:
        if len(self.letter) != 1 or not self.letter.isalpha():
            raise ValueError(f"needs one letter, got {self.letter!r}")

    def fits(self, word: str) -> bool:
        return word[0] == self.letter.lower()

    def endings(self, part: str) -> Iterator[str]:
        yield ""
        yield self.letter.upper() + {"s": "ome", "t": "wo", "m": "any", "b": "ig", "p": "lain", "c": "lear"}.get(
            self.letter.lower(), ""
        )

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice("smtbpc"))


class AlphabetLoop(Mended, frozen=True):
    """Each word begins with the letter that follows the one before, and A follows Z."""

    kind, family, category, subtype = "alphabet_loop", "lexical", "content", "alliteration"
    same_as = "ifbench:words:alphabet"
    wordings = (
        "Each word must start with the next letter of the alphabet, going back to A after Z.",
        "Begin every word with the letter after the one that the previous word began with; after Z comes A.",
        "Let the first letters of your words run through the alphabet in order, round and round.",
    )

    def check(self, text: str) -> Finding:
        found = tokens(text)
        initials = [word[0] for word in found]
        if not initials or initials[0] not in string.ascii_lowercase:
            return Finding(False, "does not begin with a letter" if initials else "no words")
        for index, letter in enumerate(initials[1:]):
            asked = string.ascii_lowercase[(string.ascii_lowercase.index(initials[0]) + index + 1) % 26]
            if letter != asked:
                return Finding(False, f"word {index + 2}, {found[index + 1]!r}, should start with {asked}")
        return Finding(True, f"{len(found)} words in the order of the alphabet")

    def finish(self, text: str) -> str | None:
        return first(self, text, ("", "All"))

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


class InitialsDiffer(Mended, frozen=True):
    """No two words in a row begin with the same letter."""

    kind, family, category, subtype = "initials_differ", "lexical", "content", "alliteration"
    same_as = "ifbench:words:no_consecutive"
    wordings = (
        "No two consecutive words may share the same first letter.",
        "Words next to one another must begin with different letters.",
        "Never let a word start with the letter that the word before it starts with.",
    )

    def check(self, text: str) -> Finding:
        found = tokens(text)
        initials = [word[0] for word in found]
        if not any(map(eq, initials, initials[1:])):
            return Finding(True, "no two neighbours begin alike")
        wrong = {index for index in range(1, len(initials)) if initials[index] == initials[index - 1]}
        return Finding(False, f"{len(wrong)} times two neighbours begin alike", _where(text, found, wrong))

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


class WordRepeatsAtMost(Mended, frozen=True):
    """No word occurs more than n times."""

    n: int

    kind, family, category, subtype = "word_repeats_at_most", "lexical", "content", "words"
    same_as = "ifbench:words:repeats"
    wordings = (
        "Do not use any word more than {n} times.",
        "No word may be repeated more than {n} times.",
        "Each word must occur {n} times at most.",
    )

    def check(self, text: str) -> Finding:
        found = tokens(text)
        counts = Counter(found)
        over = {word for word, count in counts.items() if count > self.n}
        if not over:
            most = max(counts.values(), default=0)
            return Finding(True, f"the most frequent word occurs {most} times, at most {self.n} allowed")
        seen: Counter[str] = Counter()
        wrong: set[int] = set()
        for index, word in enumerate(found):
            if word in over:
                seen[word] += 1
                if seen[word] > self.n:
                    wrong.add(index)
        worst = max(over, key=counts.__getitem__)
        said = f"{len(over)} words more than {self.n} times, such as {worst!r} {counts[worst]} times"
        return Finding(False, said, _where(text, found, wrong))

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        whole, _ = settled(text)
        if whole == text or not self.check(whole).passed:
            return None
        return first(self, text, grown())

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(2, 5))

    def peer(self) -> dict[str, object]:
        return {"small_n": self.n}


class NoWordTwice(WordRepeatsAtMost, frozen=True):
    """No word occurs twice."""

    n: int = 1

    kind = "no_word_twice"
    wordings = (
        "Do not use any word twice.",
        "Every word may occur only once.",
        "Write without repeating a single word.",
    )

    def __post_init__(self) -> None:
        if self.n != 1:
            raise ValueError("takes no number other than 1")

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


class DistinctWordsAtLeast(Mended, frozen=True):
    """At least n different words, apart from case and punctuation at their ends."""

    n: int

    kind, family, category, subtype = "distinct_words_at_least", "lexical", "length", "words"
    same_as = "ifbench:count:unique_word_count"
    wordings = (
        "Use at least {n} different words.",
        "The answer must hold {n} or more unique words.",
        "Vary your vocabulary: no fewer than {n} distinct words.",
    )

    def distinct(self, text: str) -> set[str]:
        """The different words. IFBench also counts a run of mere punctuation as one word; that is none."""
        found = {word.strip(string.punctuation) for word in set(text.lower().split())}
        found.discard("")
        return found

    def check(self, text: str) -> Finding:
        count = len(self.distinct(text))
        return Finding(count >= self.n, f"{count} different words, at least {self.n} asked for")

    def finish(self, text: str) -> str | None:
        known = self.distinct(text)
        if len(known) >= self.n:
            return ""
        new = (word for word in _fresh() if word not in known)
        start = lead(text) or ""
        # The last word may be changed by nothing but punctuation, so each new word counts.
        return f"{start}{' '.join(next(new) for _ in range(self.n - len(known)))}".replace("  ", " ")

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((15, 20, 25, 30, 40)))

    def peer(self) -> dict[str, object]:
        return {"N": self.n}


def _fresh() -> Iterator[str]:
    """Words without end, all different."""
    yield from sorted(set(NOUNS))
    yield from (str(number) for number in counting(1))


__all__ = [
    "AlphabetLoop",
    "ConsonantClusters",
    "DistinctWordsAtLeast",
    "InitialLetter",
    "InitialsDiffer",
    "NoWordTwice",
    "OddLengths",
    "PrimeLengths",
    "WordLettersAtMost",
    "WordRepeatsAtMost",
]
