"""The claim followrag: its writer is right and wrong at the rates that are stated."""

from random import Random

import pytest

from dutiful.claims.checker_writer import BODIES, Writer, examples
from dutiful.claims.followrag import FollowRagClaim, Judged, instruction, share
from dutiful.claims.measuring import RESULTS
from dutiful.core.prompt import Prompt
from dutiful.core.records import Source, Span
from dutiful.kit.checkers import read_reply, verdicts
from dutiful.teachers.vifrag import CHECKER
from dutiful.testing import check_claim


def ask(rule, version, writer):
    return writer(Prompt((Span(Source.USER, CHECKER.format(instruction=rule.wording(), version=version)),)))


@pytest.mark.parametrize("number", range(len(BODIES)))
def test_right_functions_agree_with_the_registry_and_labels_are_true(number):
    rule = instruction(number, Random(number))
    reply = read_reply(ask(rule, 1, Writer(wrong=0.0, slips=0.0)))
    assert reply and len(reply.cases) == 3 and all(rule.check(text).passed is label for text, label in reply.cases)
    answers = examples(rule, Random(number), 6)
    agreed = [said == rule.check(answer).passed for said, answer in zip(verdicts(reply.code, answers, 2.0), answers, strict=True)]
    assert all(agreed)


def test_wrong_functions_come_at_the_stated_rate():
    rule = instruction(0, Random(5))
    bodies = BODIES[rule.kind]
    codes = [read_reply(ask(rule, version, Writer())).code for version in range(80)]
    wrong = sum(any(f"bool({body})" in code for body in bodies.wrong) for code in codes)
    assert 0.15 < wrong / 80 < 0.45


def test_precision_and_recall_by_hand():
    judged = [Judged("a", True, True), Judged("a", True, False), Judged("b", False, True), Judged("b", True, True)]
    precision, recall = (share(judged, lambda e: e.kept, lambda e: e.right), share(judged, lambda e: e.right, lambda e: e.kept))
    assert precision.interval.value == recall.interval.value == pytest.approx(2 / 3) and precision.n == recall.n == 3


def test_the_claim_is_in_order():
    assert check_claim(FollowRagClaim(), RESULTS).ran >= 2
