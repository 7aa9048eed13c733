"""Reads requirements out of free wording: every wording of every type, these in near synonyms, and common phrases of users.

A wording is a template, so its expression is made from it: literal text with synonyms, fields by their types. What users say
beyond the templates stands in `spoken`. Of matches that overlap the longest is kept. What was not understood but sounds like
a requirement is told by `unread`, so that nobody takes silence for consent.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple, cast

import msgspec

from dutiful.core.records import Constraint
from dutiful.kit.constraints import TYPES
from dutiful.kit.constraints.base import Rule
from dutiful.kit.constraints.numbers import NUMBER, number
from dutiful.kit.constraints.parse_chinese import readings
from dutiful.kit.constraints.spoken import ASKS, SOUNDS, SPOKEN


class Parsed(NamedTuple):
    """A requirement that was understood: its wording is what was said, at (start, end) of the characters."""

    constraint: Constraint
    start: int
    end: int


class Unread(NamedTuple):
    """What sounds like a requirement and was not understood."""

    text: str
    start: int
    end: int


_ALIKE = (
    ("at most", "no more than", "not more than", "a maximum of", "up to", "max"),
    ("at least", "no fewer than", "no less than", "not less than", "a minimum of", "min"),
    ("exactly", "precisely"),
    ("do not", "don't", "don’t", "never"),
    ("your whole answer", "the whole answer", "the entire answer", "your entire answer", "the whole response", "everything"),
    ("your answer", "the answer", "your response", "the response", "your reply", "the reply", "the text", "your text", "it"),
    ("end with", "finish with", "close with", "conclude with"),
    ("start with", "begin with", "open with"),
    ("use", "write", "include", "give", "have", "contain", "add"),
    ("every", "each"),
    ("letters", "characters"),
)
"""Phrases that a user takes for one another."""

_GROUPS = {
    phrase: "(?:" + "|".join(re.escape(p).replace(r"\ ", r"\s+") for p in alike) + ")" for alike in _ALIKE for phrase in alike
}
_PHRASE = re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, _GROUPS), key=len, reverse=True)) + r")\b", re.IGNORECASE)
_QUOTES = {'"': '["“”]', "“": '["“”]', "”": '["“”]', "'": "['‘’]", "’": "['‘’]"}
_EDGE = r"(?=[\s.,;:!?)]|$)"
_NEXT = (
    r"(?:also|do|don't|use|end|start|begin|finish|keep|write|make|avoid|never|no|the|your|all|every|each|include|mention|put|give"
    r"|answer|let|stay|it|in|please|then|at|nothing|there|separate|only)\b"
)
"""How the next requirement of a sentence may begin."""
_STOP = rf"(?=[.!?]*\s*(?:\n|$)|[.;!?]\s|,\s|\s+and\s+{_NEXT}|\s+(?:but|while|or else)\s)"
"""Where words end that no quotation mark ends."""
_TOKEN = r"(?:[^\s;,\"“”.!?]|[.,!?](?=[^\s\"“”])|[.!?](?=,\s|\s+(?:and|or|as)\s))+"
_WORDS = rf"{_TOKEN}(?: {_TOKEN}){{0,7}}?"
_ITEM = rf"(?:[\"“][^\"“”\n]+[\"”]|(?!{_NEXT}\s+(?!and\b|or\b)\w){_TOKEN}(?: (?!and\b){_TOKEN}){{0,3}}?)"
_LIST = rf"{_ITEM}(?:,\s+{_ITEM})*(?:,?\s+(?:and|or)\s+{_ITEM})?"

_TRIM = re.compile(r"(?i)^(?:[\W_]+|(?:and|but|also|then)\b)+|(?:[\W_]+|\b(?:and|but|also|then|when you answer))+$")
_PIECE = re.compile(r"[^.!?;\n]+[.!?;]*")


def parse(text: str) -> list[Parsed]:
    """The requirements in a text, in its order. What is not understood is left out: see `unread`."""
    matches = list(_matches(text))
    found = [one for one in matches if not _swallows(one, matches, text)]
    found.sort(key=lambda one: (one.start - one.end, _free(one.constraint), one.start))
    taken: list[Parsed] = []
    for one in found:
        if all(one.end <= other.start or other.end <= one.start for other in taken):
            taken.append(one)
    return sorted(taken, key=lambda one: one.start)


def unread(text: str, parsed: Iterable[Parsed] | None = None) -> list[Unread]:
    """The pieces of a text that sound like requirements but were not understood. The request that it opens with is none."""
    covered = [(one.start, one.end) for one in (parse(text) if parsed is None else parsed)]
    found: list[Unread] = []
    for index, piece in enumerate(_PIECE.finditer(text)):
        start = piece.start()
        if index == 0 and (asks := ASKS.match(piece[0])):
            start += asks.end()
        for low, high in _gaps(start, piece.end(), covered):
            part = text[low:high]
            said = _TRIM.sub("", part)
            if SOUNDS.search(part) and len(said) > 3 and not part.rstrip().endswith(":"):
                at = low + part.index(said)
                found.append(Unread(said, at, at + len(said)))
    return found


def _free(constraint: Constraint) -> int:
    """How much of what was said went into words as parameters: of two readings of the same, the more literal one is meant."""
    return sum(len(value) for value in constraint.params.values() if isinstance(value, str))


def _swallows(one: Parsed, others: Iterable[Parsed], text: str) -> bool:
    """Whether a list of words took a count for words: "not have more than 3 lines, and ..."; in quotes they are words."""
    return (
        any(isinstance(value, (list, tuple)) for value in one.constraint.params.values())
        and not re.search(r'["“”]', text[one.start : one.end])
        and any(one.start <= other.start and other.end <= one.end and _counts(other) for other in others if other is not one)
    )


def _counts(one: Parsed) -> bool:
    """Whether a requirement is of numbers alone."""
    return bool(one.constraint.params) and all(isinstance(value, int) for value in one.constraint.params.values())


def _gaps(start: int, end: int, covered: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What of (start, end) no span covers."""
    for low, high in covered:
        if low < end and high > start:
            if low > start:
                yield start, low
            start = max(start, high)
    if start < end:
        yield start, end


