"""Slices name what is planted and nothing else, alone and side by side."""

from random import Random

import pytest
from click.testing import CliRunner

from dutiful import lab
from dutiful.cli import main
from dutiful.core.errors import StoreError
from dutiful.core.records import Action, Criterion, Episode, Instruction, Observation, Step, Task, Verdict


def episodes(passes, n=160, name="a"):
    """Episodes with three tags; `passes(tags, random)` says which are right."""
    random, made = Random(name), []
    for i in range(n):
        tags = {"colour": ("red", "green", "blue", "grey")[i % 4], "size": ("small", "large")[i // 4 % 2], "item": f"i{i}"}
        right = passes(tags, random)
        task = Task(f"t{i}", "w", "test", i, Instruction("x" * (i % 7)), {"turns": [{"text": "x"}], "tags": tags})
        verdict = Verdict.of(Criterion("right", right, float(right), "so it was"))
        made.append(Episode(task, name, "", i, (Step(Observation("?"), Action("!")),), Observation(done=True), verdict))
    return made


def standing(buckets):
    return {(bucket.slice, bucket.bucket) for bucket in buckets if bucket.corrected < 0.01}


def test_one_weakness_is_found_alone():
    weak = episodes(lambda tags, random: tags["colour"] != "blue" and random.random() < 0.9)
    found = lab.sliced(weak)
    assert {slice for slice, _ in standing(found)} == {"colour"} and found[0].bucket == "blue"
    assert found[0].b is None and found[0].contrast.high < -0.6 and found[0].n == 40


def test_two_that_differ_in_one_place():
    a = episodes(lambda tags, random: random.random() < 0.8, name="a")
    b = episodes(lambda tags, random: random.random() < (0.8 if tags["size"] == "small" else 0.1), name="b")
    found = lab.sliced(a, b)
    assert {slice for slice, _ in standing(found)} == {"size"}
    assert found[0].contrast.low <= found[0].contrast.value <= found[0].contrast.high
    assert "*" in lab.render_slices(found) and "large" in lab.render_slices(found)


def test_nothing_stands_out_where_nothing_is():
    alarms = 0
    for seed in range(12):
        pair = [episodes(lambda tags, random: random.random() < 0.7, name=f"{seed}{side}") for side in "ab"]
        alarms += bool(standing(lab.sliced(*pair, shuffles=1000)))
    assert alarms <= 1


def test_buckets_of_few_tasks_and_slices_of_single_items_are_left_out():
    found = lab.sliced(episodes(lambda tags, random: True))
    assert {bucket.slice for bucket in found} <= {"colour", "size", "instruction length"}


def test_nothing_in_common_is_an_error():
    a = episodes(lambda tags, random: True)
    with pytest.raises(StoreError, match="no task in common"):
        lab.sliced(a, [episode.replace(seed=999) for episode in a])


def test_repeated_tasks_are_no_more_evidence_than_their_number():
    once = episodes(lambda tags, random: random.random() < (0.5 if tags["colour"] == "blue" else 0.7))
    again = [episode.replace(seed=1000 + episode.seed) for episode in once]
    plain, repeated = (
        {(each.slice, each.bucket): each for each in lab.sliced(some, shuffles=500)} for some in (once, [*once, *again])
    )
    assert plain == repeated
    mixed = [episode.replace(seed=1000 + i, verdict=once[i - 1].verdict) for i, episode in enumerate(once)]
    found = lab.sliced([*once, *mixed], shuffles=500)
    assert {each.n for each in found if each.slice == "colour"} == {40} and all(0 < each.a.low <= each.a.value for each in found)


def test_nothing_to_slice_is_an_error():
    with pytest.raises(StoreError, match="no episode has a verdict"):
        lab.sliced([episode.replace(verdict=None) for episode in episodes(lambda tags, random: True, n=3)])


def test_the_command_shows_slices(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    models = ["-m", "scripted?script=Answer: A", "-m", "scripted?script=Answer: B"]
    words = ["eval", "chat/exam?kind=options", *models, "--tasks", "40", "--name", "letters"]
    assert CliRunner().invoke(main, words).exit_code == 0
    out = CliRunner().invoke(main, ["compare", "letters", "--slices"]).output
    assert "right letter" in out and "contrast" in out
    judged = CliRunner().invoke(main, ["judge", "letters", "-j", "sliced"]).output
    assert "letter A: said less right" in judged and "same content in all rotations" in judged
