"""Workspaces and functions to write: the battery, the tools, programs that misbehave, cheats, and tasks that prove themselves."""

import json
from itertools import islice
from random import Random

import pytest

import dutiful
from dutiful.core.errors import DutifulError, MissingExtra, SpecError
from dutiful.core.records import Action
from dutiful.kit.box import backend
from dutiful.testing import check_world
from dutiful.worlds.code import functions
from dutiful.worlds.code.families import FAMILIES
from dutiful.worlds.code.probes import Probe, check, equal
from dutiful.worlds.code.tree import MOST_BYTES, Refused, clean, keep, put, tree

try:
    backend()
except (MissingExtra, DutifulError) as problem:
    pytest.skip(f"no box here: {problem}", allow_module_level=True)


def act(world, tool, **arguments):
    return world.step(Action(tool, "", tool, arguments))


@pytest.fixture(scope="module")
def world():
    found = dutiful.world("code/functions?max_steps=60&seconds=20")
    yield found
    found.close()


@pytest.fixture
def laid(world):
    world.reset(world.tasks()[0])
    return world


def test_the_battery():
    check_world("code/functions", tasks=1)


def test_wrong_knobs_are_refused():
    for spec in ("code/functions?kinds=poems", "code/functions?max_steps=0", "code/functions?seconds=0"):
        with pytest.raises(SpecError):
            dutiful.world(spec)


# The tools


def test_files_are_read_written_edited_and_removed(laid):
    assert "examples.txt" in act(laid, "list_files").text and "read-only" in act(laid, "list_files").text
    assert act(laid, "write_file", path="a/b.txt", text="one\ntwo\nthree\n").text == "a/b.txt has 3 lines now."
    assert act(laid, "read_file", path="/box/a/b.txt", first=2, lines=1).text == "two"
    assert act(laid, "search", text="thre").text == "a/b.txt:3: three"
    assert not act(laid, "edit_file", path="a/b.txt", old="two\n", new="2\n").info
    assert act(laid, "read_file", path="a/b.txt").text == "one\n2\nthree"
    assert "+2" in laid.patch() and act(laid, "remove_file", path="a/b.txt").text == "a/b.txt is gone."
    assert laid.patch() == ""


@pytest.mark.parametrize(
    "tool, arguments, why",
    [
        ("read_file", {"path": "../secret"}, "outside of the workspace"),
        ("read_file", {"path": "/etc/passwd"}, "outside of the workspace"),
        ("read_file", {"path": "solution"}, "did you mean solution.py"),
        ("read_file", {"path": "solution.py", "first": 0}, "must be 1 or more"),
        ("write_file", {"path": "examples.txt", "text": ""}, "read-only"),
        ("write_file", {"path": "examples.txt/x", "text": ""}, "is a file, not a folder"),
        ("write_file", {"path": "a\0b", "text": ""}, "signs that no path may have"),
        ("write_file", {"path": "a", "text": "\ud800"}, "UTF-8"),
        ("write_file", {"path": "big", "text": "x" * (MOST_BYTES + 1)}, "full"),
        ("edit_file", {"path": "solution.py", "old": "nowhere", "new": ""}, "0 times"),
        ("remove_file", {"path": "examples.txt"}, "read-only"),
        ("apply_patch", {"patch": "nothing"}, "no change"),
        ("apply_patch", {"patch": "--- a/examples.txt\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-x\n"}, "read-only"),
        ("search", {"text": ""}, "empty text"),
        ("run", {"command": "echo \0"}, "no command may have"),
        ("dance", {}, "no tool 'dance'"),
    ],
)
def test_what_cannot_be_had_is_refused(laid, tool, arguments, why):
    before = laid.files
    seen = act(laid, tool, **arguments)
    assert why in seen.info["refused"] and seen.text.startswith("Error: ")
    assert laid.files == before


def test_programs_run_in_a_box_on_a_copy(laid):
    seen = act(
        laid, "run", command="echo new > made.txt; echo changed > examples.txt; ln -s /etc/passwd link; pwd; ls /work; exit 3"
    )
    assert "/box" in seen.text and "exit code 3" in seen.text and "put back: examples.txt" in seen.text
    assert laid.files["made.txt"].text == "new\n" and "link" not in laid.files
    assert laid.files["examples.txt"] == laid.laid.files["examples.txt"]
    assert "no file" in act(laid, "read_file", path="link").text


def test_programs_that_misbehave_are_observations(laid):
    before = laid.files
    seen = act(laid, "run", command="head -c 20000000 /dev/zero > zeros")
    assert "Nothing that it wrote was kept" in seen.text and laid.files == before
    assert len(act(laid, "run", command="yes | head -c 400000").text) < 5000
    assert not laid.verdict().passed
    hasty = dutiful.world("code/functions?seconds=0.5")
    hasty.reset(hasty.tasks()[0])
    before = hasty.files
    assert "took too long" in act(hasty, "run", command="touch left; while :; do :; done").text
    assert hasty.files == before


