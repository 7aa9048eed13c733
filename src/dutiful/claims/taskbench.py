"""053 TaskBench: do its figures for plans measure what they say, and does a good plan carry the request out?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

import numpy as np

from dutiful.claims.evidence import at_least, at_most, mean, note
from dutiful.claims.toolplans import CORRUPTIONS, Predictor, carried_out, change_values, reference, rewire, spoilt
from dutiful.core import parts
from dutiful.core.claim import Claim, Evidence
from dutiful.core.parts import Card
from dutiful.judges.taskeval import FIGURES, TaskEval
from dutiful.kit import programs, toolgraphs
from dutiful.kit.toolgraphs import Compared, Node, Plan, compare, linked, references
from dutiful.teachers.backinstruct import faults
from dutiful.worlds.tools.planning import gold

DOMAINS = ("retail", "home", "travel")
LEVELS = [level / 10 for level in range(11)]
OWN = {"nodes": ("nodes",), "links": ("links",), "parameters": ("parameters", "values"), "values": ("values",)}
"""The figures that a corruption may move, besides that all rest on the tools: a renamed parameter takes its value with it."""


class TaskBenchClaim(Claim):
    """Three graphs of 25 tools and more, 5 seeds of 60 requests each, written by templates from sampled graphs.

    As in the entry: (i) gold against gold is 1 in every figure, in any order of the nodes n-F1 and e-F1 are; (ii) every figure
    falls with its own noise (Spearman at most -0.95 over 11 levels), and the figures that a fault is not about stay within 0.01;
    tools are part of all that stands above them, so that wrong tools move everything, which is shown by its own figure alone;
    (iii) carried out in the tools world, plans with wrong links and values score as e-F1 x v-F1 does (Spearman at least 0.7 over
    single plans); (iv) the rules find at least 99% of spoilt samples. Control: rules that compare tools alone do not. For (iii)
    a reference to what the gold plan refers to takes the gold's choice among a list, which no plan of this form can say.
    """

    card = Card(
        kind="claim",
        name="taskbench",
        system="053",
        summary="plans are scored by tools, links, parameters and values, each by its own, and the scores foretell execution",
        source="arXiv 2311.18760",
    )
    cost = "quick"
    beyond = "Requests written by a language model, people who repair them, and the ranking of language models by these figures."

    def measure(self, lab: Any) -> Iterator[Evidence]:
        drawn = samples()
        names = [name for name, _, _, _ in drawn]
        same, turned = [], []
        for _, plan, _, seed in drawn:
            same.append(float(min(f1s(compare(toolgraphs.read(toolgraphs.write(plan)), plan)).values())))
            found = f1s(compare(shuffled(plan, Random(seed)), plan))
            turned.append(min(found["nodes"], found["links"]))
        clusters = list(range(len(drawn)))
        yield at_least("gold against gold, the least of the four figures", mean(same, clusters), 1.0)
        yield at_least("nodes in another order, the lesser of n-F1 and e-F1", mean(turned, clusters), 1.0)
        yield from _reacts(lab, drawn)

        for domain in DOMAINS:
            plans = [plan for name, plan, _, _ in drawn if name == domain]
            lab.note(f"{domain}: {len(tools(domain))} tools, {sum(len(p.nodes) for p in plans) / len(plans):.1f} a request")
        caught, counted = [], []
        for number, (name, plan, request, _) in enumerate(drawn * 2):
            bad = spoilt(plan, Random(f"spoilt {number}"), tools(name))
            caught.append(float(bool(faults(name, plan, bad, request))))
            counted.append(float("other tools" in faults(name, plan, bad, request)))
        swapped = [bool(faults(name, plan, bad, text)) for name, plan, text, k in drawn if (bad := swap_values(plan)) != plan]
        lab.note(f"rules: {sum(swapped)} of {len(swapped)} samples are found in which two values of the request changed places")
        clean = sum(not faults(name, plan, plan, request) for name, plan, request, _ in drawn)
        lab.note(f"rules: {clean} of {len(names)} samples as they were drawn have no fault")
        yield at_least("spoilt samples that the rules find", mean(caught), 0.99)
        yield at_least("spoilt samples that tools alone show", mean(counted), 0.99, control=True)
        yield _execution(lab)
        _ranking(lab)


def tools(domain: str) -> list[str]:
    from dutiful.worlds.tools.planning import tooling

    return list(tooling(domain))


def samples() -> list[tuple[str, Plan, str, int]]:
    """(domain, plan, request, seed), 60 a seed, of the test split."""
    found: list[tuple[str, Plan, str, int]] = []
    for domain in DOMAINS:
        tasks = parts.world(f"tools/plan?domain={domain}").tasks("test")
        found += [(domain, gold(task), task.instruction.text, number // 20) for number, task in enumerate(tasks[:100])]
    return found


def f1s(found: Compared) -> dict[str, float]:
    return {name: getattr(found, name).f1 for name in FIGURES.values()}


def micro(pairs: Sequence[tuple[Plan, Plan]]) -> dict[str, float]:
    """The four figures over (predicted, gold)."""
    found = [compare(predicted, wanted) for predicted, wanted in pairs]
    sums = defaultdict[str, float](float)
    for name in FIGURES.values():
        counts = [getattr(each, name) for each in found]
        sums[name] = 2 * sum(c.hit for c in counts) / sum(c.predicted + c.gold for c in counts)
    return dict(sums)


def swap_values(plan: Plan) -> Plan:
    """The first two different values that the user says in each other's place; the plan itself where there are no two."""
    places = [(k, name) for k, node in enumerate(plan.nodes) for name, v in node.arguments.items() if not references(v)]
    first = places[0] if places else (0, "")
    other = next((p for p in places if plan.nodes[p[0]].arguments[p[1]] != plan.nodes[first[0]].arguments[first[1]]), None)
    if other is None:
        return plan
    arguments = [dict(node.arguments) for node in plan.nodes]
    a, b = arguments[first[0]][first[1]], arguments[other[0]][other[1]]
    arguments[first[0]][first[1]], arguments[other[0]][other[1]] = b, a
    return plan._replace(nodes=tuple(n._replace(arguments=g) for n, g in zip(plan.nodes, arguments, strict=True)))


