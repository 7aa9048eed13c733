"""Instructions for sampled tools: who belongs together, what is dropped, what is held out."""

import json

import pytest

from dutiful.core.errors import ModelFailure, SpecError
from dutiful.core.parts import make
from dutiful.core.records import Source
from dutiful.models.scripted import Scripted
from dutiful.teachers.toolbench import ToolBench, catalogue, document, held_out, pairs


def test_the_relations_are_kept_by_sample_and_instruction():
    for example in make("teacher", "toolbench").make(30):
        for names in (example.origin["sampled"], example.origin["relevant"]):
            tools = {tuple(name.split("/")[:2]) for name in names}
            domains = {domain for domain, _ in tools}
            relation = example.origin["relation"]
            assert (len(tools) == 1) == (relation == "I1") and (len(domains) > 1) == (relation == "I3")
        assert set(example.origin["relevant"]) <= set(example.origin["sampled"])
        assert json.loads(example.spans[1].text) == example.origin["relevant"]
        assert [span.source for span, loss in zip(example.spans, example.loss, strict=True) if loss] == [Source.MODEL]


def test_the_same_seed_makes_the_same_and_what_is_held_out_never_comes():
    first, again, other = (list(ToolBench(held=0.4).make(25, seed)) for seed in (1, 1, 2))
    assert first == again and first != other
    assert 10 < sum(held_out(name, 0.4) for name in catalogue()) < len(catalogue()) * 0.6
    assert not any(held_out(name, 0.4) for example in first for name in example.origin["sampled"])


def test_pairs_are_of_instruction_and_document():
    example = next(ToolBench().make(1))
    api = catalogue()[example.origin["relevant"][0]]
    assert pairs([example])[0] == (example.spans[0].text, document(api))
    assert api.function.name in document(api) and api.function.doc in document(api) and api.category in document(api)


def test_a_model_writes_and_what_names_another_tool_is_dropped():
    def reply(prompt):
        names = [line.partition(": ")[0] for line in prompt.text.split("\n") if line.count("/") == 2 and ": " in line]
        good = {"query": "Do it with C-1.", "apis": names[:1]}
        return json.dumps([good, {"query": "Do more.", "apis": [names[0], "no/such/tool"]}, {"query": "No tool.", "apis": []}, 7])

    teacher = ToolBench(Scripted(reply=reply), relation="I1")
    found = list(teacher.make(4))
    assert {example.spans[0].text for example in found} == {"Do it with C-1."}
    assert teacher.trace == {"outside of the sample": 8, "unreadable": 4}


def test_a_model_that_writes_none_ends_it():
    with pytest.raises(ModelFailure, match="gave no instruction"):
        list(ToolBench(Scripted(script="no JSON"), patience=3).make(1))
    with pytest.raises(SpecError, match="I1, I2, I3"):
        ToolBench(relation="I4")
