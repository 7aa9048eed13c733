"""An extractive reader of the corpus by its own wordings: it knows what can be said, not what is true.

It stands for a model that reads perfectly, so that what an agent makes of its prompt can be studied apart from how well a
small model reads: which question it takes, and from which text it answers.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from dutiful.worlds.rag.corpus import DESCRIBED, RELATIONS, Fact

_SUBJECT, _VALUE = r"(?P<subject>[^.?:\n]{2,60}?)", r"(?P<value>[^.?\n]{1,60}?)"


class Asked(NamedTuple):
    """A question found in a text: where it begins and ends, and what it asks for."""

    start: int
    end: int
    subject: str
    relation: str


@functools.cache
def _patterns(questions: bool) -> tuple[tuple[str, re.Pattern[str]], ...]:
    found: list[tuple[str, re.Pattern[str]]] = []
    for relation in RELATIONS.values():
        for wording in relation.questions if questions else relation.statements:
            pattern = re.escape(wording).replace(r"\{subject\}", _SUBJECT).replace(r"\{value\}", _VALUE)
            found.append((relation.name, re.compile(pattern)))
    return tuple(found)


def asked(text: str) -> list[Asked]:
    """The corpus questions in a text, in order."""
    matches = (
        Asked(match.start(), match.end(), match["subject"], relation)
        for relation, pattern in _patterns(True)
        for match in pattern.finditer(text)
    )
    return sorted(matches)


def stated(text: str) -> list[Fact]:
    """The corpus facts that a text states, by wording, in no particular order."""
    found: list[Fact] = []
    for sentence in re.split(r"(?<=[.?])\s+|\n", text):
        # A passage opens with "- Title:", which is no part of the sentence.
        plain = re.sub(r"^[^.?:]*:\s+", "", sentence)
        for relation, pattern in _patterns(False):
            if match := pattern.fullmatch(plain):
                found.append(Fact(match["subject"], relation, match["value"]))
    return found


def answer(question: Asked, facts: list[Fact]) -> str:
    """The value that the facts give to a question, or ""; a subject that is described is looked for by the facts, too."""
    subjects = {question.subject}
    for template, needed in DESCRIBED.values():
        known: dict[str, dict[str, str]] = {}
        for fact in facts:
            known.setdefault(fact.subject, {})[fact.relation] = fact.value
        subjects |= {s for s, v in known.items() if set(needed) <= set(v) and template.format(**v) == question.subject}
    return next((fact.value for fact in facts if fact.subject in subjects and fact.relation == question.relation), "")
