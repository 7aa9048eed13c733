"""Answers kept on disk, and runs replayed without their model."""

import random
import sqlite3
import threading
from pathlib import Path

import numpy as np
import pytest
import servers
from hypothesis import given, settings
from hypothesis import strategies as st
from lights import Lights

import dutiful
from dutiful import Card, Limits, Prompt, Sampling, Source, Span, Usage
from dutiful.core.errors import ModelFailure, SpecError, StoreError
from dutiful.core.model import Choice, Choices, Completion, JsonSchema, Model
from dutiful.models import Cache, OpenAI, Scripted
from dutiful.testing import check_model

PROMPT = Prompt((Span(Source.SYSTEM, "Rules."), Span(Source.USER, "Which way?")))
OPTIONS = ("left", "right", "straight on")


class Dice(Model):
    """Answers from all that it is asked and from how often: only a cache makes it repeat itself."""

    card = Card(kind="model", name="dice", summary="for these tests", capabilities=frozenset({"embed", "json"}))
    context = 512

    def __init__(self, version: int = 1):
        self.version, self.asked, self.closed, self.loads = version, 0, 0, True

    def throw(self, *asked):
        self.asked += 1
        return random.Random(repr((self.version, self.asked, asked)))

    def generate(self, prompt, sampling=Sampling(), constraint=None):
        text = f"text {self.throw(prompt, sampling, constraint).random()}"
        return Completion(text, Usage(10, 4, 3, 1, 0.5, 0.25), "length", -1.5)

    def choose(self, prompt, options, sampling=Sampling()):
        index = self.throw(prompt, options, sampling).randrange(len(options))
        return Choice(index, "logprobs", (-1.0,) * len(options), Usage(10, 4, 3, 1, 0.5, 0.25))

    def embed(self, texts):
        return np.array([[self.throw(text).random(), 1.0] for text in texts], np.float32)

    def versions(self):
        if not self.loads:
            raise ModelFailure("there are no weights")
        return {"engine": "dice", "version": self.version}

    def close(self):
        self.closed += 1


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "deep" / "answers.db")


def test_an_answer_is_asked_for_once_and_kept_over_processes(path):
    cache = Cache(Dice(), path)
    first = cache.generate(PROMPT), cache.choose(PROMPT, OPTIONS)
    again = cache.generate(PROMPT), cache.choose(PROMPT, OPTIONS)
    cache.close()
    later = Cache(Dice(), path)
    assert (later.generate(PROMPT), later.choose(PROMPT, OPTIONS)) == again
    assert later.inner.asked == 0 and (cache.hits, cache.misses, later.hits) == (2, 2, 2)
    for one, other in zip(first, again, strict=True):
        assert one.usage == Usage(10, 4, 3, 1, 0.5, 0.25) and other.usage == Usage(10, 4, 3, 1, 0.0, 0.0)
        assert one.replace(usage=Usage()) == other.replace(usage=Usage())


HOT = Sampling(temperature=1.0, seed=1)
QUESTIONS = [
    lambda m: m.generate(PROMPT),
    lambda m: m.generate(PROMPT + (Span(Source.WORLD, "x"),)),
    lambda m: m.generate(PROMPT + (Span(Source.MEMORY, "x"),)),
    lambda m: m.generate(PROMPT + (Span(Source.WORLD, "x", role="assistant"),)),
    lambda m: m.generate(Prompt((Span(Source.SYSTEM, "Rules.\nWhich way?"),))),
    lambda m: m.generate(PROMPT, Sampling(max_tokens=3)),
    lambda m: m.generate(PROMPT, Sampling(stop=("x",))),
    lambda m: m.generate(PROMPT, HOT),
    lambda m: m.generate(PROMPT, HOT.replace(seed=2)),
    lambda m: m.generate(PROMPT, HOT.replace(top_p=0.5)),
    lambda m: m.generate(PROMPT, Sampling(), Choices(("a", "b"))),
    lambda m: m.generate(PROMPT, Sampling(), Choices(("b", "a"))),
    lambda m: m.generate(PROMPT, Sampling(), JsonSchema({"options": ["a", "b"]})),
    lambda m: m.choose(PROMPT, ("a", "b")),
    lambda m: m.choose(PROMPT, ("a", "b", "c")),
    lambda m: m.choose(PROMPT, ("a", "b"), HOT),
]


