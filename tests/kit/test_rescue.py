"""Answers with broken form are read, or left alone: never guessed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutiful.kit import rescue

WANTED = {"a": [1, {"b": "x"}]}
TEXT = json.dumps(WANTED)

BROKEN = [
    (TEXT, {}, WANTED, "whole"),
    (f"  {TEXT}\n", {}, WANTED, "whole"),
    (f"Sure, here it is: {TEXT}", {}, WANTED, "extracted"),
    (f"{TEXT} I hope that helps.", {}, WANTED, "extracted"),
    (f"```json\n{TEXT}\n```", {}, WANTED, "extracted"),
    (f"```\n{TEXT}\n```\nDone.", {}, WANTED, "extracted"),
    (f"First {{not json}} then {TEXT}", {}, WANTED, "extracted"),
    (f"[note] {TEXT}", {}, WANTED, "extracted"),
    (f"{TEXT}{TEXT}", {}, WANTED, "extracted"),
    (f"{{{TEXT}", {}, WANTED, "extracted"),
    (f"}} {TEXT}", {}, WANTED, "extracted"),
    (f'He said "{{" and then {TEXT}', {}, WANTED, "extracted"),
    ('{"a": "a } in a string"}', {}, {"a": "a } in a string"}, "whole"),
    ('x {"a": "a } in a string"} y', {}, {"a": "a } in a string"}, "extracted"),
    ('x {"a": "a \\" } quote"} y', {}, {"a": 'a " } quote'}, "extracted"),
    ('["a", "b"]', [], ["a", "b"], "whole"),
    ('The list is ["a", "b"].', [], ["a", "b"], "extracted"),
    ('{"items": ["a", "b"]}', [], ["a", "b"], "extracted"),
    ('["a", "b"]', {}, {}, "failed"),
    ('[{"a": 1}]', {}, {"a": 1}, "extracted"),
    ("[1] and [2]", [], [1], "extracted"),
    ("[see] and [2]", [], [2], "extracted"),
    ("null", {}, {}, "null"),
    ("null", [], [], "null"),
    ("", {}, {}, "failed"),
    ("no json at all", [], [], "failed"),
    ("{'a': 1}", {}, {}, "failed"),
    ('{"a": 1,}', {}, {}, "failed"),
    ('{"a": 1', {}, {}, "failed"),
    ('{"a": [1, 2}', {}, {}, "failed"),
    ('{"outer": {"a": 1}', {}, {"a": 1}, "extracted"),
    ('{"a": 1} trailing {', {}, {"a": 1}, "extracted"),
    ("42", {}, {}, "failed"),
    ('"text"', [], [], "failed"),
    ("[]", [], [], "whole"),
    ("{}", {}, {}, "whole"),
    ("nothing found: []", [], [], "extracted"),
    ('{"a": NaN}}', {}, None, "extracted"),
    ("[" * 2000, [], [], "failed"),
    ("[" * 300 + "]" * 300, [], None, "whole"),
    ('{"a": "é ü 漢"}', {}, {"a": "é ü 漢"}, "whole"),
    ('\ufeff{"a": 1}', {}, {"a": 1}, "extracted"),
    ('{"a": 1}\n{"b": 2}', {}, {"a": 1}, "extracted"),
    ('answer = {"a": 1};', {}, {"a": 1}, "extracted"),
    ("(see [1, 2, 3])", [], [1, 2, 3], "extracted"),
    ('Entities: ["x"], relations: ["y"]', [], ["x"], "extracted"),
    ('{"a": true, "b": null}', {}, {"a": True, "b": None}, "whole"),
    ("{a: 1}", {}, {}, "failed"),
    ('```json\n{"a": 1\n```', {}, {}, "failed"),
    ('```json\n["x"]\n``` and ```json\n{"a": 1}\n```', {}, {"a": 1}, "extracted"),
]


@pytest.mark.parametrize(("text", "default", "value", "how"), BROKEN)
def test_broken_json_is_recovered_or_rejected(text, default, value, how):
    found = rescue.json_value(text, default)
    assert found.how == how and (value is None or found.value == value)


@given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_any_json_survives_chatter(value):
    if isinstance(value, (dict, list)):
        chatty = f"Of course. {json.dumps(value)} Anything else?"
        assert rescue.json_value(chatty, type(value)()) == (value, "extracted")


@given(st.text(alphabet='{}[]"\\,:1a '))
def test_nothing_makes_it_stumble(text):
    for default in ({}, []):
        found = rescue.json_value(text, default)
        assert type(found.value) is type(default)


@pytest.mark.parametrize(
    ("text", "lenient", "strict"),
    [
        ("Answer: 42", 42, 42),
        ("She has 3 and 4, so 7. Answer: 7.", 7, 7),
        ("3 + 4 is 7", 7, None),
        ("Answer: 7 coins", 7, None),
        ("The final answer is: 1,234", 1234, 1234),
        ("Answer: -3.5", -3.5, -3.5),
        ("Answer: $12", 12, 12),
        ("no number", None, None),
        ("room 4b", None, None),
        ("Answer: none, but 8", 8, None),
    ],
)
def test_numbers(text, lenient, strict):
    assert rescue.number(text) == lenient and rescue.number(text, strict=True) == strict


@pytest.mark.parametrize(
    ("text", "lenient", "strict"),
    [
        ("Answer: B", "B", "B"),
        ("Answer: (C)", "C", "C"),
        ("I think it is (D).", "D", None),
        ("A cat is an animal, so B.", "B", None),
        ("a fruit", None, None),
        ("Because it is", None, None),
        ("Answer: E", None, None),
    ],
)
def test_letters(text, lenient, strict):
    assert rescue.letter(text) == lenient and rescue.letter(text, strict=True) == strict


def test_brackets_and_ratings():
    assert rescue.bracketed("Here: [a text] and [more]") == "a text" and rescue.bracketed("none") is None
    assert rescue.rating("I give it 8/10.") == 8 and rescue.rating("Score: 11") is None and rescue.rating("7") == 7
