"""Single requests on three axes: level, pattern, category."""

from collections import Counter
from itertools import islice

import pytest

import dutiful
from dutiful.core.errors import NotGrounded, SpecError
from dutiful.kit import constraints
from dutiful.kit.constraints.conflicts import conflict
from dutiful.kit.dialogue import read
from dutiful.testing import check_world
from dutiful.worlds.chat import Rules
from dutiful.worlds.chat.rules import COUNT, pool

TASKS = list(Rules().tasks("test")[:48])


def turn(task):
    return read(task).turns[0]


@pytest.mark.parametrize("spec", ["chat/rules", "chat/rules?level=II&constraints=length,case&patience=1"])
def test_the_battery_passes(spec):
    check_world(spec)


def test_levels_and_patterns_take_turns():
    assert COUNT["test"] == 1200
    pairs = Counter((task.setup["tags"]["level"], task.setup["tags"]["pattern"]) for task in TASKS)
    assert len(pairs) == 12 and set(pairs.values()) == {4}


def test_a_level_is_the_number_of_categories_with_one_or_two_rules_each():
    for task in TASKS:
        tags, kinds = task.setup["tags"], [c.kind for c in turn(task).constraints]
        rules = [constraints.TYPES[kind] for kind in kinds]
        each = Counter(rule.category for rule in rules)
        assert len(each) == ("I", "II", "III", "IV").index(tags["level"]) + 1 and set(each.values()) <= {1, 2}
        assert each["language"] <= 1 and len(set(kinds)) == len(kinds)
        assert tags["subtype"] == [f"{rule.category}/{rule.subtype}" for rule in rules]


def test_rules_are_typed_stated_free_of_conflict_and_met_by_the_gold_answer_alone():
    for task in TASKS:
        said = turn(task)
        rules = [constraints.rule(constraint) for constraint in said.constraints]
        assert not conflict(rules) and all(rule.check(said.gold).passed for rule in rules)
        assert not all(rule.check("").passed for rule in rules), "an empty answer passes"
        if task.setup["tags"]["pattern"] == "list":
            assert all(constraint.wording in said.text for constraint in said.constraints)
        for constraint in said.constraints:  # woven into a sentence, a rule keeps its words
            assert constraint.wording.rstrip(".")[1:40] in said.text


def test_examples_show_the_same_types_about_other_things():
    task = Rules("II", "example").tasks("test")[0]
    *shots, asked = task.instruction.text.split("Question: ")[1:]
    assert len(shots) == 3 and all("Answer: " in shot for shot in shots)
    assert turn(task).gold not in task.instruction.text and asked in task.instruction.text


def test_splits_share_neither_topics_nor_questions():
    seen = {split: list(islice(Rules(pattern="list").tasks(split), 16)) for split in ("train", "validation", "test")}
    topics = {split: {turn(task).tags["topic"] for task in tasks} for split, tasks in seen.items()}
    first = {split: {turn(task).text.split("\n")[0] for task in tasks} for split, tasks in seen.items()}
    for one, other in (("train", "test"), ("train", "validation"), ("validation", "test")):
        assert not topics[one] & topics[other] and not first[one] & first[other]


def test_what_is_drawn_from_can_be_named():
    only = Rules(constraints="words_at_most,words_at_least")
    assert {c.kind for task in only.tasks("test")[:8] for c in turn(task).constraints} == {"words_at_most", "words_at_least"}
    assert set(pool("length")) == {"length"} and all("en" in rule.languages for rule in pool()["length"])
    with pytest.raises(SpecError, match="no type, family"):
        Rules(constraints="lenght")
    with pytest.raises(SpecError, match="no level is called 'V'"):
        Rules(level="V")
    with pytest.raises(SpecError, match="too few for level II"):
        Rules(level="II", constraints="length")


def test_a_plain_agent_answers_and_a_users_own_words_are_checked():
    world = dutiful.world("chat/rules")
    task = world.ground("Tell me about tea. Use at most 20 words.")
    agent = dutiful.agent("act", dutiful.model("scripted?script=Tea is a drink made of leaves."))
    assert dutiful.solve(agent, task, world).passed
    long = dutiful.agent("act", dutiful.model(f"scripted?script={'tea ' * 30}"))
    assert not dutiful.solve(long, task, world).passed
    with pytest.raises(NotGrounded, match="contradict"):
        world.ground("Use at most 10 words. Use at least 20 words.")
