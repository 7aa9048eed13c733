"""Formulas as text.

    parse('Thought and G(Thought -> X(Action or Answer)) and F Answer and G(Answer -> last)')

Loosest first: `<->`, `->` (to the right), `or`, `and`, `U` `R` `W` (to the right), then `not` `X` `N` `F` `G`. The signs
`|`, `&`, `!` do as well. An atom is a name; one with spaces, or called like an operator, stands in double quotes.
`p W q` is (p U q) or G p, `last` is N false.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from dutiful.kit.ltlf.formula import EMPTY, FALSE, LAST, NONEMPTY, TRUE, Atom, Binary, Formula, Unary, atoms

_TOKEN = re.compile(r'\s*(?:(?P<sign><->|->|[()&|!])|"(?P<quoted>[^"]+)"|(?P<word>[^\W\d]\w*))')
_SIGNS = {"&": "and", "|": "or", "!": "not"}
_CONSTANTS = {"true": TRUE, "false": FALSE, "empty": EMPTY, "nonempty": NONEMPTY, "last": LAST}
_LEVELS = (("<->",), ("->",), ("or",), ("and",), ("U", "R", "W"))
_LEFT = ("or", "and")
_END = "the end"


def parse(text: str, known: Collection[str] | None = None) -> Formula:
    """The formula that a text says; raises ValueError that names the place, or an atom that is not among `known`."""
    reader = _Reader(text)
    formula = reader.level(0)
    if reader.token != _END:
        raise reader.error("an operator")
    if known is not None and (strange := sorted(atoms(formula) - set(known))):
        raise ValueError(f"the formula speaks of {', '.join(strange)}, but the states are {', '.join(known)}")
    return formula


class _Reader:
    """Recursive descent over the tokens of a text; quoted names come with their quotes."""

    def __init__(self, text: str):
        self.text, self.at, self.begin = text, 0, 0
        self.advance()

    def advance(self) -> None:
        rest = self.text[self.at :]
        self.begin = self.at + len(rest) - len(rest.lstrip())
        if not rest.strip():
            self.token = _END
            return
        found = _TOKEN.match(self.text, self.at)
        if not found:
            self.token = self.text[self.begin]
            raise self.error("a name, an operator or a bracket")
        self.at = found.end()
        quoted = found["quoted"]
        self.token = f'"{quoted}"' if quoted else _SIGNS.get(found["sign"] or "", found["sign"] or found["word"])

    def error(self, expected: str) -> ValueError:
        return ValueError(
            f"the formula breaks at character {self.begin + 1}: {self.token!r} where {expected} should be: {self.text!r}"
        )

    def level(self, depth: int) -> Formula:
        if depth == len(_LEVELS):
            return self.unary()
        left = self.level(depth + 1)
        while self.token in _LEVELS[depth]:
            operator = self.token
            self.advance()
            left = _join(operator, left, self.level(depth + 1 if operator in _LEFT else depth))
        return left

    def unary(self) -> Formula:
        token = self.token
        if token in ("not", "X", "N", "F", "G"):
            self.advance()
            return Unary(token, self.unary())
        if token == "(":
            self.advance()
            inner = self.level(0)
            if self.token != ")":
                raise self.error("a closing bracket")
            self.advance()
            return inner
        if token in (_END, ")", "<->", "->", "and", "or", "U", "R", "W"):
            raise self.error("a formula")
        self.advance()
        return _CONSTANTS.get(token) or Atom(token.strip('"'))


def _join(operator: str, left: Formula, right: Formula) -> Formula:
    if operator == "->":
        return Binary("or", Unary("not", left), right)
    if operator == "<->":
        return Binary("or", Binary("and", left, right), Binary("and", Unary("not", left), Unary("not", right)))
    if operator == "W":
        return Binary("or", Binary("U", left, right), Unary("G", left))
    return Binary(operator, left, right)
