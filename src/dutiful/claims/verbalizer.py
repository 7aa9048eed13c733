"""059: who knows a task but not how to obey is told apart by exchanging the answer words."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from dutiful.claims.evidence import Measured, at_least, at_most, difference, mean
from dutiful.core.claim import Claim, Evidence
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Episode
from dutiful.judges.verbalizer import Answer, Verbalizers, answer_of
from dutiful.kit.statistics import Interval
from dutiful.models.scripted import Scripted
from dutiful.worlds.chat import lexicon
from dutiful.worlds.chat.verbalizer import PROBLEMS, Verbalizer

GUIDED = "act+text?choices=false"
"""The words stand in what the user says; they need not be listed again."""


class Verbalizing(Claim):
    """Planted obedience is found again; the embedded model is measured; a net that cannot read the map does not obey."""

    card = Card(
        kind="claim",
        name="verbalizer",
        system="059",
        summary="models alike on natural answer words separate on exchanged ones: the gap tells obeying from knowing the task",
        source="arXiv 2307.10558",
    )
    cost = "full"
    stands_in = (
        "a script that knows every answer and prints the word asked for with probability p (0, 0.5, 1), else the natural word"
    )
    beyond = "families of models and the chain-of-thought arm need models of 7B and more; one of 135M is measured"

    def measure(self, lab: Any) -> Iterator[Evidence]:
        for p in (0.0, 0.5, 1.0):
            follower = Scripted(reply=Follower(p))
            found = figures(lab.episodes("act", "chat/verbalizer", follower, tasks=1280, seeds=5))
            value, low, high = found["obedience"].interval
            off = Measured(Interval(value - p, low - p, high - p), found["obedience"].n)
            yield at_least(f"recovered minus planted obedience {p:g}, from below", off, -0.05)
            yield at_most(f"recovered minus planted obedience {p:g}, from above", off, 0.05)

        net = Scripted(reply=Net())
        blind = lab.episodes("act", "chat/verbalizer", net, tasks=320, seeds=5)
        answers = [answer_of(episode) for episode in blind]
        exchanged = [a for a in answers if a.group == "unnatural"]
        name = "one-layer net over the bag of words, which cannot see which word goes with which answer: accuracy unnatural"
        yield at_least(name, mean([a.right for a in exchanged], [a.pair for a in exchanged]), 0.5, control=True)
        lab.note(f"one-layer net: {line(blind)}")

        episodes = lab.episodes(GUIDED, "chat/verbalizer?choices=true", "embedded?threads=1&slots=48", tasks=320, seeds=5)
        answers = [answer_of(episode) for episode in episodes]
        pairs, by = table(answers)
        yield at_least("embedded, chosen: accuracy natural - neutral", difference(by["natural"], by["neutral"], pairs), 0.0)
        yield at_least("embedded, chosen: accuracy neutral - unnatural", difference(by["neutral"], by["unnatural"], pairs), 0.0)
        pairs, by = table(shuffled(answers))
        name = "embedded, groups shuffled within an item: natural - neutral"
        yield at_least(name, difference(by["natural"], by["neutral"], pairs), 0.0, control=True)
        lab.note(f"embedded, chosen: {line(episodes)}")
        for problem in PROBLEMS:
            lab.note(f"embedded, chosen, {problem}: {line([e for e in episodes if answer_of(e).problem == problem])}")
        free = lab.episodes(f"{GUIDED}+choice?tokens=8", "chat/verbalizer", "embedded?threads=1&slots=48", tasks=32, seeds=5)
        lab.note(f"embedded, free words: {line(free)}")


def figures(episodes: Sequence[Episode]) -> dict[str, Measured]:
    """The judge's report by name."""
    return {f.name: Measured(Interval(f.value, f.low, f.high), f.n) for f in Verbalizers().report(episodes)}


def line(episodes: Sequence[Episode]) -> str:
    """The report in a line."""
    return ", ".join(f"{name} {found.interval.value:.3f}" for name, found in figures(episodes).items())


