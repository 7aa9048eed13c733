"""Joint finishes: what comes back meets all the rules, and a text that can still meet them is seldom given up."""

import random
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from dutiful.kit.constraints import TYPES
from dutiful.kit.constraints.conflicts import conflict
from dutiful.kit.constraints.steer import finish_all, finish_most
from dutiful.kit.constraints.writer import Unwritable, topics, write

ENGLISH = sorted((rule for rule in TYPES.values() if "en" in rule.languages and rule.steers), key=lambda rule: rule.kind)


@cache
def case(seed):
    """Two or three rules of different types that do not contradict each other, and a text that meets them, if one is found."""
    draw = random.Random(seed)
    rules = [kind.sample(draw) for kind in draw.sample(ENGLISH, draw.choice((2, 3)))]
    if conflict(rules):
        return None
    try:
        return rules, write(rules, draw.choice(topics("validation")), draw)
    except Unwritable:
        return None


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**30), st.floats(0, 1))
def test_what_it_adds_meets_all_of_them(seed, share):
    if (found := case(seed % 150)) is None:
        return
    rules, gold = found
    finish = finish_all(rules)
    for text in (gold[: int(len(gold) * share)], "", "Some people say that the riv"):
        end = finish(text)
        if end is not None:
            missed = [rule.kind for rule in rules if not rule.check(text + end).passed]
            assert not missed, (missed, text, end)
        assert (end == "") == all(rule.finish(text) == "" for rule in rules)
        if any(rule.finish(text) is None for rule in rules):
            assert end is None


def test_what_can_be_met_is_seldom_given_up():
    """It is a bounded search, so it may say None of a text that some continuation would save: of one in ten, about, here."""
    given_up = asked = 0
    for seed in range(60):
        if (found := case(seed)) is None:
            continue
        rules, gold = found
        finish = finish_all(rules)
        for cut in range(0, len(gold) + 1, max(1, len(gold) // 6)):
            asked += 1
            given_up += finish(gold[:cut]) is None
    assert asked > 200 and given_up < 0.2 * asked, f"{given_up} of {asked}"


def rule(kind, **params):
    return TYPES[kind](**params)


def test_order_dress_and_openings():
    cases = [
        (
            [
                rule("words_at_least", n=12),
                rule("words_at_most", n=20),
                rule("ends_with", phrase="The end."),
                ("keywords", ("river",)),
            ]
        ),
        ([rule("all_lower"), ("keywords", ("river", "gold"))]),
        ([rule("json_answer"), ("keywords", ("river",)), rule("words_at_least", n=10)]),
        ([rule("sentences_exactly", n=2), ("keywords", ("river",)), rule("no_commas")]),
    ]
    for given_rules in cases:
        rules = [TYPES[one[0]](one[1]) if isinstance(one, tuple) else one for one in given_rules]
        end = finish_all(rules)("")
        assert end is not None and all(each.check(end).passed for each in rules), (end, rules)


def test_the_room_under_a_limit_holds_what_is_missing():
    finish = finish_all([rule("words_at_most", n=8), TYPES["keywords"](("river",))])
    assert finish("One two three four") is not None
    assert finish("One two three four five six seven eight") is None, "the keyword has no room left"
    assert finish("One two three four five six seven river") == ""


def test_rules_that_do_not_go_together_are_left_out():
    one, other = TYPES["words_at_most"](5), TYPES["words_at_least"](9)
    finish, kept = finish_most([one, other, TYPES["keywords"](("river",))])
    assert len(kept) == 2 and finish("") is not None
    assert finish_most([])[1] == [] and finish_all([])("anything") == ""
