"""Back-Instruct: sample a graph of tools first, then have the request written that it answers, and keep what survives critics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

from dutiful.core.errors import ModelFailure, SpecError
from dutiful.core.model import Model, Sampling
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Example, Source, Span
from dutiful.core.teacher import Teacher
from dutiful.kit import rescue, toolgraphs
from dutiful.kit.toolgraphs import Node, Plan, linked, references
from dutiful.worlds.tools.domains import NAMES, load, shown
from dutiful.worlds.tools.planning import FORM, Drawn, draw

WRITE = (
    "Tools:\n{tools}\nThis graph of them is given:\n{graph}\nWrite a request that exactly these calls answer. Name all values "
    'in it, and no tool. {form} Add "user_request" with the request. Keep the tools and the links, fill in the other arguments.'
)
CHECK = "Request: {request}\nPlan: {plan}\nCan the plan be carried out, and does it do what the request says?"


class BackInstruct(Teacher):
    """Makes pairs of a request and the graph of tools that it takes.

        sample a graph by the paper's weights of shape and size, on domains in turn
        a model writes request, steps and arguments for it in one call (templates do, without a model)
        critics: by rules, the graph that came back is the sampled one and the request has every value (`faults`);
                 by the model, whether the plan can be carried out and fits (critic=true)

    domains: those of the tools world, with commas. `trace` counts what critics dropped in the last `make`; more than `patience`
    in a row end it. No person repairs what is left. Source: TaskBench (arXiv 2311.18760).
    """

    card = Card(
        kind="teacher",
        name="backinstruct",
        system="053",
        summary="requests written back from sampled graphs of tools, kept where critics find no fault",
        capabilities=frozenset({"make"}),
        source="arXiv 2311.18760",
    )

    def __init__(
        self, model: Model | None = None, domains: str = "retail,home,travel,phone", critic: bool = False, patience: int = 50
    ):
        if unknown := set(domains.split(",")) - set(NAMES):
            raise SpecError(f"backinstruct: no domains {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
        if critic and model is None:
            raise SpecError("backinstruct: critic=true asks a language model: give it one")
        self.model, self.domains, self.critic, self.patience = model, domains, critic, patience
        self.trace: dict[str, int] = {}

    def make(self, n: int, seed: int = 0) -> Iterator[Example]:
        self.trace, random, names = {}, Random(f"backinstruct/{seed}"), self.domains.split(",")
        made = dropped = rounds = 0
        while made < n:
            name, rounds = names[rounds % len(names)], rounds + 1
            drawn = draw(name, "train", random)
            plan, request = self.written(name, drawn, rounds)
            found = faults(name, drawn.plan, plan, request) or self._doubts(plan, request)
            for why in found:
                self.trace[why] = self.trace.get(why, 0) + 1
            made, dropped = (made, dropped + 1) if found else (made + 1, 0)
            if dropped > self.patience:
                raise ModelFailure(f"backinstruct: {dropped} samples dropped in a row: {self.trace}")
            if not found:
                yield self.example(name, drawn.shape, plan, request, seed)

    def written(self, name: str, drawn: Drawn, number: int) -> tuple[Plan, str]:
        """Plan and request for a sampled graph; as they were drawn, without a model."""
        if self.model is None:
            return drawn.plan, drawn.request
        bare = tuple(Node(n.tool, {k: v for k, v in n.arguments.items() if references(v)}) for n in drawn.plan.nodes)
        tools = "\n".join(shown(name)[node.tool][1] for node in bare)
        asked = WRITE.format(tools=tools, graph=toolgraphs.write(Plan((), bare, linked(bare))), form=FORM)
        sampling = Sampling(max_tokens=1024, temperature=1.0, seed=number)
        reply = self.model.generate(Prompt((Span(Source.USER, asked),)), sampling).text
        found: Any = rescue.json_value(reply, {}).value
        return toolgraphs.read(reply), str(found.get("user_request", "")) if isinstance(found, dict) else ""

    def _doubts(self, plan: Plan, request: str) -> list[str]:
        """What the model itself says against a sample, where it is asked."""
        if not self.critic or self.model is None:
            return []
        asked = Span(Source.USER, f"{CHECK.format(request=request, plan=toolgraphs.write(plan))} Answer Yes or No.")
        return ["the model doubts it"] if self.model.choose(Prompt((asked,)), ("Yes", "No")).index else []

    def example(self, name: str, shape: str, plan: Plan, request: str, seed: int) -> Example:
        """Form, tools and request, then the plan, which alone carries loss."""
        tools = "\n".join(line for _, line in shown(name).values())
        spans = (Span(Source.SYSTEM, FORM), Span(Source.WORLD, f"Tools:\n{tools}"), Span(Source.USER, request))
        origin = dict(teacher=self.spec, seed=seed, split="train", domain=name, shape=shape, size=len(plan.nodes))
        return Example((*spans, Span(Source.MODEL, toolgraphs.write(plan))), (False, False, False, True), origin)


def faults(name: str, sampled: Plan, plan: Plan, request: str) -> list[str]:
    """What rules find against a returned plan: other tools or links than were sampled, arguments that do not fit, values that
    the request does not say. Empty where there is nothing."""
    found: list[str] = []
    if Counter(node.tool for node in plan.nodes) != Counter(node.tool for node in sampled.nodes):
        found.append("other tools")
    if feeds(plan) != feeds(sampled):
        found.append("other links")
    functions = load(name).functions
    for place, node in enumerate(plan.nodes):
        if node.tool not in functions:
            continue
        function = functions[node.tool]
        if not set(function.takes) - set(function.optional) <= set(node.arguments) <= set(function.takes):
            found.append("other parameters")
        for value in node.arguments.values():
            if references(value):
                if any(source == place or source >= len(plan.nodes) for source in references(value)):
                    found.append("a dangling reference")
            elif str(value) not in request:
                found.append("a value that the request does not say")
    return list(dict.fromkeys(found))


def feeds(plan: Plan) -> Counter[tuple[str, ...]]:
    """(source, target, parameter) of every reference, and (source, target) of links beside them."""
    names, found = [node.tool for node in plan.nodes], Counter[tuple[str, ...]]()
    for node in plan.nodes:
        for parameter, value in node.arguments.items():
            found.update((names[s], node.tool, parameter) for s in references(value) if s < len(names))
    said = {(names[a], names[b]) for a, b in plan.links}
    found.update((a, b) for a, b in said - {(a, b) for a, b, *_ in found})
    missing = {(a, b) for a, b, *_ in found} - said
    found.update((a, b, "is fed and not linked") for a, b in missing)
    return found


__all__ = ["BackInstruct", "faults", "feeds"]
