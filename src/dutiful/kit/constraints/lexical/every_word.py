"""What must hold of every word: the base of such types."""

from __future__ import annotations

import string
from collections.abc import Collection, Iterator

from dutiful.kit.constraints.base import Finding
from dutiful.kit.constraints.joints import first
from dutiful.kit.constraints.mended import Mended
from dutiful.kit.constraints.text import NO_PUNCTUATION, settled

_NO_ASCII = str.maketrans(string.ascii_uppercase, string.ascii_lowercase, string.punctuation)


def tokens(text: str) -> list[str]:
    """The words of a text in lower case, without ASCII punctuation."""
    if text.isascii():
        return text.translate(_NO_ASCII).split()
    return text.lower().translate(NO_PUNCTUATION).split()


def where_wrong(text: str, found: list[str], wrong: Collection[int]) -> tuple[tuple[int, int], ...]:
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


class EveryWord(Mended, frozen=True):
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
        return Finding(False, said, where_wrong(text, found, wrong))

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


__all__ = ["EveryWord", "tokens", "where_wrong"]
