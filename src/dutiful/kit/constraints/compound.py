"""Requirements of the family compound: one part of the answer against another. Those on sentences are in `compound_sentences`."""

from __future__ import annotations

import random as randomness
import re
from typing import Self

from dutiful.kit.constraints.base import Finding, shown
from dutiful.kit.constraints.endings import NOUNS, Mended, cleared, counted, filler, first, lead, newline, several
from dutiful.kit.constraints.structure import BULLET
from dutiful.kit.constraints.text import WORD, sentence_spans


def _both(first_word: str, second: str) -> None:
    if not first_word.strip() or not second.strip():
        raise ValueError(f"needs two words, got {first_word!r} and {second!r}")


class IfMentions(Mended, frozen=True):
    """If one word occurs, another does too. Met where the first does not occur."""

    word: str
    then: str

    kind, family, category, subtype = "if_mentions", "compound", "content", "keywords"
    wordings = (
        'If the answer mentions "{word}", it must also mention "{then}".',
        'Whenever you bring up "{word}", say something about "{then}" as well.',
        'Mention "{word}" only together with "{then}".',
    )

    def __post_init__(self) -> None:
        _both(self.word, self.then)

    def check(self, text: str) -> Finding:
        low = text.lower()
        condition, done = self.word.lower() in low, self.then.lower() in low
        if not condition:
            return Finding(True, f"{self.word!r} does not occur")
        spans = () if done else tuple(match.span() for match in re.finditer(re.escape(self.word), text, re.IGNORECASE))
        return Finding(done, f"{self.word!r} occurs, {self.then!r} {'too' if done else 'does not'}", spans)

    def finish(self, text: str) -> str | None:
        return "" if self.check(text).passed else f"{lead(text)}This goes with {self.then}."

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(*random.sample(sorted(set(NOUNS)), 2))


class NeverBoth(Mended, frozen=True):
    """Two words do not both occur; one of them or none may."""

    word: str
    other: str

    kind, family, category, subtype = "never_both", "compound", "content", "keywords"
    wordings = (
        'Never mention both "{word}" and "{other}".',
        'If you use the word "{word}", do not use "{other}", and the other way round.',
        'The words "{word}" and "{other}" must not both appear.',
    )

    def __post_init__(self) -> None:
        _both(self.word, self.other)

    def check(self, text: str) -> Finding:
        low = text.lower()
        found = [word for word in (self.word, self.other) if word.lower() in low]
        spans = (
            tuple(match.span() for match in re.finditer(re.escape(self.other), text, re.IGNORECASE)) if len(found) == 2 else ()
        )
        return Finding(len(found) < 2, f"found: {shown(tuple(found)) or 'none'}", spans)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(*random.sample(sorted(set(NOUNS)), 2))


_GAP = re.compile(r"\n[ \t\r]*\n\s*")


class EachParagraphHolds(Mended, frozen=True):
    """Every paragraph, as blank lines part them, holds a word, in any case."""

    word: str

    kind, family, category, subtype = "each_paragraph_holds", "compound", "content", "keywords"
    wordings = (
        'Every paragraph must contain the word "{word}".',
        'Mention "{word}" in each paragraph.',
        'Let no paragraph go without "{word}".',
    )

    def __post_init__(self) -> None:
        _both(self.word, self.word)
        if "\n" in self.word:
            raise ValueError(f"a word holds no line break, got {self.word!r}")

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where the paragraphs are; the last is blank if a gap ends the text."""
        cuts = [match.span() for match in _GAP.finditer(text)]
        starts = [0, *(end for _, end in cuts)]
        return list(zip(starts, [*(start for start, _ in cuts), len(text)], strict=True))

    def lacking(self, text: str) -> list[tuple[int, int]]:
        """Which of them, those that are blank aside, do without the word."""
        low = self.word.lower()
        return [(start, end) for start, end in self.spans(text) if (part := text[start:end].strip()) and low not in part.lower()]

    def check(self, text: str) -> Finding:
        if not text.strip():
            return Finding(False, "no paragraph")
        lacking = self.lacking(text)
        count = sum(bool(text[start:end].strip()) for start, end in self.spans(text))
        return Finding(not lacking, f"{len(lacking)} of {counted(count, 'paragraph')} without {self.word!r}", tuple(lacking))

    def finish(self, text: str) -> str | None:
        lacking = self.lacking(text)
        if not lacking and text.strip():
            return ""
        if lacking and (len(lacking) > 1 or lacking[0] != self.spans(text)[-1]):
            return None
        return f"{lead(text)}So much for {self.word}."

    def mend(self, text: str, random: randomness.Random) -> str:
        """Adds a sentence to each paragraph that lacks the word."""
        for start, end in reversed(self.lacking(text)):
            part = text[start:end].rstrip()
            text = f"{text[:start]}{part}{lead(part)}So much for {self.word}.{text[start + len(part) :]}"
        return super().mend(text, random)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(NOUNS))


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

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


_MARKS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ \t\r\n"


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

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


class StatesWordCount(Mended, frozen=True):
    """The answer ends with "Words: n", where n is the number of words before that line."""

    kind, family, category, subtype = "states_word_count", "compound", "length", "words"
    wordings = (
        'End with a line "Words: n", where n is the number of words before it.',
        'Count your words and state their number in a last line: "Words: n".',
        'The last line must read "Words:" and the true number of words above it.',
    )

    def check(self, text: str) -> Finding:
        found = _COUNT.search(text.rstrip())
        if not found:
            return Finding(False, 'does not end in a line "Words: n"')
        count = len(WORD.findall(text[: found.start()]))
        passed = count > 0 and found[1] == str(count)
        return Finding(passed, f"{found[1]} stated, {count} counted", () if passed else (found.span(),))

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        found = _BEGUN.search(text)
        count = len(WORD.findall(text[: found.start()])) if found else 0
        ends = [f"Words: {count}"[len(found[0].strip("\n")) :]] if found and count else []
        plain = text if WORD.search(text) else text + filler(1)
        line = "\n" if plain and not plain.endswith("\n") else ""
        return first(self, text, (*ends, f"{plain[len(text) :]}{line}Words: {len(WORD.findall(plain))}"))

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


_COUNT = re.compile(r"(?:^|\n)Words: (\d{1,9})\Z")
_BEGUN = re.compile(r"(?:^|\n)W(?:o(?:r(?:d(?:s(?::(?: \d*)?)?)?)?)?)?\Z")

__all__ = [
    "BulletLetters",
    "BulletWordsAtMost",
    "BulletsMatchSentences",
    "EachParagraphHolds",
    "IfMentions",
    "LineAcrostic",
    "LinesEndAsTheyBegin",
    "NeverBoth",
    "StatesWordCount",
]
