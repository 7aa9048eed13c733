"""Answers that are JSON.

It may stand between ``` signs, as in IFEval. `finish` closes what is open, so a constrained decoder never leaves the format.
"""

from __future__ import annotations

import json
import random as randomness
import re
from collections.abc import Iterator
from typing import Any, Self, cast

from dutiful.kit.constraints.base import Finding, Rule, shown
from dutiful.kit.constraints.format.json_text import Partial, closing, deepening, keyed, partial
from dutiful.kit.constraints.joints import first
from dutiful.kit.constraints.mended import Mended

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
    languages = ("en", "zh")
    wordings = (
        "Give the whole answer as JSON.",
        "Your entire output should be wrapped in JSON format.",
        "Answer with valid JSON and nothing else.",
    )
    wordings_zh = (
        "整个回答必须是JSON。",
        "用JSON格式输出，不要写别的内容。",
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


_KEYS = ("name", "title", "summary", "steps", "price", "date", "reason", "tags")


class JsonKeys(JsonAnswer, frozen=True):
    """The whole answer is a JSON object that has some keys, and maybe others."""

    keys: tuple[str, ...]

    kind, same_as = "json_keys", ""
    languages = ("en", "zh")
    wordings = (
        "Answer with a JSON object that has the keys {keys}.",
        "Give the whole answer as JSON with these keys: {keys}.",
        "The output must be one JSON object; it needs the keys {keys}.",
    )
    wordings_zh = (
        "用一个JSON对象回答，其中要有这些键：{keys}。",
        "整个回答是一个JSON对象，必须包含键{keys}。",
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
    wordings_zh = (
        "用JSON回答，最多嵌套{n}层。",
        "整个回答必须是JSON，嵌套不超过{n}层。",
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
    wordings_zh = (
        "用JSON回答，至少嵌套{n}层。",
        "整个回答必须是JSON，嵌套不少于{n}层。",
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


__all__ = ["JsonAnswer", "JsonDepthAtLeast", "JsonDepthAtMost", "JsonKeys"]
