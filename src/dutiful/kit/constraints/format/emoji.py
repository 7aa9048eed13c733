"""Emoji: none, or one for each sentence."""

from __future__ import annotations

import random as randomness
import re

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.fillers import counted
from dutiful.kit.constraints.format.absent import Absent
from dutiful.kit.constraints.joints import first
from dutiful.kit.constraints.mended import Mended
from dutiful.kit.constraints.text import EDGES, sentence_spans

EMOJI = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")


class NoEmoji(Absent, frozen=True):
    """No emoji or pictorial symbol."""

    kind, subtype = "no_emoji", "emoji"
    languages = ("en", "zh")
    wordings = ("Do not use emoji.", "The answer must be free of emojis.", "Leave out smileys and other emoji.")
    wordings_zh = (
        "不要使用表情符号。",
        "回答中不能出现emoji。",
    )

    def find(self, text: str) -> list[re.Match[str]]:
        return [] if text.isascii() else list(EMOJI.finditer(text))


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

    def opposes(self, other: Rule) -> str:
        return "emoji are asked for and forbidden" if isinstance(other, NoEmoji) else ""


__all__ = ["EMOJI", "EmojiSentences", "NoEmoji"]
