"""020: the claim's card, its arms on a small scale, and its result once measured."""

import pytest

from dutiful.claims.codeact import CodeActClaim, stumbled, turns, world
from dutiful.claims.measuring import RESULTS
from dutiful.core import parts
from dutiful.core.episode import solve
from dutiful.core.limits import Limits
from dutiful.testing import check_claim


def test_the_claim():
    check_claim("codeact", RESULTS)


@pytest.mark.parametrize("depth", [1, 2, 6])
def test_its_worlds_are_there(depth):
    place = parts.world(world(depth))
    assert place.depth == depth and place.tasks("test")[0].setup["calls"] >= depth


def test_a_first_block_that_fails_is_a_stumble():
    place = parts.world(world(3))
    for rate, fell in ((0.0, False), (1.0, True)):
        agent = parts.agent("act+codeact", parts.model(f"caller?error={rate}"))
        episode = solve(agent, place.tasks("train")[0], place, limits=Limits(steps=3))
        assert stumbled(episode) is fell and turns([episode]) == [3.0 if fell else 2.0]


def test_its_model_is_the_one_that_stands_in():
    assert parts.model(CodeActClaim.stands_in).spec == CodeActClaim.stands_in
