"""Comparisons name a winner only where the data do."""

import json
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import Corridor

from dutiful import Limits
from dutiful.core.errors import StoreError
from dutiful.lab import Row, Store, compare, compare_all, grouped, render_comparison, render_summary, run, summary


def row(task=0, passed: bool | None = True, agent="act", model="m", seed=0, **more) -> Row:
    plain = dict(
        id=0, run="r", world="w", agent=agent, model=model, seed=seed, place=task, task=f"t{task}", split="test", kind=""
    )
    plain |= dict(instruction=f"do {task}", passed=passed, score=None if passed is None else float(passed), steps=4, ended="done")
    plain |= dict(
        error="" if passed is not None else "WorldFailure", message="", attempts=1, format_failures=0, prompt_tokens=100
    )
    plain |= dict(cached_tokens=60, completion_tokens=5, calls=4, cost=0.0, seconds=1.0, started=0.0)
    return Row(**(plain | more))


def rows(outcomes, **more) -> list[Row]:
    return [row(task, bool(passed), **more) for task, passed in enumerate(outcomes)]


def test_a_clear_winner_is_named():
    a, b = rows([0] * 15 + [1] * 15), rows([1] * 30, agent="better")
    result = compare(a, b)
    assert result.winner == "b" and result.only == (0, 15) and result.success == (0.5, 1.0)
    assert result.difference.value == 0.5 and 0.3 < result.difference.low < result.difference.high < 0.7
    assert result.verdict.startswith("better m does better than act m: 50.0 points [3")
    turned = compare(b, a)
    assert turned.winner == "a" and turned.p == result.p and turned.difference.value == -0.5
    assert turned.verdict.startswith("better m does better than act m: 50.0 points [3")


def test_no_winner_where_the_interval_crosses_zero():
    result = compare(rows([1, 0, 1, 0, 1, 0] * 5), rows([0, 1, 1, 0, 1, 1] * 5, agent="other"))
    assert result.difference.crosses_zero and result.winner == ""
    assert "No difference shown" in result.verdict and "better" not in result.verdict
    assert "would have shown" in result.verdict and "more pairs would be needed to show +16.7 points" in result.verdict


def test_no_winner_from_a_handful_of_pairs():
    result = compare(rows([0] * 4), rows([1] * 4, agent="other"))
    assert not result.difference.crosses_zero, "the bootstrap alone would name one"
    assert result.winner == "" and result.p == 0.125 and math.isinf(result.detectable)
    assert "4 tasks are too few to show any" in result.verdict


def test_no_winner_between_equals():
    result = compare(rows([1, 0] * 20), rows([1, 0] * 20, agent="same"))
    assert result.winner == "" and result.p == 1.0 and result.needed is None
    assert result.detectable == pytest.approx(6 / 40), "six pairs must differ before the exact test can say anything"


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40))
@settings(max_examples=40, deadline=None)
def test_never_a_winner_against_the_interval_or_the_test(outcomes):
    result = compare(rows([x for x, _ in outcomes]), rows([y for _, y in outcomes], agent="other"))
    if result.winner:
        assert (result.difference.low > 0 or result.difference.high < 0) and result.corrected < 0.05
    assert ("does better" in result.verdict) == bool(result.winner)
    json.dumps(result.json(), allow_nan=False)


def test_repeated_tasks_are_no_further_evidence():
    once = compare(rows([0] * 4 + [1] * 2), rows([1] * 6, agent="other"))
    a = [row(task, task > 3, seed=seed) for task in range(6) for seed in range(10)]
    b = [row(task, True, seed=seed, agent="other") for task in range(6) for seed in range(10)]
    repeated = compare(a, b)
    assert repeated.pairs == 60 and repeated.tasks == 6 and repeated.test == "sign flip by task"
    assert repeated.p == once.p and repeated.winner == ""
    assert repeated.difference == once.difference


def test_errors_are_left_out_and_counted():
    a = [row(0, None), row(1, True), row(2, False)]
    b = [row(0, True, agent="other"), row(1, True, agent="other"), row(2, None, agent="other"), row(3, True, agent="other")]
    result = compare(a, b)
    assert (result.pairs, result.errors, result.unpaired) == (1, (1, 1), (0, 1))
    text = render_comparison([result])
    assert "left out for errors: 1 of act m, 1 of other m" in text and "without a partner: 0 of act m, 1 of other m" in text


def test_what_cannot_be_paired_is_refused():
    with pytest.raises(StoreError, match="no task in common"):
        compare(rows([1]), [row(7, True, agent="other")])
    with pytest.raises(StoreError, match="several agents or models: act m, other m"):
        compare(rows([1]) + rows([1], agent="other"), rows([1]))
    with pytest.raises(StoreError, match="two episodes of the task 't0'"):
        compare(rows([1]) * 2 + rows([1]), rows([1]))
    with pytest.raises(StoreError, match="takes two"):
        compare_all({"one": rows([1])})
    with pytest.raises(StoreError, match="no group is called 'none'"):
        compare_all({"one": rows([1]), "two": rows([1])}, baseline="none")


