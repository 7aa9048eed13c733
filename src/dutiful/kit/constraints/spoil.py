"""Breaks one requirement in a text, with as little else changed as can be: for faulty drafts and for tests of checkers."""

from __future__ import annotations

import random as randomness
import re
from collections.abc import Callable, Iterator
from typing import cast

import msgspec

from dutiful.kit.constraints.base import Rule
from dutiful.kit.constraints.topics import Topic

_THINGS = (
    "\U0001f642",
    "#daily",
    "https://example.org/more",
    "(so they say)",
    '"So it is."',
    "In 1987, 12 of 30 did; 7 did not.",
    "And so on: more, and more!",
    "Is it so?",
    "\n###### A remark",
    "\n- one more\n- and another",
    "\n1. one more\n2. and another",
    "\n> so they say",
    "\n| a | b |\n|---|---|\n| 1 | 2 |",
    "\n```\nprint(1)\n```",
    "**bold** and *slanted*",
    "<b>so</b>",
    '<b a="1" b="2" c="3" d="4">so</b>',
    "{so}",
    "[so]",
    "***",
    "SO IT IS.",
    "P.S. One more thing.",
    "Eine Bemerkung zum Schluss.",
)
"""What one requirement or another forbids."""


def spoil(text: str, rule: Rule, topic: Topic, random: randomness.Random, cost: Callable[[str], float] = lambda _: 0.0) -> str:
    """The text changed so that it does not meet a rule that it meets; of several ways the one that costs least.

    Raises ValueError when none of the changes known here breaks the rule.
    """
    found = [changed for changed in _changes(text, rule, topic, random) if changed.strip() and not rule.check(changed).passed]
    if not found:
        raise ValueError(f"no change breaks {rule.kind}")
    return min(found, key=cost)


def _changes(text: str, rule: Rule, topic: Topic, random: randomness.Random) -> Iterator[str]:
    """Small changes first, then those that leave little as it was."""
    yield from _values(text, rule)
    more = random.choice(topic.sentences)
    yield f"{text} {more}"
    yield f"{more} {text}"
    yield f"{text}\n\n{more}"
    yield text.rstrip(" .!?") + ", and so on."
    yield text.rstrip(" .!?")
    yield text + "!"
    yield re.sub(r"[,;:]", "", text)
    yield re.sub(r"\d+", "some", text)
    for thing in _THINGS:
        yield f"{text} {thing}" if thing[0] != "\n" else text + thing
    for thing in _THINGS:
        yield f"{thing.strip()} {text}"
    yield text[:1].swapcase() + text[1:]
    for change in (str.lower, str.upper, str.title, str.capitalize):
        yield change(text)
    yield " ".join(text.split())
    yield text.replace("\n\n", "\n")
    yield text.replace("\n", "\n\n")
    yield re.sub(r"(?m)^[ \t]*(?:[-*+#>|]+|\d+\.)[ \t]*", "", text)
    yield re.sub(r"[*_`#<>\[\]{}()|\"“”]", "", text)
    yield re.sub(r"[^\w\s.]", "", text)
    yield re.sub(r"[^\w\s]", "", text)
    pieces = re.split(r"(?<=[.!?])\s+", text)
    yield " ".join(pieces[: len(pieces) // 2])
    yield pieces[0]
    yield " ".join(pieces[0].split()[:5])
    yield text[text.find(" ") + 1 :]
    words = text.split()
    yield " ".join(random.sample(words, len(words)))
    for joint in (" ", "\n", "\n\n"):
        yield joint.join(topic.sentences)
        yield joint.join(sentence for piece in topic.sentences for sentence in re.split(r",\s*", piece))
    yield "".join(topic.chinese) + text
    yield "".join(topic.chinese)
    yield more


def _values(text: str, rule: Rule) -> Iterator[str]:
    """Changes that concern the parameters: words put in and left out, counts overdone."""
    numbers = [value for value in rule.params().values() if isinstance(value, int)]
    yield f"{text} {' '.join(_strings(rule))}"
    for value in _strings(rule):
        without = re.sub(re.escape(value), "", text, flags=re.IGNORECASE)
        yield re.sub(r" {2,}", " ", without).strip()
        yield f"{text} {value}"
        yield f"{value} {text}"
        yield text.replace(value, value.swapcase())
        for count in numbers:
            yield f"{text} {' '.join([value] * (count + 1))}."
    for number in numbers:
        for thing in _THINGS:
            yield text + f" {thing}" * (number + 1)


def _strings(rule: Rule) -> list[str]:
    """The texts among the parameters of a rule."""
    values = cast("list[object]", list(msgspec.structs.asdict(rule).values()))
    items = [item for value in values for item in (cast("tuple[object, ...]", value) if isinstance(value, tuple) else (value,))]
    return [item for item in items if isinstance(item, str) and item]


__all__ = ["spoil"]
