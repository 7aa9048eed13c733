from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutiful import Action, Array, Episode, Instruction, Source, Span, Task, Usage, read_episode, write_episode
from dutiful.core.errors import StoreError
from dutiful.core.records import Call, Criterion, Failure, Observation, Step, Verdict

SAMPLE = Path(__file__).parent.parent / "data" / "episode-1.msgpack"

texts = st.text(max_size=12)
reals = st.floats(allow_nan=False, allow_infinity=False)
counts = st.integers(0, 2**40)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | reals | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
objects = st.dictionaries(texts, json_values, max_size=3)
arrays = st.builds(Array, st.sampled_from(["<f4", "|u1"]), st.tuples(counts), st.binary(max_size=8))
spans = st.lists(st.builds(Span, st.sampled_from(Source), texts, texts), max_size=3).map(tuple)
usages = st.builds(Usage, counts, counts, counts, counts, reals, reals)
calls = st.builds(Call, texts, counts, spans, texts, usages, texts, st.lists(reals, max_size=3).map(tuple))
observations = st.builds(
    Observation,
    texts,
    st.lists(texts, max_size=3).map(tuple),
    st.booleans(),
    reals,
    st.none() | arrays,
    st.none() | arrays,
    objects,
)
steps = st.builds(
    Step,
    observations,
    st.builds(
        Action,
        texts,
        texts,
        texts,
        objects,
        st.none() | st.tuples(reals, reals),
        st.lists(reals, max_size=2).map(tuple),
    ),
    st.lists(calls, max_size=2).map(tuple),
    usages,
    reals,
    counts,
)
criteria = st.builds(Criterion, texts, st.booleans(), reals, texts)
verdicts = st.builds(Verdict, reals, st.booleans(), st.lists(criteria, max_size=2).map(tuple))
episodes = st.builds(
    Episode,
    st.builds(Task, texts, texts, texts, counts, st.builds(Instruction, texts, st.lists(arrays, max_size=1).map(tuple)), objects),
    texts,
    texts,
    counts,
    st.lists(steps, max_size=3).map(tuple),
    st.none() | observations,
    st.none() | verdicts,
    usages,
    st.none() | st.builds(Failure, texts, texts, texts),
    texts,
    reals,
    reals,
)


@settings(max_examples=60, deadline=None)
@given(episodes)
def test_an_episode_read_back_is_the_episode_written(episode):
    assert read_episode(write_episode(episode)) == episode


@given(st.sampled_from(["<f4", "<i8", "|u1", "<f8"]), st.lists(st.integers(0, 4), min_size=1, max_size=3))
def test_an_array_comes_back_in_shape_and_type(dtype, shape):
    array = np.arange(int(np.prod(shape))).reshape(shape).astype(dtype)
    back = np.asarray(Array.of(array))
    assert back.dtype == array.dtype and back.shape == array.shape and (back == array).all()


def test_an_episode_of_format_1_stays_readable():
    episode = read_episode(SAMPLE.read_bytes())
    assert episode.version == 1
    assert episode.task.instruction.text == "switch on the light in the kitchen, then the one in the attic"
    assert [step.action.text for step in episode.steps] == ["press kitchen", "press attic"]
    assert episode.verdict is not None and episode.passed
    assert "Lit: kitchen." in episode.prompts()[-1][-1].text


def test_damaged_and_newer_episodes_are_named_errors():
    data = SAMPLE.read_bytes()
    with pytest.raises(StoreError, match="damaged"):
        read_episode(data[: len(data) // 2])
    with pytest.raises(StoreError, match="damaged"):
        read_episode(b"not msgpack at all")
    newer = read_episode(data).replace(version=99)
    with pytest.raises(StoreError, match="format 99"):
        read_episode(write_episode(newer))


def test_a_verdict_needs_criteria_and_passes_only_when_all_do():
    with pytest.raises(ValueError, match="criterion"):
        Verdict.of()
    half = Verdict.of(Criterion("a", True, 1.0, "x"), Criterion("b", False, 0.0, "y"))
    assert half.score == 0.5 and not half.passed


def test_an_episode_in_error_has_no_answer():
    task = Task("t", "w", "test", 0, Instruction("x"))
    with pytest.raises(ValueError, match="no verdict"):
        _ = Episode(task, "act", "", 0, error=Failure("WorldFailure", "broke")).passed


def test_sources_are_ordered_by_trust():
    order = [Source.SYSTEM, Source.USER, Source.DEMO, Source.PLAN, Source.MEMORY, Source.WORLD, Source.MODEL]
    assert order == sorted(order, reverse=True)
