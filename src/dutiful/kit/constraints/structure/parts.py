"""Parts of an answer, and gaps to fill in."""

from __future__ import annotations

import random as randomness
import re
from typing import Self

from dutiful.kit.constraints.base import Finding
from dutiful.kit.constraints.fillers import counted, suited
from dutiful.kit.constraints.joints import block, first, lead, newline
from dutiful.kit.constraints.mended import Mended


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
    languages = ("en", "zh")
    wordings = (
        "Write exactly {n} paragraphs, separated by the markdown divider ***.",
        "There should be {n} paragraphs with *** between them.",
        "Divide the answer into {n} parts by lines of three asterisks (***).",
    )
    wordings_zh = (
        "正好写{n}段，段与段之间用***隔开。",
        "用三个星号（***）把回答分成{n}段。",
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
        more = [suited(text, "There is more to say.", "还有一点要说。")] * (self.n - count)
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
    languages = ("en", "zh")
    wordings = (
        "Give two different answers, separated by six asterisks: ******.",
        "Write two responses that differ; put ****** between them, and nowhere else.",
        "Answer twice, in different words, with a line of six asterisks (******) in between.",
    )
    wordings_zh = (
        "给出两个不同的回答，中间用六个星号（******）隔开。",
        "回答两次，用词不同，两次之间写上******。",
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
            return "" if parts[0] != parts[1] else suited(text, " Put otherwise.", "换句话说。")
        start = "" if open_end else newline(text) + "******\n"
        if not parts:
            return start + "This is one way to see it.\n******\nThis is another."
        others = (("This is another way to see it.", "这是另一种看法。"), ("There is another way.", "也可以这样看。"))
        return start + next(other for each in others if (other := suited(text, *each)) != parts[0])


__all__ = ["PlaceholdersAtLeast", "Sections", "StarredParagraphs", "TwoAnswers"]
