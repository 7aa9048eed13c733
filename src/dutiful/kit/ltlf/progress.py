"""Progression: what is left to satisfy once one position of a trace has been read.

    prog(s, s) = true            prog(t, s) = false             prog(not t, s) = true
    prog(p and q) = prog(p) and prog(q)                         likewise or
    prog(X p) = p and NONEMPTY   prog(N p) = p or EMPTY         prog(NONEMPTY) = true   prog(EMPTY) = false
    prog(F p) = prog(p) or F p   prog(G p) = prog(p) and G p
    prog(p U q) = prog(q) or (prog(p) and p U q)                prog(p R q) = prog(q) and (prog(p) or p R q)

A formula is kept as a set of clauses (a disjunction of conjunctions), in which no clause contains another. There are only
finitely many of these over the subformulas, so progression ends. NONEMPTY is what keeps X G q from accepting at the end.
"""

from __future__ import annotations

from itertools import product

from dutiful.kit.ltlf.formula import EMPTY, FALSE, NONEMPTY, TRUE, Atom, Binary, Constant, Formula, Unary

Clause = frozenset[Formula]
Node = frozenset[Clause]
"""What is left to satisfy: one of these clauses, all of its members."""

NEVER: Node = frozenset()
ALWAYS: Node = frozenset((frozenset[Formula](),))


def node(formula: Formula) -> Node:
    """A formula in negation normal form as a set of clauses."""
    if isinstance(formula, Binary) and formula.operator == "and":
        return both(node(formula.left), node(formula.right))
    if isinstance(formula, Binary) and formula.operator == "or":
        return either(node(formula.left), node(formula.right))
    if formula == TRUE:
        return ALWAYS
    return NEVER if formula == FALSE else frozenset((frozenset((formula,)),))


def either(left: Node, right: Node) -> Node:
    """The disjunction."""
    return _least(left | right)


def both(left: Node, right: Node) -> Node:
    """The conjunction; clauses that no trace satisfies are left out."""
    if ALWAYS in (left, right):
        return right if left == ALWAYS else left
    return _least(frozenset(joined for a, b in product(left, right) if _possible(joined := a | b)))


def _least(clauses: Node) -> Node:
    """Without clauses that say more than another one."""
    if len(clauses) < 2:
        return clauses
    return frozenset(clause for clause in clauses if not any(other < clause for other in clauses))


def _possible(clause: Clause) -> bool:
    """Whether a position can satisfy the literals: one atom at most, not the ones it denies, and not before nothing."""
    here = {formula.name for formula in clause if isinstance(formula, Atom)}
    denied = {formula.inner.name for formula in clause if isinstance(formula, Unary) and isinstance(formula.inner, Atom)
              and formula.operator == "not"}  # fmt: skip
    something = bool(here or denied or NONEMPTY in clause)
    return len(here) < 2 and not here & denied and not (something and EMPTY in clause)


def progress(left: Node, state: str) -> Node:
    """What is left after a position whose state is `state`."""
    whole = NEVER
    for clause in left:
        part = ALWAYS
        for formula in clause:
            part = both(part, _progress(formula, state))
            if not part:
                break
        whole = either(whole, part)
    return whole


def _progress(formula: Formula, state: str) -> Node:  # noqa: PLR0911 - one rule, one return
    if isinstance(formula, Atom):
        return ALWAYS if formula.name == state else NEVER
    if isinstance(formula, Constant):
        return ALWAYS if formula in (TRUE, NONEMPTY) else NEVER
    if isinstance(formula, Unary):
        match formula.operator:
            case "not":  # in normal form, before an atom
                return NEVER if formula.inner == Atom(state) else ALWAYS
            case "X":
                return both(node(formula.inner), node(NONEMPTY))
            case "N":
                return either(node(formula.inner), node(EMPTY))
            case "F":
                return either(_progress(formula.inner, state), node(formula))
            case _:
                return both(_progress(formula.inner, state), node(formula))
    left, right = _progress(formula.left, state), _progress(formula.right, state)
    match formula.operator:
        case "and":
            return both(left, right)
        case "or":
            return either(left, right)
        case "U":
            return either(right, both(left, node(formula)))
        case _:
            return both(right, either(left, node(formula)))


def ended(left: Node) -> bool:
    """Whether a trace may end where this is left: N, G, R and EMPTY hold before nothing; atoms, X, F, U and NONEMPTY do not."""
    return any(all(map(_empty, clause)) for clause in left)


def _empty(formula: Formula) -> bool:
    if isinstance(formula, Constant):
        return formula in (TRUE, EMPTY)
    if isinstance(formula, Unary):
        return formula.operator in ("N", "G")
    return isinstance(formula, Binary) and formula.operator == "R"
