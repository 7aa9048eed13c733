"""Requirements of the family format on marks in sentences: an emoji at the end of each, an explanation after each quotation."""

from __future__ import annotations

import random as randomness
import re
import string
from typing import Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.endings import EDGES, Mended, counted, first
from dutiful.kit.constraints.format import EMOJI, NoEmoji
from dutiful.kit.constraints.text import sentence_spans


class EmojiSentences(Mended, frozen=True):
    """Every sentence ends in an emoji, before or after its stop."""

    kind, family, category, subtype = "emoji_sentences", "format", "format", "emoji"
    same_as = "ifbench:format:emoji"
    wordings = (
        "Please use an emoji at the end of every sentence.",
        "End each sentence with an emoji.",
        "No sentence may go without an emoji at its end.",
    )

    def check(self, text: str) -> Finding:
        spans = sentence_spans(text)
        bodies = [text[start:end].strip(EDGES) for start, end in spans]
        # An emoji behind the stop opens what is counted as the next sentence. It may end in a sign that only colours it.
        ends = [bool(EMOJI.search(body[-2:])) for body in bodies]
        opens = [bool(EMOJI.match(body)) for body in bodies]
        wrong = [span for i, span in enumerate(spans) if not ends[i] and not (i + 1 < len(spans) and opens[i + 1])]
        said = f"{len(wrong)} of {counted(len(spans), 'sentence')} without an emoji at the end"
        return Finding(bool(spans) and not wrong, said, tuple(wrong))

    def finish(self, text: str) -> str | None:
        return first(self, text, ("", "🙂", " 🙂"))

    def mend(self, text: str, random: randomness.Random) -> str:
        """Adds an emoji to each sentence that has none."""
        for start, end in reversed(self.check(text).spans):
            cut = start + len(text[start:end].rstrip(".!?"))
            text = f"{text[:cut]} {random.choice('🙂🌿🌟🎉')}{text[cut:]}"
        return super().mend(text, random)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()

    def opposes(self, other: Rule) -> str:
        return "emoji are asked for and forbidden" if isinstance(other, NoEmoji) else ""


_STRAIGHT = str.maketrans("“”", '""')
_LAST = string.digits + string.punctuation.replace('"', "")


class QuotesExplained(Mended, frozen=True):
    """No quotation stands next to another or at the end: after each there are words outside quotation marks (as in IFBench)."""

    kind, family, category, subtype = "quotes_explained", "format", "format", "quotations"
    same_as = "ifbench:format:quote_unquote"
    wordings = (
        "Every quoted phrase must be followed by an unquoted explanation.",
        "After each quotation, explain it outside the quotation marks.",
        "Do not let a quotation end the answer or stand right before another one; put an explanation behind each.",
    )

    def check(self, text: str) -> Finding:
        bare = "".join(text.translate(_STRAIGHT).replace("'\"'", "").split())
        if '""' in bare:
            return Finding(False, "two quotation marks with nothing between them", tuple(m.span() for m in _PAIR.finditer(text)))
        ends = bare.strip(_LAST).endswith('"')
        return Finding(not ends, "a quotation ends the answer" if ends else "no quotation without words after it")

    def finish(self, text: str) -> str | None:
        return first(self, text, ("", " as they say", 'so" as they say'))

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


_PAIR = re.compile(r'["“”]\s*["“”]')

__all__ = ["EmojiSentences", "QuotesExplained"]
