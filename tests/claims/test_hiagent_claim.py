"""068: the claim's card, its result once measured, and the reader that stands in."""

import json
import random
from pathlib import Path

import pytest

import dutiful
from dutiful.claims.distracted import CURVE, DistractedReader, _tokenizer, found, length
from dutiful.claims.measuring import RESULTS
from dutiful.core.errors import ModelFailure
from dutiful.core.prompt import Prompt
from dutiful.core.records import Source, Span
from dutiful.testing import check_claim

BENCH = Path(__file__).parents[2] / "bench" / "results" / "needle.json"


def test_the_claim():
    check_claim("hiagent", RESULTS)


def test_the_curve_is_the_measured_one():
    measured = json.loads(BENCH.read_text())["points"]
    assert [(point["tokens"], point["found"]) for point in measured] == list(CURVE)
    assert [found(tokens) for tokens, _ in CURVE] == pytest.approx([share for _, share in CURVE])
    assert found(1) == CURVE[0][1] and found(10**6) == CURVE[-1][1]
    assert all(found(n) >= found(n + 25) for n in range(50, 1500, 25)), "the longer the prompt, the less is found"


@pytest.fixture
def tokenized():
    pytest.importorskip("xllamacpp")
    from dutiful.models.embedded import weights

    try:
        weights.find()
    except dutiful.core.errors.DutifulError:
        pytest.skip("the embedded model's weights are not here")


@pytest.mark.usefixtures("tokenized")
def test_an_attentive_reader_takes_the_shortest_way_and_names_subgoals():
    world = dutiful.world("text/blocks?size=6&least=10")
    task = world.tasks("train")[0]
    for memory in ("full", "hiagent", "decomposed"):
        agent = dutiful.agent(f"act+{memory}", DistractedReader(attentive=True))
        episode = dutiful.solve(agent, task, world)
        assert episode.passed and len(episode.steps) == task.setup["horizon"]
        named = [call.text for step in episode.steps for call in step.calls if call.text.startswith("Subgoal: ")]
        assert len(set(named)) == len(named) and (len(named) >= 3) is (memory != "full")
    again = dutiful.solve(agent, task, world)
    assert [step.action for step in again.steps] == [step.action for step in episode.steps]


@pytest.mark.usefixtures("tokenized")
def test_a_reader_says_what_stands_in_its_prompt():
    world = dutiful.world("text/blocks?size=6&least=12&clue=2&slack=4.0")
    taken = []
    for index in range(6):
        task = world.tasks("train")[index]
        plain, hidden, opened = (
            dutiful.solve(dutiful.agent(f"act+{memory}", DistractedReader(attentive=True)), task, world)
            for memory in ("full", "hiagent?retrieval=false", "hiagent")
        )
        assert plain.passed and opened.passed
        taken.append(hidden.passed)
        assert any(step.action.text.startswith("retrieve(") for step in opened.steps) or hidden.passed
    assert sum(taken) < 6, "what is hidden for good cannot be read"


@pytest.mark.usefixtures("tokenized")
def test_prompts_are_as_long_as_the_tokenizer_says():
    tokenizer, draw = _tokenizer(), random.Random(1)
    texts = ("hi there", "On the table: red on blue.", "x\ny", "")
    for _ in range(30):
        spans = [
            Span(draw.choice(list(Source)), draw.choice(texts), draw.choice(("", "user"))) for _ in range(draw.randint(1, 9))
        ]
        assert length(Prompt(spans)) == len(tokenizer.encode(Prompt(spans)).ids)


def test_a_reader_plays_puzzles_alone():
    with pytest.raises(ModelFailure, match="plays puzzles"):
        DistractedReader().bind(dutiful.world("text/home"), 0)
