"""Checkers written by a model: read, run, and believed only as far as they bear one another out."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutiful.kit.checkers import Checker, Reply, boolean, cross_validate, read_reply, support, verdicts

GOOD = [f"def evaluate(response):\n    a{i} = len(response.split())\n    return a{i} <= 3" for i in range(4)]
WRONG = "def evaluate(response):\n    return len(response.split()) >= 3"
CASES = (("one", True), ("one two", True), ("one two three", True), ("a b c d", False), ("a b c d e", False))
MORE = (("x", True), ("x y", True), ("x y z", True), ("w x y z", False), ("", True))


def lots(*codes):
    return [Reply(code, (CASES, MORE)[place % 2]) for place, code in enumerate(codes)]


def test_right_functions_are_kept_and_the_wrong_one_is_not():
    found = cross_validate(lots(*GOOD[:3], WRONG), seconds=1.0)
    assert {checker.code for checker in found.checkers} == set(GOOD[:3]) and len(found.cases) == 10
    assert all(checker.accuracy == 1 for checker in found.checkers)


def test_a_case_that_no_function_bears_out_is_dropped():
    wrong_label = Reply(GOOD[3], (("one", True), ("a b c d e f", True)))
    found = cross_validate([*lots(*GOOD[:3]), wrong_label], seconds=1.0)
    assert ("a b c d e f", True) not in found.cases and len(found.checkers) == 4


def test_a_function_below_the_threshold_goes_errors_counting_as_wrong():
    breaks = "def evaluate(response):\n    return 1 / (len(response) - 3) and len(response.split()) <= 3"  # fails on "one" alone
    assert len(cross_validate(lots(*GOOD[:3], breaks), seconds=1.0).checkers) == 4
    assert len(cross_validate(lots(*GOOD[:3], breaks), keep=0.95, seconds=1.0).checkers) == 3


def test_too_few_functions_or_cases_keep_nothing_and_say_why():
    assert "2 functions" in cross_validate(lots(*GOOD[:2])).why
    assert "5 cases" in cross_validate([Reply(code, CASES) for code in GOOD]).why
    same = [Reply(GOOD[0], CASES + MORE)] * 5
    assert "1 functions" in cross_validate(same).why


def test_code_of_an_enemy_is_no_checker():
    code = "import os\ndef evaluate(response):\n    os.remove('x')\n    return True"
    assert verdicts(code, ["a"]) == [None]
    assert support([Checker(GOOD[0], 1.0), Checker(code, 1.0)], "a b") == 0.5 and support([], "a") == 0


def test_replies_are_read_out_of_talk_and_their_labels_made_booleans():
    body = {
        "func": f"{GOOD[0]}\n# download(x)",
        "cases": [{"input": "a", "output": "True"}, {"input": "b", "output": "maybe"}, {}, 3],
    }
    reply = read_reply(f"Sure:\n```json\n{json.dumps(body)}\n```\nGood luck!")
    assert reply == Reply(GOOD[0], (("a", True),))


@pytest.mark.parametrize("func", ["def evaluate(response", "x = 1", 7, "def other(response):\n    return True"])
def test_what_is_no_checker_is_no_reply(func):
    assert read_reply(json.dumps({"func": func, "cases": []})) is None


@given(st.text(max_size=80))
def test_reading_never_fails(text):
    read_reply(text)
    assert boolean(text) in (True, False, None)
