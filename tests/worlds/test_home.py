"""The household: tasks, oracle, words, refusals, verdicts, and a user's own instructions."""

import itertools
import os
import random
import subprocess
import sys
from collections import Counter

import pytest

import dutiful
from dutiful import Action
from dutiful.core.errors import SpecError, WorldFailure
from dutiful.testing import check_world
from dutiful.worlds.text import Home
from dutiful.worlds.text.home.catalogue import KINDS, SPLITS, split_of
from dutiful.worlds.text.home.generate import pairs
from dutiful.worlds.text.home.goal import Goal


def act(world, *actions):
    for action in actions:
        observation = world.step(Action(action))
        assert "refused" not in observation.info, (action, observation.text)
    return observation


def laid(goal, things, places, start="kitchen", rooms=("kitchen", "bedroom")):
    """A task of a home made by hand."""
    setup = {"goal": goal.json(), "rooms": list(rooms), "start": start, "places": places, "things": things, "wording": "hand"}
    return dutiful.Task("hand", "text/home", "user", 0, dutiful.Instruction("hand"), setup)


HOME = [["fridge", "kitchen"], ["sink", "kitchen"], ["stove", "kitchen"], ["table", "kitchen"], ["desk", "bedroom"]]
RED, BLUE = ["red mug", "mug", "red", 0, True], ["blue mug", "mug", "blue", 3, False]


@pytest.mark.parametrize("knobs", ["", "?rooms=6&objects=16&max_steps=60", "?kinds=look&wordings=unseen"])
def test_the_battery_passes(knobs):
    assert check_world(f"text/home{knobs}").ran == 17


def test_doing_nothing_fails():
    world = Home(max_steps=3)
    observation = world.reset(world.tasks()[0])
    while not observation.done:
        observation = world.step(Action("wait"))
        assert observation.info["refused"]
    assert not world.verdict().passed
    assert world.verdict().score == 0
    with pytest.raises(WorldFailure, match="reset"):
        world.step(Action("wait"))


def test_only_the_thing_that_was_named_counts():
    world = Home()
    task = laid(Goal("put", "mug", "red", "desk"), [RED, BLUE], HOME)
    world.reset(task)
    assert not act(world, "take blue mug", "go to bedroom", "put blue mug on desk").done
    assert world.verdict().score == 0
    act(world, "go to kitchen", "open fridge", "take red mug")
    assert world.verdict().score == 0.5
    assert act(world, "go to bedroom", "put red mug on desk").done
    (criterion,) = world.verdict().criteria
    assert (criterion.passed, criterion.evidence) == (True, "the red mug (dirty) is on the desk of the bedroom")


def test_being_clean_and_being_there_are_about_the_same_thing():
    world = Home()
    task = laid(Goal("clean", "mug", "", "desk"), [RED, [*BLUE[:4], True]], HOME)
    world.reset(task)
    act(world, "take blue mug", "go to bedroom", "put blue mug on desk", "go to kitchen", "open fridge", "take red mug")
    assert not act(world, "clean red mug").done
    assert world.verdict().score < 1
    assert not world.verdict().passed
    act(world, "put red mug on table", "go to bedroom", "take blue mug", "go to kitchen", "clean blue mug", "go to bedroom")
    assert act(world, "put blue mug on desk").done
    assert [criterion.passed for criterion in world.verdict().criteria] == [True, True]


def test_of_two_things_each_counts():
    world = Home()
    world.reset(laid(Goal("two", "mug", "", "desk"), [RED, BLUE], HOME))
    act(world, "take blue mug", "go to bedroom", "put blue mug on desk")
    assert [criterion.passed for criterion in world.verdict().criteria] == [True, False]
    assert world.verdict().score == 0.5
    assert act(world, "go to kitchen", "open fridge", "take red mug", "go to bedroom", "put red mug on desk").done
    assert world.verdict().passed


