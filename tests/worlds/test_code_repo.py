"""Repositories to edit: solutions fit everywhere, tests are hidden and strict, and cheats fail."""

import json
from itertools import islice

import pytest

import dutiful
from dutiful.core.errors import DutifulError, SpecError
from dutiful.core.records import Action
from dutiful.kit.box import backend
from dutiful.testing import check_world
from dutiful.worlds.code import patches, repos
from dutiful.worlds.code.probes import check
from dutiful.worlds.code.tree import tree

try:
    backend()
except DutifulError as problem:
    pytest.skip(f"no box here: {problem}", allow_module_level=True)


def act(world, tool, **arguments):
    return world.step(Action(tool, "", tool, arguments))


def test_the_battery():
    check_world("code/repo", tasks=1)
    with pytest.raises(SpecError):
        dutiful.world("code/repo?kinds=bank")


def test_every_solution_fits_in_every_variant_of_every_split():
    world, seen = dutiful.world("code/repo"), set()
    for split in ("train", "validation", "test"):
        tasks = world.tasks(split)
        assert len(tasks) == {"train": 480}.get(split, 60)
        assert len({json.dumps(task.setup["words"]) for task in tasks} & seen) == 0
        for task in tasks:
            repo = repos.load(task.setup["repo"])
            edit, words, before = repo.edits[task.setup["edit"]], task.setup["words"], repo.before(task.setup["words"])
            assert 3 <= len(before) <= 8 and "@" not in task.instruction.text and len(edit.wordings) == 4
            for which in range(len(edit.solutions)):
                assert repo.after(edit, words, which) != before
            assert all(compile(text, path, "exec") for path, text in repo.after(edit, words).items() if path.endswith(".py"))
            assert edit.probes(words)
        seen |= {json.dumps(task.setup["words"]) for task in tasks}


def passes(files, probes):
    return all(criterion.passed for criterion in check(tree(files), probes))


@pytest.mark.parametrize("name", repos.names())
def test_a_solution_passes_and_nothing_fails(name):
    repo = repos.load(name)
    words = repo.draw("train", 0)
    for edit in repo.edits:
        assert passes(repo.after(edit, words), edit.probes(words)), edit.kind
        assert not passes(repo.before(words), edit.probes(words)), edit.kind


@pytest.mark.proofs
@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_alternatives_pass_and_the_other_instruction_fails(split):
    for task in dutiful.world("code/repo").tasks(split):
        repo, words, place = repos.load(task.setup["repo"]), task.setup["words"], task.setup["edit"]
        edit = repo.edits[place]
        for which in range(len(edit.solutions)):
            assert passes(repo.after(edit, words, which), edit.probes(words)), (task.id, which)
        assert not passes(repo.before(words), edit.probes(words)), task.id
        assert not passes(repo.after(repo.edits[1 - place], words), edit.probes(words)), task.id


def test_the_last_observation_says_how_it_ended():
    world = dutiful.world("code/repo")
    task = world.tasks()[0]

    def ending(*moves):
        world.reset(task)
        for tool, arguments in moves:
            seen = act(world, tool, **arguments)
        return seen.info["outcome"]

    world.reset(task)
    solution = patches.diff(world.files, tree(world.solved()))
    assert ending(("apply_patch", {"patch": solution}), ("submit", {})) == "passed"
    assert ending(("submit", {})) == "empty"
    assert ending(("apply_patch", {"patch": "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"}), ("submit", {})) == "patch failed"
    path = next(path for path in world.files if path.endswith("__init__.py"))
    assert ending(("write_file", {"path": path, "text": "raise SystemExit(0)"}), ("submit", {})) == "tests failed"


def test_the_tests_are_not_to_be_had():
    world = dutiful.world("code/repo")
    world.reset(world.tasks()[1])
    for tool, arguments in (
        ("write_file", {"path": "hidden_test.py", "text": ""}),
        ("apply_patch", {"patch": "--- /dev/null\n+++ b/hidden_test.py\n@@ -0,0 +1 @@\n+pass\n"}),
    ):
        assert "hidden tests" in act(world, tool, **arguments).info["refused"]
    shown = " ".join(code for _, code, _ in repos.load(world.laid.rest["repo"]).edits[0].checks)
    assert not any(text and text in shown for text in (act(world, "search", text="show(").text,))


def test_instructions_are_terse():
    lengths = [len(task.instruction.text.split()) for task in islice(dutiful.world("code/repo").tasks(), 60)]
    assert sum(lengths) / len(lengths) < 40
