"""Requirements in a user's words around a question."""

import random

import pytest

from dutiful.kit.constraints import TYPES
from dutiful.kit.constraints.render import PATTERNS, listed, render, woven

RULES = [TYPES["words_at_most"](20), TYPES["no_commas"](), TYPES["keywords"](("tea", "milk"))]


def test_a_list_numbers_the_rules_and_prose_weaves_them_in():
    shown = render([rule.constraint() for rule in RULES], "Describe tea.", "list", random.Random(0))
    lines = shown.split("\n")
    assert lines[0] == "Describe tea."
    assert lines[-3:] == ["1. Use at most 20 words.", "2. Do not use any commas.", "3. Include the keywords tea and milk."]
    prose = render([rule.constraint() for rule in RULES], "Describe tea.", "prose", random.Random(0))
    assert "\n" not in prose and prose.startswith("Describe tea. ") and prose.endswith(".")
    assert all(words in prose.lower() for words in ("use at most 20 words", "do not use any commas", "keywords tea and milk"))


def test_examples_stand_before_the_question():
    shown = render(RULES, "Describe tea.", "example", random.Random(0), [("Describe milk.", "White and warm."), ("A?", "B.")])
    assert shown.index("Question: Describe milk.\nAnswer: White and warm.") < shown.index("Question: Describe tea.")


def test_what_is_not_there_is_said():
    with pytest.raises(ValueError, match="list, prose, example"):
        render(RULES, "Describe tea.", "poem", random.Random(0))
    with pytest.raises(ValueError, match="needs examples"):
        render(RULES, "Describe tea.", "example", random.Random(0))
    assert PATTERNS == ("list", "prose", "example")


def test_without_rules_a_question_stays_as_it_is():
    assert listed([], "Why?", random.Random(0)) == "Why?"
    assert woven([], "Why?", random.Random(0)) == "Why?"
