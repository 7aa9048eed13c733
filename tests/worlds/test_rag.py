"""rag/facts: facts that stand once, splits that share none, passages as asked for."""

import string
from itertools import islice

import numpy as np
import pytest

import dutiful
from dutiful.agents.views.layout import Layout
from dutiful.core.errors import UnknownPart
from dutiful.core.parts import Card
from dutiful.core.records import Observation, Source
from dutiful.kit.answers import best
from dutiful.kit.dialogue import read
from dutiful.kit.retrieval import BM25, Dense, recall_at
from dutiful.testing import check_world
from dutiful.worlds.rag import reader
from dutiful.worlds.rag.corpus import RELATIONS, SPLITS, corpus


@pytest.mark.parametrize(
    "world", ["rag/facts", "rag/facts?k=2&retriever=gold", "rag/facts?retriever=irrelevant", "rag/facts?retriever=none"]
)
def test_the_battery_passes(world):
    assert check_world(world).ran >= 12


def test_splits_share_no_subject_and_no_wording():
    titles = [{passage.title for passage in corpus(split).passages} for split in SPLITS]
    assert not titles[0] & titles[1] and not titles[0] & titles[2] and not titles[1] & titles[2]
    for relation in RELATIONS.values():
        assert len(set(relation.questions)) == 3


@pytest.mark.parametrize("split", SPLITS)
def test_every_question_is_answered_by_its_passage_as_the_reader_finds(split):
    known = corpus(split)
    everything = [fact for passage in known.passages for fact in reader.stated(f"- {passage.text}")]
    assert len(everything) == sum(len(passage.facts) for passage in known.passages)
    for question in known.questions[:600]:
        (asked,) = reader.asked(question.text)
        assert reader.answer(asked, reader.stated(known.passages[question.passage].text)) == question.fact.value
    for question in [question for question in known.questions if question.described][:15]:
        (asked,) = reader.asked(question.text)  # no other passage fits the description
        assert reader.answer(asked, everything) == question.fact.value


def test_the_reader_does_not_guess():
    (asked,) = reader.asked("Who founded Ashley House?")
    assert reader.answer(asked, reader.stated("Ashley Mills was founded by Orlin Vasker.")) == ""
    assert reader.asked("Who are you?") == [] and reader.stated("It rains.") == []


def test_bm25_finds_named_subjects_and_misses_some_described_ones():
    known = corpus("validation")
    index = BM25(known.texts)
    hits = {True: [], False: []}
    for question in known.questions:
        hits[question.described].append(recall_at(index.search(question.text, 4), [question.passage], 4))
    assert sum(hits[False]) / len(hits[False]) > 0.95
    assert 0.3 < sum(hits[True]) / len(hits[True]) < 0.999


def test_irrelevant_passages_hold_no_answer_and_gold_ones_do():
    for task in islice(dutiful.world("rag/facts?retriever=irrelevant").tasks("validation"), 40):
        turn = read(task).turns[0]
        assert not turn.tags["relevant"] and not best("recall_em", turn.context, turn.tags["answers"])
    places = set()
    for task in islice(dutiful.world("rag/facts?k=3&retriever=gold").tasks("validation"), 40):
        turn = read(task).turns[0]
        lines = turn.context.split("\n")
        assert len(lines) == 3 and turn.tags["relevant"]
        (asked,) = reader.asked(turn.text)
        places.add(next(i for i, line in enumerate(lines) if reader.answer(asked, reader.stated(line)) == turn.gold))
    assert places == {0, 1, 2}


def test_the_other_questions_are_about_the_same_passage_and_have_other_answers():
    for task in islice(dutiful.world("rag/facts?k=1&retriever=gold").tasks("test"), 30):
        turn = read(task).turns[0]
        facts = reader.stated(turn.context)
        assert len(turn.tags["others"]) == 4
        for other in turn.tags["others"]:
            assert other["question"] != turn.text
            assert reader.answer(reader.asked(other["question"])[0], facts) in other["answers"]


def test_an_unknown_retriever_is_refused():
    with pytest.raises(UnknownPart, match="bm25"):
        dutiful.world("rag/facts?retriever=bm52")


def test_the_view_layout_orders_question_and_passages():
    seen = Observation("- Velgate: ...", said="Who governs Velgate?")
    sources = [[span.source for span in Layout(first).show(seen)] for first in ("question", "passages")]
    assert sources == [[Source.USER, Source.WORLD, Source.USER], [Source.WORLD, Source.USER, Source.USER]]
    assert dutiful.agent("act+layout?first=passages").spec == "act+layout?first=passages"
    with pytest.raises(UnknownPart):
        Layout("answers")


def test_a_model_that_says_the_gold_answer_passes_in_either_layout():
    world = dutiful.world("rag/facts")
    for first in ("question", "passages"):
        agent = dutiful.agent(f"act+layout?first={first}", dutiful.model("scripted"))
        assert dutiful.solve(agent, world.tasks("validation")[3], world).passed


class Letters(dutiful.Model):
    """Embeds a text by its letters: no understanding, but rows of unit length, and the same text is nearest to itself."""

    card = Card(kind="model", name="letters", summary="embeds by letters", capabilities=frozenset({"embed"}))

    def embed(self, texts):
        rows = np.array([[text.lower().count(letter) + 0.01 for letter in string.ascii_lowercase] for text in texts], np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_passages_by_vectors_come_from_the_encoder_that_is_named():
    place = dutiful.world(f"rag/facts?retriever=embed&k=3&encoder={__name__}:Letters")
    known = corpus("validation")
    task = place.tasks("validation")[0]
    lines = read(task).turns[0].context.split("\n")
    found = Dense(known.texts, Letters().embed).search(task.instruction.text, 3)
    assert lines == [f"- {known.passages[number].text}" for number in found]


def test_a_world_that_was_closed_finds_passages_again():
    place = dutiful.world("rag/facts?k=2")
    first = place.tasks("test")[3]
    place.close()
    place.close()
    assert place.tasks("test")[3] == first
