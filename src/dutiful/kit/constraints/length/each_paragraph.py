"""How many sentences each paragraph has."""

from __future__ import annotations

import random as randomness
from typing import Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.fillers import sayings
from dutiful.kit.constraints.joints import follow
from dutiful.kit.constraints.text import paragraph_spans, sentence_spans


class SentencesPerParagraph(Rule, frozen=True):
    """Every paragraph has exactly n sentences; blank lines separate paragraphs."""

    n: int

    kind, family, category, subtype = "sentences_per_paragraph", "length", "length", "sentences"
    languages = ("en", "zh")
    wordings = (
        "Write exactly {n} sentences in each paragraph.",
        "Every paragraph must consist of {n} sentences.",
        "Make sure that each paragraph has exactly {n} sentences.",
    )
    wordings_zh = (
        "每段正好写{n}句话。",
        "每个段落都必须由{n}句话组成。",
    )

    def check(self, text: str) -> Finding:
        spans = paragraph_spans(text)
        counts = [len(sentence_spans(text[start:end])) for start, end in spans]
        wrong = tuple(span for span, count in zip(spans, counts, strict=True) if count != self.n)
        shown = ", ".join(map(str, counts[:40])) or "no"
        return Finding(bool(spans) and not wrong, f"paragraphs of {shown} sentences, {self.n} asked for in each", wrong)

    def finish(self, text: str) -> str | None:
        spans = paragraph_spans(text)
        counts = [len(sentence_spans(text[start:end])) for start, end in spans]
        if any(count != self.n for count in counts[:-1]) or (counts and counts[-1] > self.n):
            return None
        need = self.n - (counts[-1] if counts else 0)
        if not need:
            return ""
        last = text[spans[-1][0] :] if spans else ""
        if last and last.count("\n", len(last.rstrip())) > 1:  # a blank line has ended it
            return None
        sizes = (4, 6, 3, 7, 5)
        return follow(last, *(sayings(sizes[i % 5], text)[0] for i in range(need)))

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        done: list[str] = []
        for start, end in paragraph_spans(text):
            part = text[start:end]
            spans = sentence_spans(part)
            part = part[: spans[min(self.n, len(spans)) - 1][1]]
            done.append(part + (self.finish(part) or ""))
        return "\n\n".join(done) if done else self.finish("") or ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((2, 3, 4)))

    def opposes(self, other: Rule) -> str:
        if isinstance(other, SentencesPerParagraph) and other.n != self.n:
            return f"{self.n} sentences a paragraph, but {other.n}"
        return ""


__all__ = ["SentencesPerParagraph"]
