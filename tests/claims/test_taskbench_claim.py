"""053: the claim's card and result, its corruptions, and carrying plans out."""

from random import Random

import pytest

from dutiful.claims.measuring import RESULTS
from dutiful.claims.taskbench import f1s, shuffled, spearman, swap_values
from dutiful.claims.toolplans import CORRUPTIONS, Predictor, carried_out, reference, rewire, spoilt
from dutiful.core import parts
from dutiful.core.episode import solve
from dutiful.kit import programs
from dutiful.kit.toolgraphs import EMPTY, compare
from dutiful.testing import check_claim
from dutiful.worlds.tools.planning import gold, tooling

PLANS = [gold(task) for task in parts.world("tools/plan?domain=home&shape=chain").tasks("train")[:10]]


def test_the_claim():
    check_claim("taskbench", RESULTS)


def test_plans_of_programs_carry_them_out_and_broken_ones_do_not():
    world = parts.world("tools?domain=retail&depth=4&max_steps=60")
    seen = []
    for task in world.tasks("train")[:12]:
        known = reference(programs.load(task.setup["program"]))
        if known and known.plan.links:
            assert carried_out(world, task, known.plan, known) == 1
            worse = rewire(known.plan, Random(0), 1.0, ())
            seen += [carried_out(world, task, plan, known) for plan in (worse, EMPTY)]
    assert seen and sum(seen) / len(seen) < 0.5


@pytest.mark.parametrize("kind", CORRUPTIONS)
def test_a_corruption_lowers_its_own_figure(kind):
    for plan in PLANS:
        assert CORRUPTIONS[kind](plan, Random(1), 0.0, list(tooling("home"))) == plan
        if kind != "values" or any(not str(v).startswith("<") for n in plan.nodes for v in n.arguments.values()):
            assert f1s(compare(CORRUPTIONS[kind](plan, Random(1), 1.0, list(tooling("home"))), plan))[kind] < 1


def test_other_orders_are_the_same_graph_and_spoilt_ones_are_not():
    for plan in PLANS:
        assert set(f1s(compare(shuffled(plan, Random(2)), plan)).values()) == {1}
        assert spoilt(plan, Random(3), list(tooling("home"))) != plan
        assert swap_values(swap_values(plan)) == plan


def test_rank_correlation():
    assert spearman([1, 2, 3], [2, 4, 9]) == pytest.approx(1)
    assert spearman([1, 2, 3], [3, 1, 1]) == pytest.approx(-0.866, abs=1e-3)
    assert spearman([1, 2], [5, 5]) == 0


@pytest.mark.parametrize(("how", "least", "most"), [("oracle", 1, 1), ("keyword", 0, 0.9), ("random", 0, 0.5)])
def test_predictors_answer_with_plans(how, least, most):
    place = parts.world("tools/plan")
    episodes = [solve(parts.agent("act", Predictor(how)), task, place) for task in place.tasks("train")[:8]]
    scores = [episode.verdict.score for episode in episodes]
    assert least <= sum(scores) / len(scores) <= most
