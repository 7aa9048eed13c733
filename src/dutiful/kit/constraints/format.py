"""Requirements of the family format: markdown and marks in running text. Data formats are in `format_data`."""

from __future__ import annotations

import random as randomness
import re
from typing import Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.endings import Mended, block, counted, first, lead, newline

_FENCED = re.compile(r"^```.*?(?:^```|\Z)", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#{1,6})[ \t]+\S.*$", re.MULTILINE)


def _headings(text: str) -> list[re.Match[str]]:
    """The headings outside fenced code."""
    if "```" in text:
        text = _FENCED.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    return list(_HEADING.finditer(text)) if "#" in text else []


def _open_fence(text: str) -> str:
    """What closes a fenced block that the text breaks off in, or ""."""
    last = next(reversed(list(_FENCED.finditer(text))), None) if "```" in text else None
    if last and last.end() == len(text) and not re.search(r"\n```\Z", last[0]):
        return newline(text) + "```"
    return ""


class HeadingsAtLeast(Mended, frozen=True):
    """At least n markdown headings, of any level."""

    n: int

    kind, family, category, subtype = "headings_at_least", "format", "format", "markdown"
    wordings = (
        "Use at least {n} markdown headings.",
        "Structure the answer with {n} or more headings (lines that start with #).",
        "There must be no fewer than {n} headings in markdown.",
    )

    def check(self, text: str) -> Finding:
        count = len(_headings(text))
        return Finding(count >= self.n, f"{counted(count, 'heading')}, at least {self.n} asked for")

    def finish(self, text: str) -> str | None:
        missing = self.n - len(_headings(text))
        if missing <= 0:
            return ""
        start = _open_fence(text)
        return start + block(text + start) + "\n\n".join(f"## {_TITLES[index % len(_TITLES)]}" for index in range(missing))

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(1, 4))


_TITLES = ("Overview", "Details", "Examples", "Summary")


class HeadingLevel(Mended, frozen=True):
    """At least one markdown heading of a level."""

    level: int

    kind, family, category, subtype = "heading_level", "format", "format", "markdown"
    wordings = (
        "Use at least one markdown heading of level {level}.",
        "The answer must hold a level {level} heading in markdown.",
        "Include a heading that starts with exactly {level} # signs.",
    )

    def __post_init__(self) -> None:
        if not 1 <= self.level <= 6:
            raise ValueError(f"markdown has heading levels 1 to 6, not {self.level}")

    def check(self, text: str) -> Finding:
        levels = sorted({len(match[1]) for match in _headings(text)})
        return Finding(self.level in levels, f"heading levels: {levels or 'none'}, level {self.level} asked for")

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        start = _open_fence(text)
        return f"{start}{block(text + start)}{'#' * self.level} Summary"

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(1, 4))

    def opposes(self, other: Rule) -> str:
        if isinstance(other, HeadingLevelAtMost) and other.level < self.level:
            return f"a heading of level {self.level}, but none deeper than {other.level}"
        return ""


class HeadingLevelAtMost(Mended, frozen=True):
    """No markdown heading of a deeper level than given."""

    level: int

    kind, family, category, subtype = "heading_level_at_most", "format", "format", "markdown"
    wordings = (
        "Markdown headings may go down to level {level} at most.",
        "Use no heading below level {level}.",
        "Do not start a heading with more than {level} # signs.",
    )

    def check(self, text: str) -> Finding:
        deep = [match for match in _headings(text) if len(match[1]) > self.level]
        said = f"{counted(len(deep), 'heading')} below level {self.level}"
        return Finding(not deep, said, tuple(match.span(1) for match in deep))

    def mend(self, text: str, random: randomness.Random) -> str:
        """Raises the headings that are too deep."""
        for start, end in reversed(self.check(text).spans):
            text = f"{text[:start]}{'#' * self.level}{text[end:]}"
        return text if self.check(text).passed else super().mend(text, random)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(1, 3))


_QUOTED = re.compile(r"^[ \t]*>[ \t]*\S", re.MULTILINE)


