"""Task cards are read whole, and what is wrong in one is named with its file."""

from random import Random

import pytest

from dutiful.core.errors import SpecError
from dutiful.kit.cards import load
from dutiful.kit.dialogue import score

CARD = """
name = "colours"
part = "train"
type = "list question"
domains = ["paint"]
source = "ours"
input = "text"
output = "json"
contributor = "us"
metric = "structured_f1"
schema = '{"type": "array"}'
templates = ["Which colours are in the {thing}?"]
"""


def written(folder, text):
    (folder / "colours.toml").write_text(text)
    return load(folder)


def test_a_card_asks_its_question(tmp_path):
    turn = written(tmp_path, CARD)["colours"].fill({"thing": "box"}, ["red"], "A red box.", Random(0))
    assert turn.text == "Which colours are in the box?" and turn.context == "A red box."
    assert all(criterion.passed for criterion in score(turn, '["Red"]')) and not score(turn, "[]")[0].passed


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('part = "train"', 'part = "test"', "part.*colours.toml.*'test'.*held-out"),
        ('output = "json"', 'output = "jsn"', "output.*colours.toml.*'jsn'.*json"),
        ('metric = "structured_f1"', 'metric = "structured"', "metric.*colours.toml.*structured_f1"),
        ('templates = ["Which colours are in the {thing}?"]', "templates = []", "colours.toml has no template"),
        ('name = "colours"', "", "colours.toml cannot be read.*name"),
        ("type =", "type", "colours.toml cannot be read"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, old, new, named):
    with pytest.raises(SpecError, match=named):
        written(tmp_path, CARD.replace(old, new, 1))


def test_a_record_without_the_field_is_named(tmp_path):
    card = written(tmp_path, CARD)["colours"]
    with pytest.raises(SpecError, match=r"wants the field 'thing'.*'text'"):
        card.fill({"text": "x"}, [], "", Random(0))
