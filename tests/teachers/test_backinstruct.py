"""Requests written back from graphs, and the critics that keep them true to these."""

import json
import random

import pytest

from dutiful.core.errors import ModelFailure, SpecError
from dutiful.core.parts import make
from dutiful.kit import toolgraphs
from dutiful.kit.toolgraphs import Node, linked
from dutiful.models.scripted import Scripted
from dutiful.teachers.backinstruct import BackInstruct, faults
from dutiful.worlds.tools.planning import draw

CHAIN = draw("retail", "train", random.Random(3), "chain")


def test_examples_carry_request_plan_and_origin():
    first, again = (list(make("teacher", "backinstruct?domains=retail,home,travel").make(12, seed=4)) for _ in range(2))
    assert first == again and {e.origin["domain"] for e in first} == {"retail", "home", "travel"}
    for example in first:
        plan = toolgraphs.read(example.spans[-1].text)
        assert len(plan.nodes) == example.origin["size"] and (example.origin["size"] == 1) == (
            example.origin["shape"] == "single"
        )
        assert example.loss == (False, False, False, True)


def test_the_rules_find_nothing_in_what_was_drawn_and_every_fault_in_what_was_not():
    plan, request = CHAIN.plan, CHAIN.request
    assert faults("retail", plan, plan, request) == []
    place, node = next((k, n) for k, n in enumerate(plan.nodes) if any(toolgraphs.references(v) for v in n.arguments.values()))
    fed = next(name for name, value in node.arguments.items() if toolgraphs.references(value))

    def changed(**arguments):
        nodes = (*plan.nodes[:place], node._replace(arguments={**node.arguments, **arguments}), *plan.nodes[place + 1 :])
        return faults("retail", plan, plan._replace(nodes=nodes, links=linked(nodes)), request)

    assert "a dangling reference" in changed(**{fed: f"<node-{place}>"}) and "a dangling reference" in changed(
        **{fed: "<node-99>"}
    )
    assert set(changed(**{fed: "xyzzy"})) == {"other links", "a value that the request does not say"}
    assert "other parameters" in changed(surprise=request[:3])
    assert "other tools" in faults("retail", plan, plan._replace(nodes=(*plan.nodes, Node("get_order", {}))), request)
    assert faults("retail", plan, plan._replace(links=()), request) == ["other links"]


def test_a_model_writes_the_request_and_is_held_to_the_graph():
    def reply(prompt):
        drawn = toolgraphs.read(prompt.text.partition("is given:\n")[2].split("\nWrite")[0])
        nodes = [Node(n.tool, {**n.arguments}) for n in drawn.nodes]
        said = json.loads(toolgraphs.write(drawn._replace(nodes=tuple(nodes))))
        return json.dumps({**said, "user_request": "Please do it."})

    teacher = BackInstruct(Scripted(reply=reply), patience=5)
    with pytest.raises(ModelFailure, match="other parameters"):
        list(teacher.make(50))
    assert set(teacher.trace) == {"other parameters"}


def test_a_model_can_be_critic_too():
    drawn = CHAIN

    class Same(BackInstruct):
        def written(self, name, drawn, number):
            return drawn.plan, drawn.request

    assert len(list(Same(Scripted(script="Yes"), critic=True).make(2))) == 2
    with pytest.raises(ModelFailure, match="the model doubts it"):
        list(Same(Scripted(script="No"), critic=True, patience=2).make(1))
    with pytest.raises(SpecError, match="give it one"):
        BackInstruct(critic=True)
    with pytest.raises(SpecError, match="no domains moon"):
        BackInstruct(domains="moon")
    assert drawn.shape == "chain"
