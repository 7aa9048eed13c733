"""The mixture of structured tasks and general conversations."""

import pytest

from dutiful.core.errors import SpecError
from dutiful.core.parts import make
from dutiful.core.records import Source


def worlds(teacher, n=12, **given):
    return [example.origin["world"].partition("?")[0] for example in make("teacher", teacher).make(n, **given)]


def test_science_and_chat_are_mixed_in_turn():
    assert worlds("sciriff") == ["rag/papers", "chat/rules"] * 6
    assert set(worlds("sciriff?general=0")) == {"rag/papers"} and set(worlds("sciriff?alone=true")) == {"chat/rules"}

    twice = worlds("sciriff?general=2")
    assert all(twice[start : start + 3].count("rag/papers") == 1 for start in range(0, 12, 3))


def test_the_same_seed_makes_the_same_and_loss_is_on_the_answer():
    first, again, other = (list(make("teacher", "sciriff?general=0").make(4, seed=seed)) for seed in (1, 1, 2))
    assert first == again and first != other
    for example in first:
        assert [span.source for span, loss in zip(example.spans, example.loss, strict=True) if loss] == [Source.MODEL]
        assert example.origin["split"] == "train"


def test_what_does_not_fit_is_left_out():
    with pytest.raises(SpecError, match="that fit into 60 tokens"):
        worlds("sciriff?window=60&general=0")
    with pytest.raises(SpecError, match="1 at most each"):
        worlds("sciriff?most=1&general=0")
