"""Whether requirements can be met together: what the types say of one another, what families rule out, and proof by writing.

`conflict` gives a reason why no text can meet all of them, or "". `compatible` writes a text that does. Between the two lies
what nobody knows: no reason was found, and no text either.
"""

from __future__ import annotations

import random as randomness
from collections.abc import Sequence
from itertools import combinations

from dutiful.kit.constraints.base import Rule
from dutiful.kit.constraints.writer import Unwritable, topics, write


def conflict(rules: Sequence[Rule]) -> str:
    """Why no text can meet all the rules, or "" when no reason is known."""
    for one, other in combinations(rules, 2):
        if reason := clash(one, other):
            return reason
    return ""


def clash(one: Rule, other: Rule) -> str:
    """Why no text can meet both of two rules, or ""."""
    return one.opposes(other) or other.opposes(one)


def compatible(rules: Sequence[Rule], random: randomness.Random, tries: int = 2) -> str:
    """A text that meets all the rules, as the proof that they go together, or "" when none was found."""
    if conflict(rules):
        return ""
    for _ in range(tries):
        try:
            return write(rules, random.choice(topics()), random)
        except Unwritable:
            continue
    return ""


__all__ = ["clash", "compatible", "conflict"]
