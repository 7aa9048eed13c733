"""Puts requirements into a user's words around a question: as a numbered list, woven into prose, or shown by examples too.

Source: MulDimIF (arXiv 2505.07591), its three patterns: listing, incorporation, example.
"""

from __future__ import annotations

import random as randomness
import re
from collections.abc import Sequence

from dutiful.core.records import Constraint
from dutiful.kit.constraints.base import Rule

PATTERNS = ("list", "prose", "example")
HEADINGS = (
    "Follow these rules:",
    "The answer must meet these requirements:",
    "Please keep to the following:",
    "Mind all of these points:",
)
_OPENINGS = ("When you answer, ", "For the answer, ", "As you write, ", "In doing so, ")
_FURTHER = ("Also, ", "In addition, ", "Besides, ", "Beyond that, ", "")
_JOINTS = (", and ", ", and also ", "; moreover, ")


def render(
    rules: Sequence[Rule | Constraint],
    question: str,
    pattern: str,
    random: randomness.Random,
    examples: Sequence[tuple[str, str]] = (),
) -> str:
    """The instruction: a question with all the rules in words. A `Constraint` keeps its wording, a `Rule` gets one of its own.

    "list": the rules are numbered after the question. "prose": they are clauses of some sentences after it. "example": pairs of
    question and answer, which meet such rules, stand before the question, and the rules follow it as prose: parameters cannot
    be told from examples alone. Raises ValueError for another pattern, or for "example" without examples.
    """
    wordings = [one.wording if isinstance(one, Constraint) else one.wording(random.randrange(len(one.wordings))) for one in rules]
    if pattern == "list":
        return listed(wordings, question, random)
    if pattern == "prose":
        return woven(wordings, question, random)
    if pattern != "example":
        raise ValueError(f"no pattern is called {pattern!r}; there are: {', '.join(PATTERNS)}")
    if not examples:
        raise ValueError("the pattern 'example' needs examples: pairs of a question and an answer that meets the rules")
    shown = "\n\n".join(f"Question: {asked}\nAnswer: {answer}" for asked, answer in examples)
    return f"{shown}\n\nQuestion: {woven(wordings, question, random)}"


def listed(wordings: Sequence[str], question: str, random: randomness.Random) -> str:
    """The question, a heading, and a numbered rule a line."""
    if not wordings:
        return question
    lines = [f"{number}. {wording}" for number, wording in enumerate(wordings, 1)]
    return "\n".join([question, "", random.choice(HEADINGS), *lines])


def woven(wordings: Sequence[str], question: str, random: randomness.Random) -> str:
    """The question, then sentences of one or two rules each."""
    sentences = [question]
    waiting = list(wordings)
    while waiting:
        size = 1 if len(waiting) == 1 else random.choice((1, 2, 2))
        taken, waiting = waiting[:size], waiting[size:]
        if not all(_plain(wording) for wording in taken):  # what is more than one sentence stands as it is
            sentences += [f"{wording}\n" for wording in taken]  # on a line of its own: its end may be a part of what is asked for
            continue
        opening = random.choice(_OPENINGS if len(sentences) == 1 else _FURTHER)
        clause = random.choice(_JOINTS).join(_clause(wording) for wording in taken)
        sentences.append((opening + clause if opening else clause[:1].upper() + clause[1:]) + ".")
    return "".join(sentence if sentence[-1] == "\n" else f"{sentence} " for sentence in sentences).rstrip()


def _plain(wording: str) -> bool:
    """One English sentence that ends with a full stop."""
    return wording.isascii() and "\n" not in wording and wording.endswith(".") and not re.search(r"[.!?:]\s|\b[A-Z]\.$", wording)


def _clause(wording: str) -> str:
    """A sentence as a clause: no full stop, and a small first letter unless it stands in a name, a quotation or "I"."""
    first = wording.split(" ", 1)[0]
    small = first[1:].islower() and first.isalpha()
    return (wording[:1].lower() + wording[1:] if small else wording).removesuffix(".")


__all__ = ["HEADINGS", "PATTERNS", "listed", "render", "woven"]
