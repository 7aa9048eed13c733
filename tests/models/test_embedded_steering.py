"""Steered decoding: on random logits, without a model; and through the engine, on the default weights."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutiful.core.errors import ModelFailure, Unsupported
from dutiful.core.model import Sampling, Steered
from dutiful.core.prompt import Prompt
from dutiful.core.records import Source, Span
from dutiful.models import Embedded, OpenAI, Scripted
from dutiful.models.cache import Cache
from dutiful.models.embedded import weights
from dutiful.models.embedded.jobs import draw, race
from dutiful.models.embedded.steering import Steering, spell
from dutiful.models.embedded.tokenizer import Tokenizer
from dutiful.testing import check_model

pytest.importorskip("xllamacpp")
pytest.importorskip("gguf")

WORD = re.compile(r"\w+")


def at_most(n):
    return lambda text: "" if len(WORD.findall(text)) <= n else None


def at_least(n):
    return lambda text: " and more" * max(0, -(-(n - len(WORD.findall(text))) // 2))


def holds(word):
    return lambda text: "" if word in text else " " + word


def without(character):
    return lambda text: None if character in text else ""


def ends(phrase):
    return lambda text: "" if text.endswith(phrase) else " " + phrase


def begins(phrase):
    def finish(text):
        if text.startswith(phrase):
            return ""
        return phrase[len(text) :] if phrase.startswith(text) else None

    return finish


def all_of(*finishes):
    """Their witnesses one after another, three times over."""

    def finish(text):
        whole = text
        for _ in range(3):
            for each in finishes:
                more = each(whole)
                if more is None:
                    return None
                whole += more
        return whole[len(text) :] if all(each(whole) == "" for each in finishes) else None

    return finish


@pytest.fixture(scope="session")
def tokenizer():
    return Tokenizer(weights.fetch())


def write(tokenizer, finish, room, seed=0, temperature=0.0, stop=(), sharp=3.0, end=0.0):
    """The text that random logits lead to, whether it was ended, and how many tokens it has."""
    random = np.random.default_rng(seed)
    sampling = Sampling(temperature=temperature)
    steering = Steering(Steered(finish, "test"), tokenizer, room, [s.encode() for s in stop])
    data, tokens = b"", 0
    while tokens < room:
        logits = (random.standard_normal(tokenizer.size) * sharp).astype(np.float32)
        logits[tokenizer.control] = -np.inf
        logits[tokenizer.eot] = end
        token = steering.next(logits, lambda logits=logits: race(logits, sampling, random) if temperature else logits)
        if token in tokenizer.ends:
            return data.decode("utf-8", "replace"), True, tokens
        data += tokenizer.pieces[token]
        tokens += 1
        if any(s.encode() in data for s in stop):
            return data[: min(data.find(s.encode()) for s in stop if s.encode() in data)].decode("utf-8", "replace"), True, tokens
    return data.decode("utf-8", "replace"), False, tokens


FINISHES = st.sampled_from(
    [
        all_of(at_most(12)),
        all_of(at_least(10)),
        all_of(holds("river"), holds("gold"), at_most(15)),
        all_of(without("e"), holds("fjord")),
        all_of(begins("Dear Anna,"), holds("river"), ends("Yours, Tom")),
        all_of(at_least(8), at_most(11), ends("The end.")),
        all_of(holds("日本"), holds("é"), at_most(9)),
        all_of(begins("1. "), holds("\n2. "), holds("\n3. "), without(",")),
    ]
)


@settings(max_examples=25, deadline=None)
@given(FINISHES, st.integers(24, 60), st.integers(0, 2**30), st.sampled_from([0.0, 0.7]), st.sampled_from([-9.0, 0.0, 15.0]))
def test_what_can_be_met_is_met_within_the_room(tokenizer, finish, room, seed, temperature, end):
    text, _, tokens = write(tokenizer, finish, room, seed, temperature, end=end)
    assert finish(text) == "" and tokens <= room, text


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**30))
def test_with_nothing_to_meet_it_is_the_plain_decoding(tokenizer, seed):
    random, other = np.random.default_rng(seed), np.random.default_rng(seed)
    sampling = Sampling(temperature=0.8, top_p=0.9)
    steering = Steering(Steered(lambda text: "", "nothing"), tokenizer, 20)
    logits = (np.random.default_rng(seed + 1).standard_normal(tokenizer.size) * 3).astype(np.float32)
    logits[tokenizer.control] = -np.inf
    plain = draw(logits, sampling, random)
    steered = steering.next(logits, lambda: race(logits, sampling, other))
    # Bytes that are no text are the one thing that is never written.
    assert steered == plain or "\ufffd" in tokenizer.pieces[plain].decode("utf-8", "replace")


def test_a_race_draws_without_replacement():
    values = np.log(np.array([0.5, 0.3, 0.2], np.float32))
    random = np.random.default_rng(0)
    orders = [tuple(np.argsort(-race(values, Sampling(temperature=1.0), random))) for _ in range(4000)]
    # P(a first, then b) = p_a * p_b / (1 - p_a)
    assert abs(orders.count((0, 1, 2)) / 4000 - 0.5 * 0.3 / 0.5) < 0.03
    assert abs(orders.count((2, 1, 0)) / 4000 - 0.2 * 0.3 / 0.8) < 0.03
    nucleus = [race(values, Sampling(temperature=1.0, top_p=0.7), random) for _ in range(50)]
    assert all(keys.argmin() == 2 for keys in nucleus)


def test_it_ends_where_it_wants_only_if_that_is_met(tokenizer):
    text, ended, _ = write(tokenizer, holds("gold"), 30, end=99.0)
    assert ended and text == " gold"
    # Too much to be filled up at once: it has to go on, at first.
    long, ended, _ = write(tokenizer, at_least(60), 200, seed=1, end=99.0)
    assert ended and len(WORD.findall(long)) >= 60 and long.count(" and more") < 20


def test_a_sentence_that_has_no_room_is_not_begun(tokenizer):
    """After a full stop with two words left the answer ends."""
    finish = all_of(at_most(8))
    steering = Steering(Steered(finish, "test"), tokenizer, 50)
    for piece in spell(tokenizer, "It is a small town in Norway."):
        logits = np.full(tokenizer.size, -20, np.float32)
        logits[piece] = 5
        assert steering.next(logits, lambda logits=logits: logits) == piece
    logits = np.full(tokenizer.size, -20, np.float32)
    logits[spell(tokenizer, " The")[0]] = 5
    assert steering.next(logits, lambda: logits) == tokenizer.eot


def test_a_missing_word_is_taken_where_it_is_nearly_the_favourite(tokenizer):
    steering = Steering(Steered(holds("river"), "test"), tokenizer, 50)
    (the,), (sea,), (river,) = (spell(tokenizer, word) for word in ("The", " sea", " river"))
    for favourite, second, expected in ((the, river, the), (sea, river, river), (sea, river, sea)):
        logits = np.full(tokenizer.size, -20, np.float32)
        logits[favourite], logits[second] = 5, 4
        assert steering.next(logits, lambda logits=logits: logits) == expected


def test_stop_strings_never_cut_what_is_not_met(tokenizer):
    for seed in range(5):
        text, _, _ = write(tokenizer, holds("gold"), 60, seed, stop=("\n", "a"), sharp=2.0)
        assert "gold" in text and "a" not in text


def test_what_cannot_be_met_is_said(tokenizer):
    with pytest.raises(ModelFailure, match="no answer can meet 'hopeless'"):
        Steering(Steered(lambda text: None, "hopeless"), tokenizer, 10)
    text, _, tokens = write(tokenizer, ends("a very long ending that has no room at all"), 5)
    assert tokens == 5 and text, "a witness too long is tried all the same"


def test_any_text_is_spelled_exactly(tokenizer):
    for text in ("", " the river", "Žluťoučký kůň", "日本語\n\n* one", "🙂 "):
        assert b"".join(tokenizer.pieces[i] for i in spell(tokenizer, text)) == text.encode()


PROMPT = Prompt((Span(Source.USER, "Tell me about the sea in one sentence."),))


def test_the_engine_steers_and_counts_the_bare_probability(tmp_path):
    model = Embedded(context=512, slots=2, threads=1)
    finish = all_of(at_most(12), holds("gold"))
    done = model.generate(PROMPT, Sampling(max_tokens=30), Steered(finish, "12 words with gold"))
    assert finish(done.text) == "" and done.usage.completion_tokens <= 30
    plain = model.generate(PROMPT, Sampling(max_tokens=30))
    assert done.logprob is not None and plain.logprob is not None
    assert done.logprob / done.usage.completion_tokens < plain.logprob / plain.usage.completion_tokens
    if done.finish == "stop":
        assert done.logprob == pytest.approx(model.choose(PROMPT, [done.text]).scores[0], abs=3.0)
    free = model.generate(PROMPT, Sampling(max_tokens=12), Steered(lambda text: "", "nothing"))
    assert free.text == model.generate(PROMPT, Sampling(max_tokens=12)).text

    kept = Cache(model, str(tmp_path / "answers.db"))
    first, second, other = (kept.generate(PROMPT, Sampling(max_tokens=4), Steered(finish, name)) for name in ("a", "a", "b"))
    assert kept.hits == 1 and kept.misses == 2 and first.text == second.text == other.text
    kept.close()


def test_the_embedded_model_passes_the_battery_of_models():
    assert check_model("embedded?threads=1&context=1024").ran == 14


def test_models_without_it_say_so_or_ignore_it():
    with pytest.raises(Unsupported, match="steer"):
        OpenAI("m", base_url="http://127.0.0.1:1/v1").generate(PROMPT, constraint=Steered(at_most(1), "one word"))
    assert not Scripted(script="two words").can("steer")
    assert Scripted(script="two words").generate(PROMPT, constraint=Steered(at_most(1), "one word")).text == "two words"
