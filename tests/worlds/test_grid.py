"""The world grid against minigrid itself, and against its pitfalls (levels that print, hang, or break the bot)."""

import random
import threading

import numpy as np
import pytest

pytest.importorskip("minigrid")

import gymnasium
from minigrid.utils.baby_ai_bot import BabyAIBot

from dutiful.core.errors import SpecError, UnknownPart, WorldFailure
from dutiful.core.records import Action
from dutiful.worlds.grid import Grid, levels, tasks, view

SPREAD = [
    "BabyAI-BossLevel-v0",
    "BabyAI-GoToLocal-v0",
    "MiniGrid-LavaCrossingS9N1-v0",
    "MiniGrid-Empty-8x8-v0",
    "BabyAI-KeyCorridorS3R2-v0",
]


def play(world, task, seed=0, steps=10**6):
    """The expert's episode; returns the observations."""
    seen = [world.reset(task)]
    while not seen[-1].done and len(seen) <= steps:
        seen.append(world.step(world.expert()))
    return seen


@pytest.mark.parametrize("identifier", SPREAD)
def test_view_reward_and_end_equal_minigrids(identifier):
    ours, theirs = levels.build(identifier), gymnasium.make(identifier).unwrapped
    draw = random.Random(1)
    for seed in range(6):
        ours.reset(seed=seed)
        observation, _ = theirs.reset(seed=seed)
        assert ours.mission == observation["mission"]
        for _ in range(60):
            codes, places = view.look(ours)
            state = np.frombuffer(view.state(codes, ours.agent_dir), np.uint8)
            assert np.array_equal(state[:147].reshape(7, 7, 3), observation["image"])
            assert state[147] == observation["direction"]
            mask = theirs.gen_obs_grid()[1]
            assert len(places) == sum(mask[i, j] and _inside(theirs, i, j) for i in range(7) for j in range(7))
            held = theirs.carrying
            assert tuple(state[148:]) == (held.encode()[:2] if held else (0, 0))
            action = draw.choice([0, 1, 2, 2, 2, 3, 4, 5])
            observation, *theirs_end = theirs.step(action)
            _, *ours_end = ours.step(action)
            assert ours_end == theirs_end
            if theirs_end[1] or theirs_end[2]:
                break


def _inside(env, i, j):
    x, y = env.agent_pos + env.dir_vec * (6 - j) + env.right_vec * (i - 3)
    return 0 <= x < env.width and 0 <= y < env.height


@pytest.mark.parametrize("level", ["GoToLocal", "UnlockPickup", "SynthS5R2", "PutNextLocal"])
def test_the_bots_advice_is_minigrids_own(level):
    world, theirs = Grid(level), gymnasium.make(f"BabyAI-{level}-v0")
    for task in world.tasks("train")[:4]:
        theirs.reset(seed=task.seed)
        bot, last = BabyAIBot(theirs), None
        observation = world.reset(task)
        while not observation.done:
            last = int(bot.replan(last))
            assert world.expert().text == view.ACTIONS[last]
            theirs.step(last)
            observation = world.step(world.expert())
        assert world.verdict().passed


def test_every_level_is_made_laid_out_and_seen(capsys):
    laid_out = 0
    for identifier in levels.identifiers():
        try:
            world = Grid(identifier)
        except SpecError as error:
            assert "minigrid[wfc]" in str(error) or "no instruction" in str(error)
            continue
        task = tasks.tasks(world.spec, identifier, "train", world._mission, False)[0]
        observation = world.reset(task)
        assert task.instruction.text and observation.text.startswith("You see: ")
        assert set(observation.choices) <= set(view.ACTIONS) and len(observation.choices) >= 2
        assert not world.step(Action("turn left")).info
        assert not world.verdict().passed
        laid_out += 1
    assert laid_out > 165
    assert capsys.readouterr().out == "", "generation prints"


def test_generation_that_rejects_draws_is_silent(capsys):
    world = Grid("PutNextLocalS5N3")
    noisy = gymnasium.make("BabyAI-PutNextLocalS5N3-v0")
    for seed in range(40):
        noisy.reset(seed=seed)
    assert "rejected" in capsys.readouterr().out, "minigrid prints no more: the quiet generation can go"
    world.tasks("train")[:40]
    assert capsys.readouterr().out == ""


