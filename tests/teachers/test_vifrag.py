"""The teacher vifrag makes examples whose rules were checked by code that was itself checked."""

import pytest

from dutiful.claims.checker_writer import Writer
from dutiful.core.errors import ModelFailure, SpecError
from dutiful.core.parts import build
from dutiful.core.records import Source
from dutiful.kit.checkers import Checker, support
from dutiful.models.scripted import Scripted
from dutiful.teachers import VifRag

FEW = dict(samples=3, cases=7, seconds=1.0)
GOOD, BAD = "It is the short answer that you asked for", "It is this, and that, and more"


def supervisor(answer=GOOD, rating="9", write=Writer(wrong=0.0, slips=0.0)):
    """A model that writes right checkers, answers everything alike, and rates everything alike."""

    def reply(prompt):
        text = prompt.text
        if "Write a Python function" in text:
            return write(prompt) if "commas" in text or "at most 30 words" in text else "I cannot."
        if "Write 50 new ones" in text:
            return "1. Write in the style of a poet please.\n2. Do not use any commas.\n3. Translate the answer into French."
        if "rate it" in text or "rate how well" in text:
            return f"Let me think about 3 things.\n{rating}"
        return answer

    return Scripted(reply=reply)


def teacher(**settings):
    return VifRag(supervisor(**settings), rag=0.5, **FEW)


def test_examples_carry_their_checkers_sources_and_loss():
    made = list(teacher().make(3, seed=1))
    assert len(made) == 3
    for example in made:
        assert example.loss == (False,) * (len(example.spans) - 1) + (True,) and example.spans[-1].text == GOOD
        assert example.spans[-1].source is Source.MODEL and any("Follow the instruction" in span.text for span in example.spans)
        for part in example.origin["checkers"]:
            assert part and support([Checker(**checker) for checker in part], GOOD, 1.0) > 0
    orders = {tuple(span.source for span in example.spans) for example in made if len(example.spans) == 3}
    assert all({Source.USER, Source.WORLD} <= set(order) for order in orders)


def test_the_same_seed_makes_the_same_examples():
    assert [e.spans for e in teacher().make(2, seed=3)] == [e.spans for e in teacher().make(2, seed=3)]


def test_instructions_of_style_are_left_out_and_none_comes_twice():
    import random

    made = teacher().instructions(random.Random(0))
    assert made.count("Do not use any commas.") == 1 and not any("style" in text or "French" in text for text in made)


def test_answers_that_break_the_rule_or_do_not_answer_never_come_out():
    strict = VifRag(supervisor(answer=BAD + ", " * 40), patience=3, compose=1, executed=0.5, **FEW)
    with pytest.raises(ModelFailure, match="execution"):
        list(strict.make(1))
    with pytest.raises(ModelFailure, match="consistency"):
        list(VifRag(supervisor(rating="8"), patience=3, compose=1, **FEW).make(1))
    with pytest.raises(ModelFailure, match="compatibility"):
        list(VifRag(supervisor(rating="4"), patience=8, compose=4, **FEW).make(1, seed=2))


def test_without_a_model_or_without_any_checker_it_says_so():
    with pytest.raises(SpecError, match="language model"):
        list(build("vifrag", "teacher").make(1))
    with pytest.raises(ModelFailure, match="no instruction kept"):
        list(VifRag(Scripted(script="no"), **FEW).make(1))


@pytest.mark.parametrize("name", ["samples", "compose", "responses", "patience"])
def test_a_number_below_one_is_named(name):
    with pytest.raises(SpecError, match=f"{name}=0, expected 1 or more"):
        VifRag(**{name: 0})