def table(answers: Sequence[Answer]) -> tuple[list[str], dict[str, list[float]]]:
    """For each pair of items, and each group, the share that was right."""
    right: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for answer in answers:
        right[answer.pair][answer.group].append(answer.right)
    return list(right), {
        group: [float(np.mean(by[group])) for by in right.values()] for group in ("natural", "neutral", "unnatural")
    }


def shuffled(answers: Sequence[Answer]) -> list[Answer]:
    """The same answers with the names of their groups exchanged at random within every pair of items."""
    groups: dict[str, list[str]] = defaultdict(list)
    for answer in answers:
        groups[answer.pair].append(answer.group)
    for pair, names in groups.items():
        random.Random(pair).shuffle(names)
    return [answer._replace(group=groups[answer.pair].pop()) for answer in answers]


class Asked:
    """What a prompt of `chat/verbalizer` asks, read from its words alone."""

    def __init__(self, prompt: Prompt):
        text = prompt[-1].text
        self.text = text
        self.map: dict[str, str] = dict(re.findall(r'If it is (\w+), print "(\w+)"', text))
        self.sentence = text.partition("Sentence: ")[2].partition("\n")[0]
        self.problem = next(name for name, problem in PROBLEMS.items() if text.startswith(problem.question))

    def answer(self) -> str:
        """The label that is right, from what any speaker of English knows."""
        labels, sentence = PROBLEMS[self.problem].labels, self.sentence
        if self.problem == "sentiment":
            return labels[not any(f" {word}." in sentence for word in lexicon.GOOD)]
        if self.problem == "topic":
            return labels[not any(deed in sentence for deed in lexicon.SPORT)]
        if self.problem == "parity":
            return labels[int(re.findall(r"\d+", sentence)[0]) % 2]
        scene, _, person = sentence.partition(" Person: ")
        return labels[scene.endswith(f"{person}.")]


class Follower:
    """Obeys the map with probability p, else prints the natural word, or either word where none of the two is natural."""

    def __init__(self, obedience: float):
        self.obedience = obedience
        self.__qualname__ = f"Follower({obedience:g})"

    def __call__(self, prompt: Prompt) -> str:
        asked, draw = Asked(prompt), random.Random(prompt.text)
        label, words = asked.answer(), sorted(asked.map.values())
        if draw.random() < self.obedience:
            return asked.map[label]
        problem = PROBLEMS[asked.problem]
        natural = [pair[problem.labels.index(label)] for pair in problem.natural if sorted(pair) == words]
        return natural[0] if natural else draw.choice(words)


class Net:
    """Softmax over the answer words from the bag of words of the prompt, trained on the natural words of the train split.

    It has read as much as any model that knows the task, but order is lost on it, so the map cannot be read.
    """

    def __init__(self, tasks: int = 4000, epochs: int = 300, rate: float = 1.0):
        pool = Verbalizer(group="natural").tasks("train")[:tasks]
        bags = [bag(task.instruction.text) for task in pool]
        targets = [task.setup["turns"][0]["gold"] for task in pool]
        self.inputs = {word: i for i, word in enumerate(sorted(set().union(*bags)))}
        self.outputs = {word: i for i, word in enumerate(sorted(set(targets)))}
        x = np.stack([self._row(each) for each in bags])
        y = np.eye(len(self.outputs))[[self.outputs[word] for word in targets]]
        self.weights = np.zeros((len(self.inputs), len(self.outputs)))
        for _ in range(epochs):
            self.weights += rate * x.T @ (y - softmax(x @ self.weights)) / len(x)

    def __call__(self, prompt: Prompt) -> str:
        asked = Asked(prompt)
        scores = self._row(bag(asked.text)) @ self.weights
        # Words it never learned score nothing, so between two of them it takes the first.
        return max(sorted(asked.map.values()), key=lambda word: scores[self.outputs[word]] if word in self.outputs else 0.0)

    def _row(self, words: set[str]) -> np.ndarray:
        row = np.zeros(len(self.inputs))
        row[[self.inputs[word] for word in words if word in self.inputs]] = 1.0
        return row


def bag(text: str) -> set[str]:
    """The words of a text, without their order."""
    return set(re.findall(r"\w+", text.lower()))


def softmax(scores: np.ndarray) -> np.ndarray:
    """Rows to probabilities."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