def shuffled(plan: Plan, random: Random) -> Plan:
    """The same graph with its nodes in another order."""
    order = random.sample(range(len(plan.nodes)), len(plan.nodes))
    place = {f"<node-{old}>": f"<node-{new}>" for new, old in enumerate(order)}
    nodes = [
        Node(plan.nodes[old].tool, {k: place[v] if references(v) else v for k, v in plan.nodes[old].arguments.items()})
        for old in order
    ]
    return Plan(plan.steps, tuple(nodes), linked(nodes))


def spearman(a: Sequence[float], b: Sequence[float]) -> float:
    """Rank correlation, equals sharing their mean rank; 0 where one side is constant."""

    def ranks(values: Sequence[float]) -> Any:
        _, inverse, counts = np.unique(np.asarray(values), return_inverse=True, return_counts=True)
        return (np.cumsum(counts) - (counts - 1) / 2)[inverse]

    one, other = ranks(a), ranks(b)
    return float(np.corrcoef(one, other)[0, 1]) if one.std() and other.std() else 0.0


def _reacts(lab: Any, drawn: Sequence[tuple[str, Plan, str, int]]) -> Iterator[Evidence]:
    """Each corruption: its own figure falls with it, the figures that it is not about stay."""
    for kind, corrupt in CORRUPTIONS.items():
        falls, strays, last = list[float](), list[float](), dict[str, float]()
        for seed in range(5):
            group = [(name, plan) for name, plan, _, of in drawn if of == seed]
            random = Random(f"{kind} {seed}")
            rows = [micro([(corrupt(plan, random, level, tools(name)), plan) for name, plan in group]) for level in LEVELS]
            falls.append(spearman(LEVELS, [row[kind] for row in rows]))
            others = [name for name in rows[0] if name not in OWN[kind]]
            strays.append(max((abs(row[name] - 1) for row in rows for name in others), default=0.0))
            last = rows[5]
        lab.note(f"half of the {kind} wrong: " + ", ".join(f"{name} {last[field]:.2f}" for name, field in FIGURES.items()))
        yield at_most(f"Spearman of noise in {kind} and its figure", mean(falls, range(5)), -0.95)
        if kind != "nodes":
            yield at_most(f"noise in {kind}: largest move of a figure that it is not about", mean(strays, range(5)), 0.01)


def _execution(lab: Any) -> Evidence:
    """The correlation of e-F1 x v-F1 with the world's score, by seeds of 60 plans."""
    found: list[float] = []
    strict: list[float] = []
    for seed in range(5):
        figures, scores, random = list[float](), list[float](), Random(f"execution {seed}")
        for domain in DOMAINS:
            world = parts.world(f"tools?domain={domain}&depth=4&max_steps=60")
            done = 0
            for task in world.tasks("test")[seed * 100 : seed * 100 + 100]:
                known = reference(programs.load(task.setup["program"]))
                if known is None or not known.plan.links or done == 20:
                    continue
                done += 1
                rate = random.choice((0.0, 0.2, 0.4, 0.6, 0.8))
                plan = change_values(rewire(known.plan, random, rate, ()), random, rate, ())
                compared = f1s(compare(plan, known.plan))
                figures.append(compared["links"] * compared["values"])
                scores.append(carried_out(world, task, plan, known))
        found.append(spearman(figures, scores))
        strict.append(spearman(figures, [float(score == 1) for score in scores]))
        lab.note(f"seed {seed}: {len(scores)} plans, {sum(s == 1 for s in scores)} carried out in full, {found[-1]:.3f}")
    lab.note(f"Spearman with whether all is carried out, instead of the score: {sum(strict) / len(strict):.3f}")
    return at_least("Spearman of e-F1 x v-F1 and the score of carrying it out", mean(found, range(5)), 0.7)


def _ranking(lab: Any) -> None:
    """The figures of the predictors."""
    for how, noise in (("random", 0.0), ("keyword", 0.0), ("oracle", 0.5), ("oracle", 0.2), ("oracle", 0.0)):
        episodes = lab.episodes("act", "tools/plan", Predictor(how, noise), tasks=20, seeds=5, workers=1)
        figures = [figure for figure in TaskEval().report(episodes) if "/" not in figure.name]
        note(lab, f"{how}, {noise} of the links wrong" if how == "oracle" else how, figures)


__all__ = ["TaskBenchClaim"]