class QuoteLinesAtLeast(Mended, frozen=True):
    """At least n lines of markdown block quote."""

    n: int

    kind, family, category, subtype = "quote_lines_at_least", "format", "format", "markdown"
    wordings = (
        "Use at least {n} lines of block quote in markdown.",
        "Include {n} or more lines that start with >.",
        "The answer must hold a markdown block quote, {n} lines of it at least.",
    )

    def check(self, text: str) -> Finding:
        count = len(_QUOTED.findall(text))
        return Finding(count >= self.n, f"{counted(count, 'quoted line')}, at least {self.n} asked for")

    def finish(self, text: str) -> str | None:
        missing = self.n - self.check_count(text)
        return newline(text) + "\n".join(["> To be noted."] * missing) if missing > 0 else ""

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
    wordings = (
        "Include a fenced code block marked as {language}.",
        "Show some {language} code in a block between ``` signs, with the language named.",
        "The answer must hold a markdown code block with the language tag {language}.",
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
_SINGLE = re.compile(r"\*([^\n*]*)\*")
_DOUBLE = re.compile(r"\*\*([^\n*]*)\*\*")


class HighlightsAtLeast(Mended, frozen=True):
    """At least n pieces highlighted in markdown, *so* or **so**, counted as IFEval counts them."""

    n: int

    kind, family, category, subtype = "highlights_at_least", "format", "format", "markdown"
    same_as = "ifeval:detectable_format:number_highlighted_sections"
    wordings = (
        "Highlight at least {n} parts of the answer in markdown, *like this*.",
        "Put {n} or more passages between asterisks (*passage*).",
        "There must be no fewer than {n} highlighted pieces, with markdown emphasis.",
    )

    def count(self, text: str) -> int:
        """How many highlighted pieces there are."""
        if "*" not in text:
            return 0
        return sum(bool(inner.strip()) for pattern in (_SINGLE, _DOUBLE) for inner in pattern.findall(text))

    def check(self, text: str) -> Finding:
        count = self.count(text)
        return Finding(count >= self.n, f"{counted(count, 'highlighted piece')}, at least {self.n} asked for")

    def finish(self, text: str) -> str | None:
        count = self.count(text)
        if count >= self.n:
            return ""
        for close in ("*", "**"):  # a piece that the text breaks off in
            if count + 1 == self.n and self.count(text + close) > count:
                return close
        return newline(text) + " and ".join(["*worth noting*"] * (self.n - count))

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(1, 4))

    def peer(self) -> dict[str, object]:
        return {"num_highlights": self.n}


class BoldAtLeast(HighlightsAtLeast, frozen=True):
    """At least n pieces in bold, **so**."""

    kind, same_as = "bold_at_least", ""
    wordings = (
        "Put at least {n} pieces in bold, **like this**.",
        "Use bold type (double asterisks) {n} times or more.",
        "There must be no fewer than {n} bold passages in markdown.",
    )

    def count(self, text: str) -> int:
        return sum(bool(inner.strip()) for inner in _DOUBLE.findall(text)) if "**" in text else 0

    def finish(self, text: str) -> str | None:
        missing = self.n - self.count(text)
        return newline(text) + " and ".join(["**worth noting**"] * missing) if missing > 0 else ""

    def peer(self) -> dict[str, object]:
        return {}


_TITLE = re.compile(r"<<[^\n]+>>")


class Title(Mended, frozen=True):
    """A title in double angle brackets."""

    kind, family, category, subtype = "title", "format", "format", "title"
    same_as = "ifeval:detectable_format:title"
    wordings = (
        "Give the answer a title in double angular brackets, such as <<poem of joy>>.",
        "Include a title, wrapped like this: <<title>>.",
        "There must be a title between << and >>.",
    )

    def check(self, text: str) -> Finding:
        if "<<" not in text:
            return Finding(False, "no title")
        titles = [found for title in _TITLE.findall(text) if (found := title.lstrip("<").rstrip(">").strip())]
        return Finding(bool(titles), f"title: {titles[0]}" if titles else "no title")

    def finish(self, text: str) -> str | None:
        return first(self, text, ("", ">>", newline(text) + "<<Summary>>"))

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


class InQuotationMarks(Mended, frozen=True):
    """The whole answer stands between double quotation marks."""

    kind, family, category, subtype = "in_quotation_marks", "format", "format", "wrapping"
    same_as = "ifeval:startend:quotation"
    wordings = (
        "Wrap your entire response in double quotation marks.",
        'Begin the answer with " and end it with ".',
        "The whole answer must stand between double quotation marks.",
    )

    def check(self, text: str) -> Finding:
        body = text.strip()
        opens, closes = body.startswith('"'), len(body) > 1 and body.endswith('"')
        return Finding(opens and closes, f"opened: {'yes' if opens else 'no'}, closed: {'yes' if closes else 'no'}")

    def finish(self, text: str) -> str | None:
        body = text.strip()
        return first(self, text, ("", '"' if len(body) > 1 else 'Yes."', '"Yes."'))

    def mend(self, text: str, random: randomness.Random) -> str:
        """Puts the missing marks."""
        body = text.strip()
        if not body.startswith('"'):
            body = '"' + body
        return body + (self.finish(body) or "")

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


