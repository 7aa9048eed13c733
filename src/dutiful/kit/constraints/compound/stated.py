"""A text that says how long it is."""

from __future__ import annotations

import re

from dutiful.kit.constraints.base import Finding
from dutiful.kit.constraints.fillers import filler
from dutiful.kit.constraints.joints import first
from dutiful.kit.constraints.mended import Mended
from dutiful.kit.constraints.text import WORD


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


_COUNT = re.compile(r"(?:^|\n)Words: (\d{1,9})\Z")
_BEGUN = re.compile(r"(?:^|\n)W(?:o(?:r(?:d(?:s(?::(?: \d*)?)?)?)?)?)?\Z")


__all__ = ["StatesWordCount"]
