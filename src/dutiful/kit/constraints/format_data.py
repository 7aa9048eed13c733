"""Requirements of the family format on data: answers in JSON or XML. Tables, CSV and dates are in `format_table`.

JSON may stand between ``` signs, as in IFEval. `finish` closes what is open, so a constrained decoder never leaves the format.
"""

from __future__ import annotations

import json
import random as randomness
import re
from collections.abc import Iterator
from typing import Any, Self, cast

from dutiful.kit.constraints.base import Finding, Rule, shown
from dutiful.kit.constraints.endings import Mended, counted, first, newline
from dutiful.kit.constraints.json_text import Partial, closing, deepening, keyed, partial

_OPEN = re.compile(r"\s*(?:```(?:json|Json|JSON)?)?")
_CUT_OPEN = re.compile(r"\s*(?:`|``|```(?:j|js|jso|J|JS|JSO|Js|Jso))\Z")


def _body(text: str) -> tuple[str, int]:
    """The JSON in an answer, without a fence around it, and where it begins."""
    opened = _OPEN.match(text)
    start = opened.end() if opened else 0
    return text[start:].rstrip().removesuffix("```").strip(), start


class JsonAnswer(Mended, frozen=True):
    """The whole answer is JSON."""

    kind, family, category, subtype = "json_answer", "format", "format", "json"
    same_as = "ifeval:detectable_format:json_format"
    wordings = (
        "Give the whole answer as JSON.",
        "Your entire output should be wrapped in JSON format.",
        "Answer with valid JSON and nothing else.",
    )

    def wrong(self, value: Any, body: str) -> str:
        """What is wrong with a value that was read, or ""."""
        return ""

    def check(self, text: str) -> Finding:
        body, start = _body(text)
        try:
            value = json.loads(body)
        except json.JSONDecodeError as error:
            at = text.find(body, start) + error.pos
            return Finding(False, f"no JSON: {error.msg} at character {at}", ((at, len(text)),) if at < len(text) else ())
        except (ValueError, RecursionError):
            return Finding(False, "JSON that is nested too deeply, or holds too long a number")
        wrong = self.wrong(value, body)
        return Finding(not wrong, wrong or "valid JSON")

    def endings(self, found: Partial) -> Iterator[str]:
        """Continuations of JSON that breaks off, to be tried in turn."""
        if found.stack or found.state == "end":
            yield closing(found)
        else:
            yield "{}"

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        if _CUT_OPEN.match(text):
            mark = text.strip()
            rest = "```"[len(mark) :] if len(mark) < 3 else ("son" if mark[-1] in "jso" else "SON")[len(mark) - 4 :]
            end = self.finish(text + rest + "\n")
            return None if end is None else f"{rest}\n{end}"
        opened = _OPEN.match(text)
        body = text[opened.end() if opened else 0 :]
        found = partial(body)
        if found is None:
            return None
        if found.state == "end" and not found.patch:  # only a closing fence may follow
            after = body[found.rest :].strip()
            return first(self, text, ("`" * (3 - len(after)),)) if after in {"`", "``"} else None
        return first(self, text, self.endings(found))

    def wrapped(self, text: str) -> Any:
        """A value that holds a text which is not JSON."""
        return {"answer": text.strip()}

    def mend(self, text: str, random: randomness.Random) -> str:
        """Finishes what can be finished; else lays the text into a new object."""
        end = self.finish(text)
        return text + end if end is not None else json.dumps(self.wrapped(text), ensure_ascii=False)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


_KEYS = ("name", "title", "summary", "steps", "price", "date", "reason", "tags")


