"""The public battery on levels of every kind, with the failures that are foreseen and why."""

import pytest

pytest.importorskip("minigrid")

from dutiful.testing import check_world

NO_BOT = "BabyAI's bot does not know what this MiniGrid level wants; can('expert') says so"
OWN_WORDS = "the mission is not in BabyAI's language, so it cannot be grounded as a user's words"
BROKEN = "the bot puts a door open that must stay shut, or finds no key in a box"


@pytest.mark.parametrize(
    "level",
    ["GoToRedBallGrey", "GoToLocal", "PickupLoc", "PutNextLocal", "UnlockPickup", "GoToSeqS5R2", "SynthS5R2", "OpenDoorLoc"],
)
def test_levels_with_an_expert_pass_every_check(level):
    assert check_world(f"grid/{level}").ran == 17


@pytest.mark.parametrize("level", ["BossLevel", "PutNextS5N2Carrying"])
def test_large_and_odd_levels(level):
    assert check_world(f"grid/{level}").ran == 17
