"""Experiments: progress lies between two models, hidden rows stay hidden, and what is no prediction counts nothing."""

import pytest

import dutiful
from dutiful.core.errors import DutifulError, SpecError
from dutiful.core.records import Action
from dutiful.kit.box import backend
from dutiful.testing import check_world
from dutiful.worlds.code import studies
from dutiful.worlds.code.experiment import data_of
from dutiful.worlds.code.studies import STUDIES, asked, measured, progress

try:
    backend()
except DutifulError as problem:
    pytest.skip(f"no box here: {problem}", allow_module_level=True)


def act(world, tool, **arguments):
    return world.step(Action(tool, "", tool, arguments))


def test_the_battery():
    check_world("code/experiment", tasks=1)
    with pytest.raises(SpecError):
        dutiful.world("code/experiment?kinds=genes")


@pytest.mark.parametrize("name", list(STUDIES))
def test_the_better_model_is_better_and_hidden_rows_have_no_target(name):
    study = STUDIES[name]
    for task in dutiful.world(f"code/experiment?kinds={name}").tasks()[:3]:
        found = data_of(task.setup)
        assert progress(found, found.plain) == 0 and progress(found, found.better) == 1
        assert abs(found.better - found.plain) > 0.25 * max(found.better, found.plain)
        assert not any(study.target in row for row in asked(study, found.hidden))
        assert {str(row) for row in asked(study, found.hidden)} != {str(row) for row in asked(study, found.train)}


def test_progress_in_between_and_nothing_for_nonsense():
    world = dutiful.world("code/experiment?kinds=flats&max_steps=60&seconds=30")
    world.reset(world.tasks()[0])
    rate = "sum(row['price'] for row in train) / sum(row['size'] for row in train)"
    halfway = f"def predict(train, rows):\n    rate = {rate}\n    return [rate * row['size'] for row in rows]\n"
    scores = {}
    for name, text in {
        "halfway": halfway,
        "short": "def predict(train, rows):\n    return [1.0]\n",
        "words": "def predict(train, rows):\n    return ['many' for _ in rows]\n",
        "infinite": "def predict(train, rows):\n    return [float('inf') for _ in rows]\n",
        "broken": "def predict(train, rows):\n    return 1 / 0\n",
        "peeping": "def predict(train, rows):\n    return [row['price'] for row in rows]\n",
    }.items():
        act(world, "write_file", path="model.py", text=text)
        scores[name] = world.verdict().score
    assert 0 < scores.pop("halfway") < 1 and set(scores.values()) == {0.0}


def test_the_score_of_the_workspace_can_be_asked():
    world = dutiful.world("code/experiment?kinds=ratings&seconds=60")
    world.reset(world.tasks()[0])
    assert "mean absolute error " in act(world, "run", command="python3 score.py").text
    assert "read-only" in act(world, "write_file", path="train.csv", text="").info["refused"]


def test_metrics():
    study = STUDIES["seeds"]
    assert measured(study, [{"kind": "a"}, {"kind": "b"}], ["a", "a"]) == 0.5
    with pytest.raises(ValueError, match="1 predictions for 2 rows"):
        measured(study, [{"kind": "a"}, {"kind": "b"}], ["a"])
    assert studies.table([{"a": 1, "b": "x"}]) == "a,b\n1,x\n"
