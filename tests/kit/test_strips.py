"""The STRIPS engine against a naive one that works on sets of atoms, over random domains."""

import itertools
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strips_samples import blocks, gripper

from dutiful.core.errors import SpecError
from dutiful.kit.strips import (
    Domain,
    Goal,
    Literals,
    Problem,
    Schema,
    SearchLimit,
    ground,
    parse_domain,
    parse_problem,
    search,
    validate,
)


class Naive:
    """The textbook: states are sets of atoms, and every binding of every schema is tried."""

    def __init__(self, domain, problem):
        self.domain, self.problem = domain, problem

    def actions(self, state):
        found = set()
        for schema in self.domain.actions:
            pools = [
                [name for name, its in self.problem.objects.items() if self.domain.is_a(its, kind)]
                for _, kind in schema.parameters
            ]
            for args in itertools.product(*pools):
                terms = dict(zip((variable for variable, _ in schema.parameters), args, strict=True))
                if self._holds(schema.needs, terms, state):
                    found.add((schema.name, args))
        return found

    @staticmethod
    def _fill(atom, terms):
        return (atom[0], *(terms.get(term, term) for term in atom[1:]))

    def _holds(self, literals, terms, state):
        return (
            all(self._fill(atom, terms) in state for atom in literals.positive)
            and not any(self._fill(atom, terms) in state for atom in literals.negative)
            and all(terms.get(a, a) == terms.get(b, b) for a, b in literals.same)
            and not any(terms.get(a, a) == terms.get(b, b) for a, b in literals.differ)
        )

    def apply(self, state, name, args):
        schema = next(schema for schema in self.domain.actions if schema.name == name)
        terms = dict(zip((variable for variable, _ in schema.parameters), args, strict=True))
        removed = {self._fill(atom, terms) for atom in schema.delete}
        return frozenset(state - removed | {self._fill(atom, terms) for atom in schema.add})

    def shortest(self, limit=3000):
        """The length of a shortest plan; None when there is none; -1 when the limit is hit first."""
        layer, seen, depth = [self.problem.init], {self.problem.init}, 0
        while layer:
            if any(self._holds(self.problem.goal, {}, state) for state in layer):
                return depth
            layer = list(dict.fromkeys(self.apply(state, *action) for state in layer for action in sorted(self.actions(state))))
            layer = [state for state in layer if state not in seen]
            seen.update(layer)
            depth += 1
            if len(seen) > limit:
                return -1
        return None


@st.composite
def problems(draw):
    """A random domain with types, static predicates and all kinds of precondition, and a problem of it."""
    types = {"big": "object", "small": "big", "other": "object"}
    kinds = st.sampled_from(["object", *types])
    predicates = {f"p{n}": tuple(draw(st.lists(kinds, max_size=2))) for n in range(draw(st.integers(2, 5)))}
    objects = {name: draw(kinds) for name in string.ascii_lowercase[: draw(st.integers(1, 4))]}
    shell = Domain("random", types, predicates, (), {})

    def atoms(scope, most):
        fitting = [
            (name, *args)
            for name, wanted in predicates.items()
            for args in itertools.product(*([term for term, kind in scope.items() if shell.is_a(kind, need)] for need in wanted))
        ]
        chosen = draw(st.lists(st.sampled_from(fitting), max_size=most, unique=True)) if fitting else []
        return tuple(chosen)

    actions = []
    for number in range(draw(st.integers(1, 3))):
        scope = {f"?v{place}": draw(kinds) for place in range(draw(st.integers(0, 3)))}
        pairs = list(itertools.product(scope, scope))
        differ = tuple(draw(st.lists(st.sampled_from(pairs), max_size=1))) if pairs else ()
        same = tuple(draw(st.lists(st.sampled_from(pairs), max_size=1))) if pairs and draw(st.booleans()) else ()
        needs = Literals(atoms(scope, 2), atoms(scope, 1), same, differ)
        actions.append(Schema(f"a{number}", tuple(scope.items()), needs, atoms(scope, 2), atoms(scope, 2)))
    domain = shell._replace(actions=tuple(actions))
    goal = Literals(atoms(objects, 2), atoms(objects, 1))
    return domain, Problem("random", objects, frozenset(atoms(objects, 6)), goal)


