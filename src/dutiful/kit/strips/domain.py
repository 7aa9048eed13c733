"""What a planning domain and a problem are, before grounding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

Atom = tuple[str, ...]
"""A predicate and its arguments: `("at", "mug", "table")`. Arguments that begin with `?` are variables."""


class Literals(NamedTuple):
    """A conjunction: atoms that hold, atoms that do not, and pairs of terms that are or are not the same object."""

    positive: tuple[Atom, ...] = ()
    negative: tuple[Atom, ...] = ()
    same: tuple[tuple[str, str], ...] = ()
    differ: tuple[tuple[str, str], ...] = ()


class Schema(NamedTuple):
    """An action with typed parameters: `parameters` are pairs (variable, type)."""

    name: str
    parameters: tuple[tuple[str, str], ...]
    needs: Literals
    add: tuple[Atom, ...]
    delete: tuple[Atom, ...]


class Domain(NamedTuple):
    """`types` maps a type to its parent ("object" has none); `predicates` maps a name to its parameters' types."""

    name: str
    types: Mapping[str, str]
    predicates: Mapping[str, tuple[str, ...]]
    actions: tuple[Schema, ...]
    constants: Mapping[str, str]

    def is_a(self, kind: str, ancestor: str) -> bool:
        """Whether a type is another or lies under it."""
        while kind != ancestor:
            if kind == "object" or kind not in self.types:
                return False
            kind = self.types[kind]
        return True

    @property
    def fluents(self) -> frozenset[str]:
        """The predicates that some action changes; all others are static."""
        return frozenset(atom[0] for action in self.actions for atom in (*action.add, *action.delete))


class Problem(NamedTuple):
    """Objects with their types, what holds at the start, and what shall hold."""

    name: str
    objects: Mapping[str, str]
    init: frozenset[Atom]
    goal: Literals
