"""Requirements of the family structure: lists, sections, parts. Answers whose words are given are in `structure_given`.

A bullet is a line that begins with "*" or "-", as in IFEval, but no rule of dashes or asterisks ("---") and no bold text.
IFEval takes "---" for a bullet; that is a bug.
"""

from __future__ import annotations

import random as randomness
import re
from typing import Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.endings import Mended, block, counted, first, lead, newline
from dutiful.kit.constraints.text import sentence_spans

BULLET = re.compile(r"^[ \t]*(?:\*(?=[^*\n])|-(?!-))(.*)$", re.MULTILINE)
"""A line that is a bullet; group 1 is what it says."""


def _listed(text: str) -> list[re.Match[str]]:
    return list(BULLET.finditer(text)) if "-" in text or "*" in text else []


def _items(count: int, done: int) -> str:
    """So many more bullets, after some that are there."""
    return "\n".join(f"- Point {done + index + 1}" for index in range(count))


class _Bullets(Mended, frozen=True):
    n: int

    family, category, subtype = "structure", "format", "markdown"

    def few(self, text: str, count: int) -> str | None:
        """What adds the bullets that are missing, if `count` are there."""
        if count > self.n:
            return first(self, text, ("--",))  # a dash may yet become a rule
        bare = re.search(r"(?:^|\n)[ \t]*\*\Z", text)
        ends = [newline(text) + _items(self.n - count, count)]
        if bare:  # an asterisk that is not yet a bullet becomes one
            ends.insert(0, "\n".join([f" Point {count + 1}", *filter(None, [_items(self.n - count - 1, count + 1)])]))
        return first(self, text, ends)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(2, 5))


class BulletsExactly(_Bullets, frozen=True):
    """Exactly n bullets."""

    kind, same_as = "bullets_exactly", "ifeval:detectable_format:number_bullet_lists"
    wordings = (
        "Use exactly {n} bullet points.",
        "The answer must hold {n} bullets, no more and no fewer.",
        "List precisely {n} points, each on a line that begins with * or -.",
    )

    def check(self, text: str) -> Finding:
        found = _listed(text)
        spans = tuple(match.span() for match in found[self.n :])
        return Finding(len(found) == self.n, f"{counted(len(found), 'bullet')}, exactly {self.n} asked for", spans)

    def finish(self, text: str) -> str | None:
        count = len(_listed(text))
        return "" if count == self.n else self.few(text, count)

    def opposes(self, other: Rule) -> str:
        if isinstance(other, BulletsExactly) and other.n != self.n:
            return f"exactly {self.n} and exactly {other.n} bullets"
        if isinstance(other, BulletsAtLeast) and other.n > self.n:
            return f"exactly {self.n} bullets, but at least {other.n}"
        if isinstance(other, BulletsAtMost) and other.n < self.n:
            return f"exactly {self.n} bullets, but at most {other.n}"
        return ""

    def peer(self) -> dict[str, object]:
        return {"num_bullets": self.n}


class BulletsAtLeast(_Bullets, frozen=True):
    """At least n bullets."""

    kind = "bullets_at_least"
    wordings = (
        "Use at least {n} bullet points.",
        "The answer must hold {n} or more bullets.",
        "List no fewer than {n} points, each on a line that begins with * or -.",
    )

    def check(self, text: str) -> Finding:
        count = len(_listed(text))
        return Finding(count >= self.n, f"{counted(count, 'bullet')}, at least {self.n} asked for")

    def finish(self, text: str) -> str | None:
        count = len(_listed(text))
        return "" if count >= self.n else self.few(text, count)


class BulletsAtMost(_Bullets, frozen=True):
    """At most n bullets; none at all for n = 0."""

    kind = "bullets_at_most"
    wordings = (
        "Use at most {n} bullet points.",
        "The answer may hold {n} bullets or fewer.",
        "List no more than {n} points with bullets.",
    )

    def check(self, text: str) -> Finding:
        found = _listed(text)
        spans = tuple(match.span() for match in found[self.n :])
        return Finding(len(found) <= self.n, f"{counted(len(found), 'bullet')}, at most {self.n} allowed", spans)

    def finish(self, text: str) -> str | None:
        return first(self, text, ("", "--"))

    def opposes(self, other: Rule) -> str:
        if isinstance(other, BulletsAtLeast) and other.n > self.n:
            return f"at most {self.n} bullets, but at least {other.n}"
        return ""


_NESTED = re.compile(r"^([ \t]*)([*-])[ \t]+\S", re.MULTILINE)


