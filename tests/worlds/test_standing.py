"""Chats in which standing rules pile up, and the two agents of the claim that go wrong in their own ways."""

from collections import Counter
from itertools import pairwise

import pytest

import dutiful
from dutiful.claims import mmmtif
from dutiful.core.errors import SpecError
from dutiful.core.prompt import Prompt
from dutiful.core.records import Constraint, Source, Span
from dutiful.judges import Pif
from dutiful.kit import constraints
from dutiful.kit.constraints.conflicts import conflict
from dutiful.kit.dialogue import read
from dutiful.models import Scripted
from dutiful.testing import check_claim, check_world
from dutiful.worlds.chat.standing import FAMILIES, Standing, chance

CHATS = [read(task).turns for task in Standing().tasks("test")[:12]]


def test_the_battery_passes():
    check_world("chat/standing?turns=8&patience=1")


def test_every_turn_checks_all_rules_so_far_and_its_gold_answer_meets_them():
    for turns in CHATS:
        assert len(turns) == 12 and len(turns[0].constraints) == 1
        for before, turn in pairwise(turns):
            assert turn.constraints[: len(before.constraints)] == before.constraints
            assert len(turn.constraints) - len(before.constraints) in (0, 1)
        for turn in turns:
            rules = [constraints.rule(constraint) for constraint in turn.constraints]
            assert not conflict(rules) and all(rule.check(turn.gold).passed for rule in rules)
            assert turn.standing == tuple(constraint.wording for constraint in turn.constraints)


def test_a_rule_is_said_once_when_it_arrives():
    for turns in CHATS:
        for constraint in turns[-1].constraints:
            assert sum(constraint.wording in turn.text for turn in turns) == 1


def test_at_most_one_rule_of_a_family():
    family = {kind: name for name, types in FAMILIES.items() for kind, _ in types}
    for turns in CHATS:
        each = Counter(family[constraint.kind] for constraint in turns[-1].constraints)
        assert set(each.values()) == {1} and len(each) <= 6


def test_no_rule_about_every_sentence_is_met_by_silence():
    for name in ("sentence length", "sentence starts", "sentence ends", "word", "number"):
        for kind, values in FAMILIES[name]:
            rule = constraints.rule(Constraint(kind, {key: value[0] for key, value in values.items()}))
            assert not rule.check("").passed, kind


def test_rules_arrive_less_often_the_more_there_are():
    assert chance(1, 0) == 1 and chance(2, 0) == 0.6 and chance(5, 3) == pytest.approx(0.3) and chance(9, 6) == 0
    with pytest.raises(SpecError, match="turns is 0"):
        Standing(turns=0)


def ask(*texts):
    spans = []
    for number, text in enumerate(texts):
        spans += [Span(Source.USER, text), *([Span(Source.MODEL, "Yes.")] if number < len(texts) - 1 else [])]
    return Prompt(tuple(spans))


def test_the_agents_read_the_rules_and_their_ages_out_of_the_prompt():
    for turns in CHATS[:4]:
        found = dict(mmmtif.said(ask(*(turn.text for turn in turns))))
        wanted = [constraints.rule(constraint) for constraint in turns[-1].constraints]
        assert set(found) == set(wanted)
        first = {rule: next(i for i, t in enumerate(turns) if rule.wording(-1) in t.text) for rule in wanted}
        assert all(found[rule] == len(turns) - 1 - first[rule] for rule in wanted)


@pytest.fixture(scope="module")
def told():
    world = Standing()
    told = {}
    for name, reply in (("A", mmmtif.forgetful), ("B", mmmtif.careless)):
        for agent in ("act", "act+reminder"):
            follower = dutiful.agent(agent, Scripted(reply=reply))
            told[name, agent] = [dutiful.solve(follower, task, world) for task in world.tasks("test")[:4]]
    assert not any(episode.error for episodes in told.values() for episode in episodes)
    return told


def mean(episodes):
    return sum(Pif().judge(episode).score for episode in episodes) / len(episodes)


def test_rules_once_more_help_who_forgets_and_not_who_is_careless(told):
    assert mean(told["A", "act"]) < 0.85 and mean(told["A", "act+reminder"]) == 1
    assert mean(told["B", "act"]) < 0.85 and abs(mean(told["B", "act+reminder"]) - mean(told["B", "act"])) < 0.15


def test_who_forgets_gets_worse_from_turn_to_turn(told):
    figures = {figure.name: figure.value for figure in Pif().report(told["A", "act"])}
    assert figures["pif/turn 1"] == 1 and figures["pif/turn 12"] < 0.8
    assert mmmtif.decline(told["A", "act"]).interval.value > 0.1


def test_the_claim_is_a_claim():
    check_claim("mmmtif")