class JsonKeys(JsonAnswer, frozen=True):
    """The whole answer is a JSON object that has some keys, and maybe others."""

    keys: tuple[str, ...]

    kind, same_as = "json_keys", ""
    wordings = (
        "Answer with a JSON object that has the keys {keys}.",
        "Give the whole answer as JSON with these keys: {keys}.",
        "The output must be one JSON object; it needs the keys {keys}.",
    )

    def __post_init__(self) -> None:
        if not self.keys:
            raise ValueError("needs at least one key")

    def wrong(self, value: Any, body: str) -> str:
        if not isinstance(value, dict):
            return "JSON, but no object"
        missing = tuple(key for key in self.keys if key not in value)
        return f"keys that are missing: {shown(missing)}" if missing else ""

    def endings(self, found: Partial) -> Iterator[str]:
        missing = tuple(key for key in dict.fromkeys(self.keys) if key not in found.keys)
        if (end := keyed(found, missing)) is not None:
            yield end

    def wrapped(self, text: str) -> Any:
        body, _ = _body(text)
        try:
            value: Any = json.loads(body)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict):
            return dict.fromkeys(self.keys, "") | cast("dict[str, Any]", value)
        return {key: text.strip() if index == 0 else "" for index, key in enumerate(self.keys)}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(tuple(random.sample(_KEYS, random.randint(1, 3))))


def _depth(body: str) -> int:
    """How deep the brackets of a JSON text nest."""
    depth = most = 0
    for bracket in re.findall(r"[\[{}\]]", re.sub(r'"(?:[^"\\]|\\.)*"', "", body)):
        depth += 1 if bracket in "[{" else -1
        most = max(most, depth)
    return most


class JsonDepthAtMost(JsonAnswer, frozen=True):
    """The whole answer is JSON, its brackets nested at most n deep; {} has depth 1."""

    n: int

    kind, same_as = "json_depth_at_most", ""
    wordings = (
        "Answer in JSON that is nested at most {n} levels deep.",
        "Give JSON only, with no more than {n} levels of nesting.",
        "The output must be JSON, its brackets {n} deep or less.",
    )

    def __post_init__(self) -> None:
        if self.n < 1:
            raise ValueError(f"an object is one level deep, so at most {self.n} levels cannot be asked for")

    def wrong(self, value: Any, body: str) -> str:
        depth = _depth(body)
        return f"nested {depth} deep, at most {self.n} allowed" if depth > self.n else ""

    def finish(self, text: str) -> str | None:
        if "[" in text or "{" in text:  # a bracket too deep cannot be taken back
            found = partial(text[len((_OPEN.match(text) or [""])[0]) :])
            if found and found.depth > self.n:
                return None
        return super().finish(text)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(1, 3))


class JsonDepthAtLeast(JsonAnswer, frozen=True):
    """The whole answer is JSON, its brackets nested at least n deep; {} has depth 1."""

    n: int

    kind, same_as = "json_depth_at_least", ""
    wordings = (
        "Answer in JSON that is nested at least {n} levels deep.",
        "Give JSON only, with {n} or more levels of nesting.",
        "The output must be JSON with no fewer than {n} levels of brackets.",
    )

    def wrong(self, value: Any, body: str) -> str:
        depth = _depth(body)
        return f"nested {depth} deep, at least {self.n} asked for" if depth < self.n else ""

    def endings(self, found: Partial) -> Iterator[str]:
        if found.depth >= self.n:
            yield from super().endings(found)
        elif found.stack or found.state == "value":
            end = deepening(found, self.n - len(found.stack))
            if end is not None:
                yield end

    def wrapped(self, text: str) -> Any:
        value: Any = text.strip()
        for _ in range(max(1, self.n)):
            value = {"answer": value}
        return value

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(2, 4))

    def opposes(self, other: Rule) -> str:
        if isinstance(other, JsonDepthAtMost) and other.n < self.n:
            return f"JSON nested at least {self.n} deep, but at most {other.n}"
        return ""


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


__all__ = [
    "JsonAnswer",
    "JsonDepthAtLeast",
    "JsonDepthAtMost",
    "JsonKeys",
    "XmlAnswer",
    "XmlAttributesAtMost",
    "XmlElementsAtLeast",
]