def _matches(text: str) -> Iterator[Parsed]:
    lowered = text.lower()
    for rule in TYPES.values():
        for wording in rule.wordings:
            if _anchor(wording) in lowered:
                yield from _read(rule, _template(rule, wording), text, {})
    yield from (Parsed(*reading) for reading in readings(text))
    for kind, key, pattern, fixed in SPOKEN:
        if kind in TYPES and any(word in lowered for word in key.split("|")):
            yield from _read(TYPES[kind], _compiled(pattern), text, fixed)


def _read(rule: type[Rule], pattern: re.Pattern[str], text: str, fixed: dict[str, Any]) -> Iterator[Parsed]:
    types = {field.encode_name: field.type for field in msgspec.structs.fields(rule)}
    for match in pattern.finditer(text):
        params = dict(fixed)
        try:
            for group, value in match.groupdict().items():
                if value is not None:
                    name, _, shift = group.partition("__")
                    read = _value(types[name], value)
                    params[name] = read + {"under": -1, "over": 1}[shift] if shift else read
            read = msgspec.convert(params, rule)
        except (msgspec.ValidationError, ValueError):
            continue  # it looks like it, but the parameters are none of this type
        yield Parsed(Constraint(rule.kind, msgspec.to_builtins(read), match[0]), *match.span())


def _value(kind: Any, said: str) -> Any:
    """A parameter from the words that stand for it."""
    if kind is int:
        return number(said)
    if kind is float:
        return float(said)
    if kind is str:
        return _bare(said)
    if getattr(kind, "__origin__", None) is tuple:
        items = [item for item in re.split(r",\s+(?:and\s+|or\s+)?|\s+(?:and|or)\s+|、", said.strip()) if item]
        mark = items[0][-1]
        if mark in ".!?:" and all(item.endswith(mark) for item in items[:-1]):  # whole sentences: the last one's stop is its own
            items[-1] = items[-1].removesuffix(mark) + mark
        return [_value(cast("tuple[Any, ...]", kind.__args__)[0], item) for item in items]
    return next((one for one in getattr(kind, "__args__", ()) if str(one).lower() == said.lower()), said)


