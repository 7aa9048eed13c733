"""Instructions of the household: every wording is understood, and so are a user's own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutiful import Action
from dutiful.core.errors import NotGrounded
from dutiful.worlds.text import Home
from dutiful.worlds.text.home.catalogue import KINDS, SPLITS, THINGS
from dutiful.worlds.text.home.generate import pairs, rooms_with
from dutiful.worlds.text.home.goal import Goal
from dutiful.worlds.text.home.grounding import goal_of
from dutiful.worlds.text.home.wording import SEEN, UNSEEN, say


@st.composite
def goals(draw):
    kind = draw(st.sampled_from(KINDS))
    thing, place = draw(st.sampled_from(pairs(kind)))
    colour = draw(st.sampled_from(("", *THINGS[thing].colours)))
    return Goal(kind, thing, colour, place, draw(st.sampled_from(("", *rooms_with(place)))))


@given(goals(), st.sampled_from((SEEN, UNSEEN)), st.data())
def test_every_wording_of_every_goal_is_understood(goal, wordings, data):
    text = say(goal, data.draw(st.sampled_from(wordings[goal.kind])))
    assert goal_of(text) == goal
    assert goal_of(f"Please, {text.upper()}!") == goal


def test_wordings_are_many_and_apart():
    for kind in KINDS:
        assert len(set(SEEN[kind])) >= 6
        assert len(set(UNSEEN[kind])) >= 3
        assert not set(SEEN[kind]) & set(UNSEEN[kind])


@pytest.mark.parametrize("split", SPLITS)
def test_the_instruction_of_a_task_grounds_back_to_its_goal(split):
    world = Home()
    for task in world.tasks(split)[:120]:
        again = world.ground(task.instruction.text, seed=4)
        assert again.setup["goal"] == task.setup["goal"]
        assert again.split == "user"


@pytest.mark.parametrize(
    ("words", "goal"),
    [
        ("put the red cup on the desk", Goal("put", "cup", "red", "desk")),
        ("heat some bread and put it on the table", Goal("heat", "loaf", "", "table")),
        ("put two books in the shelf", Goal("two", "book", "", "shelf")),
        ("Put TWO red books on the shelf!", Goal("two", "book", "red", "shelf")),
        ("look at the vase under the lamp", Goal("look", "vase", "", "")),
        ("turn on the reading lamp and read the letter", Goal("look", "letter", "", "desk lamp")),
        ("put a clean mug in the cabinet of the kitchen", Goal("clean", "mug", "", "cabinet", "kitchen")),
        ("put a clean mug in the kitchen cabinet", Goal("clean", "mug", "", "cabinet", "kitchen")),
        ("I would like a warm potato on the bench, please", Goal("heat", "potato", "", "bench")),
        ("could you cool a tomato and put it in the refrigerator?", Goal("cool", "tomato", "", "fridge")),
        ("Leave the black phone on the couch in the lounge", Goal("put", "phone", "black", "sofa", "living room")),
    ],
)
def test_own_words_make_a_task_that_can_be_done(words, goal):
    for seed in range(5):
        world = Home()
        task = world.ground(words, seed)
        assert Goal.of(task.setup) == goal
        assert (task.instruction.text, task.seed) == (words, seed)
        assert world.ground(words, seed) == task
        observation = world.reset(task)
        assert not world.verdict().passed
        while not observation.done:
            observation = world.step(Action(world.expert().text))
        assert world.verdict().passed
    assert len({str(Home().ground(words, seed).setup) for seed in range(5)}) == 5


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "it says nothing"),
        ("put the rde cup on the desk", "'rde' is unknown here; the nearest word it knows is 'red'"),
        ("put the cup on the desck", "nearest word it knows is 'desk'"),
        ("don't put the cup on the desk", '"don\'t" is unknown'),
        ("wash the plate", "say where the plate shall go"),
        ("put the mug in the kitchen", "say where the mug shall go"),
        ("put it on the table", "say what to handle"),
        ("put the mug under the table", "in or on a place"),
        ("take the mug from the table", "'from' is unknown"),
        ("put the mug in the clean cabinet", "must stand before a thing, not before 'cabinet'"),
        ("put the mug on the red table", "'red' must stand before a thing"),
        ("put a hot clean mug on the table", "clean and heat at once"),
        ("heat two mugs and put them on the table", "heat and two at once"),
        ("put books on the shelf", "how many books? Say 'two books'"),
        ("heat the book and put it on the desk", "a book is nothing to heat; there are: mug"),
        ("look at the mug under the desk lamp", "nothing to look at"),
        ("put the green egg on the table", "no green egg; there are white, brown ones"),
        ("put the red blue cup on the table", "more than one colour: red, blue"),
        ("put the cup and the plate on the table", "more than one thing: cup, plate"),
        ("put the cup on the table and on the desk", "more than one place: table, desk"),
        ("examine the letter", "under which lamp?"),
        ("put the vase under the desk lamp", "look at the vase under"),
        ("put the mug on the desk of the kitchen", "the kitchen has no desk; these have: bedroom, office"),
        ("look at the vase under the floor lamp of the kitchen", "the kitchen has no floor lamp"),
    ],
)
def test_words_that_are_not_understood_say_why_and_what_is(words, why):
    with pytest.raises(NotGrounded) as caught:
        Home().ground(words)
    assert why in str(caught.value).splitlines()[0]
    assert any(line.startswith("things: mug, ") for line in caught.value.understands)


def test_the_examples_that_it_understands_are_understood():
    with pytest.raises(NotGrounded) as caught:
        Home().ground("sing")
    for line in caught.value.understands[:3]:
        for example in line.split(" | "):
            if "..." not in example:
                goal_of(example)


SOME = "put heat two the red cup cups desk lamp under on kitchen and look at it of a clean books"


@given(st.lists(st.sampled_from(SOME.split()), max_size=12))
def test_any_words_make_a_task_or_a_reason(words):
    try:
        task = Home().ground(" ".join(words))
    except NotGrounded as error:
        assert error.understands
    else:
        assert {word for word in task.setup["goal"].values() if word}