def test_whatever_differs_in_a_question_makes_it_another(path):
    cache = Cache(Dice(), path)
    kept = [question(cache) for question in QUESTIONS]
    assert cache.inner.asked == len(QUESTIONS)
    for question, answer in zip(QUESTIONS, kept, strict=True):
        assert question(cache).replace(usage=Usage()) == answer.replace(usage=Usage())
    assert cache.inner.asked == len(QUESTIONS)


def test_a_greedy_answer_does_not_depend_on_the_seed(path):
    cache = Cache(Dice(), path)
    texts = {cache.generate(PROMPT, Sampling(seed=seed)).text for seed in range(5)}
    assert len(texts) == 1 and cache.inner.asked == 1


def test_another_version_of_the_model_has_answers_of_its_own(path):
    one, two = Cache(Dice(1), path), Cache(Dice(2), path)
    assert one.generate(PROMPT) != two.generate(PROMPT)
    assert two.inner.asked == 1


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(list(Source)), st.text(max_size=20)), min_size=1, max_size=5))
def test_any_prompt_comes_back(tmp_path_factory, spans):
    prompt = Prompt(Span(source, text) for source, text in spans)
    cache = Cache(Dice(), str(tmp_path_factory.mktemp("cache") / "a.db"))
    assert cache.generate(prompt).text == cache.generate(prompt).text
    cache.close()


def test_embeddings_are_kept_text_by_text(path):
    cache = Cache(Dice(), path)
    rows = cache.embed(["a", "b", "a"])
    assert cache.inner.asked == 2 and rows.shape == (3, 2) and rows.dtype == np.float32
    again = cache.embed(["b", "c", "a"])
    assert cache.inner.asked == 3
    assert (again[[2, 0]] == rows[:2]).all() and (rows[0] == rows[2]).all()
    assert cache.can("embed") and cache.context == 512 and not Cache(Scripted(script="x"), path).can("embed")
    with pytest.raises(ModelFailure, match="does not hold the embedding of 'z'"):
        Cache(Dice(), path, replay=True).embed(["a", "z"])


