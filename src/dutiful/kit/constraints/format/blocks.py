"""Block quotes and blocks of code in markdown."""

from __future__ import annotations

import random as randomness
import re
from typing import Self

from dutiful.kit.constraints.base import Finding
from dutiful.kit.constraints.fillers import counted, suited
from dutiful.kit.constraints.joints import first, newline
from dutiful.kit.constraints.mended import Mended

_QUOTED = re.compile(r"^[ \t]*>[ \t]*\S", re.MULTILINE)


class QuoteLinesAtLeast(Mended, frozen=True):
    """At least n lines of markdown block quote."""

    n: int

    kind, family, category, subtype = "quote_lines_at_least", "format", "format", "markdown"
    languages = ("en", "zh")
    wordings = (
        "Use at least {n} lines of block quote in markdown.",
        "Include {n} or more lines that start with >.",
        "The answer must hold a markdown block quote, {n} lines of it at least.",
    )
    wordings_zh = (
        "至少写{n}行Markdown引用。",
        "回答中要有{n}行或更多以>开头的引用。",
    )

    def check(self, text: str) -> Finding:
        count = len(_QUOTED.findall(text))
        return Finding(count >= self.n, f"{counted(count, 'quoted line')}, at least {self.n} asked for")

    def finish(self, text: str) -> str | None:
        missing = self.n - self.check_count(text)
        return newline(text) + "\n".join([suited(text, "> To be noted.", "> 请注意这一点。")] * missing) if missing > 0 else ""

    def check_count(self, text: str) -> int:
        """The number of quoted lines."""
        return len(_QUOTED.findall(text))

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(1, 3))


class CodeBlock(Mended, frozen=True):
    """A fenced block of code, marked with a language."""

    language: str

    kind, family, category, subtype = "code_block", "format", "format", "code"
    languages = ("en", "zh")
    wordings = (
        "Include a fenced code block marked as {language}.",
        "Show some {language} code in a block between ``` signs, with the language named.",
        "The answer must hold a markdown code block with the language tag {language}.",
    )
    wordings_zh = (
        "包含一个标明{language}的代码块。",
        "在一对```之间写一段{language}代码，并标明语言。",
    )

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[\w+#.-]+", self.language):
            raise ValueError(f"needs the name of a language, got {self.language!r}")

    def check(self, text: str) -> Finding:
        tags = [match[1].strip().lower() for match in _BLOCK.finditer(text)] if "```" in text else []
        said = f"{counted(len(tags), 'code block')}: {', '.join(tag or 'no language' for tag in tags) or 'none'}"
        return Finding(self.language.lower() in tags, said)

    def finish(self, text: str) -> str | None:
        new = f"```{self.language}\n...\n```"
        close = newline(text) + "```"
        return first(self, text, ("", close, newline(text) + new, f"{close}\n\n{new}"))

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("python", "bash", "json", "sql", "javascript")))


_BLOCK = re.compile(r"^```([^\n`]*)\n.*?^```[ \t]*$", re.MULTILINE | re.DOTALL)


__all__ = ["CodeBlock", "QuoteLinesAtLeast"]