def test_heat_undoes_cold_and_lamps_are_for_looking():
    world = Home()
    world.reset(laid(Goal("cool", "mug", "red", "desk"), [[*RED[:3], 3, False]], HOME))
    assert act(world, "take red mug", "cool red mug").text == "The red mug is cold."
    act(world, "heat red mug", "go to bedroom", "put red mug on desk")
    assert world.verdict().score == 0.5
    world.reset(laid(Goal("look", "book", "", ""), [["red book", "book", "red", 4, False]], HOME, "bedroom"))
    act(world, "take red book", "turn on desk lamp")
    assert world.verdict().score == 0.75
    assert act(world, "look at red book").text == "You look at the red book under the desk lamp."
    assert world.verdict().passed


def test_observations_say_what_is_seen_and_no_more():
    world = Home()
    first = world.reset(laid(Goal("put", "mug", "red", "desk"), [RED, BLUE], HOME))
    assert first.text == "Kitchen. Table: blue mug. Empty: sink, stove. Closed: fridge. Unseen rooms: bedroom."
    assert first.choices == ("take blue mug", "open fridge", "go to bedroom")
    assert act(world, "open fridge").text == "The fridge is open: red mug (dirty)."
    assert act(world, "take red mug").choices == (
        *("clean red mug", "heat red mug", "cool red mug", "put red mug in fridge", "put red mug in sink"),
        *("put red mug on stove", "put red mug on table", "close fridge", "go to bedroom"),
    )
    assert act(world, "go to bedroom").text == "Bedroom. Empty: desk. A desk lamp (off). You hold the red mug (dirty)."


@pytest.mark.parametrize(
    ("before", "action", "why"),
    [
        ((), "take red mug", "there is no red mug to take here."),
        ((), "put blue mug in fridge", "you do not hold the blue mug."),
        (("take blue mug",), "put blue mug in fridge", "the fridge is closed."),
        (("take blue mug",), "take blue mug", "you already hold the blue mug."),
        (("take blue mug",), "clean blue mug", "the blue mug is already clean."),
        (("take blue mug", "go to bedroom"), "heat blue mug", "nothing here can heat it."),
        (("go to bedroom",), "open fridge", "there is no fridge here."),
        (("open fridge",), "open fridge", "the fridge is already open."),
        ((), "go to kitchen", "you are in the kitchen already."),
        ((), "turn on desk lamp", "there is no desk lamp here."),
        ((), "opn fridge", "there is no such action; did you mean 'open fridge'?"),
        ((), "sing", "there is no such action."),
        ((), "", "there is no such action."),
    ],
)
def test_wrong_actions_are_refused_with_the_reason_and_cost_a_step(before, action, why):
    world = Home(max_steps=len(before) + 1)
    world.reset(laid(Goal("put", "mug", "red", "desk"), [RED, BLUE], HOME))
    if before:
        act(world, *before)
    observation = world.step(Action(action))
    assert observation.info == {"refused": why}
    assert observation.text == f"Nothing happens: {why}"
    assert observation.done


@pytest.mark.parametrize("said", ["Take the blue mug.", "pick up the blue mug", "grab blue mug from the table", "TAKE BLUE MUG"])
def test_other_words_for_an_action_are_understood(said):
    world = Home()
    world.reset(laid(Goal("put", "mug", "red", "desk"), [RED, BLUE], HOME))
    act(world, said, "place the blue mug onto the table", "walk to the bedroom")


def test_words_tell_the_actions_of_a_state_apart():
    world, draw = Home(rooms=5, objects=20), random.Random(3)
    for task in world.tasks("train")[:20]:
        observation = world.reset(task)
        while not observation.done:
            assert len(set(observation.choices)) == len(observation.choices)
            observation = world.step(Action(draw.choice(observation.choices)))
            assert "refused" not in observation.info