class SubBullets(Mended, frozen=True):
    """There are bullets marked with "*", and each has a sub-bullet marked with "-" before the next one.

    IFBench passes an answer without any bullet, and takes any asterisk for a bullet ("***") and any hyphen for a sub-bullet;
    these are bugs.
    """

    kind, family, category, subtype = "sub_bullets", "structure", "format", "markdown"
    same_as = "ifbench:format:sub-bullets"
    wordings = (
        "Use bullet points marked with *, and at least one sub-bullet marked with - for each of them.",
        "Answer in bullets (*); every bullet needs a sub-bullet (-) below it.",
        "Each point must begin with * and be followed by one or more sub-points that begin with -.",
    )

    def check(self, text: str) -> Finding:
        marks = [(match[2], match.span()) for match in _NESTED.finditer(text)]
        bullets = [index for index, (mark, _) in enumerate(marks) if mark == "*"]
        bare = [index for index in bullets if index + 1 == len(marks) or marks[index + 1][0] == "*"]
        said = f"{counted(len(bullets), 'bullet')}, {len(bare)} of them without a sub-bullet"
        return Finding(bool(bullets) and not bare, said, tuple(marks[index][1] for index in bare))

    def finish(self, text: str) -> str | None:
        start = newline(text)
        return first(self, text, ("", f"{start}  - More on this", f"{start}* A point\n  - More on this"))

    def mend(self, text: str, random: randomness.Random) -> str:
        """Puts a sub-bullet below each bullet that has none."""
        for start, _ in reversed(self.check(text).spans):
            end = text.find("\n", text.index("*", start))
            end = len(text) if end < 0 else end
            text = f"{text[:end]}\n  - More on this{text[end:]}"
        return super().mend(text, random)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


_NUMBERED = re.compile(r"^[ \t]*(\d+)[.)](?=[ \t])(.*)$", re.MULTILINE)


class NumberedExactly(Mended, frozen=True):
    """A numbered list of exactly n lines, numbered from 1 on, "1." or "1)"."""

    n: int

    kind, family, category, subtype = "numbered_exactly", "structure", "format", "markdown"
    wordings = (
        "Give a numbered list of exactly {n} items.",
        "Number your points from 1 to {n}, each on its own line.",
        "The answer must hold {n} numbered lines (1., 2., ...), no more and no fewer.",
    )

    def check(self, text: str) -> Finding:
        found = list(_NUMBERED.finditer(text))
        wrong = [match.span() for index, match in enumerate(found, 1) if match[1] != str(index) or index > self.n]
        return Finding(
            len(found) == self.n and not wrong, f"numbers: {[match[1] for match in found]}, 1 to {self.n} asked for", tuple(wrong)
        )

    def finish(self, text: str) -> str | None:
        found = list(_NUMBERED.finditer(text))
        if len(found) > self.n or any(match[1] != str(index) for index, match in enumerate(found, 1)):
            return None
        missing = range(len(found) + 1, self.n + 1)
        return newline(text) + "\n".join(f"{index}. Step {index}" for index in missing) if missing else ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(2, 5))

    def opposes(self, other: Rule) -> str:
        if isinstance(other, NumberedExactly) and other.n != self.n:
            return f"exactly {self.n} and exactly {other.n} numbered items"
        return ""


class Sections(Mended, frozen=True):
    """At least n sections, each begun by a word and a number: "Section 1"."""

    marker: str
    n: int

    kind, family, category, subtype = "sections", "structure", "format", "sections"
    same_as = "ifeval:detectable_format:multiple_sections"
    wordings = (
        "Write at least {n} sections, each beginning with {marker} and its number, such as {marker} 1.",
        "Divide the answer into {n} or more sections; mark their beginnings with {marker} X, where X is the number.",
        "There must be no fewer than {n} sections, headed {marker} 1, {marker} 2 and so on.",
    )

    def __post_init__(self) -> None:
        if not self.marker.strip() or self.marker[-1].isdigit():
            raise ValueError(f"needs a word, got {self.marker!r}")

    def count(self, text: str) -> int:
        """How many sections begin."""
        return len(re.findall(rf"{re.escape(self.marker)}\s?\d+", text)) if self.marker in text else 0

    def check(self, text: str) -> Finding:
        count = self.count(text)
        return Finding(count >= self.n, f"{counted(count, 'section')}, at least {self.n} asked for")

    def finish(self, text: str) -> str | None:
        count = self.count(text)
        if count >= self.n:
            return ""
        return block(text) + "\n\n".join(f"{self.marker} {index + 1}\nMore follows here." for index in range(count, self.n))

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("Section", "SECTION", "Part", "Day")), random.randint(2, 4))

    def peer(self) -> dict[str, object]:
        return {"section_spliter": self.marker, "num_sections": self.n}


