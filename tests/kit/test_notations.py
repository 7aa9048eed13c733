"""Notations: what is written is read back; what a model says around it does no harm; what is no call is said to be none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutiful.core.world import Tool
from dutiful.kit import calls
from dutiful.kit.calls import Call
from dutiful.kit.notations import COMMAND, EXAMPLE, JSON, NOTATIONS, PYTHON, SHOWN, TEXT, code_in, identifiers

SCHEMAS = {
    "name": {"type": "string"},
    "count": {"type": "integer"},
    "price": {"type": "number"},
    "loud": {"type": "boolean"},
    "tags": {"type": "array", "items": {"type": "string"}},
    "filter": {"type": "object"},
    "mode": {"enum": ["day", "night, or dusk", "3"]},
    "either": {"type": ["string", "integer", "null"]},
    "free": {},
}
TOOLS = [
    Tool("get_order", "Shows an order.", {"type": "object", "properties": SCHEMAS, "required": ["name"]}),
    Tool("ping", "Answers."),
    EXAMPLE,
]
words = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.sampled_from(
        ["", " a", "a, b", "x=1", "'tis", '"', "O'Brien", "--loud", "3", "true", "[1]", "two\nlines", "a\u2028b", "# no"]
    ),
)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-999, 999) | st.floats(-99, 99).map(lambda x: round(x, 3)) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=2),
    max_leaves=4,
)
VALUES = {
    "name": words,
    "count": st.integers(-999, 999),
    "price": st.integers(-9, 9) | st.floats(-99, 99).map(lambda x: round(x, 3)),
    "loud": st.booleans(),
    "tags": st.lists(words, max_size=3),
    "filter": st.dictionaries(words, plain, max_size=2),
    "mode": st.sampled_from(SCHEMAS["mode"]["enum"]),
    "either": words | st.integers(-9, 9) | st.none(),
    "free": plain,
}
orders = st.fixed_dictionaries({"name": words}, optional={name: VALUES[name] for name in VALUES if name != "name"})


@pytest.mark.parametrize("notation", NOTATIONS.values(), ids=list(NOTATIONS))
@settings(max_examples=150, deadline=None)
@given(arguments=orders)
def test_what_is_written_is_read_back(notation, arguments):
    call = Call("get_order", arguments)
    assert notation.read(notation.write(call, TOOLS), TOOLS) == [call]
    assert notation.read(notation.write(Call("ping", {}), TOOLS), TOOLS) == [Call("ping", {})]


@pytest.mark.parametrize("notation", NOTATIONS.values(), ids=list(NOTATIONS))
@settings(max_examples=150, deadline=None)
@given(said=st.text(max_size=40) | st.text("get_ordr,{}()[]\"'-= \n:`", max_size=30))
def test_any_words_are_calls_or_refused_with_a_reason(notation, said):
    try:
        assert notation.read(said, TOOLS)
    except ValueError as why:
        assert str(why)


def test_the_four_ways():
    call = Call("look_up", {"word": "oak tree", "limit": 2})
    assert [notation.write(call, TOOLS) for notation in (JSON, TEXT, COMMAND, PYTHON)] == [
        '{"tool":"look_up","arguments":{"word":"oak tree","limit":2}}',
        "look_up, oak tree, 2",
        "look_up --word 'oak tree' --limit 2",
        "look_up(word='oak tree', limit=2)",
    ]


def test_every_notation_is_shown_by_the_same_one_example():
    for notation in NOTATIONS.values():
        lines = notation.rules.splitlines()
        assert len(lines) == 2 and notation.read(lines[1], [EXAMPLE]) == [SHOWN]


@pytest.mark.parametrize(
    ("notation", "said", "tools"),
    [
        (TEXT, "I will ask first.\nAction: look_up, oak\nThen I see.", ["look_up"]),
        (TEXT, "```\nlook_up, oak\nping\n```", ["look_up", "ping"]),
        (TEXT, "lok_up, oak", ["lok_up"]),
        (JSON, 'Sure: ```json\n{"tool": "ping"}\n``` and {"tool": "look_up", "arguments": {}}', ["ping", "look_up"]),
        (COMMAND, "I don't know, let's see\nlook_up --word 'oak\ntree' --limit=2\nping", ["look_up", "ping"]),
        (COMMAND, "Action: `ping`", ["ping"]),
        (PYTHON, "```python\nping()\nlook_up('oak')\n```", ["ping", "look_up"]),
    ],
)
def test_calls_are_found_in_what_is_said_around_them(notation, said, tools):
    assert [call.tool for call in notation.read(said, TOOLS)] == tools


def test_words_become_what_the_schema_asks_for():
    assert TEXT.read("look_up, 7, 2", TOOLS)[0].arguments == {"word": "7", "limit": 2}
    assert TEXT.read("look_up, oak, '2'", TOOLS)[0].arguments == {"word": "oak", "limit": 2}
    assert TEXT.read('look_up, "oak, old", limit=two', TOOLS)[0].arguments == {"word": "oak, old", "limit": "two"}
    assert COMMAND.read("get_order --name 7 --loud --either x", TOOLS)[0].arguments == {"name": "7", "loud": True, "either": "x"}


def test_what_does_not_fit_is_left_to_the_world():
    for call in (TEXT.read("look_up, oak, 2, 3", TOOLS)[0], PYTHON.read("look_up('oak', 2, 3)", TOOLS)[0]):
        with pytest.raises(ValueError, match="no parameter 'argument 3'"):
            calls.check(call, TOOLS)


@pytest.mark.parametrize(
    ("notation", "said", "why"),
    [
        (JSON, "no idea", "no JSON object"),
        (JSON, '{"tool": "ping"', "no whole JSON object"),
        (JSON, '{"action": "ping"}', 'needs "tool"'),
        (TEXT, "let me think", "no line is a call"),
        (TEXT, "look_up(oak)", "no line is a call"),
        (COMMAND, "look_up oak", "no line is a command"),
        (COMMAND, "look_up --word", "--word has no value"),
        (COMMAND, "look_up --word 'oak", "No closing quotation"),
        (COMMAND, "look_up --word oak tree", "'tree' stands without"),
        (PYTHON, "let me think", "no call of a function"),
        (PYTHON, "look_up(word)", "plain values"),
    ],
)
def test_no_call_is_said_to_be_none(notation, said, why):
    with pytest.raises(ValueError, match=why):
        notation.read(said, TOOLS)


def test_names_that_are_none_in_python_are_written_with_underscores():
    tools = [Tool("get-order", ""), Tool("get.order", ""), Tool("7up", ""), Tool("import", "")]
    assert list(identifiers(tools)) == ["get_order", "get_order_", "_7up", "_import"]
    call = Call("get.order", {"order-id": 1})
    assert PYTHON.write(call, tools) == "get_order_(**{'order-id': 1})" and PYTHON.read(PYTHON.write(call, tools), tools) == [
        call
    ]


def test_code_is_what_stands_in_fences_else_all_where_it_is_python():
    assert code_in("First:\n```python\nx = 1\n```\nthen\n```\ny = 2\n```") == ["x = 1", "y = 2"]
    assert code_in("x = 1\nprint(x)") == ["x = 1\nprint(x)"]
    assert code_in("```py\nx = 1") == ["x = 1"]
    assert code_in("I would look around first.") == code_in("") == code_in("```\n```") == []
