"""Temporal logic on finite traces, held against its definition on every short trace."""

from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutiful.kit.ltlf import Automaton, atoms, difference, equivalent, holds, normal, parse, show
from dutiful.kit.ltlf.formula import FALSE, TRUE, Atom, Binary, Unary

STATES = ("a", "b", "c")
TRACES = [trace for length in range(1, 7) for trace in product(STATES, repeat=length)]
REACT = (
    "Thought and G(Thought -> X(Action or Answer)) and G(Action -> X Input) and G(Input -> X Observation) "
    "and G(Observation -> X Thought) and F Answer and G(Answer -> last)"
)
REACT_STATES = ("Thought", "Action", "Input", "Observation", "Answer")


def drawn(random, depth):
    """A random formula."""
    kind = random.random()
    if depth == 0 or kind < 0.15:
        return random.choice([Atom("a"), Atom("b"), Atom("c"), Atom("a"), Atom("b"), TRUE, FALSE])
    if kind < 0.6:
        return Unary(random.choice(["not", "X", "N", "F", "G"]), drawn(random, depth - 1))
    return Binary(random.choice(["and", "or", "U", "R"]), drawn(random, depth - 1), drawn(random, depth - 1))


@st.composite
def formulas(draw, depth=4):
    return drawn(Random(draw(st.integers(0, 2**32))), depth)


def disagreements(formula, traces):
    automaton = Automaton(formula, STATES)
    return [trace for trace in traces if automaton.accepts(trace) != holds(formula, trace)]


def test_progression_is_the_definition_on_all_traces_up_to_length_6():
    random = Random(103)
    for number in range(300):
        formula = drawn(random, 2 + number % 3)
        # Every trace up to length 4, and a sample of those beyond: `bench/ltlf.py` and the claim take all of them.
        traces = TRACES[:120] + random.sample(TRACES[120:], 60)
        assert not disagreements(formula, traces), show(formula)
    for text in (
        REACT.replace("Thought", "a").replace("Answer", "b").replace("Observation", "c"),
        "X G a",
        "N G a",
        "a U (b R c)",
    ):
        assert not disagreements(parse(text), TRACES), text


@settings(max_examples=60, deadline=None)
@given(formulas())
def test_what_is_allowed_can_be_finished_and_the_rest_cannot(formula):
    automaton = Automaton(formula, STATES)
    good = {trace for trace in TRACES if holds(formula, trace)}
    begins = {trace[:n] for trace in good for n in range(len(trace) + 1)}
    for node in automaton.reachable():
        way, at = automaton.finish(node), node
        assert way is not None or node == automaton.start
        for state in way or ():
            assert state in automaton.allowed(at)
            at = automaton.next(at, state)
        assert way is None or automaton.accepting(at)
    for trace in TRACES[:120]:
        violation = automaton.run(trace)
        assert (violation is None) == (trace in good)
        if trace in begins:
            assert violation is None or violation.position == len(trace)
        if violation and violation.position < len(trace):
            assert violation.state == trace[violation.position] and violation.state not in violation.allowed
    if automaton.empty:
        assert not good


@settings(max_examples=60, deadline=None)
@given(formulas())
def test_a_formula_is_its_text_and_its_normal_form(formula):
    assert parse(show(formula)) == formula
    assert equivalent(formula, normal(formula), STATES)
    assert difference(formula, Unary("not", formula), STATES) is not None


@settings(max_examples=60, deadline=None)
@given(formulas(3), formulas(3))
def test_a_difference_is_a_shortest_trace_on_which_two_formulas_differ(one, other):
    found = difference(one, other, STATES)
    differ = [trace for trace in TRACES if holds(one, trace) != holds(other, trace)]
    if found is None:
        assert not differ
    else:
        assert holds(one, found) != holds(other, found)
        assert not differ or len(found) == len(differ[0])


def test_the_way_of_react():
    automaton = Automaton(parse(REACT, REACT_STATES), REACT_STATES)
    assert automaton.allowed(automaton.start) == ("Thought",)
    assert automaton.finish(automaton.start) == ("Thought", "Answer")
    assert automaton.run(("Thought", "Action", "Input", "Observation", "Thought", "Answer")) is None
    wrong = automaton.run(("Thought", "Action", "Observation"))
    assert wrong == (2, "Observation", ("Input",)) and "Input was expected" in str(wrong)
    assert automaton.run(("Thought", "Action")) == (2, "", ("Input",))
    assert automaton.run(("Thought", "Action"), complete=False) is None
    assert automaton.run(("Thought", "Answer", "Thought")) == (2, "Thought", ())


def test_the_step_cap_leaves_the_ways_that_still_fit_and_then_the_shortest():
    automaton = Automaton(parse(REACT), REACT_STATES)
    node = automaton.next(automaton.start, "Thought")
    assert automaton.allowed(node, 6) == ("Action", "Answer")
    assert automaton.allowed(node, 4) == automaton.allowed(node, 0) == ("Answer",)


def test_strong_and_weak_next_differ_at_the_end():
    assert Automaton(parse("X G a"), STATES).run(("b",)) == (1, "", ("a",))
    assert Automaton(parse("N G a"), STATES).run(("b",)) is None
    assert Automaton(parse("X true and G(a -> last)"), STATES).accepts(("b", "a"))


def test_emptiness_and_dead_ends():
    assert Automaton(parse("F a and G b"), STATES).empty
    trap = Automaton(parse("(a or b) and G(b -> X(c and X false))"), STATES)
    assert trap.allowed(trap.start) == ("a",)


def test_text():
    assert parse('"Action Input" -> X a') == Binary("or", Unary("not", Atom("Action Input")), Unary("X", Atom("a")))
    assert parse("a U b U c") == parse("a U (b U c)") and parse("a or b and c") == parse("a or (b and c)")
    assert parse("!a & b | c") == parse("((not a) and b) or c")
    assert equivalent(parse("a W b"), parse("(a U b) or G a"), STATES)
    assert equivalent(parse("a <-> b"), parse("(a -> b) and (b -> a)"), STATES)
    assert parse(show(parse('"X" and last and "true"'))) == parse('"X" and last and "true"')
    assert parse('"true"') != parse("true") and not Automaton(parse('"true"'), STATES).accepts(("a",))
    assert atoms(parse("a U (b or G last)")) == {"a", "b"}


@pytest.mark.parametrize("text, says", [
    ("a and", "a formula should be"),
    ("(a", "a closing bracket"),
    ("a b", "an operator"),
    ("a $ b", "character 3"),
    ("G(a -> Xb)", "speaks of Xb"),
])  # fmt: skip
def test_a_broken_formula_says_where(text, says):
    with pytest.raises(ValueError, match=says):
        parse(text, STATES)
