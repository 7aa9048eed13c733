"""The writer of answers that meet requirements, or break chosen ones."""

import random

import pytest

from dutiful.kit.constraints import TYPES
from dutiful.kit.constraints.length import WordsAtLeast, WordsAtMost
from dutiful.kit.constraints.topics import ASKING, TOPICS
from dutiful.kit.constraints.writer import SPLITS, Unwritable, question, topics, write


def test_topics_and_questions_of_the_splits_share_nothing():
    assert sorted(topics()) == sorted(name for split in SPLITS for name in topics(split))
    assert all(len(topics(split)) >= 6 for split in SPLITS)
    wordings = [wording for split in SPLITS for wording in ASKING[split]]
    assert len(set(wordings)) == len(wordings)
    asked = {question("tea", random.Random(seed)) for seed in range(30)}
    assert asked == {wording.format(subject=TOPICS["tea"].subject) for wording in ASKING["train"]}
    with pytest.raises(ValueError, match="test"):
        topics("tests")


def test_what_is_asked_for_is_met_and_what_is_broken_is_not():
    rules = [WordsAtMost(30), WordsAtLeast(20)]
    for seed in range(30):
        at = random.Random(seed)
        topic = at.choice(topics())
        assert all(rule.check(write(rules, topic, at)).passed for rule in rules)
        assert [rule.check(write(rules, topic, at, {0})).passed for rule in rules] == [False, True]
        assert [rule.check(write(rules, topic, at, {"words_at_least"})).passed for rule in rules] == [True, False]


def test_the_same_seed_writes_the_same_text():
    rules = [WordsAtMost(25)]
    assert write(rules, "salt", random.Random(3)) == write(rules, "salt", random.Random(3))
    assert write(rules, "salt", random.Random(3)) != write(rules, "salt", random.Random(4))


def test_what_cannot_be_written_is_named():
    with pytest.raises(Unwritable, match=r"stayed wrong: Use at (least 30|most 15) words") as caught:
        write([WordsAtMost(15), WordsAtLeast(30)], "tea", random.Random(0))
    assert caught.value.rules
    with pytest.raises(KeyError):
        write([], "no such topic", random.Random(0))


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_every_type_alone_can_be_met_and_broken(kind):
    """On three samples; a type that no plain change breaks is listed here with the reason."""
    for seed in range(3):
        at = random.Random(f"{kind} {seed}")
        rule = TYPES[kind].sample(at)
        topic = at.choice(topics())
        assert rule.check(write([rule], topic, at)).passed
        assert not rule.check(write([rule], topic, at, {0})).passed
