"""The list and the calculator."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutiful.core.parts import build
from dutiful.core.records import Action
from dutiful.testing import check_world
from dutiful.worlds.tools.lookup import Lookup, work_out


@pytest.mark.parametrize("spec", ["tools/lookup", "tools/lookup?kinds=sum"])
def test_the_battery(spec):
    assert check_world(spec).ran >= 12


def test_things_of_a_split_are_of_no_other():
    world = Lookup()
    things = [
        {name for n in range(40) for name in world.tasks(split)[n].setup["entries"]} for split in ("train", "validation", "test")
    ]
    assert not things[0] & things[1] and not things[0] & things[2] and not things[1] & things[2]


def test_tools_say_what_is_wrong():
    world = build("tools/lookup?kinds=one", "world")
    world.reset(world.tasks()[0])
    for text, says in (
        ('{"tool": "look", "arguments": {}}', "no tool"),
        ('{"tool": "lookup", "arguments": {"name": "unicorn"}}', "the list has no"),
        ('{"tool": "calculator", "arguments": {"expression": "__import__(1)"}}', "only numbers"),
        ('{"tool": "calculator", "arguments": {"expression": "1 / 0"}}', "cannot be worked out"),
    ):
        assert says in world.step(Action(text)).info["refused"]
    seen = world.step(Action('{"tool": "finish", "arguments": {"answer": "no idea"}}'))
    assert seen.done and not world.verdict().passed


@given(st.integers(-99, 99), st.integers(-99, 99), st.sampled_from("+-*"))
def test_the_calculator(a, b, sign):
    assert work_out(f"({a}) {sign} ({b})") == {"+": a + b, "-": a - b, "*": a * b}[sign]
