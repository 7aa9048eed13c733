"""Blocks, gripper, tyres and drawn domains: tasks that prove themselves, shortest plans, splits, words, a password."""

import itertools
import os
import random
import subprocess
import sys

import pytest

import dutiful
from dutiful import Action
from dutiful.core.errors import SpecError, WorldFailure
from dutiful.kit.strips import search
from dutiful.testing import check_world
from dutiful.worlds.text.puzzles import Blocks, Drawn, Gripper, Tyres
from dutiful.worlds.text.puzzles.world import split_of

WORLDS = ("text/blocks", "text/gripper", "text/tyres", "text/drawn")
LONG = (
    "text/blocks?size=12&least=25",
    "text/gripper?size=7&rooms=4&least=18",
    "text/tyres?size=3&least=25",
    "text/drawn?size=2&level=3&least=12",
)


def act(world, *actions):
    for action in actions:
        observation = world.step(Action(action))
        assert "refused" not in observation.info, (action, observation.text)
    return observation


@pytest.mark.parametrize("world", [*WORLDS, "text/blocks?size=12&least=25&clue=2&slack=3.0", "text/drawn?size=2&clue=1"])
def test_the_battery_passes(world):
    assert check_world(world).ran == 16


@pytest.mark.parametrize("spec", [*WORLDS, *LONG])
def test_tasks_prove_themselves(spec):
    world = dutiful.world(spec)
    for split, index in itertools.product(("train", "validation", "test"), range(8)):
        task = world.tasks(split)[index]
        observation = world.reset(task)
        assert not world.verdict().passed and world.verdict().score < 1
        plan = world.plan()
        assert len(plan) == task.setup["horizon"] and world.least <= len(plan) <= world.most
        scores = [world.verdict().score]
        for action in plan:
            assert action.text in observation.choices and not observation.done
            observation = world.step(action)
            scores.append(world.verdict().score)
        assert observation.done and observation.reward == 1 and world.verdict().passed
        assert all(score < 1 for score in scores[:-1]), "the goal holds before the plan is through"


@pytest.mark.parametrize("spec", [*WORLDS, "text/drawn?size=2&level=4"])
def test_from_wherever_one_strays_the_oracle_gets_there(spec):
    world, draw = dutiful.world(f"{spec}{'&' if '?' in spec else '?'}slack=20.0"), random.Random(1)
    for task in world.tasks("train")[:10]:
        observation = world.reset(task)
        for _ in range(12):
            if not observation.done:
                observation = world.step(Action(draw.choice(observation.choices)))
        while not observation.done:
            observation = world.step(world.expert())
        assert world.verdict().passed


@pytest.mark.parametrize(
    "world", [Blocks(size=4, least=1), Gripper(size=3, rooms=3, least=1), Tyres(size=1, least=1), Drawn(level=2, least=1)]
)
def test_plans_are_shortest(world):
    """Against breadth-first search; from states that one strays to as well, in blocks and drawn domains."""
    draw = random.Random(2)
    for task in world.tasks("train")[:12]:
        observation, laid = world.reset(task), world.laid
        for _ in range(4):
            state = world.snapshot().state
            best = search(laid.task, state, [laid.goal])
            assert len(laid.plan(state)) == len(best)
            if not isinstance(world, (Blocks, Drawn)) or observation.done:
                break
            observation = world.step(Action(draw.choice(observation.choices)))
            if laid.goal.met(world.snapshot().state):
                break


@pytest.mark.parametrize("spec", WORLDS)
def test_splits_share_no_puzzle_and_no_unseen_wording(spec):
    world = dutiful.world(spec)
    found = {split: world.tasks(split)[:30] for split in ("train", "validation", "test")}
    for split, tasks in found.items():
        assert len(world.tasks(split)) == 10_000
        assert {split_of(task.setup["puzzle"], task.setup["names"]) for task in tasks} == {split}
    wordings = {split: {task.setup["wording"].split("/")[0] for task in tasks} for split, tasks in found.items()}
    assert wordings == {"train": {"seen"}, "validation": {"seen"}, "test": {"seen", "unseen"}}
    assert len({task.setup["wording"] for task in found["test"]}) >= 5
    texts = {task.instruction.text for tasks in found.values() for task in tasks}
    assert len(texts) > 80 and not any("{" in text for text in texts)


@pytest.mark.parametrize("bounds", [(5, 8), (12, 16), (24, 30), (34, 40)])
def test_plans_of_a_wanted_length(bounds):
    sizes = {
        5: ("blocks?size=4", "gripper?size=2", "tyres?size=1", "drawn?"),
        12: ("blocks?size=6", "drawn?size=2", "tyres?size=1"),
    }
    sizes |= {24: ("blocks?size=11", "gripper?size=10", "tyres?size=2"), 34: ("blocks?size=15", "tyres?size=3")}
    for world in sizes[bounds[0]]:
        least, most = bounds
        for task in dutiful.world(f"text/{world}&least={least}&most={most}".replace("?&", "?")).tasks()[:4]:
            assert least <= task.setup["horizon"] <= most


