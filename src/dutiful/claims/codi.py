"""066 CoDI-Eval: is diversified phrasing harder, and which length is hardest to keep to?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dutiful.agents.act import Act
from dutiful.claims.evidence import Measured, at_least, difference, passed, tasks
from dutiful.core.agent import Actions
from dutiful.core.claim import Claim, Evidence
from dutiful.core.model import Sampling
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Episode
from dutiful.judges.codi import CodiJudge
from dutiful.kit import statistics

EMBEDDED = "embedded?threads=1"
TOKENS = 160
"""Enough for every bound: no length asked for is above 80 words. The paper allows 300."""


class Nucleus(Actions):
    """A reply at temperature 1.0 and top-p 0.9, the paper's sampling."""

    card = Card(kind="actions", name="nucleus", summary="a reply at temperature 1.0 and top-p 0.9")

    def __init__(self):
        super().__init__(temperature=1.0, tokens=TOKENS)

    def reply(self, prompt: Prompt, sampling: Sampling) -> str:
        return super().reply(prompt, sampling.replace(top_p=0.9))


class CodiClaim(Claim):
    """100 length and 100 keyword requests, each in a seed phrasing and in a diversified one with the same slots.

    Bounds are those of the entry: accuracy on seed phrasings >= accuracy on diversified ones, paired; for lengths, at most >
    equal. The controls turn both round. Each of five seeds has 20 requests of each kind of its own.
    """

    card = Card(
        kind="claim",
        name="codi",
        system="066",
        summary="diversified phrasings are harder to follow than seed phrasings; at most n words is easier than exactly n",
        source="arXiv 2401.00690",
    )
    cost = "full"
    beyond = (
        "the gap between commercial and open models, and diversification by a language model: these phrasings are made by "
        "templates. Sentiment, topic, multi and toxicity are in the world and the judge, and are not part of the claim."
    )

    def measure(self, lab: Any) -> Iterator[Evidence]:
        agent = Act(actions=Nucleus())
        found: dict[tuple[str, str], list[Episode]] = {}
        for task in ("length", "keyword"):
            for phrasing in ("seed", "diversified"):
                world = f"chat/codi?task={task}&phrasing={phrasing}"
                found[task, phrasing] = lab.episodes(agent, world, EMBEDDED, tasks=20, seeds=5, workers=12)
        for (task, phrasing), episodes in found.items():
            figures = {figure.name: figure for figure in CodiJudge().report(episodes)}
            shares = ", ".join(f"{name} {f.value:.3f} (n {f.n})" for name, f in figures.items() if "BLEU" not in name)
            lab.note(f"{task}, {phrasing} phrasing: {shares}, self-BLEU {figures['self-BLEU'].value:.3f}")
        seeds, others = (found["length", phrasing] + found["keyword", phrasing] for phrasing in ("seed", "diversified"))
        yield at_least("seed over diversified phrasings", _gain(seeds, others), 0.0)
        for task in ("length", "keyword"):
            yield at_least(f"seed over diversified, {task}", _gain(found[task, "seed"], found[task, "diversified"]), 0.0)
        yield at_least("diversified over seed phrasings", _gain(others, seeds), 0.0, control=True)
        lengths = found["length", "seed"] + found["length", "diversified"]
        at_most, equal = ([e for e in lengths if e.task.setup["tags"]["mode"] == mode] for mode in ("at most", "equal"))
        yield at_least("length: at most over equal", _between(at_most, equal), 0.0)
        yield at_least("length: equal over at most", _between(equal, at_most), 0.0, control=True)


def _gain(a: Sequence[Episode], b: Sequence[Episode]) -> Measured:
    return difference(passed(a), passed(b), tasks(a))


def _between(a: Sequence[Episode], b: Sequence[Episode]) -> Measured:
    """Pairs of the two modes: the requests at one place of a split ask for the same number of words, in another mode."""
    where = [{(place(e), e.task.setup["tags"]["phrasing"]): e for e in episodes} for episodes in (a, b)]
    shared = sorted(where[0].keys() & where[1].keys())
    values = [[float(side[key].passed) for key in shared] for side in where]
    return Measured(statistics.bootstrap_difference(values[1], values[0], [key[0] for key in shared]), len(shared))


def place(episode: Episode) -> int:
    """The place of a request among those of its mode; the five modes take turns."""
    return int(episode.task.id.rpartition("/")[2]) // 5


__all__ = ["CodiClaim"]
