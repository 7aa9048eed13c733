import random

import pytest
from finishing import sound

from dutiful.core.errors import SpecError
from dutiful.core.records import Constraint
from dutiful.kit.constraints import TYPES
from dutiful.kit.constraints.lexical.syllables import syllables

OURS = [kind for kind in TYPES.values() if kind.family == "lexical"]
UPPER = {
    "keyword_at_most",
    "forbidden_words",
    "forbidden_letters",
    "letter_at_most",
    "initials_differ",
    "word_repeats_at_most",
    "no_word_twice",
    "vowels_at_most",
    "word_letters_at_most",
}


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.kind)
def test_every_type_is_sound(kind):
    sound(kind, upper=kind.kind in UPPER)


def passed(kind, text, **params):
    return TYPES[kind](**params).check(text).passed


def test_keywords_count_anywhere_and_literally():
    assert passed("keywords", "We START with C++.", words=("art", "c++"))
    assert not passed("keywords", "We start with C.", words=("art", "c++"))
    assert not passed("keyword_exactly", "cat, cats and Cat", word="cat", n=2)
    assert passed("keywords_times", "tea, water and tea", words=("tea", "water"), times=(2, 1))
    assert passed("keywords_in_order", "bread, then tea", words=("bread", "tea"))
    assert not passed("keywords_in_order", "tea, then bread", words=("bread", "tea"))


def test_a_forbidden_word_may_still_grow():
    rule = TYPES["forbidden_words"](("cat",))
    assert rule.check("Catalogue of cats").passed
    assert rule.finish("A cat") and rule.finish("A cat.") is None
    assert rule.check("A cat.").spans == ((2, 5),)
    assert rule.mend("A cat sat.", random.Random(0)) == "A sat."


def test_finish_takes_up_a_word_that_was_begun():
    assert TYPES["keywords"](("bridge",)).finish("Over the bri") == "dge"


def test_names_are_whole_words():
    assert not passed("names_at_least", "Available now", n=1, names=("Ava", "Leo"))
    assert passed("names_at_least", "Ask Ava.", n=1, names=("Ava", "Leo"))


def test_one_conjunction_in_three_spellings_is_one():
    assert not passed("conjunctions_at_least", "And so and, and", n=3)
    assert passed("conjunctions_at_least", "And so, or yet", n=4)


def test_words_are_judged_without_their_marks():
    assert passed("prime_lengths", "So, the others!") is False
    assert passed("prime_lengths", "So, the other!")
    assert passed("odd_lengths", "The other day.") and not passed("odd_lengths", "The old is gone.")
    assert passed("initials_differ", "big dogs (bark)") and not passed("initials_differ", "big (bears) sleep")
    assert passed("alphabet_loop", "Xenon, yes; zebras all bark") and not passed("alphabet_loop", "all cats")
    assert passed("no_word_twice", "one two three") and not passed("no_word_twice", "One two one.")
    assert passed("palindromes_at_least", "A radar, a level.", n=2) and not passed("palindromes_at_least", "noon", n=1)
    assert passed("stop_words_at_most", "Water boils.", percent=0) and not passed("stop_words_at_most", "so it is", percent=50)


@pytest.mark.parametrize(
    ("kind", "params"),
    [("keywords", {"words": []}), ("either_keyword", {"first": "art", "second": "start"}), ("initial_letter", {"letter": "ab"})],
)
def test_parameters_that_make_no_sense_are_refused(kind, params):
    with pytest.raises(SpecError, match=kind):
        TYPES.rule(Constraint(kind, params))


def test_types_know_what_they_rule_out():
    assert "forbidden" in TYPES["keywords"](("tea",)).opposes(TYPES["forbidden_words"](("tea",)))
    assert TYPES["keyword_at_least"]("tea", 3).opposes(TYPES["keyword_at_most"]("tea", 2))
    assert not TYPES["keyword_at_least"]("tea", 2).opposes(TYPES["keyword_at_most"]("tea", 2))


def test_syllables_are_counted_by_ear():
    counts = {"water": 2, "rides": 1, "boxes": 2, "table": 2, "whole": 1, "idea": 3, "baked": 1, "wanted": 2, "something": 2}
    assert {word: syllables(word) for word in counts} == counts and syllables("1987") == 0


def test_syllables_take_turns():
    assert passed("syllables_alternate", "Take water home also.") and passed("syllables_alternate", "Water helps")
    rule = TYPES["syllables_alternate"]()
    assert rule.check("Take the water.").spans == ((5, 8),)
    assert rule.finish("Take the water ") is None
    assert rule.mend("Take the water.", random.Random(0)).split()[0::2] == ["Take", "the"]
