"""036 ToolLLM: does searching with a way back find calls that lines from the start do not, and can its tools be found?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from dutiful.claims.evidence import Measured, at_least, at_most, difference, mean, note, of, passed, shown, tasks
from dutiful.core import parts
from dutiful.core.claim import Claim, Evidence
from dutiful.core.limits import Limits
from dutiful.core.parts import Card
from dutiful.core.records import Episode
from dutiful.judges.tooleval import ToolEval
from dutiful.kit import programs
from dutiful.kit.retrieval import BM25, Dense, Retriever, ndcg_at
from dutiful.teachers.toolbench import ToolBench, catalogue, document, held_out, pairs

DEPTHS, RATES, HELD = (2, 3, 4, 5), (0.5, 0.6, 0.7), 0.3
ARMS = {
    "one line": "dfsdt?width=1&calls={}",
    "chains": "chains?n=99&calls={}",
    "breadth": "breadth?calls={}",
    "dfsdt": "dfsdt?calls={}",
    "dfsdt without the message": "dfsdt?diverse=false&calls={}",
}


class Query(NamedTuple):
    """A request, the places of the tools it needs, and those of them that the encoder was never shown."""

    text: str
    relevant: frozenset[int]
    held: frozenset[int]


class ToolLLMClaim(Claim):
    """Search: 200 tasks a rate (2 to 5 calls, 5 seeds), the tools needed, 4 others and 4 broken ones; 10 questions for every arm.

    The bounds are those of the entry: at q = 0.5, 0.6 and 0.7 DFSDT passes 10 points more than lines from the start until
    one answers (CoT@n), and without the message that lists earlier tries more than half of that gain is gone. Over breadth-first
    the bound is 10 points too (ours). The budget of 10 was chosen on the validation split, where 20 let CoT@n come close to all;
    20 is a note. The control is one line with the same budget: a search that never goes back must not reach those 10 points.
    Retriever: an encoder trained on templates for 70% of the functions against BM25 over the documents of all 138, on loosely
    worded tasks; what counts are the functions held out. Judge: the checker that reads the log against the world's verdict.
    """

    card = Card(
        kind="claim",
        name="toolllm",
        system="036",
        summary="depth-first search told of earlier tries passes more than independent lines at equal calls; tools are retrieved",
        source="arXiv 2307.16789",
    )
    cost = "full"
    stands_in = "proposer"
    beyond = (
        "Real APIs, instructions and solutions written by a language model, the trained ToolLLaMA (7B), and how well a language "
        "model judges: that of the embedded one is a note, on a small sample."
    )

    def measure(self, lab: Any) -> Iterator[Evidence]:
        def run(arm: str, q: float, obeys: bool = True, calls: int = 10) -> list[Episode]:
            model = f"proposer?right={q}" + ("" if obeys else "&obeys=false")
            agent, limits = f"act+json+{ARMS[arm].format(calls)}", Limits(steps=500)
            drawn = dict(model=model, tasks=10, seeds=5, limits=limits, workers=1)
            found = [episode for depth in DEPTHS for episode in lab.episodes(agent, world(depth), **drawn)]
            ignoring = "" if obeys else ", message ignored"
            lab.note(f"q={q}, {calls} questions, {arm}{ignoring}: {by_depth(found)}")
            return found

        arms = {q: {arm: run(arm, q) for arm in ARMS} for q in RATES}
        deaf = {q: run("dfsdt", q, obeys=False) for q in RATES}
        for q, found in arms.items():
            yield at_least(f"q={q}: pass of dfsdt - chains", gain(found["dfsdt"], found["chains"]), 0.10)
        every = {arm: [episode for q in RATES for episode in arms[q][arm]] for arm in ARMS}
        yield at_least("all q: pass of dfsdt - breadth", gain(every["dfsdt"], every["breadth"]), 0.10)
        ignored = [episode for q in RATES for episode in deaf[q]]
        for label, without in (("no message", every["dfsdt without the message"]), ("message ignored", ignored)):
            lab.note(f"all q, gain over chains, {label}: {shown(gain(without, every['chains']).interval)}")
            left = zip(passed(every["chains"]), passed(every["dfsdt"]), passed(without), strict=True)
            rest = [w - c - (d - c) / 2 for c, d, w in left]
            yield at_most(f"all q: gain with {label} - half of dfsdt's", mean(rest, tasks(without)), 0.0)
        one = gain(every["one line"], every["chains"])
        yield at_least("all q: pass of one line - chains", one, 0.10, control=True)

        sample = [episode for arm in ("chains", "breadth", "dfsdt") for episode in every[arm]]
        judge = ToolEval()
        verdicts = [judge.judge(episode) for episode in sample]
        agrees = [float(v.score != 0.5 and v.passed == e.passed) for v, e in zip(verdicts, sample, strict=True)]
        yield at_least("the code checker agrees with the world", mean(agrees, tasks(sample)), 0.95)
        note(lab, "code checker", judge.report(sample))
        wins = judge.win_rate(every["dfsdt"], every["chains"])
        note(lab, "dfsdt against chains, by code", [wins])
        yield retrieval(lab)
        _by_model(lab, arms[0.5]["chains"])
        for q in (0.5, 0.7):
            lab.note(f"q={q}, 20 questions: {shown(gain(run('dfsdt', q, calls=20), run('chains', q, calls=20)).interval)}")


def world(depth: int) -> str:
    return f"tools?depth={depth}&given=needed&decoys=4&broken=4"


def gain(a: Sequence[Episode], b: Sequence[Episode]) -> Measured:
    """How much more of the same tasks passes, tasks drawn whole."""
    return difference(passed(a), passed(b), tasks(a))


def by_depth(episodes: Sequence[Episode]) -> str:
    """Success with its interval, and by the number of calls a task takes."""
    size = len(episodes) // len(DEPTHS)
    parts = [episodes[size * place : size * (place + 1)] for place in range(len(DEPTHS))]
    asked = sum(of(episodes, lambda episode: episode.usage.calls)) / len(episodes)
    found = ", ".join(f"{d} calls {sum(passed(part)) / size:.2f}" for d, part in zip(DEPTHS, parts, strict=True))
    return f"{shown(mean(passed(episodes), tasks(episodes)).interval)} ({found}), {asked:.1f} questions asked"


def queries(split: str, n: int) -> list[Query]:
    """The loosely worded tasks that need a function held out, of n with two calls and n with three."""
    names = list(catalogue())
    places = {(name.split("/")[0], name.split("/")[2]): place for place, name in enumerate(names)}
    found: list[Query] = []
    for depth in (2, 3):
        for task in parts.world(f"tools?depth={depth}&wording=loose").tasks(split)[:n]:
            needed = programs.tools(programs.load(task.setup["program"]))
            relevant = frozenset(places[task.setup["domain"], tool] for tool in needed)
            held = frozenset(place for place in relevant if held_out(names[place], HELD))
            if held:
                found.append(Query(task.instruction.text, relevant, held))
    return found


def ranked(retriever: Retriever, query: Query, k: int) -> float:
    """NDCG@k of the functions held out; the others that the query needs are taken out of the ranking."""
    found = [place for place in retriever.search(query.text, len(catalogue())) if place not in query.relevant - query.held]
    return ndcg_at(found, dict.fromkeys(query.held, 1.0), k)


def retrieval(lab: Any) -> Evidence:
    """Five encoders, each from examples and a beginning of its own, against BM25 on the same queries."""
    from dutiful.kit.encoder import Encoder

    texts, asked = [document(api) for api in catalogue().values()], queries("test", 150)
    plain, ones = BM25(texts), [0.0, 0.0]
    words: list[float] = []
    learnt: list[float] = []
    names: list[str] = []
    for seed in range(5):
        taught = pairs(ToolBench(held=HELD).make(2000, seed))
        dense = Dense(texts, Encoder.trained(taught, epochs=1, seed=seed).embed)
        ones = [sum(ranked(r, query, 1) for query in asked) / len(asked) for r in (plain, dense)]
        words += [ranked(plain, query, 5) for query in asked]
        learnt += [ranked(dense, query, 5) for query in asked]
        names += [query.text for query in asked]
        lab.note(f"encoder {seed}: NDCG@1 {ones[1]:.3f}, NDCG@5 {sum(learnt[-len(asked) :]) / len(asked):.3f}")
    lab.note(f"BM25: NDCG@1 {ones[0]:.3f}, NDCG@5 {sum(words) / len(words):.3f} on {len(asked)} queries")
    return at_least("NDCG@5 of encoder - BM25, functions held out", difference(learnt, words, names), 0.05)


def _by_model(lab: Any, episodes: Sequence[Episode]) -> None:
    """How far the embedded model agrees with the world, as a judge of a small sample."""
    judge = ToolEval(by="embedded?threads=1")
    try:
        note(lab, "judged by the embedded model", judge.report(episodes[:: max(1, len(episodes) // 30)][:30]))
    finally:
        judge.close()


__all__ = ["ToolLLMClaim"]
