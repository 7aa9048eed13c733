"""tools/plan: say which calls a request takes and how they feed each other, as JSON; nothing is called.

Back to front: a small graph of tools is drawn first, the request that it answers is written from it.
Source: TaskBench (arXiv 2311.18760); tools and words are our own.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, NamedTuple

from dutiful.core.errors import SpecError, UnknownPart, WorldFailure
from dutiful.core.parts import Card
from dutiful.core.records import Action, Criterion, Instruction, Observation, Task, Verdict
from dutiful.core.world import World
from dutiful.kit import toolgraphs
from dutiful.kit.tasks import Lazy
from dutiful.kit.toolgraphs import SHAPES, SIZES, Node, Plan, Tooling, compare, linked, references
from dutiful.worlds.tools import generate
from dutiful.worlds.tools.domains import NAMES, load, shown
from dutiful.worlds.tools.language import Domain
from dutiful.worlds.tools.wording import FRAMES

COUNT = 10_000
FORM = (
    'Answer with JSON: {"task_steps": ["..."], "task_nodes": [{"task": "tool", "arguments": {"name": "value"}}], '
    '"task_links": [{"source": "tool", "target": "tool"}]}. An argument that another node gives is written "<node-k>", k from 0.'
)


class Drawn(NamedTuple):
    """A sampled graph with its arguments and steps, and the request that it answers."""

    plan: Plan
    request: str
    shape: str


@functools.cache
def tooling(name: str) -> Mapping[str, Tooling]:
    """The graph of a domain as the sampler takes it; what a tool only repeats links to nothing."""
    domain = load(name)
    return {
        f.name: Tooling(f.takes, frozenset(k for k in f.gives.values() if k not in f.takes.values() and domain.kinds[k].links))
        for f in domain.functions.values()
    }


def draw(name: str, split: str, random: Random, shape: str = "") -> Drawn:
    """A graph of a domain by the paper's weights of shape and size, of a combination of tools that belongs to the split."""
    for _ in range(20):
        kind = shape or random.choices(list(SHAPES), list(SHAPES.values()))[0]
        size = 1 if kind == "single" else random.choices(list(SIZES), list(SIZES.values()))[0]
        for _ in range(100 if kind != "dag" or size >= 3 else 0):  # so that what a split refuses does not bend the weights
            try:
                plan = toolgraphs.sample(tooling(name), kind, size, random)
            except ValueError:  # the domain has no path so long
                break
            if generate.split_of(tuple(node.tool for node in plan.nodes)) in ("", split):
                plan, request = worded(load(name), plan, split, random)
                return Drawn(plan, request, kind)
    raise SpecError(f"tools/plan: the domain {name!r} has no {shape or 'graph'} for the split {split!r}")


def worded(domain: Domain, plan: Plan, split: str, random: Random) -> tuple[Plan, str]:
    """A graph of references with the values that are missing, the steps in words, and the request."""
    tables, nodes = generate.build(domain.name, random.randrange(10), split)[0], list[Node]()
    for node in plan.nodes:
        function, arguments = domain.functions[node.tool], dict(node.arguments)
        for name, kind in function.takes.items():
            picks = domain.kinds[kind].draw
            if name not in arguments and picks and (name not in function.optional or random.random() < 0.5):
                arguments[name] = picks(random, tables, split)
        nodes.append(Node(node.tool, arguments))
    steps = tuple(_clause(domain, nodes, place, random) for place in range(len(nodes)))
    listed = steps[0] if len(steps) == 1 else "; ".join(f"({number}) {step}" for number, step in enumerate(steps, 1))
    return Plan(steps, tuple(nodes), linked(nodes)), random.choice(FRAMES[split]).format(listed)


def _clause(domain: Domain, nodes: Sequence[Node], place: int, random: Random) -> str:
    """What a node does, in words that name every value, and for a reference the step it comes from."""
    node = nodes[place]
    function = domain.functions[node.tool]
    said: dict[str, str] = {}
    for name, value in node.arguments.items():
        kind = domain.kinds[function.takes[name]]
        label = kind.label or function.takes[name].removesuffix("_id").replace("_", " ")
        said[name] = f"the {label} from ({references(value)[0] + 1})" if references(value) else kind.said.format(value)
    template = random.choice(function.do) if function.writes else function.plural if function.many else function.np
    for optional in _brackets(template):
        kept = all(f"{{{name}}}" not in optional or name in said for name in function.takes)
        template = template.replace(f"[{optional}]", optional if kept else "")
    text = template.format_map(said)
    return text if function.writes else f"list the {text}" if function.many else f"look up {text}"


