"""Recall finds right answers however long they are; K-Precision finds those that rest on the passages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any, NamedTuple

import numpy as np

from dutiful.claims.evidence import Measured, at_least, mean, note
from dutiful.core.claim import Claim, Evidence
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Source
from dutiful.judges.correctness import CORRECTNESS, Answered, Correctness, answered
from dutiful.judges.faithfulness import FAITHFULNESS, Faithfulness
from dutiful.kit.answers import best
from dutiful.kit.statistics import bootstrap_statistic, kendall, spearman
from dutiful.models.scripted import Scripted
from dutiful.worlds.rag import reader
from dutiful.worlds.rag.corpus import corpus

SPLIT, TASKS, SEEDS = "test", 40, 5
AGENT = "act+layout?first=passages+choice?tokens=64"
PADDING = (
    "Thank you for the question. Having read what was given to me with care, I come to this conclusion: {}. "
    "Please let me know whether there is anything else that I can help you with today.",
    "That is a good question, and I am happy to help. {}, as far as I can tell. Do not hesitate to ask me for more details.",
)


class Style(NamedTuple):
    """A way to answer, the passages that it is given, and the truth about its answers."""

    write: Callable[[Prompt], str]
    passages: str
    correct: float
    grounded: float


def short_right(prompt: Prompt) -> str:
    """The value that the passages give, and nothing else."""
    return _read(prompt)


def verbose_right(prompt: Prompt) -> str:
    """The sentence with the value in much padding."""
    return _padded(prompt, _read(prompt))


def verbose_wrong(prompt: Prompt) -> str:
    """Another value of the same relation, which the passages do not state of anything, in the same padding."""
    shown, right = _passages(prompt), _read(prompt)
    values = sorted(
        {fact.value for fact in reader.stated("\n".join(corpus(SPLIT).texts)) if fact.relation == _asked(prompt).relation}
    )
    others = [value for value in values if value != right and not best("recall", shown, (value,))]
    return _padded(prompt, Random(_question(prompt)).choice(others))


def from_memory(prompt: Prompt) -> str:
    """The right value, out of the corpus and not out of the passages shown, which do not hold it."""
    everything = reader.stated("\n".join(corpus(SPLIT).texts))
    return _padded(prompt, reader.answer(_asked(prompt), everything))


def copied(prompt: Prompt) -> str:
    """One of the passages, copied out, though it has nothing to do with the question."""
    return _passages(prompt).split("\n")[0].removeprefix("- ")


STYLES = {
    "short right": Style(short_right, "gold", 1, 1),
    "verbose right": Style(verbose_right, "gold", 1, 1),
    "verbose wrong": Style(verbose_wrong, "gold", 0, 0),
    "right from memory": Style(from_memory, "irrelevant", 1, 0),
    "copied irrelevant passage": Style(copied, "irrelevant", 0, 1),
}
"""Grounded means that the passages say it: so a copied passage is, and wrong all the same."""


class InstructQA(Claim):
    """200 invented facts, five styles of answering with known truth; then the embedded model on 100 of them.

    Fixed before measuring: Spearman's correlation of Recall with the truth exceeds that of F1 by 0.1; of K-Precision with
    groundedness, that of K-F1 by 0.1; copied irrelevant passages have a mean K-Precision of 0.95 or more (the known
    failure). Controls: the same two differences against shuffled truth. Facts are drawn whole.
    """

    card = Card(
        kind="claim",
        name="instructqa",
        system="097",
        summary="of verbose answers, Recall tells the right ones better than F1, K-Precision the grounded ones better than K-F1",
        source="arXiv 2307.16877",
    )
    cost = "full"
    stands_in = "a scripted writer of five styles with known truth stands for models and for the human labels of their answers"
    beyond = "correlations with human labels of real models' answers, and the comparison with fine-tuned readers"

    def measure(self, lab: Any) -> Iterator[Evidence]:
        found: list[tuple[Style, Answered, str]] = []
        for style in STYLES.values():
            episodes = lab.episodes(
                AGENT, f"rag/facts?retriever={style.passages}", Scripted(reply=style.write), split=SPLIT, tasks=TASKS, seeds=SEEDS
            )
            found += [(style, answered(episode)[0], episode.task.id) for episode in episodes]
        facts = [id for _, _, id in found]
        correct, grounded = [style.correct for style, _, _ in found], [style.grounded for style, _, _ in found]
        values = {name: [best(name, each.text, each.references) for _, each, _ in found] for name in CORRECTNESS}
        values |= {name: [metric(each) for _, each, _ in found] for name, metric in FAITHFULNESS.items()}
        for truth, label, names in ((correct, "correct", CORRECTNESS), (grounded, "grounded", FAITHFULNESS)):
            for name in names:
                both = f"Spearman {spearman(values[name], truth):.3f}, Kendall {kendall(values[name], truth):.3f}"
                lab.note(f"{name} with {label}: {both}")

        def better(name: str, plain: str, truth: list[float]) -> Measured:
            columns = [values[name], values[plain], truth]
            gap = bootstrap_statistic(lambda data: spearman(data[0], data[2]) - spearman(data[1], data[2]), columns, facts)
            return Measured(gap, len(truth))

        yield at_least("Spearman with truth, Recall - F1", better("recall", "f1", correct), 0.1)
        yield at_least("Spearman with groundedness, K-Precision - K-F1", better("k_precision", "k_f1", grounded), 0.1)
        copies = [value for value, (style, _, _) in zip(values["k_precision"], found, strict=True) if style.write is copied]
        yield at_least("K-Precision of copied irrelevant passages", mean(copies), 0.95)
        shuffled = np.random.default_rng(0).permutation(len(found))
        for name, plain, truth in (("recall", "f1", correct), ("k_precision", "k_f1", grounded)):
            mixed = [truth[place] for place in shuffled]
            yield at_least(f"Spearman with shuffled truth, {name} - {plain}", better(name, plain, mixed), 0.1, control=True)
        _embedded(lab)


def _embedded(lab: Any) -> None:
    """The figures of both judges for the embedded model, with BM25's passages and with irrelevant ones, as notes."""
    for passages in ("bm25", "irrelevant"):
        episodes = lab.episodes(AGENT, f"rag/facts?retriever={passages}", "embedded", split=SPLIT, tasks=20, seeds=5, workers=4)
        note(lab, f"embedded, {passages}", (*Correctness().report(episodes), *Faithfulness().report(episodes)))


def _question(prompt: Prompt) -> str:
    return "\n".join(span.text for span in prompt if span.source is Source.USER)


def _passages(prompt: Prompt) -> str:
    return "\n".join(span.text for span in prompt if span.source is Source.WORLD).removeprefix("Search results:\n")


def _asked(prompt: Prompt) -> reader.Asked:
    return reader.asked(_question(prompt))[-1]


def _read(prompt: Prompt) -> str:
    return reader.answer(_asked(prompt), reader.stated(_passages(prompt)))


def _padded(prompt: Prompt, value: str) -> str:
    asked = _asked(prompt)
    return Random(asked.subject).choice(PADDING).format(f"The answer concerning {asked.subject} is {value}")
