"""Linear temporal logic over finite traces: formulas as text, progression, automata without dead ends.

A formula says which states may follow which; `Automaton` says what is allowed now, where a trace may end, the shortest way
there, and the first violation of a trace.
"""

from dutiful.kit.ltlf.automaton import Automaton, Violation, difference, equivalent
from dutiful.kit.ltlf.formula import Formula, atoms, conjunction, normal, show
from dutiful.kit.ltlf.parse import parse
from dutiful.kit.ltlf.progress import Node
from dutiful.kit.ltlf.semantics import holds

__all__ = [
    "Automaton",
    "Formula",
    "Node",
    "Violation",
    "atoms",
    "conjunction",
    "difference",
    "equivalent",
    "holds",
    "normal",
    "parse",
    "show",
]
