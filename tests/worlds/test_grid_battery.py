"""The public battery on levels of every kind, with the failures that are foreseen and why."""

import pytest

pytest.importorskip("minigrid")

from dutiful.testing import check_world

GROUND = "words are grounded or refused"
OTHER_WORDS = {GROUND: "the mission is not in BabyAI's language, so it is refused as a user's words"}
LOST = "the bot of minigrid 3.2.0 goes in circles on some layouts, and says so in time"
STRICT = "the bot opens doors on its way that a Debug level forbids"
ORACLE = "the oracle succeeds"
REPEATS = "the same actions lead to the same place"
SNAPSHOT = "snapshot and restore agree"


@pytest.mark.parametrize(
    "level",
    ["GoToRedBallGrey", "GoToLocal", "PickupLoc", "PutNextLocal", "UnlockPickup", "GoToSeqS5R2", "SynthS5R2", "OpenDoorLoc"]
    + ["BossLevel", "PutNextS5N2Carrying", "MiniGrid-UnlockPickup", "MiniGrid-GoToDoor-8x8", "MiniGrid-PutNear-8x8-N3"],
)
def test_levels_pass_every_check(level):
    assert check_world(f"grid/{level}").ran == 17


@pytest.mark.parametrize("level", ["MiniGrid-DoorKey-6x6", "MiniGrid-Fetch-8x8-N3", "MiniGrid-MemoryS7"])
def test_levels_with_words_of_their_own(level):
    assert check_world(f"grid/{level}", expected=OTHER_WORDS).ran == 17


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("UnlockToUnlock", dict.fromkeys((ORACLE, REPEATS, SNAPSHOT), LOST)),
        ("OpenDoorsOrderN4Debug", dict.fromkeys((ORACLE, SNAPSHOT), STRICT)),
    ],
)
def test_levels_that_break_the_bot(level, expected):
    assert check_world(f"grid/{level}", expected=expected).ran == 17