def test_threads_agree_on_the_answer_that_was_kept_first(path):
    cache, texts = Cache(Dice(), path), []
    threads = [threading.Thread(target=lambda: texts.append(cache.generate(PROMPT).text)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(texts) == 16 and len(set(texts)) == 1


def test_errors_are_not_kept(path):
    with servers.Loopback(servers.status(401, "no"), servers.says("yes")) as server:
        cache = Cache(OpenAI("m", server.url), path)
        with pytest.raises(ModelFailure):
            cache.generate(PROMPT)
        assert cache.generate(PROMPT).text == cache.generate(PROMPT).text == "yes"
        assert len(server.bodies) == 2


# Replaying


def follow(model, **more):
    world = Lights()
    return dutiful.solve(dutiful.agent("act", model), world.tasks()[1], world, **more)


def bare(episode):
    """An episode without names and clocks."""
    steps = [
        (step.observation, step.action, [call.replace(usage=call.usage.replace(seconds=0)) for call in step.calls])
        for step in episode.steps
    ]
    return steps, episode.final, episode.verdict, episode.ended, episode.usage.replace(seconds=0)


@pytest.mark.parametrize("limits", [Limits(), Limits(steps=1), Limits(tokens=9), Limits(calls=1), Limits(cost=0.2)])
def test_a_run_replays_without_its_model_and_ends_where_it_ended(path, limits):
    lived = follow(Cache(Dice(), path), limits=limits)
    assert lived.error is None and len(lived.steps) == (2 if limits == Limits() else 1)
    for model in (
        Cache(None, path, replay=True),
        Cache(Dice(), path, replay=True),
        Cache(None, path, replay=True, of=Dice().spec),
    ):
        assert bare(follow(model, limits=limits)) == bare(lived)
        assert model.inner is None or model.inner.asked == 0


def test_a_miss_in_a_replay_names_the_last_span_and_the_way_out(path):
    follow(Cache(Dice(), path), limits=Limits(steps=1))
    replay = Cache(Dice(), path, replay=True)
    with pytest.raises(ModelFailure, match=r"prompt that ends in 'Which way\?'.*without replay=true"):
        replay.generate(PROMPT)
    episode = follow(replay)
    assert episode.error.kind == "ModelFailure" and len(episode.steps) == 1 and episode.verdict is None


def test_a_model_that_cannot_load_is_replayed_by_its_name(path):
    kept, lost = Cache(Dice(), path).generate(PROMPT), Dice()
    lost.loads = False
    assert Cache(lost, path, replay=True).generate(PROMPT) == kept
    with pytest.raises(ModelFailure, match="no weights"):
        Cache(lost, path).generate(PROMPT)


def test_a_replay_asks_which_model_is_meant(path):
    for inner in (Dice(1), Dice(2), Scripted(script="go")):
        Cache(inner, path).generate(PROMPT)
    assert Cache(None, path, replay=True, of="scripted?script=go").generate(PROMPT).text == "go"
    with pytest.raises(StoreError, match=r"more than once.*scripted\?script=go.*Dice, .*Dice\?version=2.*of=SPEC"):
        Cache(None, path, replay=True).generate(PROMPT)
    with pytest.raises(StoreError, match="not at all"):
        Cache(None, path, replay=True, of=Dice(9).spec).generate(PROMPT)
    with pytest.raises(StoreError, match="not at all"):
        Cache(Dice(3), path, replay=True).generate(PROMPT)
    with pytest.raises(StoreError, match="no cache at"):
        Cache(None, path + "x", replay=True).generate(PROMPT)


def test_a_model_that_looks_at_the_world_passes_through(path):
    cache = Cache(Scripted(), path)
    assert follow(cache).passed and cache.misses == 0
    episode = follow(Cache(Scripted(), path, replay=True))
    assert episode.error.kind == "SpecError" and "not kept" in episode.error.message


# Files and specs


def test_a_damaged_cache_is_an_error_with_a_way_out(path, tmp_path):
    with pytest.raises(StoreError, match=r"cannot be used.*path="):
        wreck = tmp_path / "wreck.db"
        wreck.write_bytes(b"not a database at all" * 100)
        Cache(Dice(), str(wreck)).generate(PROMPT)
    cache = Cache(Dice(), path)
    cache.generate(PROMPT)
    with sqlite3.connect(path) as db:
        db.execute("UPDATE answers SET answer = x'00ff'")
    db.close()
    with pytest.raises(StoreError, match=r"damaged answer.*move the file away"):
        cache.generate(PROMPT)
    cache.close()
    assert cache.inner.closed == 1


def test_another_programs_database_is_left_alone(tmp_path):
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE answers (mine TEXT)")
    db.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="none of this cache"):
        Cache(Dice(), str(path)).generate(PROMPT)
    assert path.read_bytes() == before


def test_a_truncated_file_is_an_error_not_a_wrong_answer(path, tmp_path):
    cache = Cache(Dice(), path)
    for n in range(200):
        cache.generate(PROMPT + (Span(Source.WORLD, str(n)),))
    cache.close()
    with Path(path).open("r+b") as file:
        file.truncate(9000)
    with pytest.raises(StoreError, match="cannot be used"):
        for n in range(200):
            Cache(Dice(), path, replay=True).generate(PROMPT + (Span(Source.WORLD, str(n)),))


def test_specs(path):
    spec = f"scripted?script=go+cache?path={path}"
    built = dutiful.model(spec)
    assert built.spec == spec and built.versions() == built.inner.versions() and built.generate(PROMPT).text == "go"
    assert dutiful.model(f"cache?path={path}&replay=true").spec == f"cache?path={path}&replay=true"
    assert dutiful.model(f"cache?path={path}&replay=true&of=scripted?script%3Dgo").generate(PROMPT).text == "go"
    for wrong in ("cache", "scripted+cache?of=scripted"):
        with pytest.raises(SpecError, match="replay"):
            dutiful.model(wrong)


def test_prices_are_those_of_the_model_inside(path):
    far = OpenAI("m", base_url="https://models.example/v1")
    assert not Cache(far, path).priced and Cache(far, path, replay=True).priced and Cache(Dice(), path).priced


def test_a_cached_model_passes_the_battery_and_closes_twice(path):
    assert check_model(Cache(Scripted(reply=lambda prompt: "sing"), path)).ran >= 6