def test_blocks_say_what_is_seen_and_why_not():
    world = Blocks(size=3)
    puzzle = {"start": [[0, 1], [2]], "goal": [[0], [1, 2]]}
    setup = {"puzzle": puzzle, "names": ["red", "blue", "green"], "horizon": 4, "wording": "hand"}
    first = world.reset(dutiful.Task("hand", "text/blocks", "user", 0, dutiful.Instruction("hand"), setup))
    assert first.text == "On the table: blue on red, green. Your hand is empty."
    assert first.choices == ("pick up green", "unstack blue from red")
    assert world.step(Action("Pick up the blue block")).info["refused"] == "there is no such action."
    assert world.step(Action("pick up red")).info["refused"] == "it takes that nothing is on red."
    assert act(world, "Unstack blue from red.").text == "On the table: red, green. You hold blue."
    assert world.step(Action("stack blue on blue")).info["refused"].startswith("there is no such action; did you mean")
    act(world, "put down blue", "pick up green")
    last = act(world, "stack green on blue")
    assert last.done and world.verdict().passed
    assert [criterion.name for criterion in world.verdict().criteria] == [
        "green is on blue",
        "red is on the table",
        "blue is on the table",
    ]


def test_a_password_is_told_once_and_wanted_at_the_end():
    world = Blocks(clue=2)
    for wrong in (False, True):
        task = world.tasks("train")[3]
        observation, told, word = world.reset(task), [], task.setup["password"]
        while not any(choice.startswith("say ") for choice in observation.choices):
            assert not observation.done
            told.append(word in observation.text)
            observation = world.step(world.expert())
        assert told.index(True) == 2 and sum(told) == 1 and word not in task.instruction.text
        assert sum(choice.startswith("say ") for choice in observation.choices) == 6
        early = world.snapshot()
        world.reset(task)
        assert world.step(Action(f"say {word}")).info["refused"]
        world.restore(early)
        assert world.expert().text == f"say {word}" and not world.verdict().passed
        said = next(choice for choice in observation.choices if choice.startswith("say ") and (choice != f"say {word}") is wrong)
        assert world.step(Action(said)).done
        assert world.verdict().passed is not wrong and world.verdict().criteria[-1].passed is not wrong


def test_the_rules_of_a_drawn_domain_are_told_with_the_task():
    world = Drawn()
    assert "told with every task" in world.rules
    rules = set()
    for task in world.tasks()[:3]:
        world.reset(task)
        assert world.rules.count("To ") == len(task.setup["puzzle"]["rules"])
        rules.add(world.rules)
    assert len(rules) == 3
    episode = dutiful.solve(dutiful.agent("act", dutiful.model("scripted")), task, world)
    assert world.rules in episode.prompts()[0][0].text and episode.passed


def test_the_same_in_every_process():
    code = (
        "import dutiful, hashlib, msgspec\nout = []\n"
        "for spec in ('text/blocks?clue=1', 'text/gripper', 'text/tyres', 'text/drawn?size=2'):\n"
        "    world = dutiful.world(spec)\n"
        "    for task in world.tasks('test')[:6]:\n"
        "        seen = [world.reset(task)]\n"
        "        while not seen[-1].done: seen.append(world.step(world.expert()))\n"
        "        out += [task, seen, world.verdict(), world.digest()]\n"
        "print(hashlib.sha256(msgspec.json.encode(out)).hexdigest())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "77")
    }
    assert len(runs) == 1


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Blocks(size=2), "size=2, expected 3 to 16"),
        (lambda: Blocks(least=9, most=8), "least=9, expected 1 to 8"),
        (lambda: Tyres(slack=0.5), "slack=0.5"),
        (lambda: Gripper(rooms=9), "rooms=9, expected 2 to 6"),
        (lambda: Drawn(level=0), "level=0, expected 1 to 5"),
        (lambda: Blocks(clue=6), "clue=6, expected 0 to 5"),
        (lambda: Blocks(size=3, least=30).tasks()[0], "no plan of 30 to 40 steps"),
        (lambda: Blocks().tasks("tset"), "'tset'; did you mean 'test'"),
    ],
)
def test_bad_knobs_name_the_value_and_what_is_allowed(make, says):
    with pytest.raises(SpecError, match=says):
        make()


def test_a_garbled_setup_is_a_failure_of_the_world():
    for spec in WORLDS:
        world = dutiful.world(spec)
        with pytest.raises(WorldFailure, match="setup"):
            world.reset(world.tasks()[0].replace(setup={"puzzle": {}}))
        with pytest.raises(WorldFailure, match="reset"):
            dutiful.world(spec).step(Action("wait"))
