"""For claim 053: plans made worse on purpose, predictors of plans, and carrying a plan out in the tools world."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, NamedTuple

from dutiful.core.errors import ModelFailure
from dutiful.core.model import Choice, Completion, Format, Model, Sampling
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Source, Task
from dutiful.core.world import World
from dutiful.kit import calls, programs, toolgraphs
from dutiful.kit.calls import Call
from dutiful.kit.retrieval import BM25
from dutiful.kit.toolgraphs import Node, Plan, linked, references
from dutiful.models.scripted import Scripted
from dutiful.worlds.tools.domains import load

Corruption = Callable[[Plan, Random, float, Sequence[str]], Plan]
"""A plan, a generator, the share of what is hit, the tools there are."""


def _arguments(plan: Plan, change: Callable[[Node, str, Any], tuple[str, Any]]) -> Plan:
    nodes = [Node(n.tool, dict(change(n, name, value) for name, value in n.arguments.items())) for n in plan.nodes]
    return plan._replace(nodes=tuple(nodes))


def swap_tools(plan: Plan, random: Random, rate: float, tools: Sequence[str]) -> Plan:
    """Other tools in the place of the right ones."""
    used = {node.tool for node in plan.nodes}
    others = [tool for tool in tools if tool not in used]
    nodes = [node._replace(tool=random.choice(others)) if random.random() < rate else node for node in plan.nodes]
    return plan._replace(nodes=tuple(nodes))


def drop_links(plan: Plan, random: Random, rate: float, tools: Sequence[str]) -> Plan:
    """Links that are not stated; the arguments stay."""
    return plan._replace(links=tuple(link for link in plan.links if random.random() >= rate))


def rename_parameters(plan: Plan, random: Random, rate: float, tools: Sequence[str]) -> Plan:
    """Parameters under names that are none."""
    return _arguments(plan, lambda node, name, value: (f"{name}_x" if random.random() < rate else name, value))


def change_values(plan: Plan, random: Random, rate: float, tools: Sequence[str]) -> Plan:
    """Other values; what comes from another node stays."""
    return _arguments(
        plan, lambda node, name, value: (name, "wrong" if not references(value) and random.random() < rate else value)
    )


def rewire(plan: Plan, random: Random, rate: float, tools: Sequence[str]) -> Plan:
    """References to another node than the right one, where there is one, else a word; the links follow."""

    def change(node: Node, name: str, value: Any) -> tuple[str, Any]:
        others = [k for k in range(len(plan.nodes)) if k not in references(value) and plan.nodes[k] is not node]
        if not references(value) or random.random() >= rate:
            return name, value
        return name, f"<node-{random.choice(others)}>" if others else "wrong"

    found = _arguments(plan, change)
    return found._replace(links=linked(found.nodes))


CORRUPTIONS: Mapping[str, Corruption] = {
    "nodes": swap_tools,
    "links": drop_links,
    "parameters": rename_parameters,
    "values": change_values,
}
"""By the figure that each is about."""


def spoilt(plan: Plan, random: Random, tools: Sequence[str]) -> Plan:
    """A plan with one fault of a random sort; it is another plan than the one given."""
    while True:
        nodes, place = list(plan.nodes), random.randrange(len(plan.nodes))
        node, sort = nodes[place], random.randrange(6)
        if sort == 0 and len(nodes) > 1:
            del nodes[place]
        elif sort == 1:
            nodes[place] = node._replace(tool=random.choice(tools))
        elif sort == 2:
            nodes.append(Node(random.choice(tools), {}))
        elif sort == 3 and node.arguments:
            nodes[place] = Node(
                node.tool, {k: v for k, v in node.arguments.items() if k != random.choice(sorted(node.arguments))}
            )
        elif sort == 4:
            found = rewire(plan, random, 1 / max(1, len(plan.links)), tools)
            nodes = list(found.nodes)
        elif node.arguments:
            name = random.choice(sorted(node.arguments))
            nodes[place] = Node(node.tool, {**node.arguments, name: random.choice((f"<node-{place}>", "quite another thing"))})
        if tuple(nodes) != plan.nodes:
            return Plan(plan.steps, tuple(nodes), linked(nodes))


class Predictor(Model):
    """Answers tools/plan: how = "random", "keyword" (BM25 over the tools) or "oracle" with wrong links at a rate."""

    card = Card(kind="model", name="predictor", summary="plans at random, by keyword, or with wrong links at a rate")

    def __init__(self, how: str = "oracle", noise: float = 0.0):
        self.how, self.noise = how, noise
        self._world: Any = None
        self._seed = 0

    def bind(self, world: World, seed: int) -> Predictor:
        bound = Predictor(self.how, self.noise)
        bound._world, bound._seed = world, seed
        return bound

    def generate(self, prompt: Prompt, sampling: Sampling = Sampling(), constraint: Format | None = None) -> Completion:
        text = toolgraphs.write(self._plan(self._world.expert().text, prompt))
        return Scripted(reply=lambda _: text).generate(prompt, sampling.replace(max_tokens=1 << 20))

    def _plan(self, right: str, prompt: Prompt) -> Plan:
        wanted, random = toolgraphs.read(right), Random(f"{self._seed}/{self.how}/{prompt.text}")
        shown = next(span.text for span in prompt if span.source is Source.WORLD).split("\n")[1:]
        if self.how == "oracle":
            return rewire(wanted, random, self.noise, ())
        lines = random.sample(shown, len(shown))
        if self.how == "keyword":
            asked = next(span.text for span in prompt if span.source is Source.USER)
            lines = [shown[place] for place in BM25(shown).search(asked, len(shown))]
        nodes = [Node(line.partition("(")[0], {}) for line in lines[: len(wanted.nodes)]]
        return Plan((), tuple(nodes), tuple((k, k + 1) for k in range(len(nodes) - 1)))

    def choose(self, prompt: Prompt, options: Sequence[str], sampling: Sampling = Sampling()) -> Choice:
        raise ModelFailure("the predictor writes plans and chooses nothing: use it in tools/plan")


class Recipe(NamedTuple):
    """How a result feeds a parameter: the call's variable, the choices among its list, and the value."""

    source: int
    variable: str
    picks: tuple[Any, ...]
    value: Any

    def value_of(self, result: Any) -> Any:
        body = (programs.Let(self.variable, result), *self.picks, programs.Answer(self.value))
        return programs.execute(programs.Program(body), lambda call: None)


