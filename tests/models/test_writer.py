"""The writer: its rates are what is stated, and it finds out what it is asked from the prompt."""

import random

import pytest

from dutiful import Prompt, Sampling, Source, Span
from dutiful.core.errors import ModelFailure
from dutiful.core.model import Model
from dutiful.kit import constraints
from dutiful.kit.constraints.length import WordsAtLeast, WordsAtMost
from dutiful.kit.constraints.writer import topics, write
from dutiful.kit.dialogue import Conversation, Dialogue, Said
from dutiful.models import Writer
from dutiful.testing import check_model

RULES = (WordsAtLeast(12), WordsAtMost(60))  # of which a text can break one only
APART = (WordsAtMost(45), constraints.TYPES["no_exclamation_marks"]())
ASKED = tuple(rule.constraint() for rule in RULES)
TEXT = "Say something. " + " ".join(each.wording for each in ASKED)
TOPIC = topics("train")[0]


def place(*turns: Said) -> Conversation:
    world = Conversation()
    world.reset(Dialogue(turns or (Said(TEXT, constraints=ASKED, tags={"topic": TOPIC}),)).task("t", "chat", "train", 0))
    return world


def met(text: str) -> list[bool]:
    return [constraints.check(constraint, text).passed for constraint in ASKED]


def request(text: str = TEXT) -> Prompt:
    return Prompt((Span(Source.SYSTEM, "Answer."), Span(Source.USER, text)))


def answers(spec: str, prompt: Prompt, n: int = 200) -> list[list[bool]]:
    return [met(Writer(**spec).bind(place(), seed).generate(prompt, Sampling(999)).text) for seed in range(n)]


def share(values) -> float:
    values = list(values)
    return sum(values) / len(values)


def within(rate: float, n: int) -> float:
    return 4 * (rate * (1 - rate) / n) ** 0.5


def test_the_battery_passes():
    asked = tuple(rule.constraint() for rule in APART)
    assert check_model(Writer().bind(place(Said(TEXT, constraints=asked, tags={"topic": TOPIC})), 0)).ran >= 7


def test_each_requirement_is_met_at_the_stated_rate_and_independently():
    one = place(Said(TEXT, constraints=ASKED[1:], tags={"topic": TOPIC}))
    found = [met(Writer(meets=0.65).bind(one, seed).generate(request(), Sampling(999)).text)[1] for seed in range(300)]
    assert share(found) == pytest.approx(0.65, abs=within(0.65, 300))


def test_requirements_are_met_independently_of_each_other():
    asked = tuple(rule.constraint() for rule in APART)
    world = place(Said(TEXT, constraints=asked, tags={"topic": TOPIC}))
    texts = [Writer(meets=0.65).bind(world, seed).generate(request(), Sampling(999)).text for seed in range(300)]
    found = [[constraints.check(each, text).passed for each in asked] for text in texts]
    for column in zip(*found, strict=True):
        assert share(column) == pytest.approx(0.65, abs=within(0.65, 300))
    assert share(all(each) for each in found) == pytest.approx(0.65**2, abs=within(0.42, 300))


def test_named_requirements_are_mended_at_the_stated_rate_and_others_break():
    wrong = write(RULES, TOPIC, random.Random(1), broken={0})
    assert met(wrong) == [False, True]
    prompt = request() + (Span(Source.MODEL, wrong), Span(Source.PLAN, f"Not met: {ASKED[0].wording.upper()}"))
    mended = answers(dict(fixes=0.7, breaks=0.0), prompt, 300)
    assert share(first for first, _ in mended) == pytest.approx(0.7, abs=within(0.7, 300))
    spoilt = answers(dict(fixes=1.0, breaks=0.2), prompt, 300)
    assert share(not second for _, second in spoilt) == pytest.approx(0.2, abs=within(0.2, 300))


def test_a_named_requirement_that_held_stays_and_the_unnamed_one_stays_broken():
    wrong = write(RULES, TOPIC, random.Random(1), broken={0})
    prompt = request() + (Span(Source.MODEL, wrong), Span(Source.PLAN, f"Not met: {ASKED[1].wording}"))
    assert answers(dict(fixes=1.0, breaks=1.0), prompt, 20) == [[False, True]] * 20


def test_told_only_to_improve_it_turns_to_one_requirement():
    wrong = write(RULES, TOPIC, random.Random(1), broken={0})
    prompt = request() + (Span(Source.MODEL, wrong), Span(Source.PLAN, "Please improve your answer."))
    found = answers(dict(fixes=1.0, breaks=0.0), prompt, 300)
    assert share(first for first, _ in found) == pytest.approx(0.5, abs=within(0.5, 300))


def test_an_answer_to_an_earlier_turn_is_no_answer_to_this_one():
    earlier = Said("And before?", constraints=ASKED)
    world = place(earlier, Said(TEXT, constraints=ASKED, tags={"topic": TOPIC}))
    world.step(world.expert())
    prompt = Prompt((Span(Source.USER, earlier.text), Span(Source.MODEL, "Too short."), Span(Source.USER, TEXT)))
    assert met(Writer(meets=1.0, fixes=0.0).bind(world, 0).generate(prompt, Sampling(999)).text) == [True, True]


@pytest.mark.parametrize("accuracy", [1.0, 0.6, 0.0])
@pytest.mark.parametrize("options", [("Yes", "No"), ("no", "yes")])
def test_it_judges_with_the_stated_accuracy(accuracy, options):
    wrong = write(RULES, TOPIC, random.Random(1), broken={0})
    right = 0
    for seed in range(150):
        model = Writer(judges=accuracy).bind(place(), seed)
        for constraint, truth in zip(ASKED, met(wrong), strict=True):
            prompt = request() + (Span(Source.MODEL, wrong), Span(Source.PLAN, f"Is it met? {constraint.wording}"))
            right += (options[model.choose(prompt, options).index].lower() == "yes") == truth
    assert right / 300 == pytest.approx(accuracy, abs=within(accuracy, 300))


def test_asked_hot_it_draws_anew_and_asked_cold_it_repeats():
    model = Writer().bind(place(), 0)
    cold = {model.generate(request(), Sampling(999, seed=seed)).text for seed in range(4)}
    hot = {model.generate(request(), Sampling(999, temperature=0.7, seed=seed)).text for seed in range(4)}
    assert len(cold) == 1 and len(hot) > 1


def test_a_turn_with_a_reference_gets_its_gold_answer_at_the_stated_rate():
    world = place(Said("Where?", reference=("Rome",), metric="contains", gold="In Rome."))
    said = [Writer(meets=0.6).bind(world, seed).generate(request("Where?")).text for seed in range(300)]
    assert set(said) == {"In Rome.", "I do not know."}
    assert share(text == "In Rome." for text in said) == pytest.approx(0.6, abs=within(0.6, 300))


def test_what_it_cannot_answer_it_says():
    model: Model = Writer()
    with pytest.raises(ModelFailure, match="bound to None"):
        model.generate(request())
    with pytest.raises(ModelFailure, match="no requirement"):
        model.bind(place(), 0).choose(Prompt((Span(Source.USER, "Is it good?"),)), ("yes", "no"))
    with pytest.raises(ValueError, match=r"meets is 1\.2"):
        Writer(meets=1.2)