class ItalicThesis(Mended, frozen=True):
    """A statement in HTML italics, <i>so</i> or <em>so</em>, with text after it."""

    kind, family, category, subtype = "italic_thesis", "format", "format", "html"
    same_as = "ifbench:format:thesis"
    wordings = (
        "Begin each section with a thesis statement in italics; use HTML for the italics.",
        "Open with a thesis in HTML italics (<i>...</i>) and explain it after that.",
        "State your thesis between <i> and </i>, followed by the rest of the answer.",
    )

    def check(self, text: str) -> Finding:
        for match in _ITALIC.finditer(text) if "<" in text else ():
            close = text.find(f"</{match[1]}>", match.end())
            thesis = text[match.end() : close].strip() if close >= 0 else ""
            if thesis and text[close + len(match[1]) + 3 :].strip():
                return Finding(True, f"thesis: {thesis[:60]}")
        return Finding(False, "no thesis in italics with text after it")

    def finish(self, text: str) -> str | None:
        rest = " The rest follows from this."
        start = lead(text)
        ends = ("", rest, f"</i>{rest}", f"</em>{rest}", f"This holds.</i>{rest}", f"This holds.</em>{rest}")
        return first(self, text, (*ends, f"{start}<i>This holds.</i>{rest}"))

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


_ITALIC = re.compile(r"<(i|em)>")


class _Absent(Mended, frozen=True):
    """Something does not occur. Once begun it cannot be taken back, so a prefix is judged as the whole is."""

    family, category = "format", "format"

    def find(self, text: str) -> list[re.Match[str]]:
        """Where it occurs."""
        raise NotImplementedError

    def check(self, text: str) -> Finding:
        found = self.find(text)
        said = ", ".join(repr(match[0]) for match in found[:5])
        return Finding(not found, f"found {said}" if found else "none found", tuple(match.span() for match in found))

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


_SPACE = re.compile(r"\s+")


class NoWhitespace(_Absent, frozen=True):
    """No blank, tab or line break."""

    kind, subtype, same_as = "no_whitespace", "wrapping", "ifbench:format:no_whitespace"
    wordings = (
        "Do not use any whitespace.",
        "The output should not contain any whitespace.",
        "Write everything without spaces and line breaks.",
    )

    def find(self, text: str) -> list[re.Match[str]]:
        return list(_SPACE.finditer(text)) if _SPACE.search(text) else []

    def check(self, text: str) -> Finding:
        found = _SPACE.search(text)
        return super().check(text) if found else Finding(True, "no whitespace")

    def mend(self, text: str, random: randomness.Random) -> str:
        """Joins the words."""
        return "".join(text.split())


class NoHashtags(_Absent, frozen=True):
    """No hashtag."""

    kind, subtype = "no_hashtags", "hashtags"
    wordings = ("Do not use hashtags.", "The answer must be free of hashtags.", "Leave out any #hashtag.")

    def find(self, text: str) -> list[re.Match[str]]:
        return list(_HASHTAG.finditer(text)) if "#" in text else []


_HASHTAG = re.compile(r"(?<![\w&#])#\w+")
_LINK = re.compile(r"(?:https?://|www\.)\w\S*", re.IGNORECASE)
EMOJI = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")


class NoLinks(_Absent, frozen=True):
    """No address on the web."""

    kind, subtype = "no_links", "links"
    wordings = ("Do not include any links.", "The answer must hold no URL.", "Leave out web addresses.")

    def find(self, text: str) -> list[re.Match[str]]:
        low = text.lower()
        return list(_LINK.finditer(text)) if "://" in low or "www." in low else []


class NoEmoji(_Absent, frozen=True):
    """No emoji or pictorial symbol."""

    kind, subtype = "no_emoji", "emoji"
    wordings = ("Do not use emoji.", "The answer must be free of emojis.", "Leave out smileys and other emoji.")

    def find(self, text: str) -> list[re.Match[str]]:
        return [] if text.isascii() else list(EMOJI.finditer(text))


class HashtagsAtLeast(Mended, frozen=True):
    """At least n hashtags."""

    n: int

    kind, family, category, subtype = "hashtags_at_least", "format", "format", "hashtags"
    wordings = (
        "Use at least {n} hashtags.",
        "Add {n} or more hashtags, such as #garden.",
        "There must be no fewer than {n} hashtags in the answer.",
    )

    def count(self, text: str) -> int:
        """How many there are."""
        return len(_HASHTAG.findall(text)) if "#" in text else 0

    def check(self, text: str) -> Finding:
        count = self.count(text)
        return Finding(count >= self.n, f"{counted(count, 'hashtag')}, at least {self.n} asked for")

    def finish(self, text: str) -> str | None:
        missing = self.n - self.count(text)
        if missing <= 0:
            return ""
        tags = " ".join(("#today", "#ideas", "#life", "#tips")[index % 4] for index in range(missing))
        return ("" if not text or text[-1].isspace() else " ") + tags

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(1, 4))

    def opposes(self, other: Rule) -> str:
        return "hashtags are asked for and forbidden" if isinstance(other, NoHashtags) and self.n > 0 else ""


__all__ = [
    "BoldAtLeast",
    "CodeBlock",
    "HashtagsAtLeast",
    "HeadingLevel",
    "HeadingLevelAtMost",
    "HeadingsAtLeast",
    "HighlightsAtLeast",
    "InQuotationMarks",
    "ItalicThesis",
    "NoEmoji",
    "NoHashtags",
    "NoLinks",
    "NoWhitespace",
    "QuoteLinesAtLeast",
    "Title",
]
