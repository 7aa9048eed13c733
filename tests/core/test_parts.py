import pytest
from hypothesis import given
from hypothesis import strategies as st
from lights import Lights

import dutiful
from dutiful.core import parts
from dutiful.core.errors import SpecError, UnknownPart
from dutiful.core.parts import Spec

names = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)
values = st.text(min_size=0, max_size=12)


@given(names, st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), values, max_size=3))
def test_a_spec_printed_is_a_spec_parsed(path, params):
    spec = Spec(path, params)
    text = str(spec)
    assert Spec.parse(text) == spec
    assert "+" not in text, "a plus would join two parts"


@pytest.mark.parametrize(
    "spec", ["act", "react", "act+window?k=2", "act+json?constrained=false", "act?retries=3+text?choices=false+window+line"]
)
def test_an_agent_prints_the_spec_that_builds_it(spec):
    agent = dutiful.agent(spec)
    assert dutiful.agent(agent.spec).spec == agent.spec
    assert agent.slots().keys() == set(parts.SLOTS)


def test_parameters_are_turned_into_their_types_and_stored_unchanged():
    agent = dutiful.agent("act+window?k=7+json?temperature=0.5&constrained=false")
    assert agent.memory.k == 7 and agent.actions.temperature == 0.5 and agent.actions.constrained is False
    assert agent.spec == "act+window?k=7+json?temperature=0.5&constrained=false"


def test_a_spec_that_begins_with_a_slot_is_of_the_plain_agent():
    assert parts.agent("window?k=2+json").spec == "act+window?k=2+json"


def test_plain_slots_are_left_out_of_the_spec():
    assert dutiful.agent("act+text+full+choice").spec == "act"


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("akt", "did you mean 'act'"),
        ("act+windw", "did you mean 'window'"),
        ("act+window?size=3", "parameter of window is called 'size'"),
        ("act+window?k=three", "expected int"),
        ("act+window+full", "twice"),
        ("act?retries=1&retries=2", "twice"),
        ("act?retries", "not key=value"),
        ("random+window", "no slot for window"),
        ("+", "names no part"),
    ],
)
def test_a_bad_spec_says_what_is_wrong_and_what_to_try(spec, message):
    with pytest.raises(SpecError, match=message):
        dutiful.agent(spec)


def test_an_unknown_name_suggests_the_nearest():
    with pytest.raises(UnknownPart) as error:
        dutiful.world("txt/home")
    assert "text/home" in error.value.near


def test_a_class_is_named_by_its_module():
    world = dutiful.world("lights:Lights")
    assert isinstance(world, Lights) and world.spec == "lights:Lights"
    with pytest.raises(SpecError, match="no world"):
        dutiful.world("persistent:Persistent")
    with pytest.raises(SpecError, match="No module"):
        dutiful.world("no_such_module:World")


def test_every_part_is_registered_once_with_a_full_card():
    for kind in parts.KINDS:
        for name, part in parts.registry(kind).items():
            assert part.card.name == name and part.card.kind == kind
            assert part.card.summary and part.__doc__
            assert parts.path_of(part) == name


def test_what_the_model_wraps_is_printed_first():
    assert dutiful.model("scripted?error=0.25").spec == "scripted?error=0.25"