class StarredParagraphs(Mended, frozen=True):
    """Exactly n paragraphs with *** between them; none is blank."""

    n: int

    kind, family, category, subtype = "starred_paragraphs", "structure", "length", "paragraphs"
    same_as = "ifeval:length_constraints:number_paragraphs"
    wordings = (
        "Write exactly {n} paragraphs, separated by the markdown divider ***.",
        "There should be {n} paragraphs with *** between them.",
        "Divide the answer into {n} parts by lines of three asterisks (***).",
    )

    def parts(self, text: str) -> tuple[int, bool, bool]:
        """The number of paragraphs that are not blank, whether one between others is blank, and whether the last is."""
        parts = re.split(r"\s?\*\*\*\s?", text)
        blank = [not part.strip() for part in parts]
        return len(parts) - sum(blank), any(blank[1:-1]), blank[-1]

    def check(self, text: str) -> Finding:
        count, hole, _ = self.parts(text)
        said = f"{counted(count, 'paragraph')}, {self.n} asked for" + (", and a blank one between them" if hole else "")
        return Finding(count == self.n and not hole, said)

    def finish(self, text: str) -> str | None:
        count, hole, open_end = self.parts(text)
        if hole or count > self.n:
            return None
        if count == self.n:
            return ""
        more = ["There is more to say."] * (self.n - count)
        return ("" if open_end else newline(text) + "\n***\n\n") + "\n\n***\n\n".join(more)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(2, 4))

    def peer(self) -> dict[str, object]:
        return {"num_paragraphs": self.n}


_PLACEHOLDER = re.compile(r"\[.*?\]")


class PlaceholdersAtLeast(Mended, frozen=True):
    """At least n placeholders in square brackets."""

    n: int

    kind, family, category, subtype = "placeholders_at_least", "structure", "content", "identifiers"
    same_as = "ifeval:detectable_content:number_placeholders"
    wordings = (
        "Include at least {n} placeholders in square brackets, such as [address].",
        "The answer must hold {n} or more placeholders like [name].",
        "Leave no fewer than {n} gaps to fill in, written in square brackets.",
    )

    def check(self, text: str) -> Finding:
        count = len(_PLACEHOLDER.findall(text)) if "[" in text else 0
        return Finding(count >= self.n, f"{counted(count, 'placeholder')}, at least {self.n} asked for")

    def finish(self, text: str) -> str | None:
        count = len(_PLACEHOLDER.findall(text)) if "[" in text else 0
        if count >= self.n:
            return ""
        names = ("[name]", "[address]", "[date]", "[phone]")
        more = ", ".join(names[index % 4] for index in range(self.n - count))
        return first(self, text, ("]", f"{lead(text)}Contact: {more}.", f"{newline(text)}Contact: {more}."))

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(1, 4))

    def peer(self) -> dict[str, object]:
        return {"num_placeholders": self.n}


class TwoAnswers(Mended, frozen=True):
    """Two different answers with ****** between them."""

    kind, family, category, subtype = "two_answers", "structure", "format", "sections"
    same_as = "ifeval:combination:two_responses"
    wordings = (
        "Give two different answers, separated by six asterisks: ******.",
        "Write two responses that differ; put ****** between them, and nowhere else.",
        "Answer twice, in different words, with a line of six asterisks (******) in between.",
    )

    def parts(self, text: str) -> tuple[list[str], bool, bool]:
        """The answers that are not blank, whether one between others is blank, and whether the last is."""
        parts = [part.strip() for part in text.split("******")]
        return [part for part in parts if part], "" in parts[1:-1], not parts[-1]

    def check(self, text: str) -> Finding:
        parts, hole, _ = self.parts(text)
        same = len(parts) == 2 and parts[0] == parts[1]
        said = counted(len(parts), "answer") + (", the same twice" if same else "") + (", and a blank one" if hole else "")
        return Finding(len(parts) == 2 and not same and not hole, said)

    def finish(self, text: str) -> str | None:
        parts, hole, open_end = self.parts(text)
        if hole or len(parts) > 2 or (len(parts) == 2 and parts[0] == parts[1] and open_end):
            return None
        if len(parts) == 2:
            return "" if parts[0] != parts[1] else " Put otherwise."
        start = "" if open_end else newline(text) + "******\n"
        if not parts:
            return start + "This is one way to see it.\n******\nThis is another."
        return start + ("This is another way to see it." if len(parts[0]) != 30 else "There is another way.")

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


