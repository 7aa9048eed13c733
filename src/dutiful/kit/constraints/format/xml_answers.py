"""Answers that are XML, or hold some."""

from __future__ import annotations

import random as randomness
import re
from collections.abc import Iterator
from typing import Self

from dutiful.kit.constraints.base import Finding, shown
from dutiful.kit.constraints.fillers import counted
from dutiful.kit.constraints.joints import first, newline
from dutiful.kit.constraints.mended import Mended

_NAME = r"[A-Za-z_][\w.-]*"
_TAG = re.compile(rf"<({_NAME})((?:\s+{_NAME}\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*)\s*(/?)>")
_ATTRIBUTE = re.compile(rf"\s{_NAME}\s*=\s*(?:\"[^\"<]*\"|'[^'<]*')")


class XmlAttributesAtMost(Mended, frozen=True):
    """No tag has more than n attributes."""

    n: int

    kind, family, category, subtype = "xml_attributes_at_most", "format", "format", "xml"
    wordings = (
        "Give XML tags at most {n} attributes each.",
        "No XML element may have more than {n} attributes.",
        "In the XML, limit each tag to {n} attributes or fewer.",
    )

    def check(self, text: str) -> Finding:
        counts = [(len(_ATTRIBUTE.findall(tag[2])), tag.span(2)) for tag in _TAG.finditer(text)] if "<" in text else []
        most = max((count for count, _ in counts), default=0)
        over = tuple(span for count, span in counts if count > self.n)
        return Finding(
            not over, f"{counted(len(counts), 'tag')} with at most {counted(most, 'attribute')}, {self.n} allowed", over
        )

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(1, 3))


class XmlElementsAtLeast(Mended, frozen=True):
    """At least n whole elements of a name, <name>...</name> or <name/>."""

    tag: str
    n: int

    kind, family, category, subtype = "xml_elements_at_least", "format", "format", "xml"
    wordings = (
        "Use at least {n} XML elements named {tag}.",
        "Mark {n} or more pieces with the XML tag <{tag}>.",
        "There must be no fewer than {n} elements <{tag}> in the answer.",
    )

    def __post_init__(self) -> None:
        if not re.fullmatch(_NAME, self.tag):
            raise ValueError(f"needs the name of a tag, got {self.tag!r}")

    def count(self, text: str) -> int:
        """How many whole elements there are."""
        closes = text.count(f"</{self.tag}>")
        if not closes and "/>" not in text:
            return 0
        alone = opened = whole = 0
        for match in re.finditer(rf"<{self.tag}(?:\s[^<>]*)?(?<!/)(/?)>|(</{self.tag}>)", text):
            if match[2]:
                whole, opened = whole + (opened > 0), max(0, opened - 1)
            elif match[1]:
                alone += 1
            else:
                opened += 1
        return whole + alone

    def check(self, text: str) -> Finding:
        count = self.count(text)
        return Finding(count >= self.n, f"{counted(count, 'element')} <{self.tag}>, at least {self.n} asked for")

    def finish(self, text: str) -> str | None:
        count = self.count(text)
        if count >= self.n:
            return ""
        new = f"<{self.tag}>...</{self.tag}>"
        return first(
            self,
            text,
            (f"</{self.tag}>", *(start + new * (self.n - count) for start in (newline(text), f"</{self.tag}>", "> "))),
        )

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("item", "name", "step", "note")), random.randint(1, 3))


_XML_PART = re.compile(rf"[^<&]+|&(?:{_NAME}|#\d+|#x[0-9a-fA-F]+);|{_TAG.pattern}|</({_NAME})\s*>")
_CUT_ENTITY = re.compile(rf"&(?:{_NAME}|#\d*|#x[0-9a-fA-F]*)?\Z")

