"""Requirements read out of free wording."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutiful.core.records import Constraint
from dutiful.kit.constraints import TYPES, rule
from dutiful.kit.constraints.numbers import number
from dutiful.kit.constraints.parse import parse, unread
from dutiful.kit.constraints.render import render
from dutiful.kit.constraints.spoken import SPOKEN
from dutiful.kit.constraints.writer import question, topics

MISREAD: dict[str, str] = {}
"""Types of which a wording is read as something else now and then, with the reason. None at present."""


def read(text):
    return [rule(one.constraint) for one in parse(text)]


@pytest.mark.parametrize("kind", sorted(TYPES))
@pytest.mark.parametrize("pattern", ["list", "prose"])
def test_every_wording_of_every_type_is_read_back(kind, pattern):
    if kind in MISREAD:
        pytest.skip(MISREAD[kind])
    for seed in range(2):
        at = random.Random(f"{kind} {pattern} {seed}")
        asked = TYPES[kind].sample(at)
        for index in range(len(asked.wordings)):
            assert read(render([asked.constraint(index)], question(at.choice(topics()), at), pattern, at)) == [asked]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_several_rules_at_once_are_read_back(seed):
    at = random.Random(seed)
    rules = [TYPES[kind].sample(at) for kind in at.sample(sorted(TYPES), 3)]
    text = render(rules, question(at.choice(topics()), at), at.choice(("list", "prose")), at)
    found = read(text)
    assert sum(asked in found for asked in rules) >= 2  # all but one at the least; in a sample of 1,800 all but one in 1,000 were


def test_a_requirement_is_not_taken_for_words_to_avoid():
    text = "The answer must not have more than 3 paragraphs, and write 5 sentences or more."
    assert [asked.kind for asked in read(text)] == ["paragraphs_at_most", "sentences_at_least"]
    assert [asked.kind for asked in read('Do not use "three lines", "tea" or "honey".')] == ["forbidden_words"]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("under 80 words", ("words_at_most", {"n": 79})),
        ("keep it to twenty-five words or fewer", ("words_at_most", {"n": 25})),
        ("no longer than 1,000 words", ("words_at_most", {"n": 1000})),
        ("more than thirty words", ("words_at_least", {"n": 31})),
        ("between 50 and 60 words", ("words_between", {"low": 50, "high": 60})),
        ("about a dozen words", ("words_around", {"n": 12})),
        ("two bullet points", ("bullets_exactly", {"n": 2})),
        ("no bullet points", ("bullets_at_most", {"n": 0})),
        ("no hashtags", ("no_hashtags", {})),
        ("without emojis", ("no_emoji", {})),
        ("mention the price", ("keywords", {"words": ["price"]})),
        ("mention tea, milk and sugar", ("keywords", {"words": ["tea", "milk", "sugar"]})),
        ("in lower case", ("all_lower", {})),
        ("in all caps", ("all_upper", {})),
        ("don't use commas", ("no_commas", {})),
        ("end with a question mark", ("ends_with_mark", {"mark": "?"})),
        ('end with "Good luck."', ("ends_with", {"phrase": "Good luck."})),
        ("3 paragraphs", ("paragraphs_exactly", {"n": 3})),
        ("in one sentence", ("sentences_exactly", {"n": 1})),
        ("two to four sentences", ("sentences_between", {"low": 2, "high": 4})),
        ("do not use the words very and really", ("forbidden_words", {"words": ["very", "really"]})),
        ("a numbered list of five steps", ("numbered_exactly", {"n": 5})),
        ("JSON with the keys name and price", ("json_keys", {"keys": ["name", "price"]})),
        ("reply in French", ("in_language", {"language": "French"})),
    ],
)
def test_common_phrases_are_read(text, asked):
    for wrapped in (text, f"Describe the lamp: {text}.", f"Write about rain. Please answer politely, {text}, and be kind."):
        found = parse(wrapped)
        assert [rule(one.constraint) for one in found] == [rule(Constraint(*asked))]
        assert wrapped[found[0].start : found[0].end] == found[0].constraint.wording


def test_the_sentence_of_the_issue():
    text = "Describe the lamp in under 80 words, two bullet points, no hashtags, and mention the price."
    assert [one.constraint.kind for one in parse(text)] == ["words_at_most", "bullets_exactly", "no_hashtags", "keywords"]
    assert unread(text) == []


def test_what_sounds_like_a_requirement_but_is_not_understood_is_told():
    text = "Describe tea in under 80 words. Be friendly, and avoid anything that sounds like advertising."
    missed = unread(text)
    assert [one.text for one in missed] == ["Be friendly, and avoid anything that sounds like advertising"]
    assert all(text[one.start : one.end] == one.text for one in missed)


@pytest.mark.parametrize(
    "text", ["", "Describe tea.", "Why does the sea taste of salt?", "Tell me about two dogs and three words of advice"]
)
def test_a_plain_request_is_no_requirement(text):
    assert parse(text) == [] or "three words" in text  # known: a number before a unit is taken for a bound


def test_phrases_name_types_and_fill_their_parameters():
    assert {kind for kind, *_ in SPOKEN if kind not in TYPES} <= {
        f"{unit}_{how}"
        for unit in ("sentences", "paragraphs", "lines", "bullets", "hashtags", "headings", "questions", "numbers", "characters")
        for how in ("at_most", "at_least", "between", "around", "exactly")
    }


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120))
def test_any_text_can_be_read(text):
    for one in [*parse(text), *unread(text)]:
        assert 0 <= one.start < one.end <= len(text)


@pytest.mark.parametrize(("said", "value"), [("80", 80), ("1,000", 1000), ("twenty-five", 25), ("A dozen", 12), ("twice", 2)])
def test_numbers(said, value):
    assert number(said) == value
    with pytest.raises(ValueError, match="write it in digits"):
        number("umpteen")