class Reference(NamedTuple):
    """A gold program as a plan, with the recipes by (node, parameter), and that of the answer."""

    plan: Plan
    recipes: Mapping[tuple[int, str], Recipe]
    answer: Recipe | None


def reference(program: programs.Program) -> Reference | None:
    """The plan of a program of calls and choices; None where it loops, forks, or answers from no call."""
    origin: dict[str, tuple[int, str, tuple[Any, ...]]] = {}
    nodes: list[Node] = []
    recipes: dict[tuple[int, str], Recipe] = {}
    answer: Recipe | None = None

    def recipe(value: Any) -> Recipe | None:
        ref = value if isinstance(value, programs.Ref) else getattr(value, "of", None)
        return Recipe(*origin[ref.name], value) if isinstance(ref, programs.Ref) and ref.name in origin else None

    for statement in program.body:
        match statement:
            case programs.Call(tool, arguments, into):
                given: dict[str, Any] = {}
                for name, value in arguments.items():
                    found = recipe(value)
                    given[name] = f"<node-{found.source}>" if found else value
                    if found:
                        recipes[len(nodes), name] = found
                nodes.append(Node(tool, given))
                origin[into] = (len(nodes) - 1, into, ())
            case programs.Best(of, _, _, into) | programs.Where(of, _, _, _, into, _) if of.name in origin:
                source, variable, picks = origin[of.name]
                origin[into] = (source, variable, (*picks, statement))
            case programs.Answer(value):
                answer = recipe(value)
                if answer is None:
                    return None
            case _:
                return None
    return Reference(Plan((), tuple(nodes), linked(nodes)), recipes, answer)


def carried_out(world: Any, task: Task, plan: Plan, gold_plan: Reference) -> float:
    """The score of the world's verdict after a plan is carried out.

    A reference that the gold plan has too is worked out as there: a plan does not say which record of a list it means. Any other
    gives the first field of the right kind of the first record. A node that lacks what it refers to is not called.
    """
    world.reset(task)
    domain, results = load(task.setup["domain"]), dict[int, Any]()
    recipes = {
        (gold_plan.plan.nodes[place].tool, name, gold_plan.plan.nodes[found.source].tool): found
        for (place, name), found in gold_plan.recipes.items()
    }

    def value(node: Node, name: str, source: int) -> Any:
        result, feeding = results[source], plan.nodes[source].tool
        if found := recipes.get((node.tool, name, feeding)):
            return found.value_of(result)
        record = result[0] if isinstance(result, list) and result else result
        kind = domain.functions[node.tool].takes.get(name)
        fields = [field for field, gives in domain.functions[feeding].gives.items() if gives == kind]
        return record.get(fields[0]) if fields and isinstance(record, dict) else None

    waiting = list(range(len(plan.nodes)))
    for _ in range(len(waiting)):
        ready = next((k for k in waiting if not set(_sources(plan, k)) & set(waiting)), None)
        if ready is None:
            break  # a circle: nothing of it can be called
        waiting.remove(ready)
        node = plan.nodes[ready]
        if any(source not in results for source in _sources(plan, ready)):
            continue
        fed = {n: value(node, n, references(v)[0]) if references(v) else v for n, v in node.arguments.items()}
        seen = world.step(calls.action(Call(node.tool, fed)))
        if "result" in seen.info:
            results[ready] = seen.info["result"]
    said = None
    if gold_plan.answer:
        wanted = gold_plan.plan.nodes[gold_plan.answer.source].tool
        place = next((k for k in results if plan.nodes[k].tool == wanted), None)
        said = gold_plan.answer.value_of(results[place]) if place is not None else None
    world.step(calls.action(Call("finish", {"answer": said})))
    return world.verdict().score


def _sources(plan: Plan, place: int) -> list[int]:
    return references(list(plan.nodes[place].arguments.values()))


__all__ = ["CORRUPTIONS", "Predictor", "Recipe", "Reference", "carried_out", "change_values", "reference", "rewire", "spoilt"]
