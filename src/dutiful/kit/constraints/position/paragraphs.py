"""How paragraphs and lines begin."""

from __future__ import annotations

import random as randomness
import re
from typing import Any, Literal, Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.fillers import sayings
from dutiful.kit.constraints.joints import close, gap
from dutiful.kit.constraints.position.places import Place, first_word
from dutiful.kit.constraints.text import WORD, capitalised, line_spans, lowered, paragraph_spans


class ParagraphStartsWith(Place, frozen=True):
    """There are `total` paragraphs, with blank lines between them, and the nth starts with a certain word, in either case.

    Unlike IFEval, marks before the word are passed over ("**Rain** fell"), and blank lines with spaces part paragraphs too.
    """

    total: int
    n: int
    word: str

    kind = "paragraph_starts_with"
    languages = ("en",)
    same_as = "ifeval:length_constraints:nth_paragraph_first_word"
    wordings = (
        'Write {total} paragraphs, separated by blank lines; paragraph {n} must start with the word "{word}".',
        'There should be {total} paragraphs, and the first word of paragraph {n} should be "{word}".',
        'Make sure that there are exactly {total} paragraphs and that paragraph {n} starts with "{word}".',
    )

    def check(self, text: str) -> Finding:
        spans = paragraph_spans(text)
        found = first_word(text, *spans[self.n - 1]) if len(spans) >= self.n else None
        passed = found is not None and found.group().lower() == self.word.lower()
        wrong = ((spans[self.total][0], spans[-1][1]),) if len(spans) > self.total else ()
        wrong += (found.span(),) if found and not passed else ()
        said = f"paragraph {self.n} starts with {found.group()!r}" if found else f"no paragraph {self.n}"
        return Finding(
            passed and len(spans) == self.total, f"{len(spans)} paragraphs, exactly {self.total} asked for; {said}", wrong
        )

    def finish(self, text: str) -> str | None:
        spans = paragraph_spans(text)
        if len(spans) > self.total:
            return None
        more = ""
        if len(spans) >= self.n:
            found = first_word(text, *spans[self.n - 1])
            ended = len(spans) > self.n or "\n\n" in re.sub(r"[ \t\r]", "", text[spans[self.n - 1][1] :])
            if found is None:
                if ended:
                    return None
                more = ("" if text[-1] in "*_\"'(" else gap(text)) + f"{capitalised(self.word)} it works well."
            elif found.group().lower() != self.word.lower():
                begun = text[found.start() :].lower()
                if ended or not self.word.lower().startswith(begun):
                    return None
                more = self.word[len(begun) :] + " it works well."
        for index in range(len(spans) + 1, self.total + 1):
            open_end = "" if (text + more)[-1:].isspace() else close(text + more)
            new = f"{capitalised(self.word)} it works well." if index == self.n else sayings(6 + index % 3)[0]
            more += open_end + ("\n\n" if (text + more).strip() else "") + new
        return more

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        parts = [text[start:end] for start, end in paragraph_spans(text)]
        parts = parts[: self.total - 1] + [" ".join(parts[self.total - 1 :])] if len(parts) > self.total else parts
        if len(parts) >= self.n:
            found = WORD.search(parts[self.n - 1])
            if not found or found.group().lower() != self.word.lower():
                parts[self.n - 1] = f"{capitalised(self.word)}, {lowered(parts[self.n - 1])}"
        text = "\n\n".join(parts)
        return text + (self.finish(text) or "")

    def peer(self) -> dict[str, Any]:
        return {"num_paragraphs": self.total, "nth_paragraph": self.n, "first_word": self.word}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        total = random.choice((2, 3, 4))
        return cls(total, random.randint(1, total), random.choice(("however", "still", "today", "then", "finally", "perhaps")))


class LinesStartWith(Place, frozen=True):
    """Every line that is not blank starts with a mark; blanks before it are passed over."""

    mark: Literal[">", "-", "*", "#", "+", "→"]

    kind, category = "lines_start_with", "format"
    subtype = "markdown"
    wordings = (
        'Start every line with "{mark}".',
        'Each line must begin with the character "{mark}".',
        'Make sure that all lines that are not blank start with "{mark}".',
    )
    wordings_zh = (
        "每一行都以“{mark}”开头。",
        "每行的第一个字符必须是“{mark}”。",
    )

    def check(self, text: str) -> Finding:
        spans = line_spans(text)
        wrong = tuple(span for span in spans if not text[span[0] : span[1]].lstrip().startswith(self.mark))
        return Finding(bool(spans) and not wrong, f"{len(wrong)} of {len(spans)} lines start otherwise", wrong)

    def finish(self, text: str) -> str | None:
        found = self.check(text)
        return "" if found.passed else None if found.spans else f"{self.mark} So it goes."

    def mend(self, text: str, random: randomness.Random) -> str:
        for start, _ in reversed(self.check(text).spans):
            text = f"{text[:start]}{self.mark} {text[start:]}"
        return text + (self.finish(text) or "")

    def opposes(self, other: Rule) -> str:
        return "lines start with two different marks" if isinstance(other, LinesStartWith) and other.mark != self.mark else ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((">", "-", "*", "+", "→")))


__all__ = ["LinesStartWith", "ParagraphStartsWith"]