def pddl(domain, problem):
    """A domain and a problem as text."""

    def conjunction(literals):
        rows = [f"({' '.join(atom)})" for atom in literals.positive] + [f"(not ({' '.join(atom)}))" for atom in literals.negative]
        rows += [f"(= {a} {b})" for a, b in literals.same] + [f"(not (= {a} {b}))" for a, b in literals.differ]
        return f"(and {' '.join(rows)})"

    def typed(pairs):
        return " ".join(f"{name} - {kind}" for name, kind in pairs)

    lines = [f"(define (domain {domain.name}) (:types {typed(domain.types.items())}) (:predicates"]
    lines += [
        f"  ({name} {typed((f'?x{n}', kind) for n, kind in enumerate(kinds))})" for name, kinds in domain.predicates.items()
    ]
    lines.append(")")
    for schema in domain.actions:
        effect = conjunction(Literals(schema.add, schema.delete))
        lines.append(f"(:action {schema.name} :parameters ({typed(schema.parameters)})")
        lines.append(f"  :precondition {conjunction(schema.needs)} :effect {effect})")
    world = f"(define (problem {problem.name}) (:domain {domain.name}) (:objects {typed(problem.objects.items())})"
    init = " ".join(f"({' '.join(atom)})" for atom in problem.init)
    return "\n".join(lines) + ")", f"{world}\n(:init {init}) (:goal {conjunction(problem.goal)}))"


@settings(max_examples=60, deadline=None)
@given(problems())
def test_what_is_printed_is_read_back(both):
    domain, problem = both
    texts = pddl(*both)
    assert parse_domain(texts[0]) == domain
    assert parse_problem(texts[1], domain) == problem


@settings(max_examples=80, deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_progression_agrees_with_sets_of_atoms(both, draw):
    task, naive = ground(*both), Naive(*both)
    state, atoms = task.init, both[1].init
    for _ in range(12):
        numbers = task.applicable(state)
        assert {(task.actions[n].name, task.actions[n].args) for n in numbers} == naive.actions(atoms)
        assert numbers == [n for n in range(len(task.actions)) if task.can(state, n)]
        for number in range(len(task.actions)):
            assert bool(task.missing(state, number)) is (number not in numbers)
        if not numbers:
            break
        number = draw.choice(numbers)
        state, atoms = task.apply(state, number), naive.apply(atoms, *task.actions[number][:2])
        assert task.facts(state) == {atom for atom in atoms if atom[0] in task.fluents}
        assert all(task.holds(state, *atom) for atom in atoms)


@settings(max_examples=80, deadline=None)
@given(problems())
def test_every_search_agrees_with_the_naive_one(both):
    task, length = ground(*both), Naive(*both).shortest()
    if length == -1:
        return
    for method, heuristic in (("breadth", ""), ("astar", "max"), ("astar", "add"), ("greedy", "ff"), ("greedy", "add")):
        plan = search(task, task.init, task.goals, method, heuristic)
        assert (plan is None) is (length is None), (method, heuristic)
        if plan is not None:
            assert validate(task, task.init, plan, task.goals)
            assert len(plan) == length if heuristic in {"", "max"} else len(plan) >= length


def test_known_puzzles_are_solved_in_the_known_number_of_steps():
    for task, length in ((blocks(), 6), (gripper(), 11)):
        for method in ("breadth", "astar"):
            plan = search(task, task.init, task.goals, method)
            assert plan is not None
            assert len(plan) == length
            assert validate(task, task.init, plan, task.goals)
            assert not validate(task, task.init, plan[1:], task.goals)
            assert not validate(task, task.init, plan[:-1], task.goals)
        plan = search(task, task.init, task.goals, "greedy")
        assert plan is not None
        assert validate(task, task.init, plan, task.goals)


def test_greedy_search_solves_what_breadth_first_cannot():
    names = [f"b{n}" for n in range(9)]
    tower = " ".join(f"(on {a} {b})" for a, b in itertools.pairwise(names))
    goal = " ".join(f"(on {b} {a})" for a, b in itertools.pairwise(names))
    init = f"(clear b0) (table b8) (free) {tower}"
    task = blocks(
        f"(define (problem t) (:domain blocks) (:objects {' '.join(names)} - block) (:init {init}) (:goal (and {goal})))"
    )
    with pytest.raises(SearchLimit, match="greedy"):
        search(task, task.init, task.goals, limit=2000)
    plan = search(task, task.init, task.goals, "greedy", limit=2000)
    assert plan is not None
    assert validate(task, task.init, plan, task.goals)


def test_no_plan_is_none_and_the_choice_of_actions_is_kept():
    task = blocks()
    lifting = [number for number, action in enumerate(task.actions) if action.name in {"lift", "lower"}]
    assert search(task, task.init, task.goals, actions=lifting) is None
    assert search(task, task.init, task.goals, "astar", actions=lifting) is None
    assert search(task, task.init, ()) is None
    assert search(task, task.init, (Goal(0),)) == ()
    static = ground(
        parse_domain("(define (domain d) (:predicates (p) (q)) (:action a :parameters () :effect (p)))"),
        Problem("x", {}, frozenset(), Literals((("q",),))),
    )
    assert static.goals == ()
    with pytest.raises(SpecError, match="breadth"):
        search(task, task.init, task.goals, "depth")
    with pytest.raises(SpecError, match="ff"):
        search(task, task.init, task.goals, "astar", "lm")
