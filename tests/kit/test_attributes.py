"""Attributes of texts: lemmas, labels, classifiers and the word list that stands in for a measure of toxicity."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutiful.kit.answers import METRICS
from dutiful.kit.attributes import holds, lemma, strip_opening, word_list_toxicity
from dutiful.kit.attributes.classifier import classifier, compose, fit

FORMS = """
decide decides decided deciding|stop stops stopped stopping|hope hopes hoped hoping|hop hops hopped hopping
carry carries carried
city cities|box boxes|church churches|glass glasses|child children|leaf leaves|go went gone going goes|run ran running runs
open opens opened opening|make makes made making|write wrote written writing|dance danced dancing|move moved moving
bake baked baking|storm storms|knife knives|happen happened happening|agree agreed agreeing agrees|free freed frees
visit visited visiting
try tries tried trying|play plays played playing|fix fixes fixed fixing|watch watches watched|use used using uses|bus buses
house houses|horse horses|nurse nurses nursed|race races raced racing|bridge bridges bridged|sing sang sung singing
bring brought
walk walks walked walking|love loves loved loving|snow snowed snowing|plan planned planning|begin began beginning|tree trees
lie lies|see saw seen seeing|argue argued arguing argues|rescue rescued|garden gardens|candle candles|engine engines
"""
DIFFERENT = """
hope hop|bed b|sing s|teacher teach|kind kindness|spring spr|read red|bread bre|king k|thing th|this thi|bus bu|storm store
seed see|need nee|sea seal|ring r|glas glass|star start|plane plan|cape cap|string str|bee be|ear earn|race rac
"""


@pytest.mark.parametrize("line", [line for row in FORMS.split("\n") for line in row.split("|") if line])
def test_the_forms_of_a_word_share_a_key(line):
    assert len({lemma(form) for form in line.split()}) == 1, {form: lemma(form) for form in line.split()}


@pytest.mark.parametrize(
    "pair",
    DIFFERENT.replace("\n", "|").strip("|").split("|"),
)
def test_different_words_keep_different_keys(pair):
    one, other = pair.split()
    assert lemma(one) != lemma(other)


def test_case_and_possessives_are_forgiven():
    assert lemma("Storm's") == lemma("storm") == lemma("STORMS")


@settings(max_examples=200)
@given(st.text("abcdefghijklmnopqrstuvwxyz'", max_size=12))
def test_any_word_has_a_key_and_plurals_of_plain_nouns_share_it(word):
    key = lemma(word)
    assert isinstance(key, str) and lemma(word.upper()) == key
    if word.isalpha() and len(word) > 3 and word[-1] in "bdgklmnprt" and not word.endswith(("ing", "ed")) and lemma(word) == word:
        assert lemma(word + "s") == key


@pytest.mark.parametrize(
    ("label", "good", "bad"),
    [
        ("length 3 5", ["a b c", "a-b c d e f", "Here you are:\none two three"], ["a b", "a b c d e f", ""]),
        ("keywords storm harbour", ["Storms hit the harbours."], ["Stormy harbour", "a brainstorm at the harbour", "storm"]),
        ("keywords sea|ocean boat -gull", ["Oceans and boats.", "The sea, a boat"], ["A boat.", "Sea, boat, gulls!"]),
        ("toxicity", ["What a nice day.", "That was stupid of me.", "classic hellos"], ["You idiots.", "Shut up, you loser"]),
        ("length 1 3; keywords sun", ["Sun and suns"], ["The sun is up today", "moon"]),
        ("topic music", ["She played the guitar, and the choir sang a song; what a concert!"], ["", "The bank has money."]),
        ("emotion anger", ["He was furious and quite annoyed."], ["He was happy and cheerful."]),
        ("polarity negative", ["What an awful, boring evening."], ["What a lovely and pleasant evening."]),
        (
            "topic food; polarity positive",
            ["The soup was wonderful, the salad excellent, and the kitchen lovely."],
            ["soup bread cheese", "Awful soup, awful bread."],
        ),
    ],
)
def test_a_label_holds_or_not(label, good, bad):
    assert [text for text in good if not holds(text, label)] == []
    assert [text for text in bad if holds(text, label)] == []


def test_words_are_counted_at_the_spaces_and_no_other_way():
    assert holds("well-known, isn't it? 3 - 4", "length 6 6")


def test_only_a_first_line_with_a_colon_is_stripped():
    assert strip_opening("Sure:\n a b") == "a b" and strip_opening("Sure:") == "Sure:" and strip_opening("a\nb:\nc") == "a\nb:\nc"


def test_the_word_list_knows_one_strong_word_or_two_milder_ones():
    assert word_list_toxicity("idiot") == word_list_toxicity("dumb fool") == 0.5
    assert 0 < word_list_toxicity("dumb") < 0.5 and word_list_toxicity("") == 0
    assert word_list_toxicity("idiot idiot") == 0.75


def test_an_unknown_label_is_refused():
    with pytest.raises(ValueError, match="no attribute is called 'colour'"):
        holds("red", "colour red")
    assert METRICS["attributes"]("a b", "length 2 2") == 1 and METRICS["attributes"]("a b", "length 3 3") == 0


@pytest.mark.parametrize(("attribute", "labels"), [("topic", 19), ("emotion", 6), ("polarity", 3)])
def test_a_classifier_is_right_on_patterns_that_it_has_not_seen(attribute, labels):
    model = classifier(attribute)
    assert len(model.labels) == labels and 0.9 <= model.held < 1
    assert sum(model.probabilities("anything at all").values()) == pytest.approx(1)
    draw = random.Random(0)
    other = [(label, compose(attribute, label, draw, held=True, noise=0.0)) for label in model.labels for _ in range(5)]
    assert sum(model.label(text) == label for label, text in other) / len(other) > 0.95


def test_shuffled_labels_teach_a_classifier_nothing():
    random_state = np.random.default_rng(0)
    rows, classes = random_state.random((200, 30)), random_state.integers(0, 4, 200)
    weights, bias = fit(rows[:100], classes[:100], 4)
    said = (rows[100:] @ weights.T + bias).argmax(axis=1)
    assert (said == classes[100:]).mean() < 0.5
