"""Bullets of few words, with certain letters, or as many as sentences."""

from __future__ import annotations

import random as randomness
import re
from typing import Self

from dutiful.kit.constraints.base import Finding
from dutiful.kit.constraints.fillers import counted, several
from dutiful.kit.constraints.joints import first, newline
from dutiful.kit.constraints.mended import Mended, cleared
from dutiful.kit.constraints.structure.bullets import BULLET
from dutiful.kit.constraints.text import WORD, sentence_spans


def _bullets(text: str) -> list[re.Match[str]]:
    return list(BULLET.finditer(text)) if "-" in text or "*" in text else []


class BulletWordsAtMost(Mended, frozen=True):
    """There are bullets, and each has at most n words."""

    n: int

    kind, family, category, subtype = "bullet_words_at_most", "compound", "length", "words"
    wordings = (
        "Use bullet points of at most {n} words each.",
        "Answer in bullets, and keep every bullet to {n} words or fewer.",
        "List points with bullets; none may be longer than {n} words.",
    )

    def check(self, text: str) -> Finding:
        found = _bullets(text)
        sizes = [len(WORD.findall(match[1])) for match in found]
        over = tuple(match.span() for match, size in zip(found, sizes, strict=True) if size > self.n)
        said = (
            f"{counted(len(found), 'bullet')}, the longest of {counted(max(sizes, default=0), 'word')}, at most {self.n} allowed"
        )
        return Finding(bool(found) and not over, said, over)

    def finish(self, text: str) -> str | None:
        if self.check(text).spans:
            return first(self, text, ("--",)) if text.endswith("\n-") else None
        return first(self, text, ("", f"{newline(text)}- Done", " Done"))

    def mend(self, text: str, random: randomness.Random) -> str:
        """Cuts the bullets that are too long."""
        for match in reversed(_bullets(text)):
            words = list(WORD.finditer(match[1]))
            if len(words) > self.n:
                text = text[: match.start(1) + (words[self.n - 1].end() if self.n else 0)] + text[match.end() :]
        return super().mend(text, random)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((5, 8, 10, 12)))


BY_LETTER = {
    word[0]: word
    for word in several(
        "Ask Bring Check Do Eat Find Give Help Invite Join Keep Look Make Note Open Plan Question Read Start Try Use Visit Write"
        " Xerox Yield Zoom"
    )
}


class BulletLetters(Mended, frozen=True):
    """There are bullets, and their first letters spell a word: the first bullet begins with its first letter, and so on."""

    word: str

    kind, family, category, subtype = "bullet_letters", "compound", "content", "acrostic"
    wordings = (
        'Give bullet points whose first letters spell "{word}".',
        'Write one bullet for each letter of "{word}", and begin it with that letter.',
        'The bullets must form an acrostic of the word "{word}".',
    )

    def __post_init__(self) -> None:
        if not self.word.isascii() or not self.word.isalpha():
            raise ValueError(f"needs a word of the letters A to Z, got {self.word!r}")

    def initials(self, text: str) -> list[str]:
        """The first letter of each bullet, in lower case; "" for one that has none yet."""
        return [(re.sub(r"[\W\d_]", "", match[1]) or "")[:1].lower() for match in _bullets(text)]

    def check(self, text: str) -> Finding:
        said, found = self.initials(text), _bullets(text)
        wrong = [i for i, letter in enumerate(said) if letter != self.word.lower()[i : i + 1]]
        passed = not wrong and len(said) == len(self.word)
        spans = tuple(found[i].span() for i in wrong)
        return Finding(passed, f"the bullets spell {''.join(letter or '_' for letter in said)!r}, {self.word!r} asked for", spans)

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        said, asked = self.initials(text), self.word.lower()
        tail = text.rsplit("\n", 1)[-1].strip()
        if tail in {"-", "*"} and len(said) <= len(asked):  # this bullet is only begun, or is not even one
            done = len(said) - (tail == "-")
            if "".join(said[:done]) == asked[:done] and done < len(asked):
                return f" {BY_LETTER[asked[done].upper()]}{self._more(done + 1)}"
        if said and not said[-1] and len(said) <= len(asked) and "".join(said[:-1]) == asked[: len(said) - 1]:
            return first(self, text, (f"{BY_LETTER[asked[len(said) - 1].upper()]}{self._more(len(said))}",))
        if "".join(said) == asked[: len(said)] and "" not in said:
            return first(self, text, (newline(text) + self._more(len(said)).removeprefix("\n"),))
        return first(self, text, ("--", "--\n" + self._more(len(said) - 1).removeprefix("\n"))) if text.endswith("-") else None

    def _more(self, done: int) -> str:
        return "".join(f"\n- {BY_LETTER[letter.upper()]} it" for letter in self.word[done:])

    def mend(self, text: str, random: randomness.Random) -> str:
        """Puts a word with the right letter before each bullet, drops bullets, adds what is missing."""
        if (end := self.finish(text)) is not None:
            return text + end
        found = _bullets(text)
        text = cleared(text, [match.span() for match in found[len(self.word) :]])
        for index, match in reversed(list(enumerate(_bullets(text)))):
            if self.initials(text)[index] != self.word[index].lower():
                text = f"{text[: match.start(1)]} {BY_LETTER[self.word[index].upper()]}: {match[1].strip()}{text[match.end(1) :]}"
        return super().mend(text, random)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("PLAN", "HOME", "TEA", "SUN", "CARE")))


class BulletsMatchSentences(Mended, frozen=True):
    """There are as many bullets as sentences outside them, and at least one."""

    kind, family, category, subtype = "bullets_match_sentences", "compound", "format", "markdown"
    wordings = (
        "Give as many bullet points as there are sentences outside them.",
        "The number of bullets must equal the number of your other sentences.",
        "For every sentence of running text, add one bullet point.",
    )

    def counts(self, text: str) -> tuple[int, int]:
        """The number of bullets, and of sentences outside them."""
        found = _bullets(text)
        rest, at, count = "", 0, 0
        for match in found:
            count += len(sentence_spans(text[at : match.start()]))
            at = match.end()
        rest = text[at:]
        return len(found), count + len(sentence_spans(rest))

    def check(self, text: str) -> Finding:
        bullets, sentences = self.counts(text)
        said = f"{counted(bullets, 'bullet')} and {counted(sentences, 'sentence')} outside them"
        return Finding(bullets == sentences > 0, said)

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        bullets, sentences = self.counts(text)
        start = newline(text)
        more, fewer = sentences - bullets, bullets - sentences
        ends = [start + "\n".join(["- A point"] * count) for count in range(max(1, more), more + 3)]
        ends += [start + " ".join(["This is why."] * count) for count in range(max(1, fewer), fewer + 3)]
        ends += [f"{start}This is why.\n- A point", f"-\n{' '.join(['This is why.'] * max(0, fewer - 1))}"]
        return first(self, text, ends)


__all__ = ["BY_LETTER", "BulletLetters", "BulletWordsAtMost", "BulletsMatchSentences"]