_CUT_TAG = re.compile(
    rf"<(?:({_NAME})(?:\s+{_NAME}\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*(\s*|\s+{_NAME}\s*|\s+{_NAME}\s*=\s*"
    r"|\s+[A-Za-z_][\w.-]*\s*=\s*\"[^\"<]*|\s+[A-Za-z_][\w.-]*\s*=\s*'[^'<]*)(/?))?\Z"
)

_CUT_CLOSE = re.compile(rf"</({_NAME})?(\s*)\Z")


class XmlAnswer(Mended, frozen=True):
    """The whole answer is one well-formed XML element of a name, with text, elements and attributes, and nothing else."""

    root: str

    kind, family, category, subtype = "xml_answer", "format", "format", "xml"
    wordings = (
        "Give the whole answer as XML, in one element <{root}>.",
        "Wrap the entire output in well-formed XML with the root element {root}.",
        "Answer in XML and nothing else; the root must be <{root}>.",
    )

    def __post_init__(self) -> None:
        if not re.fullmatch(_NAME, self.root):
            raise ValueError(f"needs the name of a tag, got {self.root!r}")

    def read(self, text: str) -> tuple[list[str], int, bool]:
        """The open tags where reading stops, the place where it stops, and whether the root has been closed."""
        stack: list[str] = []
        at, done = len(text) - len(text.lstrip()), False
        while at < len(text):
            part = _XML_PART.match(text, at)
            if part is None:
                break
            opens, alone, closes = part[1], part[3], part[4]
            if (opens and not stack and (done or opens != self.root)) or (closes and stack[-1:] != [closes]):
                break
            if not stack and not opens and part[0].strip():
                break
            if opens and not alone:
                stack.append(opens)
            elif closes:
                stack.pop()
            done, at = done or (not stack and bool(opens or closes)), part.end()
        return stack, at, done

    def check(self, text: str) -> Finding:
        stack, at, done = self.read(text)
        if at < len(text):
            return Finding(False, f"no well-formed XML from character {at}: {text[at : at + 20]!r}", ((at, len(text)),))
        if stack:
            return Finding(False, f"not closed: {shown(tuple(stack))}")
        return Finding(done, f"one element <{self.root}>" if done else f"no element <{self.root}>")

    def finish(self, text: str) -> str | None:
        stack, at, done = self.read(text)
        ends = "".join(f"</{name}>" for name in reversed(stack))
        if at == len(text):
            return ends if stack or done else f"<{self.root}></{self.root}>"
        rest = text[at:]
        if stack and _CUT_ENTITY.match(rest):
            return first(self, text, (f"{tail};{ends}" for tail in ("", "amp", "39", "27")))
        return first(self, text, self._tags(rest, stack, done, ends))

    def _tags(self, rest: str, stack: list[str], done: bool, ends: str) -> Iterator[str]:
        """What may close a tag that the text breaks off in."""
        if (cut := _CUT_CLOSE.match(rest)) and stack:
            yield f"{stack[-1][len(cut[1] or '') :] if not cut[2] else ''}>{ends[len(stack[-1]) + 3 :]}"
        if done and not stack:
            return
        cut = _CUT_TAG.match(rest)
        if cut is None:
            return
        name = cut[1] or ""
        if stack:
            yield ">" + ends if cut[3] else f"/{stack[-1]}>{ends[len(stack[-1]) + 3 :]}"
            names = [name or "b"]
        else:
            names = [self.root]
        for whole in names:
            if whole.startswith(name):
                for patch in ("", '""', '=""', '"', "'"):
                    yield f"{whole[len(name) :]}{patch}/>{ends}"
                    yield f"{patch}>{ends}"

    def mend(self, text: str, random: randomness.Random) -> str:
        """Finishes what can be finished; else lays the text, with its signs escaped, into a new element."""
        end = self.finish(text)
        if end is not None:
            return text + end
        plain = text.strip().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return f"<{self.root}>{plain}</{self.root}>"

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("answer", "note", "report", "reply")))


__all__ = ["XmlAnswer", "XmlAttributesAtMost", "XmlElementsAtLeast"]
