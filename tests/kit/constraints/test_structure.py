import pytest
from finishing import sound

from dutiful.kit.constraints import TYPES

OURS = [kind for kind in TYPES.values() if kind.family == "structure"]
UPPER = {"bullets_at_most"}


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.kind)
def test_every_type_is_sound(kind):
    sound(kind, upper=kind.kind in UPPER)


def passed(kind, text, **params):
    return TYPES[kind](**params).check(text).passed


def test_rules_and_bold_text_are_no_bullets():
    assert passed("bullets_exactly", "- a\n---\n* b\n**bold** text", n=2)
    assert TYPES["bullets_exactly"](1).finish("- a\n-") == "--"
    assert TYPES["bullets_exactly"](1).finish("- a\n- b") is None
    assert TYPES["bullets_exactly"](2).finish("- a") == "\n- Point 2"


def test_numbers_of_a_list_must_run():
    assert passed("numbered_exactly", "1. a\n2) b", n=2) and not passed("numbered_exactly", "1. a\n3. b", n=2)


def test_given_words_are_followed():
    assert TYPES["one_of"](("yes", "no")).finish("Ye") == "s" and TYPES["one_of"](("yes", "no")).finish("Well") is None
    assert TYPES["repeats_first"]("Why is the sea salty?").finish("Why is") == " the sea salty?"
    assert TYPES["repeats_first"]("Why?").finish("Sure") is None
    assert passed("copied_span", "two three", source="one two three four", start=1, end=3)
    assert not passed("repeats_changed", "Tell  me now", request="Tell me now")
    assert passed("output_template", "A: 1 B: 2", labels=("A:", "B:")) and not passed(
        "output_template", "B: 2 A: 1", labels=("A:", "B:")
    )
    assert passed("holds_reversed", "an elgae dlab", phrase="bald eagle")


def test_parts_must_not_be_blank():
    assert passed("starred_paragraphs", "a\n***\nb\n***\n", n=2)
    assert TYPES["starred_paragraphs"](3).finish("a *** *** b") is None
    assert passed("two_answers", "a ****** b") and not passed("two_answers", "a ****** a")


def test_lines_that_go_up_and_down():
    assert passed("lines_in_order", "Ada\nbert\nCarl", n=3, order="alphabetical")
    assert TYPES["lines_in_order"](2, "alphabetical").finish("Bert\nB") == "ert"
    assert TYPES["lines_in_order"](2, "reverse alphabetical").finish("Ada\nBert") is None
    assert passed("lines_fall_from", "Here:\n- Zoë\nZoa\nAda", start="Zo", n=3)
    assert passed("line_stairs", "a\n b\n  c") and not passed("line_stairs", "a\n b\n c")
    assert passed("words_on_lines", "a\n- b") and not passed("words_on_lines", "a b")