def test_paths():
    assert clean("/box/./a//b.py") == "a/b.py"
    with pytest.raises(Refused):
        put(tree({"a/b": ""}), "a", b"")
    assert keep(tree({"a": "1"}), tree({"a/x": "2", "b": ""}), ["a"]) == (dict(tree({"a": "1", "b": ""})), ["a"])


# The evaluator


def test_only_what_is_right_passes():
    files = tree({"m.py": "def add(a, b):\n    return a + b\n"})
    probes = [
        Probe("sum", "from m import add\nshow(add(2, 3))", (5,)),
        Probe("wrong", "from m import add\nshow(add(2, 3))", (6,)),
        Probe("raises", "show(caught(TypeError, __import__('m').add, 1))", (True,)),
        Probe("silent", "pass", (1,)),
    ]
    assert [each.passed for each in check(files, probes)] == [True, False, True, False]
    assert equal([1, {"a": 1.0}], [1.0, {"a": 1 + 1e-12}]) and not equal(True, 1) and not equal([1], [1, 2])


@pytest.mark.parametrize(
    "cheat",
    [
        "import os\nos._exit(0)\n",
        "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n",
        "import sys\nprint('passed')\nsys.exit(0)\n",
        "class Same:\n    def __eq__(self, other):\n        return True\n\n\ndef distil(numbers):\n    return Same()\n",
        "import json\njson.dumps = lambda *a, **k: '{}'\n\n\ndef distil(numbers):\n    return 1\n",
        "open('/box/hidden', 'w').write('x')\n\n\ndef distil(numbers):\n    return []\n",
    ],
)
def test_a_cheat_fails_and_breaks_nothing(laid, cheat):
    act(laid, "write_file", path="solution.py", text=cheat)
    verdict = laid.verdict()
    assert not verdict.passed and "hidden" not in laid.files


def test_learning_the_examples_by_heart_is_not_enough(laid):
    shown = {repr(arguments[0]): value for arguments, value in functions.examples(laid.laid.rest)}
    act(laid, "write_file", path="solution.py", text=f"def distil(numbers):\n    return {shown!r}.get(repr(numbers))\n")
    assert not laid.verdict().passed


# Tasks that prove themselves


@pytest.mark.parametrize("name", list(FAMILIES))
def test_two_ways_to_compute_a_function_agree(name):
    family = FAMILIES[name]
    for number in range(25):
        random = Random(number)
        parameters = json.loads(json.dumps(family.draw(random)))
        place = {}
        exec(family.solution(parameters), place)
        for _ in range(8):
            arguments = family.arguments(random, parameters)
            said = family.truth(parameters, *json.loads(json.dumps(arguments)))
            assert place[name](*json.loads(json.dumps(arguments))) == said, (parameters, arguments)


def test_hidden_calls_tell_a_task_from_its_neighbours(world):
    told = 0
    for task in islice(world.tasks(), 105):
        family, hidden = FAMILIES[task.setup["family"]], functions.cases(json.dumps(task.setup, sort_keys=True))[3:]
        other = family.draw(Random(task.id))
        told += any(functions.differs(family, other, arguments, value) for arguments, value in hidden)
        assert len({repr(value) for _, value in hidden}) > 1
    assert told >= 95, "a draw may mean the same as the task, but few do"


def test_splits_share_no_parameters_and_no_unseen_wording(world):
    def of(split):
        return [
            (t.setup["family"], json.dumps(t.setup["parameters"]), t.setup["wording"]) for t in islice(world.tasks(split), 300)
        ]

    train, test = of("train"), of("test")
    assert not {each[:2] for each in train} & {each[:2] for each in test}
    assert {each[2] for each in train} == {0, 1} and {each[2] for each in test} == {0, 1, 2, 3}


def prove(world, task):
    """The stub and a neighbour's solution fail, the oracle passes."""
    family, hidden = FAMILIES[task.setup["family"]], functions.cases(json.dumps(task.setup, sort_keys=True))[3:]
    draws = (family.draw(Random(number)) for number in range(200))
    rival = next(p for p in draws if any(functions.differs(family, p, arguments, value) for arguments, value in hidden))
    observation = world.reset(task)
    assert not world.verdict().passed, task.id
    act(world, "write_file", path="solution.py", text=family.solution(rival))
    assert not world.verdict().passed, (task.id, rival)
    while not observation.done:
        observation = world.step(world.expert())
    assert world.verdict().passed and world.verdict().score == 1, task.id


def test_some_tasks_prove_themselves(world):
    for task in world.tasks()[:30:6]:
        prove(world, task)


@pytest.mark.proofs
def test_500_tasks_prove_themselves(world):
    for task in world.tasks()[:500]:
        prove(world, task)
