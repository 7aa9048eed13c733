"""The factory of requests with many requirements: what it keeps, and why it drops."""

import json
import re
from collections import Counter
from random import Random

import msgspec
import pytest

import dutiful
from dutiful.core.errors import ModelFailure, SpecError
from dutiful.core.parts import build
from dutiful.kit import constraints
from dutiful.kit.constraints.conflicts import conflict
from dutiful.kit.constraints.length import WordsAtLeast, WordsAtMost
from dutiful.kit.dialogue import Dialogue
from dutiful.models import Scripted
from dutiful.teachers.muldimif import MulDimIF
from dutiful.teachers.muldimif.items import Drop, Item, shots, states
from dutiful.worlds.chat import Rules


def able(prompt):
    """A model that does all it is asked: takes the first candidates, states everything, and says the truth."""
    asked = prompt[-1].text
    if "Answer yes or no" in asked:
        return "no" if "contradict" in asked else "yes"
    if "Explain first" in asked:
        return "Let me see."
    if "Weave these" in asked:
        rules, request = asked.removeprefix("Weave these requirements into the request, as prose:\n").split("\n\nRequest: ")
        return f"{request} {' '.join(rules.splitlines())}"
    if "introduces a list" in asked:
        return "Keep to this:"
    request, listed = re.match(r"Request: (.*?)\n\nRequirements:\n(.*?)\n\nKept", asked, re.DOTALL).groups()
    rules = [line.split(") ", 1)[1] for line in listed.splitlines() if re.match(r"\d+\. \(", line)]
    old = len(re.findall(r"\d+", re.search(r"Kept: (\[.*?\]|none)", asked)[1]))
    numbers = list(range(1, old + int(re.search(r"add (\d)", asked)[1]) + 1))
    stated = " ".join(rules[number - 1] for number in numbers[old:])
    return json.dumps({"rationale": "They suit it.", "constraints": numbers, "question": f"{request} {stated}"})


def teacher(reply=able, **given):
    return build("muldimif", "teacher", model=Scripted(reply=reply), **given)


def test_a_model_that_does_as_asked_makes_items_of_all_levels_and_patterns():
    made = list(teacher().make(12, seed=3))
    pairs = Counter((example.origin["level"], example.origin["pattern"]) for example in made)
    assert len(pairs) == 12 and len(made) == 12
    for example in made:
        turn = example.origin["dialogue"]["turns"][0]
        rules = [constraints.rule(dutiful.Constraint(each["kind"], each.get("params", {}))) for each in turn["constraints"]]
        asked, answer = (span.text for span in example.spans)
        assert example.loss == (False, True) and asked == turn["text"]
        assert not conflict(rules) and all(rule.check(answer).passed for rule in rules)
        assert len({rule.category for rule in rules}) == ("I", "II", "III", "IV").index(example.origin["level"]) + 1
        assert all(states(asked, rule) for rule in rules)
        if example.origin["pattern"] == "example":
            assert asked.count("Answer: ") == 3
    assert made[:3] == list(teacher().make(3, seed=3)) and made[:3] != list(teacher().make(3, seed=4))


def test_what_it_makes_is_a_task_of_the_world():
    example = next(iter(teacher().make(1)))
    task = msgspec.convert(example.origin["dialogue"], Dialogue).task("made/0", "chat/rules", "train", 0)
    agent = dutiful.agent("act", dutiful.model("writer?meets=1"))
    assert dutiful.solve(agent, task, Rules()).passed


def careless(what):
    """The able model with one fault."""

    def reply(prompt):
        said, asked = able(prompt), prompt[-1].text
        if what == "says yes" and "Answer yes or no" in asked:
            return "yes"
        if what == "misses rules" and said.startswith("{"):
            return json.dumps({**json.loads(said), "question": "Tell me something."})
        if what == "loses rules" and said.startswith("{"):
            return json.dumps({**json.loads(said), "constraints": json.loads(said)["constraints"][-1:]})
        if what == "takes all" and said.startswith("{"):
            return json.dumps({**json.loads(said), "constraints": list(range(1, 40))})
        return "What?" if what == "writes no JSON" and said.startswith("{") else said

    return reply


FAULTS = [
    ("says yes", "conflict", "contradiction"),
    ("misses rules", "coverage", "did not see it"),
    ("takes all", "subset", "expected"),
    ("writes no JSON", "expansion", "no JSON"),
]


@pytest.mark.parametrize("fault, stage, reason", FAULTS)
def test_a_fault_of_the_model_drops_the_item_and_says_why(fault, stage, reason):
    at = teacher(careless(fault), patience=5)
    with pytest.raises(ModelFailure, match=stage):
        list(at.make(2))
    assert len(at.trace) >= 6
    assert any(drop.stage == stage and reason in drop.reason for drop in at.trace)


def test_requirements_that_get_lost_are_noticed():
    at = teacher(careless("loses rules"), patience=20)
    with pytest.raises(ModelFailure):
        list(at.make(4))
    assert any(drop.stage == "subset" and "got lost" in drop.reason for drop in at.trace)


def test_a_contradiction_the_model_does_not_see_is_known_by_code():
    """Of two bounds on words, at least and at most, those that contradict each other are dropped, with the reason."""
    at = teacher(constraints="words_at_most,words_at_least")

    def levels(number):
        return at.expand(Item("tea", "Tea?", "Tea?"), Random(number))

    kept, dropped = [], []
    for number in range(60):
        try:
            kept.append(levels(number))
        except Drop as drop:
            dropped.append(drop)
    assert kept and all(not conflict(item.rules) for item in kept)
    assert any("the model did not see it" in drop.reason and drop.stage == "conflict" for drop in dropped)


def test_examples_come_in_order_of_nearness_and_three_are_needed():
    def item(text, *rules):
        return Item("tea", text, text, rules, "gold")

    most, least = WordsAtMost(9), WordsAtLeast(3)
    asked, far = item("asked", most, least), item("far", least)
    other = WordsAtMost(9), WordsAtMost(8), WordsAtLeast(3)
    first = shots(asked, [item("three", *other), item("a", least, most), item("b", most, least), far])
    assert [each.text for each in first] == ["a", "b", "three"]
    with pytest.raises(Drop, match="2 items at hand"):
        shots(asked, [item("a", least, most), item("b", most, least)])


def test_numbers_are_stated_as_wholes():
    assert states("Use at most 5 words.", WordsAtMost(5)) and not states("Use at most 15 words.", WordsAtMost(5))


def test_without_a_model_there_is_nothing_to_ask():
    with pytest.raises(SpecError, match="language model"):
        next(MulDimIF().make(1))