def _brackets(template: str) -> list[str]:
    return [piece.partition("]")[0] for piece in template.split("[")[1:]]


class Planning(World):
    """The user says a request, the world shows the tools of its domain, the answer is a plan.

    domain: one, or "all" in turn. shape: "single", "chain", "dag", or "all" by the paper's weights. Criteria: the F1 of tools,
    links, parameters and values against the gold graph; an answer that is no plan has none of them. The judge `taskeval` reports
    them by shape and size. Splits share no combination of two or more tools and no values of people and texts.
    """

    card = Card(
        kind="world",
        name="tools/plan",
        summary="which tools a request takes and how they feed each other: a plan as JSON against the graph it was made from",
        capabilities=frozenset({"expert", "snapshot", "dialogue"}),
        source="sampling after TaskBench (arXiv 2311.18760); tools and words are our own",
    )

    def __init__(self, domain: str = "all", shape: str = "all"):
        if domain not in (*NAMES, "all"):
            raise UnknownPart("domain of tools/plan", domain, (*NAMES, "all"))
        if shape not in (*SHAPES, "all"):
            raise UnknownPart("shape of tools/plan", shape, (*SHAPES, "all"))
        self.domain, self.shape = domain, shape
        self._task: Task | None = None
        self._answer: str | None = None

    rules = FORM

    def tasks(self, split: str = "test") -> Sequence[Task]:
        """10,000 tasks, made when asked for; the domains take turns. Splits: train, validation, test."""
        if split not in generate.SPLITS:
            raise UnknownPart("split of tools/plan", split, generate.SPLITS)
        return Lazy(lambda number: self._make(split, number), COUNT)

    def _make(self, split: str, number: int) -> Task:
        name = NAMES[number % len(NAMES)] if self.domain == "all" else self.domain
        shape = "" if self.shape == "all" else self.shape
        drawn = draw(name, split, Random(f"tools/plan {name} {split} {number} {shape}"), shape)
        setup: dict[str, Any] = dict(
            domain=name, shape=drawn.shape, size=len(drawn.plan.nodes), plan=toolgraphs.write(drawn.plan)
        )
        return Task(f"plan-{split}-{name}-{number}", self.spec, split, number, Instruction(drawn.request), setup)

    def reset(self, task: Task) -> Observation:
        try:
            self._gold = gold(task)
            tools = "\n".join(line for _, line in shown(task.setup["domain"]).values())
        except (KeyError, ValueError) as error:
            raise WorldFailure(f"tools/plan cannot lay out the task {task.id!r}: {error}") from error
        self._task, self._answer = task, None
        self._first = Observation(f"Tools:\n{tools}", said=task.instruction.text)
        return self._first

    def step(self, action: Action) -> Observation:
        if self._task is None or self._answer is not None:
            raise WorldFailure("tools/plan: no task is laid out, or it is answered; call reset(task)")
        self._answer = action.text
        return Observation(done=True, reward=self.verdict().score)

    def verdict(self) -> Verdict:
        return scored(self._answer or "", self._gold)

    def expert(self) -> Action:
        return Action(toolgraphs.write(self._gold))

    def snapshot(self) -> tuple[Task | None, str | None]:
        return self._task, self._answer

    def restore(self, state: tuple[Task | None, str | None]) -> Observation:
        task, self._answer = state
        if task != self._task:
            raise WorldFailure("tools/plan: the snapshot is of another task")
        return self._first if self._answer is None else Observation(done=True, reward=self.verdict().score)


def gold(task: Task) -> Plan:
    """The graph that a request was made from; raises ValueError where a task has none."""
    plan = toolgraphs.read(task.setup.get("plan", ""))
    if not plan.nodes:
        raise ValueError(f"the task {task.id!r} has no plan in its setup; take tasks of tools/plan")
    return plan


def scored(answer: str, wanted: Plan) -> Verdict:
    """A criterion for each of n-F1, e-F1, t-F1 and v-F1; all are 0 where the answer has no node."""
    said = toolgraphs.read(answer)
    found = compare(said, wanted)._asdict()
    criteria: list[Criterion] = []
    for name in ("nodes", "links", "parameters", "values"):
        counts, f1 = found[name], found[name].f1 if said.nodes else 0.0
        evidence = f"{counts.hit} of {counts.gold} wanted are among the {counts.predicted} said"
        criteria.append(Criterion(name, f1 == 1.0, f1, evidence))
    return Verdict.of(*criteria)


__all__ = ["Drawn", "Planning", "draw", "gold", "scored", "tooling", "worded"]