def test_several_comparisons_are_corrected_together():
    base = rows([0] * 8 + [1] * 22, agent="base")
    groups = {"base": base} | {f"n{i}": rows([1] * 30, agent=f"n{i}") for i in range(3)}
    alone, together = compare(base, groups["n0"]), compare_all(groups)
    assert [c.p for c in together] == [alone.p] * 3
    assert [c.corrected for c in together] == pytest.approx([3 * alone.p] * 3)
    assert len(compare_all(groups, pairwise=True)) == 6
    assert [c.a for c in compare_all(groups, baseline="n1")] == ["n1"] * 3


def test_costs_are_paired_ratios():
    a = [row(i, True, prompt_tokens=100 * (i + 1), cached_tokens=0, cost=0.0) for i in range(8)]
    b = [row(i, True, agent="other", prompt_tokens=50 * (i + 1), cached_tokens=0, steps=8, cost=0.1) for i in range(8)]
    ratios = compare(a, b).ratios
    assert ratios["read"] == pytest.approx((0.5, 0.5, 0.5)) and ratios["steps"].value == 2
    assert math.isnan(ratios["cost"].value) and math.isnan(ratios["reused"].value)
    text = render_comparison([compare(a, b)])
    assert "read b/a" in text and "0.50 [0.50, 0.50]" in text and "cost b/a" not in text


def test_runs_begun_differently_are_warned_about(tmp_path):
    with Store(tmp_path / "runs.sqlite") as store:
        run(store, "act", "scripted?error=0.5", "places:Corridor", tasks=12, name="one", limits=Limits(steps=9))
        run(store, "act", "scripted", "places:Corridor", tasks=10, name="two", limits=Limits(steps=3))
        a, b = store.run("one"), store.run("two")
        result = compare(store.episodes(a), store.episodes(b), runs=(a, b))
        groups = {"one": store.episodes(a), "two": store.episodes(b)}
        assert compare_all(groups, runs=[a, b])[0].warnings == result.warnings
    assert "limits.steps: 9 against 3" in result.warnings and "tasks: 12 against 10" in result.warnings
    assert not any("versions" in warning for warning in result.warnings), "that the models differ is the point"
    assert result.unpaired == (2, 0) and "beware: limits.steps: 9 against 3" in render_comparison([result])


def test_changed_instructions_are_warned_about():
    result = compare(rows([1] * 3), rows([1] * 3, agent="other", instruction="another"))
    assert any("different instructions" in warning for warning in result.warnings)


def test_groups_leave_out_what_all_share():
    assert list(grouped(rows([1]) + rows([1], agent="react"))) == ["act", "react"]
    assert list(grouped(rows([1]) + rows([1], model="n"))) == ["m", "n"]
    both = rows([1]) + rows([1], model="n") + rows([1], agent="random", model="")
    assert list(grouped(both)) == ["act m", "act n", "random"]


def test_summary_counts_errors_apart():
    line = summary([row(0, True, cost=0.5), row(1, False, format_failures=2, steps=8), row(2, None, cost=0.25)])[0]
    assert (line.episodes, line.errors, line.success.value, line.cost) == (2, 1, 0.5, 0.75)
    assert (line.steps, line.format_failures, line.read, line.reused, line.written) == (6, 1, 40, 60, 5)
    only_errors = summary([row(0, None)])[0]
    assert only_errors.success is None and only_errors.errors == 1 and "act" in render_summary([only_errors])
    json.dumps(line.json())


def test_summary_intervals_are_wide_where_tasks_repeat():
    fresh = summary([row(i, i % 2 == 0) for i in range(60)])[0].success
    draws = random.Random(0)
    repeated = summary([row(i, i % 2 == 0 or draws.random() < 0.05, seed=s) for i in range(6) for s in range(10)])[0].success
    assert repeated.high - repeated.low > 2 * (fresh.high - fresh.low)
    always = summary([row(i, True, seed=s) for i in range(6) for s in range(10)])[0].success
    assert always.value == 1 and always.low < 0.7, "six tasks are six, however often they are tried"


def test_the_table_leaves_out_silent_columns(tmp_path):
    with Store(tmp_path / "runs.sqlite") as store:
        lines = summary(run(store, ["act", "expert"], "scripted", Corridor(2), tasks=3).rows)
    text = render_summary(lines)
    assert "100% [44%, 100%]" in text and "read" in text and "errors" not in text and "$" not in text
    assert render_summary(lines, "github").startswith("| agent")
    assert "read" not in render_summary([line for line in lines if line.agent == "expert"])
