"""What a formula means, word for word as it is defined: slow, and what everything faster is held against."""

from __future__ import annotations

from collections.abc import Sequence

from dutiful.kit.ltlf.formula import NONEMPTY, TRUE, Atom, Binary, Formula, Unary


def holds(formula: Formula, trace: Sequence[str], i: int = 0) -> bool:  # noqa: PLR0911 - one operator, one return
    """Whether a formula holds at position i of a trace that goes on at least that far."""
    n = len(trace)
    match formula:
        case Atom(name):
            return trace[i] == name
        case Unary("not", p):
            return not holds(p, trace, i)
        case Unary("X", p):
            return i + 1 < n and holds(p, trace, i + 1)
        case Unary("N", p):
            return i + 1 >= n or holds(p, trace, i + 1)
        case Unary("F", p):
            return any(holds(p, trace, j) for j in range(i, n))
        case Unary("G", p):
            return all(holds(p, trace, j) for j in range(i, n))
        case Binary("and", p, q):
            return holds(p, trace, i) and holds(q, trace, i)
        case Binary("or", p, q):
            return holds(p, trace, i) or holds(q, trace, i)
        case Binary("U", p, q):
            return any(holds(q, trace, j) and all(holds(p, trace, k) for k in range(i, j)) for j in range(i, n))
        case Binary("R", p, q):
            return all(holds(q, trace, j) or any(holds(p, trace, k) for k in range(i, j)) for j in range(i, n))
        case _:
            return formula in (TRUE, NONEMPTY)