def test_the_bot_that_goes_in_circles_is_stopped_in_any_thread():
    world = Grid("UnlockToUnlock")
    task = tasks.tasks(world.spec, "UnlockToUnlock", "train", world._mission, False)
    task = task[0].replace(seed=4)
    raised = []

    def run():
        try:
            play(world, task)
        except WorldFailure as failure:
            raised.append(str(failure))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(60)
    assert not thread.is_alive() and raised and "the bot knows no way on" in raised[0]


def test_the_expert_comes_back_from_arbitrary_actions():
    """It is asked at every state, while somebody else acts: on the way, and after steps that it was not told of."""
    draw = random.Random(3)
    for level, least in (("GoToLocal", 20), ("PickupLoc", 20), ("PutNextLocal", 20), ("MiniBossLevel", 14)):
        world, solved = Grid(level), 0
        for task in world.tasks("train")[:20]:
            observation = world.reset(task)
            try:
                for n in range(12):
                    if observation.done:
                        break
                    if n % 3:
                        world.expert()
                    observation = world.step(Action(draw.choice([c for c in observation.choices if c != "toggle"])))
                while not observation.done:
                    observation = world.step(world.expert())
                solved += world.verdict().passed
            except WorldFailure:
                continue
        assert solved >= least, f"{level}: {solved} of 20"


@pytest.mark.parametrize("level", ["PutNextS5N2Carrying", "PutNextS6N3Carrying", "PutNextS7N4Carrying"])
def test_an_episode_that_starts_with_full_hands(level):
    world = Grid(level)
    for task in world.tasks("validation")[:3]:
        play(world, task)
        assert world.verdict().passed


def test_snapshots_are_exact_and_last():
    world, draw = Grid("MiniBossLevel"), random.Random(0)
    for task in world.tasks("train")[:6]:
        observation = world.reset(task)
        while not observation.done and world._env.step_count < 25:
            observation = world.step(world.expert())
        if observation.done:
            continue
        saved, again = world.snapshot(), []
        for other in (world, Grid("MiniBossLevel"), world):
            if other is not world:
                other.reset(task)
            seen = [other.restore(saved)]
            draw.seed(task.seed)
            while not seen[-1].done and len(seen) < 40:
                action = other.expert() if len(seen) % 4 else Action(draw.choice(seen[-1].choices))
                seen.append(other.step(action))
            again.append((seen, other.verdict()))
        assert again[0] == again[1] == again[2]
        assert again[0][0][0] == observation


def test_a_snapshot_of_another_level_is_refused():
    here, there = Grid("GoToLocal"), Grid("Unlock")
    here.reset(here.tasks("train")[0])
    there.reset(there.tasks("train")[0])
    with pytest.raises(WorldFailure, match="cannot be restored"):
        there.restore(here.snapshot())


def test_wrong_actions_are_refused_and_cost_a_step():
    world = Grid("GoToLocal")
    observation = world.reset(world.tasks("train")[0])
    for text, why in (("fly", "is no action here"), ("done", "is no action here"), ("drop", "you carry nothing")):
        before = world._env.step_count
        observation = world.step(Action(text))
        assert why in observation.info["refused"] and world._env.step_count == before + 1
    while not observation.done:
        observation = world.step(Action("fly"))
    assert world._env.step_count == world._env.max_steps and not world.verdict().passed
    with pytest.raises(WorldFailure, match="over"):
        world.step(Action("turn left"))


def test_choices_leave_out_only_what_changes_nothing():
    """Whatever is left out changes nothing when done all the same, and whatever is offered changes something."""
    draw = random.Random(5)
    for level in ("MiniBossLevel", "UnlockPickup", "MiniGrid-DoorKey-5x5"):
        world = Grid(level)
        for task in world.tasks("train")[:6]:
            observation = world.reset(task)
            for _ in range(30):
                saved = world.snapshot()
                for name in view.ACTIONS[:6]:
                    now = world.restore(saved)
                    after = world.step(Action(name))
                    changed = after.state != now.state or after.done
                    if name not in now.choices:
                        assert "refused" in after.info and not changed, (name, now.text, after.text)
                    else:
                        assert "refused" not in after.info
                        assert changed or name in {"turn left", "turn right", "go forward"}, (name, now.text, after.text)
                observation = world.restore(saved)
                observation = world.step(Action(draw.choice([*observation.choices, "go forward"])))
                if observation.done:
                    break


def test_done_is_an_action_only_where_the_level_waits_for_it():
    for level, waits in (("MiniGrid-GoToDoor-5x5", True), ("GoToObjDoor", False), ("MiniGrid-GoToObject-6x6-N2", True)):
        world = Grid(level)
        assert ("done" in world.reset(world.tasks("train")[0]).choices) == waits
    world = Grid("MiniGrid-Dynamic-Obstacles-5x5")
    assert set(world.reset(world.tasks("train")[0]).choices) <= {"turn left", "turn right", "go forward"}


