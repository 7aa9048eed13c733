"""Whether requirements can be met together: what the types say of one another, what follows from them, and proof by writing.

`conflict` gives a reason why no text can meet all of them, or "". `compatible` writes a text that does. Between the two lies
what nobody knows: no reason was found, and no text either. Reasons come from four sources:

- `Rule.opposes`, which the types state themselves;
- counts: lower and upper bounds of words, lines, ... that follow from the rules, also over several of them (`counts`);
- pieces: what any text must hold to meet one rule, held against the other's prefix check (`pieces`);
- shapes: answers that are one thing as a whole, such as JSON or one of two options, leave no room for another (`SHAPES`).
"""

from __future__ import annotations

import random as randomness
from collections.abc import Iterator, Sequence
from itertools import combinations, permutations

from dutiful.kit.constraints.base import Rule
from dutiful.kit.constraints.counts import contradiction
from dutiful.kit.constraints.pieces import HEREDITARY, fixed, pieces
from dutiful.kit.constraints.writer import Unwritable, topics, write

_JSON = ("json_answer", "json_keys", "json_depth_at_least", "json_depth_at_most")
_ON_LINES = frozenset(
    ("headings_at_least", "heading_level", "quote_lines_at_least", "bullets_exactly", "bullets_at_least", "numbered_exactly")
    + ("table", "table_columns", "table_rows_at_least", "table_rows_at_most", "marked_items", "sub_bullets", "bullet_letters")
    + ("sentences_then_bullets", "bullet_words_at_most", "bullets_match_sentences", "states_word_count", "multiple_choice")
)
SHAPES = {
    **dict.fromkeys(_JSON, "JSON"),
    "xml_answer": "XML",
    "csv_answer": "CSV",
    "iso_dates": "a list of dates",
}
"""What the whole answer is, by type: never two of them."""

_FIXED = {
    "comma_list": "a given list",
    "one_of": "an option",
    "exact_sentence": "a given sentence",
    "copied_span": "a copied piece",
}
"""Types that leave hardly a choice: all their answers are tried."""


def conflict(rules: Sequence[Rule]) -> str:
    """Why no text can meet all the rules, or "" when no reason is known."""
    for one, other in combinations(rules, 2):
        if reason := clash(one, other):
            return reason
    return contradiction(rules)


def clash(one: Rule, other: Rule) -> str:
    """Why no text can meet both of two rules, or ""."""
    if reason := one.opposes(other) or other.opposes(one) or contradiction((one, other)):
        return reason
    for a, b in permutations((one, other)):
        if reason := _shape(a, b) or _piece(a, b):
            return reason
    return ""


def _shape(one: Rule, other: Rule) -> str:
    shape, its = SHAPES.get(one.kind, ""), SHAPES.get(other.kind, "")
    if shape and its and its != shape:
        return f"the whole answer cannot be {shape} and {its}"
    if other.kind in _ON_LINES and shape in ("JSON", "a list of dates"):
        return f"the whole answer is {shape}, which has no place for: {_said(other)}"
    if one.kind in _FIXED:
        texts = [text for text in fixed(one) if one.check(text).passed]
        if texts and not any(other.check(text).passed for text in texts):
            return f"the answer is {_FIXED[one.kind]}, which does not go with: {_said(other)}"
    return ""


def _piece(one: Rule, other: Rule) -> str:
    """Whether every form of something that `one` needs is dead for `other`, whatever letters stand before it."""
    if other.kind not in HEREDITARY:
        return ""
    for alternatives in pieces(one):
        if all(other.finish(text) is None for piece in alternatives for text in _forms(piece)):
            return f"{alternatives[0]!r} is needed, which does not go with: {_said(other)}"
    return ""


def _forms(piece: str) -> Iterator[str]:
    """A piece in all letter cases, and as the end of a longer word."""
    for form in dict.fromkeys((piece, piece.lower(), piece.upper(), piece.title())):
        yield form
        for letter in "abcdefghijklmnopqrstuvwxyz":
            yield letter + form
            yield f"{letter},{form}"
        yield from (start + form for start in ("re", "un", "over", "super"))


def _said(rule: Rule) -> str:
    return rule.wording().removesuffix(".")


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


__all__ = ["SHAPES", "clash", "compatible", "conflict"]
