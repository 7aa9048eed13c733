"""A given template, and given items as a list."""

from __future__ import annotations

import random as randomness
from typing import Self

from dutiful.kit.constraints.base import Finding
from dutiful.kit.constraints.fillers import NOUNS
from dutiful.kit.constraints.joints import first, newline
from dutiful.kit.constraints.mended import Mended


class OutputTemplate(Mended, frozen=True):
    """Some labels occur in the order of the template, each with text after it.

    IFBench takes the labels in any order and without text; that is no template.
    """

    labels: tuple[str, ...]

    kind, family, category, subtype = "output_template", "structure", "format", "template"
    same_as = "ifbench:format:output_template"
    wordings = (
        "Use a template with these labels in this order, each followed by its text: {labels}",
        "Fill in this form, one field after the other: {labels}",
        "The answer must have the fields {labels} in that order, none left empty.",
    )

    def __post_init__(self) -> None:
        if not self.labels or not all(label.strip() == label and label for label in self.labels):
            raise ValueError(f"needs labels without blanks around them, got {self.labels!r}")

    def read(self, text: str) -> tuple[int, int]:
        """How many labels were found in order, each but the first after some text, and where the last of them ends."""
        at = 0
        for index, label in enumerate(self.labels):
            found = text.find(label, at)
            while index and found >= 0 and not text[at:found].strip():
                found = text.find(label, found + 1)
            if found < 0:
                return index, at
            at = found + len(label)
        return len(self.labels), at

    def check(self, text: str) -> Finding:
        count, at = self.read(text)
        passed = count == len(self.labels) and bool(text[at:].strip())
        said = f"{count} of {len(self.labels)} fields in order"
        return Finding(passed, said if passed or count < len(self.labels) else said + ", the last one empty")

    def finish(self, text: str) -> str | None:
        count, at = self.read(text)
        filled = bool(text[at:].strip())
        if count == len(self.labels) and filled:
            return ""
        start = "" if not count or filled else (" ..." if text[-1:] != " " else "...")
        glue = newline(text + start) if text + start else ""
        return start + glue * (count < len(self.labels)) + "\n".join(f"{label} ..." for label in self.labels[count:])

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        sets = (("My Answer:", "My Conclusion:", "Future Outlook:"), ("Problem:", "Cause:", "Remedy:"), ("Name:", "Reason:"))
        return cls(random.choice(sets))


class CommaList(Mended, frozen=True):
    """The whole answer is some items in the order given, with commas between."""

    items: tuple[str, ...]

    kind, family, category, subtype = "comma_list", "structure", "content", "copies"
    same_as = "ifbench:custom:european_capitals_sort"
    wordings = (
        "Give only this list, separated by commas and in this order: {items}.",
        "The answer must be nothing but {items}, with commas between them.",
        "List {items} in that order, comma separated, without anything else.",
    )

    def __post_init__(self) -> None:
        if not self.items or any("," in item or item.strip() != item or not item for item in self.items):
            raise ValueError(f"needs items without commas and without blanks around them, got {self.items!r}")

    def check(self, text: str) -> Finding:
        said = [item.strip() for item in text.split(",") if item.strip()]
        wrong = [item for item, asked in zip(said, self.items, strict=False) if item != asked]
        passed = said == list(self.items)
        what = f"first wrong item: {wrong[0]!r}" if wrong else f"{len(said)} of {len(self.items)} items"
        return Finding(passed, what)

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        pieces = text.split(",")
        *before, last = [piece for piece in pieces[:-1] if piece.strip()] + [pieces[-1]]
        done, begun = [item.strip() for item in before], last.lstrip()
        if done != list(self.items[: len(done)]) or len(done) >= len(self.items):
            return None
        rest = self.items[len(done) :]
        if begun.rstrip() == rest[0]:
            return ", ".join(["", *rest[1:]])
        return first(self, text, [", ".join([rest[0][len(begun) :], *rest[1:]])]) if rest[0].startswith(begun) else None

    def mend(self, text: str, random: randomness.Random) -> str:
        """The list instead of the text."""
        end = self.finish(text)
        return text + end if end is not None else ", ".join(self.items)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(tuple(random.sample(sorted(set(NOUNS)), random.randint(2, 5))))


__all__ = ["CommaList", "OutputTemplate"]