def _bare(said: str) -> str:
    return re.sub(r"^[\"“'‘]|[\"”'’]$", "", said) if re.match(r"[\"“'‘].*[\"”'’]$", said) else said


@lru_cache(maxsize=1024)
def _anchor(wording: str) -> str:
    """A literal piece of a wording without which it cannot be there: for not compiling most of them."""
    literals = [literal for literal, *_ in string.Formatter().parse(wording)]
    words = [word for literal in literals for word in re.findall(r"[^\W\d_]+", _PHRASE.sub(" ", literal))]
    return max(words, key=len, default="").lower().removesuffix("s")


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?i)(?<![A-Za-z0-9]){pattern.replace('NUMBER', NUMBER)}(?![A-Za-z0-9])")


@lru_cache(maxsize=1024)
def _template(rule: type[Rule], wording: str) -> re.Pattern[str]:
    """The expression that a wording and its near synonyms match."""
    types = {field.encode_name: field.type for field in msgspec.structs.fields(rule)}
    pieces = list(string.Formatter().parse(wording.removesuffix(".").removesuffix("。")))
    made: list[str] = []
    counted = False
    seen: set[str] = set()
    for index, (literal, name, _, _) in enumerate(pieces):
        made.append(_literal(literal, counted))
        if name is None:
            continue
        quoted = literal[-1:] in _QUOTES
        last = index == len(pieces) - 1
        counted = types[name] is int
        made.append(
            f"(?P={name})" if name in seen else f"(?P<{name}>{_field(types[name], quoted, last, last and wording[-1] == '}')})"
        )
        seen.add(name)
    start = r"(?<![A-Za-z0-9])" if wording[:1].isascii() else ""
    end = "" if wording[-1] == "}" else (_EDGE if wording.isascii() else "") + r"\.?"
    return re.compile(f"(?i){start}{''.join(made)}{end}")


def _literal(text: str, counted: bool) -> str:
    """Literal text with synonyms, any blanks, any quotation marks; after a number, its words may stand in the singular."""
    made: list[str] = []
    at = 0
    for match in _PHRASE.finditer(text):
        made += [_escaped(text[at : match.start()]), _GROUPS[match[0].lower()]]
        at = match.end()
    made.append(_escaped(text[at:]))
    found = "".join(made)
    return re.sub(r"^(\\s\+(?:\w+\\s\+)?\w+?)s\b", r"\1s?", found) if counted else found


def _escaped(text: str) -> str:
    made = "".join(_QUOTES.get(char, re.escape(char)) for char in text)
    return re.sub(r"(?:\\?\s)+", lambda _: r"\s+", made)


def _field(kind: Any, quoted: bool, last: bool, open_end: bool) -> str:
    """What a field may hold. last: no literal text follows. open_end: nor does a full stop, so it is the rest of the line."""
    if kind is int:
        return NUMBER
    if kind is float:
        return r"\d+(?:\.\d+)?"
    if getattr(kind, "__origin__", None) is tuple:
        if cast("tuple[Any, ...]", kind.__args__)[0] is int:
            return rf"{NUMBER}(?:(?:,\s+|\s+and\s+){NUMBER})*"
        return _LIST + (r"[.!?:]?(?=\s*(?:\n|$))" if open_end else _STOP if last else "")
    if kind is str:
        return r'[^"“”\n]+?' if quoted else r"[^\n]+" if open_end else _WORDS + (_STOP if last else "")
    return "|".join(re.escape(str(one)) for one in getattr(kind, "__args__", ())) or r"\w+"


__all__ = ["Parsed", "Unread", "parse", "unread"]
