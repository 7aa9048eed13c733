"""114: the claim's card and result, and the model of stated rates that it plans with."""

import pytest

from dutiful.claims.measuring import RESULTS
from dutiful.claims.rci import PlanMaker
from dutiful.core.episode import solve
from dutiful.core.parts import agent, world
from dutiful.testing import check_claim


def test_the_claim():
    check_claim("rci", RESULTS)


@pytest.mark.parametrize(
    ("rates", "rounds", "passes"),
    [
        ((0.0, 1.0, 1.0, 0.0), 0, True),
        ((1.0, 1.0, 1.0, 0.0), 0, False),
        ((1.0, 1.0, 1.0, 0.0), 1, True),
        ((1.0, 0.0, 1.0, 0.0), 1, False),
        ((1.0, 1.0, 0.0, 0.0), 1, False),
        ((0.0, 1.0, 1.0, 1.0), 1, False),
    ],
)
def test_the_plan_maker_keeps_to_its_rates(rates, rounds, passes):
    place, model = world("text/home?rooms=2&objects=4&max_steps=10"), PlanMaker(*rates)
    follower = agent(f"act?retries=0+line+rci?explicit={rounds}&implicit=0", model)
    assert model.predicted(rounds) == passes
    for task in list(place.tasks("train")[:4]):
        assert solve(follower, task, place).passed == passes
