"""Plans as graphs of tool calls: sampled from a graph of tools, written as JSON, and compared with a gold one.

sample(tools, "dag", 4, random)         four tools of a graph, and how they feed each other
read(text), write(plan)                 {"task_steps": [...], "task_nodes": [...], "task_links": [...]} and back
compare(predicted, gold)                counts by figure: "nodes", "links", "parameters", "values"; and the order, and the steps

An argument that comes from another node is written "<node-k>", k from 0. A tool that stands twice counts twice (multisets).
Source: TaskBench (arXiv 2311.18760), whose n-F1, e-F1, t-F1 and v-F1 these are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from random import Random
from typing import Any, NamedTuple

import msgspec

from dutiful.core.records import Json
from dutiful.kit import rescue
from dutiful.kit.answers import rouge_l

_NODE = re.compile(r"<node-(\d+)>")
SHAPES = {"single": 3, "chain": 7, "dag": 8}
"""How often each shape is drawn."""
SIZES = {2: 0.1, 3: 0.2, 4: 0.3, 5: 0.2, 6: 0.1, 7: 0.05, 8: 0.025, 9: 0.025, 10: 0.025}
"""How often each number of tools is drawn; a single has 1, a dag at least 3."""


class Node(NamedTuple):
    """A call in a plan: the tool, and its arguments by name."""

    tool: str
    arguments: Json


class Plan(NamedTuple):
    """Steps in words, calls, and links from the place of a call to that of another that it feeds (or must precede)."""

    steps: tuple[str, ...]
    nodes: tuple[Node, ...]
    links: tuple[tuple[int, int], ...]


EMPTY = Plan((), (), ())


def references(value: Any) -> list[int]:
    """The nodes that an argument refers to, lists and objects included."""
    if isinstance(value, str):
        return [int(found) for found in _NODE.findall(value)]
    inner: Any = value.values() if _is(value, dict) else value if _is(value, list) or _is(value, tuple) else ()
    return [place for each in inner for place in references(each)]


def linked(nodes: Sequence[Node]) -> tuple[tuple[int, int], ...]:
    """The links that the arguments say. A reference of a node to itself, or to none there is, is no link."""
    found = ((source, target) for target, node in enumerate(nodes) for source in references(list(node.arguments.values())))
    return tuple(sorted({(source, target) for source, target in found if source != target and source < len(nodes)}))


def write(plan: Plan) -> str:
    """A plan as JSON."""
    names = [node.tool for node in plan.nodes]
    links = [{"source": names[source], "target": names[target]} for source, target in plan.links]
    nodes = [{"task": node.tool, "arguments": node.arguments} for node in plan.nodes]
    return msgspec.json.encode({"task_steps": plan.steps, "task_nodes": nodes, "task_links": links}).decode()


def read(text: str) -> Plan:
    """A plan out of JSON, also amid other words; what is no plan is empty. Links come from the arguments; those that the text
    states besides are kept where they name tools that stand in it (the first of that name)."""
    found: Any = rescue.json_value(text, {}).value
    if not _is(found, dict):
        return EMPTY
    nodes = [Node(str(each.get("task", "")), _arguments(each.get("arguments"))) for each in _objects(found, "task_nodes")]
    places: dict[str, int] = {}
    for place, node in enumerate(nodes):
        places.setdefault(node.tool, place)
    said = [(places.get(str(each.get("source"))), places.get(str(each.get("target")))) for each in _objects(found, "task_links")]
    stated = {(a, b) for a, b in said if a is not None and b is not None and a != b}
    by_names = {(nodes[a].tool, nodes[b].tool) for a, b in linked(nodes)}
    extra = {(a, b) for a, b in stated if (nodes[a].tool, nodes[b].tool) not in by_names}
    steps: Any = found.get("task_steps")
    return Plan(tuple(map(str, steps)) if _is(steps, list) else (), tuple(nodes), tuple(sorted({*linked(nodes), *extra})))


def _objects(found: Any, key: str) -> list[Any]:
    value: Any = found.get(key)
    return [each for each in value if _is(each, dict)] if _is(value, list) else []


def _arguments(value: Any) -> Json:
    if _is(value, list):  # [{"name": ..., "value": ...}, ...] is how some write them
        return {str(each.get("name")): each.get("value") for each in value if _is(each, dict)}
    return dict(value) if _is(value, dict) else {}


def _is(value: Any, kind: type) -> bool:
    return isinstance(value, kind)


class Counts(NamedTuple):
    """Of what was predicted and what is gold: how many agree. They add up over samples (micro F1)."""

    hit: int
    predicted: int
    gold: int

    @property
    def f1(self) -> float:
        """2 hit / (predicted + gold); 1 where both are empty."""
        return 2 * self.hit / (self.predicted + self.gold) if self.predicted + self.gold else 1.0

    def plus(self, other: Counts) -> Counts:
        return Counts(self.hit + other.hit, self.predicted + other.predicted, self.gold + other.gold)


class Compared(NamedTuple):
    """How a plan compares with a gold one. `order`: 1 - edit distance of the tools over the longer list. `steps`: ROUGE-L."""

    nodes: Counts
    links: Counts
    parameters: Counts
    values: Counts
    order: float
    steps: float


def compare(predicted: Plan, gold: Plan) -> Compared:
    """The figures of one sample. Values that come from another node are compared by the tool they come from."""
    return Compared(
        _counts([node.tool for node in predicted.nodes], [node.tool for node in gold.nodes]),
        _counts(_edges(predicted), _edges(gold)),
        _counts(_parameters(predicted, False), _parameters(gold, False)),
        _counts(_parameters(predicted, True), _parameters(gold, True)),
        _order([node.tool for node in predicted.nodes], [node.tool for node in gold.nodes]),
        rouge_l(" ".join(predicted.steps), " ".join(gold.steps)) if gold.steps else 1.0,
    )


def _counts(predicted: Iterable[Hashable], gold: Iterable[Hashable]) -> Counts:
    a, b = Counter(predicted), Counter(gold)
    return Counts(sum((a & b).values()), sum(a.values()), sum(b.values()))


def _edges(plan: Plan) -> list[tuple[str, str]]:
    return [(plan.nodes[source].tool, plan.nodes[target].tool) for source, target in plan.links]


def _parameters(plan: Plan, values: bool) -> list[tuple[str, ...]]:
    def shown(value: Any) -> str:
        names = {f"<node-{place}>": f"<{node.tool}>" for place, node in enumerate(plan.nodes)}
        text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
        return _NODE.sub(lambda found: names.get(found[0], found[0]), text)

    triples = [(node.tool, name, value) for node in plan.nodes for name, value in node.arguments.items()]
    return [(tool, name, shown(value)) if values else (tool, name) for tool, name, value in triples]


def _order(a: Sequence[str], b: Sequence[str]) -> float:
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, right in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (left != right))
    return 1 - row[-1] / max(len(a), len(b), 1)


class Tooling(NamedTuple):
    """A tool of a graph: kinds of its parameters, kinds of what it gives."""

    takes: Mapping[str, str]
    gives: frozenset[str]


def sample(tools: Mapping[str, Tooling], shape: str, size: int, random: Random) -> Plan:
    """A single tool, a path or an acyclic graph of different tools whose parameters each have at most one producer.

    The arguments of the nodes are the references only. Raises ValueError where the graph has no such sample.
    """
    for _ in range(200):
        if found := _grown(tools, shape, size, random):
            return found
    raise ValueError(f"the graph of {len(tools)} tools has no {shape} of {size}")


def _grown(tools: Mapping[str, Tooling], shape: str, size: int, random: Random) -> Plan | None:
    chosen = [random.choice(sorted(tools))]
    edges: list[tuple[str, str, str]] = []  # source, target, parameter
    while len(chosen) < size:
        places = (chosen[0], chosen[-1]) if shape == "chain" else tuple(chosen)
        grows = [
            edge
            for at in sorted(set(places))
            for edge in _edges_at(
                tools, at, chosen, edges, before=shape != "chain" or at == chosen[0], after=shape != "chain" or at == chosen[-1]
            )
        ]
        if not grows:
            return None
        source, target, parameter = random.choice(grows)
        edges.append((source, target, parameter))
        if target in chosen:
            chosen.insert(0, source)
        else:
            chosen.append(target)
    order = _sorted(chosen, edges)
    arguments: dict[str, Json] = {name: {} for name in order}
    for source, target, parameter in edges:
        arguments[target][parameter] = f"<node-{order.index(source)}>"
    nodes = tuple(Node(name, arguments[name]) for name in order)
    return Plan((), nodes, linked(nodes))


def _edges_at(
    tools: Mapping[str, Tooling], at: str, chosen: Sequence[str], edges: Sequence[tuple[str, str, str]], before: bool, after: bool
) -> list[tuple[str, str, str]]:
    """The ways to join one more tool to `at`: as a producer of a parameter that has none, or as one that it feeds."""
    fed = {(target, parameter) for _, target, parameter in edges}
    new = [name for name in sorted(tools) if name not in chosen]
    found: list[tuple[str, str, str]] = []
    if before:
        open_ = [(name, kind) for name, kind in tools[at].takes.items() if (at, name) not in fed]
        found += [(source, at, name) for source in new for name, kind in open_ if kind in tools[source].gives]
    if after:
        found += [(at, target, name) for target in new for name, kind in tools[target].takes.items() if kind in tools[at].gives]
    return found


def _sorted(names: Sequence[str], edges: Sequence[tuple[str, str, str]]) -> list[str]:
    """Producers before those they feed."""
    order: list[str] = []
    left = list(names)
    while left:
        ready = next(name for name in left if all(source in order for source, target, _ in edges if target == name))
        order.append(ready)
        left.remove(ready)
    return order
