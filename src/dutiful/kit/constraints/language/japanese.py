"""Japanese words among others."""

from __future__ import annotations

import random as randomness
import re
import string
from typing import Any, Self

from dutiful.kit.constraints.base import Finding, Rule

_JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
_IN_JAPANESE = ("とても", "今日", "もちろん", "たぶん", "いつも", "みんな")


class EveryNthWordJapanese(Rule, frozen=True):
    """Every nth word is in Japanese: holds a kana or a Chinese character. What stands between blanks is a word; numbers pass.

    IFBench lets an empty answer pass; here it does not meet it.
    """

    n: int

    kind, family, category, subtype = "every_nth_word_japanese", "language", "language", "other"
    same_as = "ifbench:count:words_japanese"
    wordings = (
        "Write every {n}th word in Japanese.",
        "Every {n}th word of the answer must be in Japanese.",
        "Make sure that each {n}th word is a Japanese one.",
    )

    def _wrong(self, text: str) -> tuple[list[tuple[int, int]], int]:
        found = list(re.finditer(r"\S+", text))
        wrong = [each.span() for each in found[self.n - 1 :: self.n] if not self._good(each.group())]
        return wrong, len(found)

    def _good(self, word: str) -> bool:
        bare = word.strip(string.punctuation)
        return not bare or bare.isdigit() or bool(_JAPANESE.search(bare))

    def check(self, text: str) -> Finding:
        wrong, count = self._wrong(text)
        asked = count // self.n
        return Finding(
            count > 0 and not wrong, f"{len(wrong)} of {asked} words at every place {self.n} not in Japanese", tuple(wrong)
        )

    def finish(self, text: str) -> str | None:
        wrong, count = self._wrong(text)
        if not wrong:
            return "" if count else "はい。"
        return "です" if wrong == [wrong[-1]] and wrong[-1][1] == len(text) else None

    def mend(self, text: str, random: randomness.Random) -> str:
        wrong, count = self._wrong(text)
        for i, (start, end) in reversed(list(enumerate(wrong))):
            word = text[start:end]
            mark = word[-1] if word[-1] in ".,!?;:" else ""
            text = text[:start] + _IN_JAPANESE[i % len(_IN_JAPANESE)] + mark + text[end:]
        return text if count else text + "はい。"

    def peer(self) -> dict[str, Any]:
        return {"N": self.n}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((4, 5, 6, 7, 8)))


__all__ = ["EveryNthWordJapanese"]
