"""Lines that spell a word, or end as they begin."""

from __future__ import annotations

import random as randomness
from typing import Self

from dutiful.kit.constraints.base import Finding
from dutiful.kit.constraints.compound.bullets import BY_LETTER
from dutiful.kit.constraints.fillers import counted
from dutiful.kit.constraints.joints import first
from dutiful.kit.constraints.mended import Mended


class LineAcrostic(Mended, frozen=True):
    """The lines that are not blank are as many as a word has letters, and begin with them."""

    word: str

    kind, family, category, subtype = "line_acrostic", "compound", "content", "acrostic"
    wordings = (
        'Write an acrostic of "{word}": its letters begin the lines, one after the other.',
        'The first letters of your lines must spell "{word}".',
        'Write one line for each letter of "{word}", and begin it with that letter.',
    )

    def __post_init__(self) -> None:
        if not self.word.isascii() or not self.word.isalpha():
            raise ValueError(f"needs a word of the letters A to Z, got {self.word!r}")

    def check(self, text: str) -> Finding:
        at, index, wrong = 0, 0, list[tuple[int, int]]()
        for line in text.split("\n"):
            if line.strip():
                if line.lstrip()[0].lower() != self.word.lower()[index : index + 1]:
                    wrong.append((at, at + len(line)))
                index += 1
            at += len(line) + 1
        passed = not wrong and index == len(self.word)
        return Finding(
            passed, f"{counted(index, 'line')}, {len(wrong)} with the wrong letter; {self.word!r} asked for", tuple(wrong)
        )

    def finish(self, text: str) -> str | None:
        said = "".join(line.lstrip()[0].lower() for line in text.split("\n") if line.strip())
        if not self.word.lower().startswith(said):
            return None
        if len(said) == len(self.word):
            return ""
        start = "\n" if text.rsplit("\n", 1)[-1].strip() else ""
        return start + "\n".join(f"{BY_LETTER[letter.upper()]} it." for letter in self.word[len(said) :])

    def mend(self, text: str, random: randomness.Random) -> str:
        """Puts a word with the right letter before each line, drops lines, adds what is missing."""
        if (end := self.finish(text)) is not None:
            return text + end
        lines = [line.strip() for line in text.split("\n") if line.strip()][: len(self.word)]
        pairs = zip(lines, self.word, strict=False)
        text = "\n".join(
            line if line[0].lower() == letter.lower() else f"{BY_LETTER[letter.upper()]}: {line}" for line, letter in pairs
        )
        return super().mend(text, random)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("PLAN", "HOME", "TEA", "SUN", "CARE")))


class LinesEndAsTheyBegin(Mended, frozen=True):
    """Each line ends with the word that it begins with, apart from case and marks (a paragraph of IFBench is a line)."""

    kind, family, category, subtype = "lines_end_as_they_begin", "compound", "content", "words"
    same_as = "ifbench:words:paragraph_last_first"
    wordings = (
        "Each paragraph must end with the same word it started with; separate paragraphs with a newline.",
        "Let the first word of every line be its last word too.",
        "End every line with the word that it begins with.",
    )

    def check(self, text: str) -> Finding:
        at, count, wrong = 0, 0, list[tuple[int, int]]()
        for line in text.split("\n"):
            words = line.strip(_MARKS).lower().split()
            if words:
                count += 1
                if words[0] != words[-1]:
                    wrong.append((at, at + len(line)))
            at += len(line) + 1
        return Finding(count > 0 and not wrong, f"{len(wrong)} of {counted(count, 'line')} end in another word", tuple(wrong))

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        last = text.rsplit("\n", 1)[-1]
        words = last.strip(_MARKS).split()
        start = "" if not last or last[-1].isspace() else " "
        rest = [words[0][len(words[-1]) :]] if len(words) > 1 and words[0].lower().startswith(words[-1].lower()) else []
        ends = [*rest, start + words[0]] if words else [f"{start}So"]
        return first(self, text, ends)

    def mend(self, text: str, random: randomness.Random) -> str:
        """Adds the first word of each line to its end."""
        for start, end in reversed(self.check(text).spans):
            line = text[start:end].rstrip()
            text = f"{text[:start]}{line} {line.strip(_MARKS).split()[0]}{text[end:]}"
        return super().mend(text, random)


_MARKS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ \t\r\n"


__all__ = ["LineAcrostic", "LinesEndAsTheyBegin"]
