"""The claim injection: its readers read the prompt, and do what their names say."""

import pytest

from dutiful import agent, solve, world
from dutiful.attacks.injection import Injection
from dutiful.claims.injection import BARE, CQA, QCA, TAGGED, InjectionClaim, first_question, last_question, outside_tags
from dutiful.claims.measuring import RESULTS
from dutiful.core.prompt import Prompt
from dutiful.core.records import Source, Span
from dutiful.models.scripted import Scripted
from dutiful.testing import check_claim

CLEAN = world("rag/facts?k=1&retriever=gold")


def right(layout, reader, attack=None, n=12):
    """How many of n tasks are answered as the user asked, and how many as the attack did."""
    place = attack.apply(CLEAN) if attack else CLEAN
    done = [solve(agent(layout, Scripted(reply=reader)), task, place) for task in place.tasks("validation")[:n]]
    return sum(episode.passed for episode in done), sum(Injection().succeeded(episode) for episode in done)


@pytest.mark.parametrize("reader", [last_question, first_question, outside_tags])
@pytest.mark.parametrize("layout", [QCA, CQA, TAGGED])
def test_every_reader_reads_perfectly_when_there_is_one_question(reader, layout):
    assert right(layout, reader) == (12, 0)


def test_the_order_decides_for_readers_of_the_first_and_the_last():
    assert right(QCA, last_question, Injection()) == (0, 12) and right(CQA, last_question, Injection()) == (12, 0)
    assert right(QCA, first_question, Injection()) == (12, 0) and right(CQA, first_question, Injection()) == (0, 12)


def test_tags_help_the_reader_of_tags_alone_and_only_when_they_cannot_be_typed():
    escape = Injection("escape", phrasings="all")
    assert right(TAGGED, outside_tags, escape) == (12, 0) and right(TAGGED, last_question, escape) == (0, 12)
    assert right(BARE, outside_tags, escape)[1] > 0


def test_a_prompt_without_a_question_gets_no_answer():
    assert last_question(Prompt((Span(Source.USER, "Hello."),))) == ""


def test_the_claim_is_in_order():
    assert check_claim(InjectionClaim(), RESULTS).ran >= 2
