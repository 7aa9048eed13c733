"""Requirements that code can check: the registry of types, and what is done with them."""

from __future__ import annotations

from dutiful.core.records import Constraint
from dutiful.kit.constraints import (
    arithmetic,
    case,
    compound,
    format,
    language,
    length,
    lexical,
    position,
    punctuation,
    structure,
)
from dutiful.kit.constraints.base import Finding, Registry, Rule, shown

_FAMILIES = (length, lexical, format, structure, punctuation, case, language, position, arithmetic, compound)

TYPES = Registry({rule.kind: rule for family in _FAMILIES for rule in (getattr(family, name) for name in family.__all__)})
"""Every type by its kind."""


def rule(constraint: Constraint) -> Rule:
    """The rule that a constraint names; raises UnknownPart, or SpecError for parameters that do not fit."""
    return TYPES.rule(constraint)


def check(constraint: Constraint, text: str) -> Finding:
    """Whether a text meets a constraint, and where it does not."""
    return rule(constraint).check(text)


def loose(constraint: Constraint, text: str) -> Finding:
    """As `check`, but a text also passes that would without its first line, its last, both, or its asterisks.

    For models that open with "Sure, here is ..." and close with an offer. Source: IFEval (arXiv 2311.07911), its loose accuracy.
    """
    asked = rule(constraint)
    strict = asked.check(text)
    if strict.passed:
        return strict
    lines = text.split("\n")
    cuts = ["\n".join(lines[a : len(lines) - b]).strip() for a, b in ((0, 0), (1, 0), (0, 1), (1, 1))]
    for cut in (*cuts[1:], *(each.replace("*", "") for each in cuts)):
        if cut and (found := asked.check(cut)).passed:
            return found
    return strict


__all__ = ["TYPES", "Finding", "Registry", "Rule", "check", "loose", "rule", "shown"]
