"""What passes through the factory of requests: items, why they are dropped, which of them show another, what a text states."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from dutiful.kit.constraints import Rule
from dutiful.worlds.chat.rules import SHOTS


class Item(NamedTuple):
    """A request on its way: `core` asks for the topic alone, `text` states all of `rules` as well."""

    topic: str
    core: str
    text: str
    rules: tuple[Rule, ...] = ()
    gold: str = ""
    pattern: str = ""

    @property
    def categories(self) -> list[str]:
        """The categories used so far, in order."""
        return list(dict.fromkeys(rule.category for rule in self.rules))

    @property
    def subtypes(self) -> list[str]:
        """The sub-types, in order."""
        return [f"{rule.category}/{rule.subtype}" for rule in self.rules]


class Drop(ValueError):
    """An item that is not kept: `stage` of the pipeline, and the reason."""

    def __init__(self, stage: str, reason: str):
        super().__init__(f"{stage}: {reason}")
        self.stage, self.reason = stage, reason


def shots(item: Item, kept: Sequence[Item]) -> list[Item]:
    """Three other items to show: with the same sub-types in order, else in another order but for the last category, else with
    the same categories; raises Drop when there are fewer."""

    def nearness(other: Item) -> int:
        if other.subtypes == item.subtypes:
            return 0
        if sorted(other.subtypes) == sorted(item.subtypes) and other.categories[-1] == item.categories[-1]:
            return 1
        return 2 if set(other.categories) == set(item.categories) else 3

    near = sorted((other for other in kept if nearness(other) < 3 and other.text != item.text), key=nearness)
    if len(near) < SHOTS:
        raise Drop("example", f"{len(near)} items at hand with the categories {item.categories}, {SHOTS} wanted")
    return near[:SHOTS]


def states(text: str, rule: Rule) -> bool:
    """Whether all the numbers and words that a requirement asks for stand in a text; a type without any is taken as stated."""
    low = text.lower()
    values = [item for value in rule.params().values() for item in (value if isinstance(value, tuple) else (value,))]
    words = [str(value).lower() for value in values if isinstance(value, str | int) and not isinstance(value, bool)]
    wording = rule.wording().lower()
    return all(_within(word, low) for word in words if word in wording)


def _within(word: str, text: str) -> bool:
    """Whether it stands there as a whole: 5 not in 15."""
    before, after = r"(?<!\w)" if word[:1].isalnum() else "", r"(?!\w)" if word[-1:].isalnum() else ""
    return bool(re.search(f"{before}{re.escape(word)}{after}", text))
