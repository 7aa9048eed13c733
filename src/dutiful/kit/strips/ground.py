"""Grounding and progression. A state is an integer: bit i is set when atom i holds.

    applicable(s, a)   s & pre == pre  and  s & neg == 0
    apply(s, a)        (s & ~delete) | add

Static predicates (those that no action changes) are decided while grounding and take no bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from dutiful.core.errors import SpecError
from dutiful.kit.strips.domain import Atom, Domain, Literals, Problem, Schema


class GroundAction(NamedTuple):
    """An action without variables, as bit masks."""

    name: str
    args: tuple[str, ...]
    pre: int
    neg: int
    add: int
    delete: int


class Goal(NamedTuple):
    """Bits that must be set and bits that must not be."""

    positive: int
    negative: int = 0

    def met(self, state: int) -> bool:
        return state & self.positive == self.positive and not state & self.negative


class GroundTask:
    """A grounded problem. Actions are numbered in the order of the schemas, then of their arguments' objects.

    `goals` holds the problem's goal, or nothing when static facts rule it out for good.
    """

    def __init__(self, domain: Domain, problem: Problem, actions: list[GroundAction], index: dict[Atom, int]):
        self.domain, self.problem, self.actions, self.index = domain, problem, actions, index
        self.fluents = domain.fluents
        started = [atom for atom in problem.init if atom[0] in self.fluents]
        self.mask(sorted(atom for atom in started if atom not in index))  # sorted: bits must not hang on the hash seed
        self.init = self.mask(started)
        goal = self.goal_of(problem.goal)
        self.goals: tuple[Goal, ...] = () if goal is None else (goal,)
        self._indexed()

    def _indexed(self) -> None:
        """Files each action under its rarest precondition, so that a state looks only at the files of its set bits."""
        uses: dict[int, int] = {}
        bits = [_bits(action.pre) for action in self.actions]
        for row in bits:
            for bit in row:
                uses[bit] = uses.get(bit, 0) + 1
        self._files: dict[int, list[tuple[int, int, int]]] = {}
        self._free: list[tuple[int, int, int]] = []
        for number, (action, row) in enumerate(zip(self.actions, bits, strict=True)):
            entry = (action.pre, action.neg, number)
            if row:
                self._files.setdefault(1 << min(row, key=uses.__getitem__), []).append(entry)
            else:
                self._free.append(entry)
        self._filed = 0
        for bit in self._files:
            self._filed |= bit

    @property
    def atoms(self) -> list[Atom]:
        """The fluent atoms; the place of each is its bit."""
        return list(self.index)

    def mask(self, atoms: Iterable[Atom]) -> int:
        """The bits of fluent atoms; an atom that no action or start mentions gets a bit of its own."""
        mask = 0
        for atom in atoms:
            if atom not in self.index:
                if atom[0] not in self.domain.predicates:
                    raise SpecError(f"no predicate of {self.domain.name!r} is called {atom[0]!r}")
                self.index[atom] = len(self.index)
            mask |= 1 << self.index[atom]
        return mask

    def goal_of(self, literals: Literals) -> Goal | None:
        """A conjunction as a goal; None when a static part of it is false for good."""
        holds = self.problem.init
        if any(a != b for a, b in literals.same) or any(a == b for a, b in literals.differ):
            return None
        if any(atom not in holds for atom in literals.positive if atom[0] not in self.fluents):
            return None
        if any(atom in holds for atom in literals.negative if atom[0] not in self.fluents):
            return None
        return Goal(
            self.mask(atom for atom in literals.positive if atom[0] in self.fluents),
            self.mask(atom for atom in literals.negative if atom[0] in self.fluents),
        )

    def facts(self, state: int) -> frozenset[Atom]:
        """The fluent atoms that hold in a state."""
        atoms = self.atoms
        return frozenset(atoms[bit] for bit in _bits(state))

    def holds(self, state: int, *atom: str) -> bool:
        """Whether an atom holds in a state, static ones included."""
        if atom[0] not in self.fluents:
            return atom in self.problem.init
        bit = self.index.get(atom)
        return bit is not None and bool(state >> bit & 1)

    def applicable(self, state: int) -> list[int]:
        """The numbers of the applicable actions, in order."""
        found = [number for _, neg, number in self._free if not state & neg]
        files = self._files
        left = state & self._filed
        while left:
            bit = left & -left
            left ^= bit
            for pre, neg, number in files[bit]:
                if state & pre == pre and not state & neg:
                    found.append(number)
        found.sort()
        return found

    def can(self, state: int, number: int) -> bool:
        """Whether an action is applicable."""
        action = self.actions[number]
        return state & action.pre == action.pre and not state & action.neg

    def apply(self, state: int, number: int) -> int:
        """The state after an action, which must be applicable."""
        action = self.actions[number]
        return state & ~action.delete | action.add

    def missing(self, state: int, number: int) -> list[tuple[Atom, bool]]:
        """What an action still needs: atoms with the truth value that they should have."""
        action, atoms = self.actions[number], self.atoms
        lacking = [(atoms[bit], True) for bit in _bits(action.pre & ~state)]
        return lacking + [(atoms[bit], False) for bit in _bits(action.neg & state)]


def _bits(mask: int) -> list[int]:
    bits: list[int] = []
    while mask:
        low = mask & -mask
        bits.append(low.bit_length() - 1)
        mask ^= low
    return bits


def ground(domain: Domain, problem: Problem) -> GroundTask:
    """Every action that the static facts allow. Parameters are bound in their order: put the restricting ones first."""
    fluents = domain.fluents
    by_type: dict[str, list[str]] = {}
    for kind in {"object", *domain.types}:
        by_type[kind] = [name for name, its in problem.objects.items() if domain.is_a(its, kind)]
    index: dict[Atom, int] = {}
    actions: list[GroundAction] = []
    for schema in domain.actions:
        binder = _Binder(schema, fluents, problem.init)
        candidates = [by_type[kind] for _, kind in schema.parameters]
        for args in binder.bindings(candidates):
            actions.append(binder.make(args, index))
    return GroundTask(domain, problem, actions, index)


_Filler = Callable[[tuple[str, ...]], Atom]


def _filler(atom: Atom, places: Mapping[str, int]) -> _Filler:
    """A function from a schema's arguments to a ground atom. Grounding spends its time here, so the common cases are short."""
    name, slots = atom[0], [places.get(term) for term in atom[1:]]
    if None in slots:
        fixed = [(term, place) for term, place in zip(atom[1:], slots, strict=True)]
        return lambda args: (name, *(term if place is None else args[place] for term, place in fixed))
    if len(slots) == 1:
        first = slots[0] or 0
        return lambda args: (name, args[first])
    if len(slots) == 2:
        first, second = slots[0] or 0, slots[1] or 0
        return lambda args: (name, args[first], args[second])
    return lambda args: (name, *[args[slot or 0] for slot in slots])


