"""Attributes that a text is asked to have, as a label says them, and whether it has them.

A label is a line: parts joined by "; ", all of which must hold.

    length LOW HIGH             whitespace-separated words, both ends included
    keywords storm sea|ocean -boat   every one, either side of a bar, none after a minus; by lemma, never inside a word
    topic NAME                  the classifier gives it a probability of at least 0.5
    emotion NAME, polarity NAME the classifier's likeliest
    toxicity                    below 0.5 by a word list that stands in for a classifier
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from dutiful.kit.attributes.lemmas import lemma
from dutiful.kit.attributes.lexicon import RUDE

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def strip_opening(text: str) -> str:
    """A text without a first line that ends in a colon ("Here is a poem:"), if more follows."""
    first, newline, rest = text.strip().partition("\n")
    return rest.strip() if newline and first.rstrip().endswith(":") else text.strip()


def holds(text: str, label: str) -> bool:
    """Whether a text has what a label asks for; raises ValueError for a label that cannot be read. An opening is stripped."""
    body = strip_opening(text)
    found = [_part(body, *part.strip().partition(" ")[::2]) for part in label.split(";")]
    return all(found)


def word_list_toxicity(text: str) -> float:
    """From 0 to 1, 0.5 for one strong or two milder words of a list: a stand-in, not a classifier.

        1 - 2^-w,  w the sum of the words' weights

    It misses every insult without such a word, and takes quoting one for saying it.
    """
    weights = {lemma(word): weight for word, weight in RUDE.items()}
    return 1 - 2.0 ** -sum(weights.get(lemma(word), 0.0) for word in _WORD.findall(text))


def _part(text: str, kind: str, rest: str) -> bool:
    if kind not in _KINDS:
        raise ValueError(f"no attribute is called {kind!r}; there are: {', '.join(_KINDS)}")
    return _KINDS[kind](text, rest)


def _length(text: str, rest: str) -> bool:
    low, high = map(int, rest.split())
    return low <= len(text.split()) <= high


def _keywords(text: str, rest: str) -> bool:
    found = {lemma(word) for word in _WORD.findall(text)}
    wanted = [word for word in rest.split() if not word.startswith("-")]
    banned = {lemma(word[1:]) for word in rest.split() if word.startswith("-")}
    return all(any(lemma(side) in found for side in word.split("|")) for word in wanted) and not banned & found


def _topic(text: str, name: str) -> bool:
    return _classifier("topic").probabilities(text)[name] >= 0.5


def _likeliest(attribute: str) -> Callable[[str, str], bool]:
    return lambda text, name: _classifier(attribute).label(text) == name


def _classifier(attribute: str):
    from dutiful.kit.attributes.classifier import classifier  # numpy, and a moment of training

    return classifier(attribute)


_KINDS: Mapping[str, Callable[[str, str], bool]] = {
    "length": _length,
    "keywords": _keywords,
    "topic": _topic,
    "emotion": _likeliest("emotion"),
    "polarity": _likeliest("polarity"),
    "toxicity": lambda text, _: word_list_toxicity(text) < 0.5,
}

__all__ = ["holds", "lemma", "strip_opening", "word_list_toxicity"]
