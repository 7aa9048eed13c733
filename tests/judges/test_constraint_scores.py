"""Four views on one table of answers, and PIF by turn, by number of rules, in K of N."""

import math
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dutiful
from dutiful.core.parts import build
from dutiful.core.records import Action, Episode, Observation, Step, Verdict
from dutiful.judges import MulDimIF, Pif
from dutiful.kit.constraints import TYPES
from dutiful.kit.constraints.length import WordsAtLeast, WordsAtMost
from dutiful.kit.dialogue import Dialogue, Said, score
from dutiful.kit.statistics import k_of_n
from dutiful.testing import check_judge

WORDS, FEW = WordsAtLeast(2).constraint(), WordsAtMost(3).constraint()
KEY = TYPES["keywords"](("tea",)).constraint()


def episode(turns, answers, name="t", seed=0, **tags):
    """An episode as a run would have kept it, answered by hand."""
    task = Dialogue(turns, tags).task(name, "chat/any", "test", 0)
    steps = tuple(
        Step(Observation(said=t.text, info={"turn": i}), Action(a))
        for i, (t, a) in enumerate(zip(turns, answers, strict=False), 1)
    )
    found = [criterion for turn, answer in zip(turns, answers, strict=False) for criterion in score(turn, answer)]
    return Episode(task, "act", "m", seed, steps, Observation(done=True), Verdict.of(*found))


ONE = (Said("Tea?", constraints=(WORDS, FEW, KEY)),)
GOOD, BAD = episode(ONE, ["Green tea."]), episode(ONE, ["Green leaves in boiling water."])


@pytest.mark.parametrize("name", ["muldimif", "muldimif?loose=true", "pif", "pif?n=1"])
def test_the_battery_passes(name):
    check_judge(name, good=GOOD, bad=BAD)


def test_four_views():
    told = [
        episode(ONE, ["Green tea."], "a", level="I", pattern="list"),
        episode(ONE, ["Green leaves."], "b", level="I", pattern="prose"),
        episode(ONE, ["Tea"], "c", level="II", pattern="prose"),
        episode(ONE, ["A pot of good tea."], "d", level="II", pattern="prose"),
    ]
    figures = {figure.name: figure for figure in build("muldimif", "judge").report(told)}
    assert figures["all"].value == 0.25 and figures["all"].n == 4
    assert (figures["level/I"].value, figures["level/II"].value) == (0.5, 0)
    assert (figures["pattern/list"].value, figures["pattern/prose"].value) == (1, 0)
    # length: a and b meet both bounds; content: a, c and d. Single bounds on words: six of eight.
    assert (figures["category/length"].value, figures["category/content"].value) == (0.5, 0.75)
    assert figures["subtype/length/words"].value == 0.75 and figures["subtype/length/words"].n == 8
    assert all(figure.low <= figure.value <= figure.high for figure in figures.values())


def test_tasks_that_come_twice_are_one_unit():
    once = [episode(ONE, [answer], name) for name in "abcd" for answer in ("Green tea.",)] + [BAD]
    twice = [each.replace(seed=seed) for each in once for seed in range(4)]
    alone, again = (MulDimIF().report(told)[0] for told in (once, twice))
    assert alone.value == again.value == 0.8 and again.n == 20
    assert again.high - again.low > 0.4, "20 episodes of 5 tasks are no 20 tasks"


def test_reasoning_is_cut_and_loose_forgives_an_opening():
    thought = episode(ONE, ["<think>I need many words to think about it.</think>\n\nGreen tea."])
    assert MulDimIF().judge(thought).passed
    opened = episode(ONE, ["Sure, here is your answer:\nGreen tea."])
    assert not MulDimIF().judge(opened).passed and MulDimIF(loose=True).judge(opened).passed


def test_turns_without_an_answer_are_not_met():
    two = (*ONE, Said("And now?", constraints=(FEW,)))
    told = episode(two, ["Green tea."])
    assert [c.evidence for c in MulDimIF().judge(told).criteria][-1] == "not answered"
    assert [c.score for c in Pif().judge(told).criteria] == [1, 0]


CHAT = (
    Said("One.", constraints=(WORDS,)),
    Said("Two.", constraints=(WORDS, FEW)),
    Said("No rule here."),
    Said("Three.", constraints=(WORDS, FEW, KEY)),
)


def test_pif_by_turn_and_by_number_of_rules():
    told = [episode(CHAT, ["a b", "a", "", "a b"], "x"), episode(CHAT, ["a b", "a b", "", "a tea"], "y")]
    verdict = Pif().judge(told[0])
    assert [c.score for c in verdict.criteria] == [1, 0.5, pytest.approx(2 / 3)] and not verdict.passed
    assert "keywords" in verdict.criteria[2].evidence and verdict.score == pytest.approx(13 / 18)
    figures = {figure.name: figure.value for figure in Pif().report(told)}
    assert figures["pif"] == pytest.approx((13 / 18 + 1) / 2)
    assert figures["pif/turn 2"] == figures["pif/active 2"] == 0.75 and "pif/turn 3" not in figures
    assert not any(name.startswith("pif-") for name in figures), "nothing was repeated"


def test_k_of_n_counts_turns_not_rules():
    answers = [["a b", "a b", "", "a tea"], ["a b", "a", "", "a tea"], ["a b", "a b", "", "a b"], ["a b", "a", "", "a tea"]]
    told = [episode(CHAT, each, seed=seed) for seed, each in enumerate(answers)]
    figures = {figure.name: figure for figure in Pif(n=4).report(told)}
    # Perfect answers at the three turns with rules: 4, 2 and 3 of 4.
    assert [round(figures[f"pif-4-{k}"].value * 3) for k in (1, 2, 3, 4)] == [3, 3, 2, 1] and figures["pif-4-4"].n == 3
    two = {figure.name: figure.value for figure in Pif(n=2).report(told)}
    assert two["pif-2-2"] == pytest.approx((1 + 1 / 6 + 1 / 2) / 3)
    assert "pif-4-4" not in {figure.name for figure in Pif(n=4).report(told[:3])}


@settings(max_examples=60)
@given(st.lists(st.booleans(), min_size=1, max_size=8), st.data())
def test_the_estimator_is_the_mean_over_all_draws(perfect, data):
    n = data.draw(st.integers(1, len(perfect)))
    k = data.draw(st.integers(1, n))
    draws = [sum(draw) >= k for draw in combinations(perfect, n)]
    assert math.isclose(k_of_n(k, n, sum(perfect), len(perfect)), sum(draws) / len(draws))


def test_the_judges_read_what_a_run_wrote():
    world = dutiful.world("chat/rules?constraints=length")
    agent = dutiful.agent("act", dutiful.model("writer?meets=0.5"))
    told = [dutiful.solve(agent, task, world, seed=1) for task in world.tasks("test")[:12]]
    assert {each.passed for each in told} == {True, False}
    assert [MulDimIF().judge(each).passed for each in told] == [each.passed for each in told]
