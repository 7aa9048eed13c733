"""A user's own words, turned into BabyAI's instruction objects in a layout that holds what they name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("minigrid")

from dutiful.core.errors import NotGrounded
from dutiful.worlds.grid import Grid
from dutiful.worlds.grid.view import COLOURS
from dutiful.worlds.grid.words import parse

WORLD = Grid()


def solved(words, seed=0, world=WORLD):
    task = world.ground(words, seed)
    observation = world.reset(task)
    while not observation.done:
        observation = world.step(world.expert())
    return task, world.verdict()


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("Go to the red ball, then pick up the key.", ["go to the red ball", "pick up the key"]),
        ("grab the gray box", ["pick up the grey box"]),
        ("open a door", ["open "]),
        ("put the red ball next to the box", ["put the red ball next to the box"]),
        ("go to the door after you pick up a key and walk to the ball", ["pick up ", "go to the ball", "go to the door"]),
        ("please pick up the key on your left", ["pick up the key on your left"]),
        ("go to the ball behind you and then open the blue door", ["go to the ball behind you", "open the blue door"]),
        ("bring a box beside the purple door", ["next to the purple door"]),
    ],
)
def test_words_are_carried_out(words, parts):
    for seed in range(3):
        task, verdict = solved(words, seed)
        assert task.instruction.text == words and verdict.passed
        assert len(verdict.criteria) == len(parts)
        for criterion, part in zip(verdict.criteria, parts, strict=True):
            assert part in criterion.name


def test_the_order_of_the_words_counts():
    task = WORLD.ground("go to the red ball, then go to the box", seed=5)
    WORLD.reset(task)
    while not WORLD.step(WORLD.expert()).done and not WORLD.verdict().criteria[0].passed:
        assert not WORLD.verdict().criteria[1].passed
    assert WORLD.verdict().score == 0.5


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "says nothing"),
        ("sing a song", "none of the things to do"),
        ("go to the pink ball", "'pink' is no colour"),
        ("go to the unicorn", "no thing is called 'unicorn'"),
        ("pick up the door", "a door cannot be carried"),
        ("open the box", "only doors are opened"),
        ("go to the ball, then go to the box, then go to the key", "more than two sides"),
        ("go to the ball and go to the box and go to the key", "joins 3 clauses"),
        ("put the ball next to the red ball", "may be the same thing"),
        ("put the ball next to", "is none of the things to do"),
        ("go to the ball, then", "one side of it is empty"),
    ],
)
def test_other_words_get_a_reason_and_what_can_be_said(words, why):
    with pytest.raises(NotGrounded, match=why) as caught:
        WORLD.ground(words)
    assert any("pick up THING" in line for line in caught.value.understands)


def test_a_room_too_small_says_so():
    with pytest.raises(NotGrounded, match="room=9"):
        Grid(room=5).ground(
            "put the red ball next to the blue box and put the red key next to the blue key, then "
            "put the green ball next to the green box and put the grey key next to the grey ball"
        )


def test_the_room_is_as_large_as_asked():
    world = Grid(room=15)
    world.reset(world.ground("go to the ball"))
    assert world._env.grid.width == 15


THINGS = st.builds(
    lambda article, colour, kind: f"{article} {colour}{kind}",
    st.sampled_from(["the", "a"]),
    st.sampled_from(["", *(f"{colour} " for colour in COLOURS)]),
    st.sampled_from(["ball", "box", "key", "door"]),
)
CLAUSES = st.builds(lambda verb, thing: f"{verb} {thing}", st.sampled_from(["go to", "pick up", "open"]), THINGS)
JOINTS = st.sampled_from([" and ", ", then ", " after you "])


@settings(max_examples=60, deadline=None)
@given(CLAUSES, JOINTS, CLAUSES, st.integers(0, 10**6))
def test_what_is_understood_is_laid_out_and_solved_and_all_else_refused(first, joint, second, seed):
    words = first + joint + second
    try:
        parse(words)
    except NotGrounded:
        assert "pick up a door" in words or "door" in words or "open" in words
        return
    try:
        task = WORLD.ground(words, seed)
    except NotGrounded as error:
        assert "no room" in str(error)
        return
    observation = WORLD.reset(task)
    assert not WORLD.verdict().passed
    while not observation.done:
        observation = WORLD.step(WORLD.expert())
    assert WORLD.verdict().passed


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            ["go to", "pick up", "the", "a", "red", "ball", "door", "then", "after you", "and", "put", "next to", ","]
        )
    ).map(" ".join)
)
def test_any_text_is_parsed_or_refused(words):
    try:
        goal = parse(words)
    except NotGrounded:
        return
    assert goal.first