def test_a_snapshot_is_come_back_to():
    world, draw = Home(), random.Random(5)
    for task in world.tasks("validation")[:12]:
        before = world.reset(task)
        for _ in range(4):
            before = world.step(Action(draw.choice(before.choices))) if not before.done else before
        saved, digest, verdict = world.snapshot(), world.digest(), world.verdict()
        if before.done:
            continue
        runs = []
        for _ in range(2):
            after = [world.step(Action(before.choices[-1]))]
            while not after[-1].done:
                after.append(world.step(world.expert()))
            runs.append((after, world.digest(), world.verdict()))
            assert runs[-1][1] != digest
            assert world.restore(saved) == before
            assert (world.digest(), world.verdict()) == (digest, verdict)
        assert runs[0] == runs[1]


def test_the_same_in_every_process():
    code = (
        "from dutiful.worlds.text import Home\nimport hashlib, msgspec\nworld, out = Home(objects=12), []\n"
        "for task in world.tasks('test')[40:64]:\n"
        "    seen = [world.reset(task)]\n"
        "    while not seen[-1].done: seen.append(world.step(world.expert()))\n"
        "    out += [task, seen, world.verdict(), world.digest()]\n"
        "print(hashlib.sha256(msgspec.json.encode(out)).hexdigest())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "77")
    }
    assert len(runs) == 1


def test_splits_share_neither_tasks_nor_goals():
    goals, homes = {}, {}
    for split in SPLITS:
        tasks = Home().tasks(split)
        assert len(tasks) == 10_000
        assert tasks[7] == tasks[-9993] == tasks[5:9][2] == next(iter(tasks[7:]))
        goals[split] = {(task.setup["goal"]["thing"], task.setup["goal"]["place"]) for task in tasks[:1500]}
        homes[split] = {task.seed for task in tasks[:1500]}
        assert all(split_of(*goal) == split for goal in goals[split])
        assert all(pairs(kind, split) for kind in KINDS)
        with pytest.raises(IndexError):
            tasks[10_000]
    for a, b in itertools.combinations(SPLITS, 2):
        assert not goals[a] & goals[b]
        assert not homes[a] & homes[b]
    assert {thing for thing, _ in goals["test"]} <= {thing for thing, _ in goals["train"]}
    assert {place for _, place in goals["test"]} <= {place for _, place in goals["train"]}


def test_knobs_are_kept_and_printed():
    world = dutiful.world("text/home?rooms=4&kinds=cool,look")
    assert isinstance(world, Home)
    assert world.spec == world.tasks()[0].world == "text/home?rooms=4&kinds=cool,look"
    assert {task.setup["goal"]["kind"] for task in world.tasks()[:10]} == {"cool", "look"}
    assert len(world.tasks()[0].setup["rooms"]) == 4
    wordings = {split: Counter(task.setup["wording"].split("/")[0] for task in Home().tasks(split)[:300]) for split in SPLITS}
    assert set(wordings["train"]) == set(wordings["validation"]) == {"seen"}
    assert min(wordings["test"]["seen"], wordings["test"]["unseen"]) > 100
    assert {task.setup["wording"].split("/")[0] for task in Home(wordings="unseen").tasks("train")[:30]} == {"unseen"}


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Home(rooms=1), "rooms=1, expected 2 to 8"),
        (lambda: Home(objects=99), "objects=99, expected 4 to 24"),
        (lambda: Home(max_steps=0), "max_steps=0"),
        (lambda: Home(rooms=2, objects=20), "objects=20 do not fit into rooms=2"),
        (lambda: Home(kinds="put,clen"), "'clen'; did you mean 'clean'"),
        (lambda: Home(wordings="odd"), "'odd'"),
        (lambda: Home().tasks("tset"), "'tset'; did you mean 'test'"),
        (lambda: dutiful.world("text/home?room=3"), "did you mean 'rooms'"),
    ],
)
def test_bad_knobs_name_the_value_and_what_is_allowed(make, says):
    with pytest.raises(SpecError, match=says):
        make()


def test_a_garbled_setup_is_a_failure_of_the_world():
    world = Home()
    task = world.tasks()[0]
    with pytest.raises(WorldFailure, match="setup"):
        world.reset(task.replace(setup={"rooms": []}))
    with pytest.raises(WorldFailure, match="reset"):
        Home().step(Action("open fridge"))
