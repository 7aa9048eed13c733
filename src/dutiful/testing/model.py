"""What every model must do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from dutiful.core.model import Choices, Completion, Grammar, JsonSchema, Model, Sampling, Steered
from dutiful.core.parts import model as build_model
from dutiful.core.prompt import Prompt
from dutiful.core.records import Source, Span
from dutiful.testing.report import Report, Skip, card_is_complete, need, run_battery

OPTIONS = ("open the fridge", "open the door", "sing", "take the red mug")


def prompt(question: str = "You can open the fridge, open the door, sing or take the red mug. Which one is next?") -> Prompt:
    """A small prompt of three sources."""
    return Prompt(
        (
            Span(Source.SYSTEM, "You follow instructions."),
            Span(Source.USER, "Instruction: put the red mug in the fridge"),
            Span(Source.WORLD, question),
        )
    )


def check_model(model: Model | str, *, expected: Mapping[str, str] | None = None) -> Report:
    """Runs the battery; raises CheckFailed. A model that needs a world to answer is given a script first."""
    built = build_model(model) if isinstance(model, str) else model
    return run_battery(built, CHECKS, built, expected)


def _card(model: Model) -> None:
    card_is_complete(model, ["model"])
    known = {"logprobs", "choose", "embed", "grammar", "json", "steer", "cache", "adapters", "train", "deterministic"}
    assert model.card.capabilities <= known, f"unknown capabilities {set(model.card.capabilities) - known}"
    assert model.context > 0


def _generate(model: Model) -> None:
    completion = model.generate(prompt(), Sampling(max_tokens=12))
    assert isinstance(completion, Completion) and completion.finish in ("stop", "length"), f"{completion}"
    assert completion.usage.calls <= 1 and completion.usage.prompt_tokens > 0, f"the call is not counted: {completion.usage}"
    assert 0 <= completion.usage.cached_tokens <= completion.usage.prompt_tokens, f"{completion.usage}"
    assert completion.usage.completion_tokens <= 12, f"12 tokens allowed, {completion.usage.completion_tokens} written"


def _greedy(model: Model) -> None:
    texts = {model.generate(prompt(), Sampling(max_tokens=8)).text for _ in range(3)}
    assert len(texts) == 1, f"at temperature 0 the answers differ: {texts}"


def _seeded(model: Model) -> None:
    need(model, "deterministic")
    hot = Sampling(max_tokens=8, temperature=1.5, seed=3)
    assert model.generate(prompt(), hot).text == model.generate(prompt(), hot).text, "the same seed gives another answer"
    texts = {model.generate(prompt(), hot.replace(seed=seed)).text for seed in range(8)}
    assert len(texts) > 1, "eight seeds at temperature 1.5 give one answer"


def _stop(model: Model) -> None:
    text = model.generate(prompt(), Sampling(max_tokens=12)).text
    if not text.strip():
        raise Skip("the model answers with nothing")
    cut = text.strip()[len(text.strip()) // 2]
    stopped = model.generate(prompt(), Sampling(max_tokens=12, stop=(cut,))).text
    assert cut not in stopped, f"the stop string {cut!r} is in {stopped!r}"


def _choose(model: Model) -> None:
    choice = model.choose(prompt(), OPTIONS)
    assert 0 <= choice.index < len(OPTIONS)
    assert choice.how in ("logprobs", "constrained", "text", "scripted"), f"how is {choice.how!r}"
    if choice.how == "logprobs":
        assert len(choice.scores) == len(OPTIONS), f"{len(choice.scores)} scores for {len(OPTIONS)} options"
        assert all(score <= 0 for score in choice.scores), f"log-probabilities above 0: {choice.scores}"
        assert choice.scores[choice.index] == max(choice.scores), "not the likeliest is chosen"
    assert model.choose(prompt(), OPTIONS[:1]).index == 0 if choice.how != "scripted" else True


def _order(model: Model) -> None:
    first = model.choose(prompt(), OPTIONS)
    if first.how != "logprobs":
        raise Skip(f"options are chosen by {first.how}, which may look at their order")
    turned = model.choose(prompt(), OPTIONS[::-1])
    for score, again in zip(first.scores, turned.scores[::-1], strict=True):
        assert abs(score - again) < 0.05 * max(1, abs(score)), f"turned round, an option scores {again}, not {score}"


def _choices(model: Model) -> None:
    need(model, "choose")
    for seed in range(4):
        sampling = Sampling(max_tokens=16, temperature=2.0 if seed else 0.0, seed=seed)
        text = model.generate(prompt(), sampling, Choices(OPTIONS)).text
        assert text in OPTIONS, f"{text!r} is none of the options"


def _json(model: Model) -> None:
    need(model, "json")
    schema = {
        "type": "object",
        "properties": {"n": {"type": "integer"}, "room": {"enum": ["hall", "attic"]}},
        "required": ["n", "room"],
        "additionalProperties": False,
    }
    for seed in range(3):
        sampling = Sampling(max_tokens=64, temperature=1.0 if seed else 0.0, seed=seed)
        answer = json.loads(model.generate(prompt("Give n and room as JSON."), sampling, JsonSchema(schema)).text)
        assert set(answer) == {"n", "room"} and isinstance(answer["n"], int) and answer["room"] in ("hall", "attic"), answer


def _grammar(model: Model) -> None:
    need(model, "grammar")
    grammar = Grammar('start: ("ha" | "ho") " " ("ha" | "ho")')
    words = model.generate(prompt("Laugh."), Sampling(max_tokens=16), grammar).text.split(" ")
    assert len(words) == 2 and set(words) <= {"ha", "ho"}, f"{words} is not of the grammar"


def _steer(model: Model) -> None:
    need(model, "steer")
    wanted = "blue, then green"
    steered = Steered(lambda text: wanted[len(text) :] if wanted.startswith(text) else None, wanted)
    for temperature in (0.0, 1.0):
        done = model.generate(prompt("Name two colours."), Sampling(max_tokens=16, temperature=temperature), steered)
        assert done.text == wanted and done.finish == "stop", f"{done.text!r} ({done.finish}) is not what could be finished alone"


def _embed(model: Model) -> None:
    need(model, "embed")
    import numpy as np

    rows = model.embed(["a red mug", "a crimson cup", "the stock market fell"])
    assert rows.shape[0] == 3 and rows.dtype == np.float32, f"{rows.shape} of {rows.dtype}"
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3), "rows are not of unit length"
    assert rows[0] @ rows[1] > rows[0] @ rows[2], "a mug is nearer to the stock market than to a cup"


def _cache(model: Model) -> None:
    need(model, "cache")
    longer = prompt() + (Span(Source.MODEL, "open the fridge"), Span(Source.WORLD, "The fridge is open."))
    model.choose(prompt(), OPTIONS)
    usage = model.choose(longer, OPTIONS).usage
    assert usage.cached_tokens > usage.prompt_tokens / 2, f"a prompt that grew is read anew: {usage}"


ROUNDING = 1.5
"""Nats by which a quantised model's scores of one prompt were seen to differ with what else is in the batch."""


