"""Plans as graphs of calls: sampled, written, read, compared."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutiful.kit import toolgraphs
from dutiful.kit.toolgraphs import EMPTY, Node, Plan, Tooling, compare, linked, read, sample, write
from dutiful.worlds.tools.domains import NAMES, load
from dutiful.worlds.tools.graph import graph

GRAPHS = {
    name: {node.name: Tooling(node.takes, frozenset(node.gives.values())) for node in graph(load(name)).nodes.values()}
    for name in NAMES
}
NODES = (
    Node("find", {"name": "Ann"}),
    Node("orders", {"customer": "<node-0>"}),
    Node("cancel", {"order": "<node-1>", "reason": "late"}),
)
GOLD = Plan(("Find Ann.", "List the orders.", "Cancel one."), NODES, linked(NODES))


def scores(predicted, gold=GOLD):
    found = compare(predicted, gold)
    return [found.nodes.f1, found.links.f1, found.parameters.f1, found.values.f1]


def test_a_plan_survives_being_written():
    assert read(write(GOLD)) == GOLD and read(f"Here it is: {write(GOLD)} Good luck.") == GOLD


def test_the_gold_agrees_with_itself_in_any_order():
    assert scores(GOLD) == [1, 1, 1, 1]
    swapped = (
        NODES[1]._replace(arguments={"customer": "<node-1>"}),
        NODES[0],
        NODES[2]._replace(arguments={"order": "<node-0>", "reason": "late"}),
    )
    assert scores(Plan((), swapped, linked(swapped))) == [1, 1, 1, 1]
    assert compare(Plan((), swapped, linked(swapped)), GOLD).order < 1


def test_each_figure_reacts_to_its_own_corruption():
    assert scores(GOLD._replace(links=GOLD.links[:1])) == [1, pytest.approx(2 / 3), 1, 1]
    other = (*NODES[:2], Node("cancel", {"order": "<node-1>", "reason": "early"}))
    assert scores(Plan((), other, linked(other))) == [1, 1, 1, 0.75]


def test_tools_are_counted_as_a_multiset():
    twice = Plan((), (NODES[0], NODES[0]), ())
    assert compare(twice, Plan((), (NODES[0],), ())).nodes == (1, 2, 1)


@pytest.mark.parametrize(
    "text", ["", "no plan", "[1, 2]", '{"task_nodes": 3}', '{"task_nodes": [{"task": "a", "arguments": "x"}]}']
)
def test_what_is_no_plan_scores_without_an_error(text):
    assert scores(read(text)) == [0, 0, 0, 0]
    assert compare(EMPTY, EMPTY).nodes.f1 == 1


def test_a_node_does_not_feed_itself_nor_one_that_is_missing():
    nodes = (Node("a", {"x": "<node-0>", "y": "<node-7>"}), Node("b", {"z": ["<node-0>"]}))
    assert linked(nodes) == ((0, 1),)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(NAMES), st.sampled_from(["single", "chain", "dag"]), st.integers(3, 6), st.integers(0, 10**6))
def test_samples_have_the_shape_that_was_asked_for(name, shape, size, seed):
    tools = GRAPHS[name]
    plan = sample(tools, shape, 1 if shape == "single" else size, random.Random(seed))
    names = [node.tool for node in plan.nodes]
    assert len(names) == len(set(names)) == (1 if shape == "single" else size)
    assert all(source < target for source, target in plan.links), "producers come first, so there is no cycle"
    for target, node in enumerate(plan.nodes):
        for parameter, value in node.arguments.items():
            (source,) = toolgraphs.references(value)
            assert tools[node.tool].takes[parameter] in tools[names[source]].gives
            assert (source, target) in plan.links
    if shape == "chain":
        assert all(sum(source == place for source, _ in plan.links) <= 1 for place in range(size))
        assert all(sum(target == place for _, target in plan.links) <= 1 for place in range(size))
    assert len(plan.links) == len(names) - 1


def test_a_graph_without_links_has_no_chain():
    with pytest.raises(ValueError, match="no chain of 3"):
        sample({"a": Tooling({}, frozenset()), "b": Tooling({}, frozenset())}, "chain", 3, random.Random(0))
