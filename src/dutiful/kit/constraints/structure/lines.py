"""How lines are indented and how many words they hold."""

from __future__ import annotations

import random as randomness

from dutiful.kit.constraints.base import Finding
from dutiful.kit.constraints.fillers import counted
from dutiful.kit.constraints.joints import first
from dutiful.kit.constraints.mended import Mended
from dutiful.kit.constraints.text import NO_PUNCTUATION


class LineStairs(Mended, frozen=True):
    """Each line that is not blank is indented by more blanks than the one before it.

    IFBench loses count where two blank lines follow one another; that is a bug.
    """

    kind, family, category, subtype = "line_stairs", "structure", "format", "lines"
    same_as = "ifbench:format:line_indent"
    wordings = (
        "Create stairs by indenting each new line further.",
        "Indent every line more than the line before it.",
        "Let the lines of your answer form stairs: each must start with more spaces than the last.",
    )

    def check(self, text: str) -> Finding:
        before, at, count = -1, 0, 0
        for line in text.split("\n"):
            if line.strip():
                indent = len(line) - len(line.lstrip(" "))
                if indent <= before:
                    return Finding(False, f"a line is indented by {indent}, the one before by {before}", ((at, at + len(line)),))
                before, count = indent, count + 1
            at += len(line) + 1
        return Finding(count > 0, f"{counted(count, 'line')}, each further in" if count else "no line")

    def finish(self, text: str) -> str | None:
        return first(self, text, ("", "It begins here."))

    def mend(self, text: str, random: randomness.Random) -> str:
        """Indents the lines anew."""
        if self.check(text).passed or not text.strip():
            return text + (self.finish(text) or "")
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        return "\n".join(" " * index + line for index, line in enumerate(lines))


class WordsOnLines(Mended, frozen=True):
    """Each word stands on a line of its own. Marks without letters or digits count as nothing."""

    kind, family, category, subtype = "words_on_lines", "structure", "format", "lines"
    same_as = "ifbench:format:newline"
    wordings = (
        "Write each word on a new line.",
        "Put every word of the answer on a line of its own.",
        "There must be no more than one word a line.",
    )

    def check(self, text: str) -> Finding:
        sizes = [len(line.split()) for line in text.translate(NO_PUNCTUATION).split("\n")]
        at, count, wrong = 0, sum(sizes), list[tuple[int, int]]()
        if max(sizes) > 1:
            for line, size in zip(text.split("\n"), sizes, strict=True):
                if size > 1:
                    wrong.append((at, at + len(line)))
                at += len(line) + 1
        said = (
            f"{counted(len(wrong), 'line')} with more than one word" if wrong else f"{counted(count, 'word')}, each on its line"
        )
        return Finding(count > 0 and not wrong, said, tuple(wrong))

    def finish(self, text: str) -> str | None:
        return first(self, text, ("", "Yes"))

    def mend(self, text: str, random: randomness.Random) -> str:
        """Breaks the lines."""
        if self.check(text).passed:
            return text
        return "\n".join(text.split()) + (self.finish("\n".join(text.split())) or "")


__all__ = ["LineStairs", "WordsOnLines"]