def test_progress_comes_from_the_parts_in_their_order():
    world = Grid("BossLevel")
    graded = 0
    for task in world.tasks("train")[:30]:
        if " after you " not in task.instruction.text:
            continue
        world.reset(task)
        scores = [world.verdict().score]
        try:
            for observation in iter(lambda: world.step(world.expert()), None):
                scores.append(world.verdict().score)
                if observation.done:
                    break
        except WorldFailure:
            continue
        verdict = world.verdict()
        first, last = task.instruction.text.split(" after you ")
        assert verdict.criteria[0].name in last and verdict.criteria[-1].name in first
        assert all(c.evidence.startswith("done at step") for c in verdict.criteria) and verdict.passed
        assert scores[0] < 1 and scores[-1] == 1 and len(set(scores)) > 2
        graded += 1
    assert graded >= 3


def test_splits_share_no_seed_and_no_held_out_combination():
    world = Grid("GoToLocal")
    found = {split: world.tasks(split)[:40] for split in ("train", "validation", "test")}
    for split, here in found.items():
        assert [tasks.split_of(task.instruction.text) for task in here] == [split] * 40
        assert list(here) == list(Grid("GoToLocal").tasks(split)[:40]), "tasks repeat"
        assert len({task.seed for task in here}) == 40
        assert world.tasks(split)[-1].split == split
    assert tasks.HELD["validation"].isdisjoint(tasks.HELD["test"])
    fixed = Grid("GoToRedBallGrey").tasks("test")[:3]
    assert {t.instruction.text for t in fixed} == {"go to the red ball"} and all(t.seed >= 2_000_000_000 for t in fixed)
    with pytest.raises(SpecError, match="no split 'dev'"):
        world.tasks("dev")
    with pytest.raises(IndexError):
        world.tasks("test")[10_000]


def test_a_task_of_another_minigrid_is_an_error():
    world = Grid("GoToLocal")
    task = world.tasks("test")[0]
    with pytest.raises(WorldFailure, match="another version of minigrid"):
        world.reset(task.replace(instruction=task.instruction.replace(text="go to the moon")))


def test_levels_are_named_in_several_ways_and_unknown_ones_suggest():
    assert Grid("GoToLocal").identifier == Grid("BabyAI-GoToLocal-v0").identifier == "BabyAI-GoToLocal-v0"
    assert Grid("MiniGrid-Empty-8x8").identifier == Grid("Empty-8x8").identifier == "MiniGrid-Empty-8x8-v0"
    assert Grid("MiniGrid-MultiRoom-N4-S5").identifier == "MiniGrid-MultiRoom-N4-S5-v1"
    with pytest.raises(UnknownPart, match="GoToLocal"):
        Grid("GoToLokal")


def test_pictures_on_request():
    world = Grid("GoToLocal", image=True)
    assert np.asarray(world.reset(world.tasks("train")[0]).image).shape == (112, 112, 3)


@pytest.mark.parametrize(
    "level",
    ["DoorKey-6x6", "DynamicObstacles", "Fetch-8x8-N3", "FourRooms", "GoToDoor-8x8", "LavaCrossingS9N3", "LockedRoom", "MemoryS9"]
    + [
        "GoToObject-8x8-N2",
        "MultiRoom-N4-S5",
        "ObstructedMaze-1Dlh",
        "PutNear-8x8-N3",
        "RedBlueDoors-8x8",
        "MiniGrid-KeyCorridorS4R3",
    ]
    + ["MiniGrid-UnlockPickup", "MiniGrid-BlockedUnlockPickup", "MiniGrid-Unlock", "DistShift2", "LavaGapS7"],
)
def test_minigrids_own_levels_have_an_expert(level):
    world = Grid({"DynamicObstacles": "MiniGrid-Dynamic-Obstacles-6x6"}.get(level, level))
    for task in world.tasks("train")[:4]:
        play(world, task)
        assert world.verdict().passed, task


def test_keys_are_found_in_boxes():
    world = Grid("KeyInBox")
    solved = 0
    for task in world.tasks("train")[:6]:
        try:
            play(world, task)
            solved += world.verdict().passed
        except WorldFailure as failure:
            assert "knows no way on" in str(failure)
    assert solved >= 3
