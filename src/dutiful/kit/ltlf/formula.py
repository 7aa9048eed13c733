"""Formulas of linear temporal logic over finite traces, with exactly one atom at each position.

    a | true | false | not p | p and q | p or q | p -> q | X p | N p | F p | G p | p U q | p R q | last

X is the strong next (there is a next position, and p holds there), N the weak one (there is none, or p holds there). `normal`
gives the negation normal form, in which `not` stands before atoms only; there NONEMPTY and EMPTY say whether anything is left.

Source: LTLf as in De Giacomo and Vardi, IJCAI 2013; the use for agents is arXiv 2310.08535.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Atom:
    """The state at this position is `name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """True or false, whatever is left of the trace; "empty" and "nonempty" ask whether anything is."""

    value: str


@dataclass(frozen=True, slots=True)
class Unary:
    """`operator` is one of not, X, N, F, G."""

    operator: str
    inner: Formula


@dataclass(frozen=True, slots=True)
class Binary:
    """`operator` is one of and, or, U, R."""

    operator: str
    left: Formula
    right: Formula


Formula = Atom | Constant | Unary | Binary

TRUE, FALSE = Constant("true"), Constant("false")
EMPTY, NONEMPTY = Constant("empty"), Constant("nonempty")
LAST = Unary("N", FALSE)

_DUAL = {"and": "or", "or": "and", "U": "R", "R": "U", "X": "N", "N": "X", "F": "G", "G": "F"}
_OPPOSITE = {TRUE: FALSE, FALSE: TRUE, EMPTY: NONEMPTY, NONEMPTY: EMPTY}
_RANK = {"or": 1, "and": 2, "U": 3, "R": 3}


@functools.lru_cache(maxsize=65536)
def normal(formula: Formula, positive: bool = True) -> Formula:
    """The negation normal form of a formula, or of its negation."""
    if isinstance(formula, Constant):
        return formula if positive else _OPPOSITE[formula]
    if isinstance(formula, Atom):
        return formula if positive else Unary("not", formula)
    if isinstance(formula, Binary):
        operator = formula.operator if positive else _DUAL[formula.operator]
        return Binary(operator, normal(formula.left, positive), normal(formula.right, positive))
    if formula.operator == "not":
        return normal(formula.inner, not positive)
    return Unary(formula.operator if positive else _DUAL[formula.operator], normal(formula.inner, positive))


def atoms(formula: Formula) -> frozenset[str]:
    """The names that a formula speaks of."""
    if isinstance(formula, Atom):
        return frozenset((formula.name,))
    if isinstance(formula, Constant):
        return frozenset()
    if isinstance(formula, Unary):
        return atoms(formula.inner)
    return atoms(formula.left) | atoms(formula.right)


def conjunction(*formulas: Formula) -> Formula:
    """All of them."""
    return functools.reduce(lambda left, right: Binary("and", left, right), formulas) if formulas else TRUE


def show(formula: Formula, rank: int = 0) -> str:
    """A formula in the syntax that `parse` reads."""
    if isinstance(formula, Constant):
        return formula.value
    if isinstance(formula, Atom):
        plain = formula.name.isidentifier() and formula.name not in WORDS
        return formula.name if plain else '"' + formula.name.replace('"', "") + '"'
    if isinstance(formula, Unary):
        return f"{formula.operator} {show(formula.inner, 4)}"
    mine = _RANK[formula.operator]
    said = f"{show(formula.left, mine + 1)} {formula.operator} {show(formula.right, mine + 1)}"
    return f"({said})" if rank > 0 and mine < rank else said


WORDS = frozenset(("true", "false", "empty", "nonempty", "last", "not", "and", "or", "X", "N", "F", "G", "U", "R", "W"))
"""What an atom cannot be called without quotes."""
