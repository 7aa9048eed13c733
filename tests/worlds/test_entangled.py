"""chat/entangled: nine kinds, gold by code, splits without shared words."""

import re

import pytest

from dutiful import SpecError, agent, model, solve, world
from dutiful.kit.dialogue import read
from dutiful.testing import check_world
from dutiful.worlds.chat.entangled import LEVELS
from dutiful.worlds.chat.entangled.drawing import CODES, PEOPLE, THINGS

KINDS = [kind for level in LEVELS.values() for kind in level]


def test_battery():
    check_world("chat/entangled", tasks=9)
    for kind in KINDS:
        check_world(f"chat/entangled?task={kind}", tasks=2)


def test_all_takes_the_nine_in_turn():
    tasks = world("chat/entangled").tasks("test")[:18]
    assert [task.setup["tags"]["task"] for task in tasks] == KINDS * 2
    with pytest.raises(SpecError, match="memorization"):
        world("chat/entangled?task=chess")


def test_splits_share_no_people_things_or_codes():
    words = set(PEOPLE) | set(THINGS) | set(CODES)
    seen = {}
    for split in ("train", "validation", "test"):
        texts = " ".join(turn["text"] for task in world("chat/entangled").tasks(split)[:450] for turn in task.setup["turns"])
        seen[split] = words & set(re.findall(r"\w+", texts))
    assert len(seen["train"]) > 40 and len(seen["test"]) > 40
    assert not seen["train"] & seen["validation"] and not seen["train"] & seen["test"] and not seen["validation"] & seen["test"]


@pytest.mark.parametrize("kind", KINDS)
def test_distances_and_controls(kind):
    for task in world(f"chat/entangled?task={kind}").tasks("test")[:20]:
        turns = [turn for turn in read(task).turns if turn.metric]
        assert any(turn.tags["distance"] > 2 for turn in turns), "nothing lies beyond a window of two turns"
        assert any(turn.tags["subtask"] == "single" and not turn.tags["distance"] for turn in turns)
        assert not any(turn.metric and turn.tags["distance"] > place for place, turn in enumerate(read(task).turns))


def test_every_secret_has_a_twin_that_may_be_told():
    place = world("chat/entangled?task=privacy")
    kinds = set()
    for task in place.tasks("test")[:60]:
        by = {turn.tags["subtask"]: turn for turn in read(task).turns if turn.metric}
        assert {"private", "answerable"} <= set(by)
        kinds.add(by["private"].tags["kind"])
        told = by["answerable"].gold.lower()
        assert not any(secret.lower() in told for secret in by["private"].reference)
    assert kinds == {"phone", "e-mail", "card", "secret"}
    mute = solve(agent("act", model=model("scripted?script=...")), place.tasks("test")[0], place)
    assert not mute.passed


def test_a_list_of_all_wishes_is_no_decision():
    place = world("chat/entangled?task=priority")
    task = place.tasks("test")[0]
    wishes = " or ".join({turn.reference[0] for turn in read(task).turns if turn.metric == "contains"})
    episode = solve(agent("act", model=model(f"scripted?script={wishes}")), task, place)
    decided = [c for c in episode.verdict.criteria if c.name.endswith(("contains", "forbidden_words"))]
    assert {c.name.rpartition(" ")[2]: c.passed for c in decided} == {"contains": True, "forbidden_words": False}