def _threads(model: Model) -> None:
    turned = [OPTIONS[n:] + OPTIONS[:n] for n in range(4)]
    asked = [(prompt(f"{prompt()[2].text} You have {n} coins."), options) for n, options in enumerate(turned)]
    alone = [model.choose(*each) for each in asked]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda each: model.choose(*each), asked))
    for one, other in zip(alone, together, strict=True):
        close = one.how == "logprobs" and abs(one.scores[one.index] - one.scores[other.index]) < ROUNDING
        assert one.index == other.index or close, f"asked together, the answer changes: {one} and {other}"


def _close(model: Model) -> None:
    model.close()
    model.close()


CHECKS = [
    ("the card is complete", _card),
    ("a completion is counted", _generate),
    ("greedy answers repeat", _greedy),
    ("sampling repeats with its seed", _seeded),
    ("stop strings end the text", _stop),
    ("a choice is one of the options", _choose),
    ("the order of options does not matter", _order),
    ("a constrained text is an option", _choices),
    ("constrained JSON fits its schema", _json),
    ("a grammar is kept", _grammar),
    ("steering is kept to", _steer),
    ("embeddings are near where meanings are", _embed),
    ("a growing prompt is read once", _cache),
    ("threads get their own answers", _threads),
    ("closing twice is harmless", _close),
]