_STAR = re.compile(r"[ \t]*\*(?!\*)")


class SentencesThenBullets(Mended, frozen=True):
    """At least two sentences that end in a full stop, then at least two bullets marked with "*", and nothing after them.

    IFBench fails a blank line between or after the bullets, and one between paragraphs before them, and takes bold text and
    "***" for bullets; these are bugs.
    """

    kind, family, category, subtype = "sentences_then_bullets", "structure", "format", "markdown"
    same_as = "ifbench:format:no_bullets_bullets"
    wordings = (
        "Write at least two sentences ending in a period, followed by at least two bullet points marked with *.",
        "Begin with two sentences or more, then give two or more bullets (*), and nothing after them.",
        "The answer must be at least two full sentences and, below them, at least two points that start with *.",
    )

    def read(self, text: str) -> tuple[int, int, int, int]:
        """The sentences before the bullets, the bullets, and where other text stands after a bullet (start, end; -1 if none)."""
        at, head, bullets = 0, 0, 0
        for line in text.splitlines(keepends=True):
            if _STAR.match(line):
                bullets += 1
            elif not bullets:
                head = at + len(line)
            elif line.strip():
                return self._sentences(text[:head]), bullets, at, at + len(line)
            at += len(line)
        return self._sentences(text[:head]), bullets, -1, -1

    def _sentences(self, head: str) -> int:
        return sum(head[start:end].rstrip("\"')]*_”’").endswith(".") for start, end in sentence_spans(head))

    def check(self, text: str) -> Finding:
        sentences, bullets, start, end = self.read(text)
        said = f"{counted(sentences, 'sentence')} and {counted(bullets, 'bullet')}" + (
            ", with text after them" if start >= 0 else ""
        )
        return Finding(sentences > 1 and bullets > 1 and start < 0, said, ((start, end),) if start >= 0 else ())

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        points, start = "* One point\n* Another point", newline(text)
        more = lead(text) + "This is how it is. There are two points."
        single = (" Another point", f"{start}* Another point", "* Another point", "*")
        bold = f"*Note** This is how it is. There are two points.\n{points}"  # an asterisk may yet become bold text
        whole = (f"{start}{points}", f"{more}\n{points}", f"{start}{more}\n{points}", bold)
        return first(self, text, (*single, "* Another point\n* One more", *whole))

    def mend(self, text: str, random: randomness.Random) -> str:
        """Moves what stands after the bullets before them."""
        end = self.finish(text)
        if end is not None:
            return text + end
        lines = text.splitlines()
        bullets = [line for line in lines if _STAR.match(line)]
        head = "\n".join(line for line in lines if not _STAR.match(line)).strip()
        if self._sentences(head) < 2:
            head += lead(head) + "This is how it is. There are some points."
        return "\n".join([head, *bullets, *(["* Another point"] * (2 - len(bullets)))])

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


class MarkedItems(Mended, frozen=True):
    """A list of at least two lines that begin with a mark.

    IFBench counts the mark anywhere in the answer, so that two hyphens are a list; here it has to open the line.
    """

    mark: str

    kind, family, category, subtype = "marked_items", "structure", "format", "markdown"
    same_as = "ifbench:format:list"
    wordings = (
        "Answer with a list of items; instead of bullet points use {mark}",
        'Give a list whose items each begin with "{mark}" on a new line.',
        'Write at least two items, one a line, and mark each with "{mark}" instead of a bullet.',
    )

    def __post_init__(self) -> None:
        if not self.mark.strip():
            raise ValueError("needs a mark")

    def count(self, text: str) -> int:
        """How many lines begin with the mark."""
        return sum(line.lstrip().startswith(self.mark) for line in text.split("\n")) if self.mark in text else 0

    def check(self, text: str) -> Finding:
        count = self.count(text)
        return Finding(count > 1, f"{counted(count, 'line')} that begin with {self.mark!r}, at least 2 asked for")

    def finish(self, text: str) -> str | None:
        missing = 2 - self.count(text)
        return newline(text) + "\n".join([f"{self.mark} Another item"] * missing) if missing > 0 else ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("->", "~", "...", "SEPARATOR", "@", "=>", "$")))

    def peer(self) -> dict[str, object]:
        return {"sep": self.mark}


__all__ = [
    "BulletsAtLeast",
    "BulletsAtMost",
    "BulletsExactly",
    "MarkedItems",
    "NumberedExactly",
    "PlaceholdersAtLeast",
    "Sections",
    "SentencesThenBullets",
    "StarredParagraphs",
    "SubBullets",
    "TwoAnswers",
]
