"""Calls of tools: described, written, read back, and refused with a reason."""

import pytest

from dutiful.core.records import Action
from dutiful.core.world import Tool
from dutiful.kit import calls
from dutiful.kit.calls import Call

TOOLS = [
    Tool(
        "get_order",
        "Shows an order.",
        {
            "type": "object",
            "properties": {"order_id": {"type": "string"}, "lines": {"type": "integer", "default": 5}},
            "required": ["order_id"],
        },
    ),
    Tool(
        "set_mode", "Sets a mode.", {"type": "object", "properties": {"mode": {"enum": ["day", "night"]}}, "required": ["mode"]}
    ),
    Tool("ping", "Answers."),
]


def test_tools_are_described_one_a_line():
    assert calls.describe(TOOLS).splitlines() == [
        "get_order(order_id: string, lines: integer = 5): Shows an order.",
        "set_mode(mode: one of day, night): Sets a mode.",
        "ping(): Answers.",
    ]


def test_a_call_survives_being_an_action_and_being_text():
    call = Call("get_order", {"order_id": "A17", "lines": 2})
    assert calls.of(calls.action(call), TOOLS) == call == calls.of(Action(calls.text(call)), TOOLS)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("open the door", "no call of a tool"),
        ('{"tool": 3}', "must be a string"),
        ('{"tool": "get_ordr", "arguments": {}}', "did you mean get_order"),
        ('{"tool": "get_order", "arguments": {}}', "needs order_id"),
        ('{"tool": "get_order", "arguments": {"order_id": 7}}', "is no string"),
        ('{"tool": "get_order", "arguments": {"order_id": "A", "lines": true}}', "is no integer"),
        ('{"tool": "ping", "arguments": {"loud": true}}', "no parameter 'loud'"),
        ('{"tool": "set_mode", "arguments": {"mode": "dusk"}}', "not one of day, night"),
    ],
)
def test_what_is_wrong_with_a_call_is_said(said, why):
    with pytest.raises(ValueError, match=why):
        calls.of(Action(said), TOOLS)
