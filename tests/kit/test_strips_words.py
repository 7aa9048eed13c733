"""PDDL that is refused, and words for actions and facts."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strips_samples import BLOCK_PHRASES, GRIPPER, GRIPPER_PHRASES, blocks, gripper

from dutiful.core.errors import SpecError
from dutiful.kit.strips import PddlError, Phrases, Words, normal, parse_domain, parse_problem


@pytest.mark.parametrize(("task", "phrases"), [(blocks(), BLOCK_PHRASES), (gripper(), GRIPPER_PHRASES)])
def test_what_is_said_is_read_back(task, phrases):
    words = Words(task, phrases)
    draw, state = random.Random(0), task.init
    for number in range(len(task.actions)):
        assert words.read(words.say(number)) == [number]
    for _ in range(30):
        number = draw.choice(task.applicable(state))
        assert words.read(words.say(number).upper() + ".", state) == [number]
        assert words.nearest(words.say(number) + " now", state) == words.say(number)
        state = task.apply(state, number)


def test_shared_words_are_told_apart_by_the_state():
    task = gripper()
    words = Words(task, Phrases({"move": "go to {1}", "grab": "take {1}", "drop": "drop {1}"}), {"there-room": "kitchen"})
    both = words.read("take the one")
    assert {task.actions[number].args[0] for number in both} == {"here-room", "there-room"}
    assert {task.actions[number].args[0] for number in words.read("take one", task.init)} == {"here-room"}
    assert words.read("Go to the kitchen!", task.init)
    assert words.read("fly to the kitchen") == []
    assert normal("Put THE cup, please") == "put cup please"


def test_facts_are_said_and_templates_checked():
    task = blocks()
    words = Words(task, BLOCK_PHRASES)
    assert "c is on a" in words.facts(task.init)
    assert words.fact(("clear", "a"), holds=False) == "something is on a"
    assert words.fact(("on", "a", "b"), holds=False) == "it is not the case that a is on b"
    with pytest.raises(SpecError, match="lift"):
        Words(task, Phrases({}))
    with pytest.raises(SpecError, match="does not fit 1 arguments"):
        Words(task, BLOCK_PHRASES._replace(actions={**BLOCK_PHRASES.actions, "lift": "lift {0} {1}"}))


HEAD = "(define (domain d)\n(:predicates (p ?x) (q))\n"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "expected"),
        ("(define (domain d)\n(:predicates (p)", 2, "never closed"),
        ("(define (domain d)))", 1, "after the closing"),
        (")", 1, "without an opening"),
        ("(define (problem d))", 1, "domain"),
        ("(define (domain d)\n\n(:functions (f)))", 3, ":functions"),
        ("(define (domain d)\n(:requirements :adl))", 2, ":adl"),
        ("(define (domain d)\n(:types a - b))", 2, "'b'"),
        ("(define (domain d)\n(:types a - b b - a))", 2, "ancestor"),
        (HEAD + "(:action a :parameters (x) :effect (q)))", 3, "'?'"),
        (HEAD + "(:action a :parameters (?x)\n:effect (pp ?x)))", 4, "did you mean 'p'"),
        (HEAD + "(:action a :parameters (?x)\n:effect (p ?y)))", 4, "'?y'"),
        (HEAD + "(:action a :parameters (?x)\n:effect (p)))", 4, "1 arguments, found 0"),
        (HEAD + "(:action a :parameters () :precondition\n(or (q) (q)) :effect (q)))", 4, "'or'"),
        (HEAD + "(:action a :parameters ()\n:effect (forall (?x) (p ?x))))", 4, "'forall'"),
        (HEAD + "(:action a :parameters ()))", 3, ":effect"),
        (HEAD + "(:action a :effect (q))\n(:action a :effect (q)))", 4, "same name"),
        (HEAD + "(:action a :parameters (?x ?y)\n:effect (= ?x ?y)))", 4, "equal"),
    ],
)
def test_errors_name_the_line(text, line, says):
    with pytest.raises(PddlError) as caught:
        parse_domain(text)
    assert caught.value.line == line
    assert says in str(caught.value)


def test_errors_of_problems_name_the_line():
    domain = parse_domain(GRIPPER)
    with pytest.raises(PddlError, match=r"line 2.*'hand'.*'room'"):
        parse_problem("(define (problem p) (:domain gripper)\n(:init (here left)) (:goal (and)))", domain)
    with pytest.raises(PddlError, match=r"line 1.*'gripper'"):
        parse_problem("(define (problem p) (:domain blocks))", domain)
    with pytest.raises(SpecError, match="'flies'"):
        gripper().mask([("flies",)])


@given(st.text(alphabet="()?-:; abdefhinopst=\n", max_size=80))
def test_any_text_is_read_or_refused(text):
    with pytest.raises(PddlError):
        parse_domain(text)