class _Binder:
    """Binds one schema's parameters and fills its atoms."""

    def __init__(self, schema: Schema, fluents: frozenset[str], init: frozenset[Atom]):
        self.schema, self.init = schema, init
        places = {variable: place for place, (variable, _) in enumerate(schema.parameters)}
        needs = schema.needs
        self.fills = [
            [_filler(atom, places) for atom in atoms if atom[0] in fluents]
            for atoms in (needs.positive, needs.negative, schema.add, schema.delete)
        ]
        tests = [(atom, True) for atom in needs.positive if atom[0] not in fluents]
        tests += [(atom, False) for atom in needs.negative if atom[0] not in fluents]
        tests += [(("=", *pair), True) for pair in needs.same]
        tests += [(("=", *pair), False) for pair in needs.differ]
        # A test runs as soon as its last parameter is bound.
        self.tests: list[list[tuple[_Filler, bool]]] = [[] for _ in range(len(places) + 1)]
        for atom, wanted in tests:
            depth = max((places[term] + 1 for term in atom[1:] if term in places), default=0)
            self.tests[depth].append((_filler(atom, places), wanted))

    def _passes(self, depth: int, args: tuple[str, ...]) -> bool:
        for fill, wanted in self.tests[depth]:
            atom = fill(args)
            if (atom[1] == atom[2] if atom[0] == "=" else atom in self.init) is not wanted:
                return False
        return True

    def bindings(self, candidates: list[list[str]]) -> list[tuple[str, ...]]:
        """The tuples of arguments that pass all static tests, in the order of the objects."""
        rows: list[tuple[str, ...]] = [()] if self._passes(0, ()) else []
        for depth, names in enumerate(candidates, 1):
            longer = ((*row, name) for row in rows for name in names)
            rows = [row for row in longer if self._passes(depth, row)] if self.tests[depth] else list(longer)
        return rows

    def make(self, args: tuple[str, ...], index: dict[Atom, int]) -> GroundAction:
        """The action of these arguments; new atoms get the next bits."""
        masks: list[int] = []
        for group in self.fills:
            mask = 0
            for fill in group:
                mask |= 1 << index.setdefault(fill(args), len(index))
            masks.append(mask)
        pre, neg, add, delete = masks
        return GroundAction(self.schema.name, args, pre, neg, add, delete & ~add)
