"""The trainer: it reads what the model will read, exports what llama.cpp computes, and can be broken off."""

import json
import math

import numpy as np
import pytest
from tiny_llama import write_tiny_llama

import dutiful
from dutiful.core.errors import SpecError
from dutiful.core.prompt import Prompt
from dutiful.core.records import Source
from dutiful.kit.demonstrations import demonstrate, examples
from dutiful.kit.gguf import Weights, permute, read_about, read_adapter, unpermute, write_adapter
from dutiful.kit.lowrank import Adapter, Sample
from dutiful.kit.training import Diverged, Plan, bucketed, rate
from dutiful.learners.lora import Lora, sample
from dutiful.models.embedded.llama import Context, load
from dutiful.models.embedded.tokenizer import Tokenizer
from dutiful.models.embedded.weights import find

torch = pytest.importorskip("torch")
LIGHTS = "lights:Lights"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A random llama that trains in a moment."""
    return write_tiny_llama(find(), tmp_path_factory.mktemp("weights") / "tiny.gguf")


@pytest.fixture(scope="module")
def tokenizer(tiny):
    return Tokenizer(tiny)


@pytest.fixture(scope="module")
def episodes():
    return list(demonstrate("act", LIGHTS, 12))


def pupil(tiny):
    return dutiful.agent("act", model=dutiful.model(f"embedded?weights={tiny}"))


def test_a_sample_holds_token_for_token_what_the_model_reads_and_scores(tokenizer):
    for agent in ("act", "act+text?choices=false"):
        for episode in demonstrate(agent, LIGHTS, 3):
            (example,) = examples([episode])
            ids, loss = sample(example, tokenizer)
            learned = set()
            for prompt, step in zip(episode.prompts(), episode.steps, strict=True):
                read = tokenizer.encode(Prompt(prompt)).ids
                answer = [*tokenizer.tokenize(step.action.text), tokenizer.eot]
                assert ids[: len(read) + len(answer)] == read + answer
                learned |= set(range(len(read), len(read) + len(answer)))
            assert set(loss) == learned
            assert loss[-1] == len(ids) - 1


def test_an_answer_without_loss_has_none_not_even_on_its_end(tokenizer, episodes):
    (example,) = examples(episodes[:1])
    first = next(place for place, loss in enumerate(example.loss) if loss)
    masked = example.replace(loss=tuple(loss and place != first for place, loss in enumerate(example.loss)))
    all_ids, all_loss = sample(example, tokenizer)
    ids, loss = sample(masked, tokenizer)
    answer = [*tokenizer.tokenize(example.spans[first].text), tokenizer.eot]
    assert ids == all_ids and loss == all_loss[len(answer) :]


def torch_logits(adapter, ids):
    with torch.no_grad():
        return adapter.logits([Sample(ids, list(range(1, len(ids))))]).numpy()


def llama_logits(path, adapter, ids):
    context = Context(load(path), cells=256, sequences=1, threads=2, adapter=str(adapter or ""))
    n = len(ids)
    context.token[:n], context.pos[:n], context.wanted[:n] = ids, range(n), 1
    logits = context.decode(n)[:-1].copy()
    context.close()
    return logits


def test_llama_cpp_computes_with_the_exported_adapter_what_torch_trained(tiny, tokenizer, tmp_path):
    weights = Weights(tiny)
    adapter = Adapter(weights, rank=4, alpha=12.0)
    with torch.no_grad():
        for parameter in adapter.parameters.values():
            parameter.copy_(torch.randn(parameter.shape, generator=torch.Generator().manual_seed(1)) * 0.2)
    path = tmp_path / "tiny.gguf"
    write_adapter(path, adapter.matrices(), weights.shape, adapter.alpha, {"learner": "none"})
    assert read_about(path) == {"learner": "none"}
    ids = list(tokenizer.tokenize("put a clean mug in the cabinet of the kitchen"))
    ours, bare = torch_logits(adapter, ids), llama_logits(tiny, None, ids)
    theirs = llama_logits(tiny, path, ids)
    # Float16 rounds the adapter and llama.cpp's cache. The control has the rows of q and k in a wrong order.
    change = np.abs(theirs - bare).mean()
    assert np.abs(theirs - ours).mean() < 0.02 * change
    write_adapter(path, adapter.matrices(), weights.shape._replace(heads=1, key_heads=1), adapter.alpha)
    assert np.abs(llama_logits(tiny, path, ids) - ours).mean() > 0.1 * change


def test_the_default_weights_are_read_as_llama_cpp_reads_them():
    adapter = Adapter(Weights(find()), rank=1)
    ids = list(Tokenizer(find()).tokenize("The capital of France is Paris, and the capital of Italy is the city of Rome"))
    ours, theirs = torch_logits(adapter, ids), llama_logits(find(), None, ids)
    assert np.abs(ours - theirs).mean() < 0.4  # llama.cpp rounds activations to 8 bits
    assert (ours.argmax(1) == theirs.argmax(1)).mean() > 0.9


def test_a_short_training_lowers_the_loss_and_leaves_adapter_and_card(tiny, episodes, tmp_path):
    told = []
    taught = Lora(epochs=8, tokens=400, lr=1e-2, threads=1).fit(
        pupil(tiny), episodes, tmp_path / "lights", lambda word, figures: told.append((word, figures))
    )
    losses = [figures["loss"] for word, figures in told if word == "train"]
    assert np.mean(losses[-5:]) < 0.5 * np.mean(losses[:5])
    assert [word for word, _ in told if word != "train"] == ["read", "start", "done"]
    card = json.loads((tmp_path / "lights.json").read_text())
    assert card["agent"] == "act" and card["data"]["episodes"] == 12 and card["data"]["answers"] == 24
    assert card["data"]["from"][0]["world"] == LIGHTS and card["training"]["steps"] == len(losses)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lights.gguf", "lights.json"]
    assert taught.spec == "act" and f"adapter={tmp_path / 'lights.gguf'}" in taught.model.spec
    episode = dutiful.solve(taught, episodes[0].task, dutiful.world(LIGHTS))
    assert episode.error is None


def test_it_gathers_from_its_worlds_and_leaves_out_what_an_erring_player_got_wrong():
    agent, worlds = dutiful.agent("act+text?choices=false"), [dutiful.world("text/home"), dutiful.world("text/home?rooms=2")]
    for error in (0.0, 0.3):
        made = list(Lora(error=error).gather(agent, worlds, 5))
        answers = [(span.source == Source.MODEL, loss) for e in made for span, loss in zip(e.spans, e.loss, strict=True)]
        assert sum(loss and not answer for answer, loss in answers) == 0
        assert (sum(answer and not loss for answer, loss in answers) > 0) == (error > 0)
        assert [e.origin["world"] for e in made] == ["text/home"] * 3 + ["text/home?rooms=2"] * 2
        assert {(e.origin["agent"], e.origin["split"]) for e in made} == {("act+text?choices=false", "train")}


class Interrupted(Exception):
    pass


def test_a_training_broken_off_goes_on_and_ends_like_an_unbroken_one(tiny, episodes, tmp_path):
    learner = Lora(epochs=2, tokens=400, precision="float32", threads=1, checkpoint_minutes=0)

    def fit(name, stop=None):
        steps = []

        def watch(word, figures):
            if word == "train":
                steps.append(figures["step"])
                if figures["step"] == stop:
                    raise Interrupted

        learner.fit(pupil(tiny), episodes, tmp_path / name, watch)
        return steps

    whole = fit("whole")
    with pytest.raises(Interrupted):
        fit("broken", stop=3)
    assert (tmp_path / "broken.checkpoint").exists() and not (tmp_path / "broken.gguf").exists()
    assert fit("broken") == whole[3:]
    (_, one), (_, two) = (read_adapter(tmp_path / f"{name}.gguf", Weights(tiny).shape) for name in ("whole", "broken"))
    assert one.keys() == two.keys() and len(one) == 14
    for key in one:
        for ours, theirs in zip(one[key], two[key], strict=True):
            np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_an_agent_with_an_adapter_is_taught_further_from_there(tiny, episodes, tmp_path):
    losses = []

    def watch(word, figures):
        if word == "train":
            losses.append(figures["loss"])

    first = Lora(epochs=6, tokens=400, lr=1e-2, threads=1).fit(pupil(tiny), episodes, tmp_path / "first", watch)
    ended, begins = losses[-1], len(losses)
    Lora(tokens=400, lr=1e-3, threads=1).fit(first, episodes, tmp_path / "second", watch)
    assert losses[begins] < 0.5 * losses[0] and abs(losses[begins] - ended) < 0.3 * losses[0]
    assert json.loads((tmp_path / "second.json").read_text())["from_adapter"]["file"] == "first.gguf"
    with pytest.raises(SpecError, match="rank=8"):
        Lora(rank=4).fit(first, episodes, tmp_path / "third")


def test_a_checkpoint_of_other_settings_is_not_taken_over(tiny, episodes, tmp_path):
    def stop(word, figures):
        if word == "train":
            raise Interrupted

    learner = Lora(tokens=400, checkpoint_minutes=0, threads=1)
    with pytest.raises(Interrupted):
        learner.fit(pupil(tiny), episodes, tmp_path / "a", stop)
    with pytest.raises(SpecError, match="unfinished training of other data or settings"):
        Lora(tokens=400, lr=5e-3, checkpoint_minutes=0).fit(pupil(tiny), episodes, tmp_path / "a")


def test_a_loss_that_is_no_number_ends_the_training_and_spares_what_was_there(tiny, episodes, tmp_path):
    (tmp_path / "lights.gguf").write_bytes(b"earlier")
    with pytest.raises(Diverged, match="lower"):
        Lora(epochs=40, tokens=400, lr=1e30, threads=1).fit(pupil(tiny), episodes, tmp_path / "lights")
    assert (tmp_path / "lights.gguf").read_bytes() == b"earlier"


def test_nothing_to_learn_and_settings_that_make_no_sense_are_refused(tiny, tmp_path):
    with pytest.raises(SpecError, match="nothing to learn"):
        Lora().fit(pupil(tiny), [], tmp_path / "x")
    for wrong in ("lora?rank=0", "lora?targets=q,z", "lora?precision=int8"):
        with pytest.raises(SpecError):
            dutiful.build(wrong, "learner")
    assert dutiful.build("lora?rank=4&epochs=1", "learner").spec == "lora?rank=4&epochs=1"


def test_rows_move_into_gguf_order_and_back():
    rows = np.arange(48.0).reshape(24, 2)
    assert (unpermute(permute(rows, 3), 3) == rows).all()
    assert permute(rows, 3)[1, 0] == rows[4, 0]  # the second row of a head comes from the half after the first


def test_batches_hold_every_sample_once_an_epoch_within_their_tokens():
    lengths = [int(n) for n in np.random.default_rng(0).integers(10, 400, 300)]
    batches = bucketed(lengths, 1000, epochs=2, seed=5)
    assert sorted(n for batch in batches for n in batch) == sorted([*range(300)] * 2)
    assert all(max(lengths[n] for n in batch) * len(batch) <= 1000 for batch in batches)
    padded = sum(max(lengths[n] for n in batch) * len(batch) for batch in batches)
    assert padded < 1.1 * 2 * sum(lengths)
    assert batches == bucketed(lengths, 1000, epochs=2, seed=5) != bucketed(lengths, 1000, epochs=2, seed=6)
    assert bucketed([5000], 1000) == [[0]]


def test_the_rate_rises_then_falls_to_nothing():
    plan = Plan(lr=2.0, warmup=0.1)
    assert rate(0.05, plan) == pytest.approx(1.0) and rate(0.1, plan) == pytest.approx(2.0)
    assert rate(0.55, plan) == pytest.approx(1.0) and math.isclose(rate(1.0, plan), 0.0, abs_tol=1e-12)
