"""A bag-of-words logistic model for topics, emotions and polarity, trained on generated text. numpy alone.

    p(label | text) = softmax(W x + b),  x = counts of lemmas / sqrt(their sum of squares)

It knows the words of `lexicon` and no others, so that it is right on generated text and crude on other text: `Classifier.held`
is its accuracy on generated texts whose sentence patterns it has not seen, and says nothing about texts by people.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dutiful.kit.attributes.lemmas import lemma
from dutiful.kit.attributes.lexicon import EMOTIONS, FEELINGS, HELD, NOUNS, POLARITIES, THINGS, TOPICS, VALUES

Floats = NDArray[np.float64]
Classes = NDArray[np.int64]

ATTRIBUTES: Mapping[str, tuple[Mapping[str, Sequence[str]], Sequence[str]]] = {
    "topic": (TOPICS, NOUNS),
    "emotion": (EMOTIONS, FEELINGS),
    "polarity": (POLARITIES, VALUES),
}
"""The labels of an attribute with their words, and the sentence patterns that take them."""

TRAINING, HELD_OUT = 50, 40
"""Generated texts a label."""
_WORD = re.compile(r"[a-z]+")


class Classifier(NamedTuple):
    """weights: (labels, words), bias: (labels,). held: accuracy on `HELD_OUT` texts a label with patterns of their own."""

    labels: tuple[str, ...]
    words: Mapping[str, int]
    weights: Floats
    bias: Floats
    held: float

    def probabilities(self, text: str) -> dict[str, float]:
        """The probability of each label."""
        scores = self.weights @ _counts(text, self.words) + self.bias
        shares = np.exp(scores - scores.max())
        return dict(zip(self.labels, (shares / shares.sum()).tolist(), strict=True))

    def label(self, text: str) -> str:
        """The likeliest label; "" for a text without a word that the model knows."""
        if not _counts(text, self.words).any():
            return ""
        found = self.probabilities(text)
        return max(found, key=found.__getitem__)


def compose(attribute: str, label: str, draw: random.Random, held: bool = False, noise: float = 0.5) -> str:
    """Two to four sentences of a label; with probability `noise` one more, of another label, stands among them."""
    words, patterns = ATTRIBUTES[attribute]
    known = patterns[-HELD:] if held else patterns[:-HELD]
    sentences = [_sentence(draw.choice(known), words[label], attribute, draw) for _ in range(draw.randint(2, 4))]
    if draw.random() < noise:
        other = draw.choice([each for each in words if each != label])
        sentences.insert(draw.randrange(len(sentences) + 1), _sentence(draw.choice(known), words[other], attribute, draw))
    return " ".join(sentences)


def _sentence(pattern: str, words: Sequence[str], attribute: str, draw: random.Random) -> str:
    """A pattern filled in: nouns of the topic; or adjectives and things, as the words around a gap want them."""
    taken = iter(draw.sample(words, 3))
    thing = draw.choice(THINGS)
    pieces = pattern.split("{}")
    text = pieces[0]
    for after in pieces[1:]:
        wants = attribute != "topic" and re.search(r"\b(?:the|The|that|whole|in the)\s$|\ba \w+ $|such a \w+ $", text)
        text += (thing if wants else next(taken)) + after
    return re.sub(r"\b([Aa]) (?=[aeiou])", r"\1n ", text)


def _counts(text: str, words: Mapping[str, int]) -> Floats:
    row = np.zeros(len(words))
    for word, count in Counter(map(lemma, _WORD.findall(text.lower()))).items():
        if word in words:
            row[words[word]] = count
    norm = float(np.linalg.norm(row))
    return row / norm if norm else row


def _texts(attribute: str, label: str, n: int, held: bool) -> list[str]:
    draw = random.Random(f"{attribute}/{label}/{held}")
    return [compose(attribute, label, draw, held) for _ in range(n)]


@cache
def classifier(attribute: str) -> Classifier:
    """The model of an attribute ("topic", "emotion", "polarity"), trained when first asked for: under a second."""
    labels = tuple(ATTRIBUTES[attribute][0])
    train = [(c, text) for c, label in enumerate(labels) for text in _texts(attribute, label, TRAINING, False)]
    tests = [(label, text) for label in labels for text in _texts(attribute, label, HELD_OUT, True)]
    vocabulary = sorted({lemma(word) for _, text in train for word in _WORD.findall(text.lower())})
    words = {word: place for place, word in enumerate(vocabulary)}
    rows = np.stack([_counts(text, words) for _, text in train])
    weights, bias = fit(rows, np.array([c for c, _ in train]), len(labels))
    model = Classifier(labels, words, weights, bias, 0.0)
    return model._replace(held=sum(model.label(text) == label for label, text in tests) / len(tests))


def fit(
    rows: Floats, classes: Classes, n: int, epochs: int = 30, rate: float = 4.0, decay: float = 1e-4
) -> tuple[Floats, Floats]:
    """Multinomial logistic regression by gradient descent: rows (texts, words) -> weights (n, words), bias (n,).

    In batches of 32, so small that numpy's library starts no threads for them.
    """
    weights, bias, target = np.zeros((n, rows.shape[1])), np.zeros(n), np.eye(n)[classes]
    order = np.random.default_rng(0)
    for _ in range(epochs):
        for batch in np.array_split(order.permutation(len(rows)), -(-len(rows) // 32)):
            scores = rows[batch] @ weights.T + bias
            shares = np.exp(scores - scores.max(axis=1, keepdims=True))
            error = (shares / shares.sum(axis=1, keepdims=True) - target[batch]) / len(batch)
            weights = weights - rate * (error.T @ rows[batch] + decay * weights)
            bias = bias - rate * error.sum(axis=0)
    return weights, bias


__all__ = ["ATTRIBUTES", "Classifier", "classifier", "compose", "fit"]
