"""The claim instructqa: its writer's labels are true."""

import pytest

from dutiful import agent, solve, world
from dutiful.claims import instructqa
from dutiful.claims.instructqa import STYLES, InstructQA
from dutiful.judges.correctness import answered
from dutiful.kit.answers import best, k_precision
from dutiful.models.scripted import Scripted
from dutiful.testing import check_claim


@pytest.mark.parametrize("name", STYLES)
def test_what_the_writer_says_of_its_styles_is_true(name):
    style = STYLES[name]
    place = world(f"rag/facts?retriever={style.passages}")
    speaker = agent(instructqa.AGENT, Scripted(reply=style.write))
    for task in place.tasks(instructqa.SPLIT)[:10]:
        (each,) = answered(solve(speaker, task, place))
        assert best("recall", each.text, each.references) == pytest.approx(1) if style.correct else True
        if not style.correct:
            assert best("recall_em", each.text, each.references) == 0
        said = each.text.removeprefix(each.turn.text)
        value_shown = any(best("recall_em", each.turn.context, (value,)) for value in each.references)
        assert value_shown == (style.passages == "gold")
        if name.startswith("copied"):
            assert k_precision(said, each.turn.context) > 0.9


def test_the_claim_is_in_order():
    assert check_claim(InstructQA(), instructqa_results()).ran >= 2


def instructqa_results():
    from dutiful.claims.measuring import RESULTS

    return RESULTS
