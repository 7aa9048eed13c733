"""Capture the flag: every hiding place can be searched, flags are not in plain sight, and guessing fails."""

import pytest

import dutiful
from dutiful.core.errors import DutifulError, SpecError
from dutiful.core.records import Action
from dutiful.kit.box import backend
from dutiful.testing import check_world
from dutiful.worlds.code.hiding import PLACES

try:
    backend()
except DutifulError as problem:
    pytest.skip(f"no box here: {problem}", allow_module_level=True)


def act(world, tool, **arguments):
    return world.step(Action(tool, "", tool, arguments))


def test_the_battery():
    check_world("code/flags?parts=1", tasks=1)
    for spec in ("code/flags?parts=0", "code/flags?parts=2&kinds=log", "code/flags?kinds=safe"):
        with pytest.raises(SpecError):
            dutiful.world(spec)


def test_every_way_leads_to_its_flag_and_progress_counts():
    world = dutiful.world("code/flags?parts=10&max_steps=60&seconds=60")
    task = world.tasks()[0]
    observation, scores = world.reset(task), set()
    while not observation.done:
        action = world.expert()
        if action.tool == "submit_flag":
            assert action.arguments["flag"] in observation.text, "the oracle submits only what it has seen"
        observation = world.step(action)
        scores.add(round(world.verdict().score, 3))
    assert world.verdict().passed and len(scores) == 11
    assert {criterion.name for criterion in world.verdict().criteria} == set(PLACES)


def test_flags_do_not_lie_open():
    world, open_ = dutiful.world("code/flags?parts=10"), set()
    for number in range(5):
        task = world.tasks()[number]
        world.reset(task)
        for part in task.setup["parts"]:
            assert part["flag"] not in task.instruction.text
            if any(part["flag"].encode() in file.data for file in world.files.values()):
                open_.add(part["kind"])
    assert open_ <= {"dotfile", "checksum", "tables"}, "the others are encoded, locked or in pieces"


def test_wrong_flags_count_nothing():
    world = dutiful.world("code/flags?kinds=checksum&parts=1&max_steps=40")
    task = world.tasks()[2]
    world.reset(task)
    decoys = {word for line in act(world, "search", text="flag{").text.splitlines() for word in line.split()[1:]}
    assert len(decoys) == 10 and task.setup["parts"][0]["flag"] in decoys
    for flag in decoys - {task.setup["parts"][0]["flag"]}:
        assert "no flag of this box" in act(world, "submit_flag", flag=flag).text
    assert world.verdict().score == 0
    assert act(world, "finish").done and not world.verdict().passed


def test_clues_and_places_of_the_test_are_new():
    world = dutiful.world("code/flags")
    train, test = ([task.setup["parts"] for task in world.tasks(split)[:100]] for split in ("train", "test"))
    assert {part["clue"] for parts in train for part in parts} == {0, 1}
    assert {part["clue"] for parts in test for part in parts} == {0, 1, 2, 3}
    places = [{str((part["kind"], part["parameters"])) for parts in split for part in parts} for split in (train, test)]
    assert not places[0] & places[1]
