"""Invented papers: the gold of every card follows from the text, fits its schema, and splits share no word."""

import json
import re
from itertools import islice

import jsonschema
import pytest

import dutiful
from dutiful.core.errors import SpecError
from dutiful.kit.answers import structured_f1
from dutiful.kit.cards import load
from dutiful.testing import check_world
from dutiful.worlds.rag.papers.paper import METHODS, substances, write
from dutiful.worlds.rag.papers.world import cards


@pytest.mark.parametrize("which", ["held-out", "train", "results"])
def test_the_battery(which):
    check_world(f"rag/papers?cards={which}")


@pytest.mark.parametrize("name", cards())
def test_gold_fits_the_schema_and_stands_in_the_paper(name):
    world = dutiful.world(f"rag/papers?cards={name}")
    for task in islice(world.tasks("test"), 40):
        seen = world.reset(task)
        gold = json.loads(world.expert().text)
        jsonschema.validate(gold, json.loads(cards()[name].schema))
        for word in re.findall(r"[a-z]{6,}", json.dumps(gold)):
            known = word in seen.text.lower() or word in ("supported", "contradicted", "background", "contrast") + tuple(
                _keys(gold)
            )
            assert known, f"{word} is nowhere in the paper"
        world.step(world.expert())
        assert world.verdict().passed


def _keys(value):
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _keys(each)


def test_held_out_cards_are_other_tasks():
    parts = {card.part: card for card in cards().values()}
    assert set(parts) == {"train", "held-out"}
    types = {part: {card.type for card in cards().values() if card.part == part} for part in parts}
    assert not types["train"] & types["held-out"]


def test_splits_share_no_name():
    for one, other in (("train", "test"), ("train", "validation"), ("validation", "test")):
        assert not set(substances(one)) & set(substances(other)) and not set(METHODS[one]) & set(METHODS[other])


def test_a_paper_says_what_it_is_said_to():
    for number in range(30):
        paper = write("test", number)
        assert all(any(str(r.value) in s and r.substance in s for s in paper.sentences) for r in paper.results)
        for effect, place in paper.places.items():
            sentence = paper.sentences[place - 1]
            assert effect.substance in sentence and effect.measure in sentence and effect.method.lower() in sentence.lower()


@pytest.mark.parametrize(
    ("answer", "reference", "f1"),
    [
        ('["a", "b"]', '["B", "a"]', 1),
        ('Here: ["a"]', '["a", "b"]', 2 / 3),
        ('[{"x": 1, "y": "A"}]', '[{"y": "a", "x": 1}]', 1),
        ('[{"x": 2, "y": "A"}]', '[{"y": "a", "x": 1}]', 0),
        ('{"v": "up", "e": [1, 2]}', '{"v": "up", "e": [2]}', 0.8),
        ("[]", "[]", 1),
        ("nothing", "[]", 0),
        ("null", "[]", 0),
        ('{"a": 1}', "[1]", 0),
    ],
)
def test_items_are_compared_as_sets(answer, reference, f1):
    assert structured_f1(answer, reference) == pytest.approx(f1)


def test_a_broken_card_names_its_file(tmp_path):
    (tmp_path / "bad.toml").write_text("name = ")
    with pytest.raises(SpecError, match=r"bad\.toml"):
        load(tmp_path)
    (tmp_path / "bad.toml").write_text('name = "x"')
    with pytest.raises(SpecError, match="missing required field"):
        load(tmp_path)


def test_an_unknown_card_is_named():
    with pytest.raises(SpecError, match="effect-of"):
        dutiful.world("rag/papers?cards=efect-of")
