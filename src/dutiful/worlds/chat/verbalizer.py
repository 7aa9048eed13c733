"""Verbalizer manipulation: the same question, and the user says which word to print for which answer.

Natural words say what a model would say by itself, neutral ones have nothing to do with the question, unnatural ones are the
natural words with their places exchanged. Who knows the task but does not obey prints the natural word and is wrong on
exactly the unnatural verbalizers. Source: arXiv 2307.10558; the sentences and the words are our own.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from itertools import product
from typing import NamedTuple

from dutiful.core.errors import SpecError
from dutiful.core.parts import Card
from dutiful.core.records import Task
from dutiful.kit.dialogue import Dialogue, Said
from dutiful.kit.tasks import Lazy
from dutiful.worlds.chat import lexicon
from dutiful.worlds.chat.laid import Offering, check_split, share

Words = tuple[str, str]

NEUTRAL: tuple[Words, ...] = (("foo", "bar"), ("bar", "foo"), ("lake", "oven"), ("oven", "lake"))
"""Words that say nothing about any of the questions, each pair both ways round, so that a liking for a word evens out."""


class Problem(NamedTuple):
    """A question with two answers. `labels` name the answers in the user's words.

    sentences: pairs alike but for the answer, the first of the first answer, the second of the second.
    """

    question: str
    labels: Words
    natural: tuple[Words, ...]
    sentences: Callable[[], list[tuple[str, str]]]


def _moods() -> list[tuple[str, str]]:
    frames = ("The {} was {}.", "I found the {} {}.", "Everybody called the {} {}.")
    adjectives = zip(lexicon.GOOD, lexicon.BAD, strict=True)
    return [
        (frame.format(thing, good), frame.format(thing, bad))
        for frame, thing, (good, bad) in product(frames, lexicon.REVIEWED, adjectives)
    ]


def _topics() -> list[tuple[str, str]]:
    deeds = zip(lexicon.SPORT, lexicon.FOOD, strict=True)
    return [
        (f"{name} {sport} {when}.", f"{name} {food} {when}.")
        for name, (sport, food), when in product(lexicon.NAMES, deeds, lexicon.DAYS)
    ]


def _counts() -> list[tuple[str, str]]:
    return [
        (f"There are {n} {thing} {place}.", f"There are {n + 1} {thing} {place}.")
        for n, thing, place in product(range(2, 60, 2), lexicon.THINGS, lexicon.PLACES)
    ]


def _roles() -> list[tuple[str, str]]:
    scenes = (
        (one, other, f"{when} {one} {verb} {other}.")
        for one, other, verb, when in product(lexicon.NAMES, lexicon.NAMES, lexicon.DONE_TO, ("Today", "Yesterday", "In May"))
        if one != other
    )
    return [(f"{scene} Person: {one}", f"{scene} Person: {other}") for one, other, scene in scenes]


PROBLEMS: dict[str, Problem] = {
    "sentiment": Problem(
        "Is the sentence positive or negative?", ("positive", "negative"), (("positive", "negative"), ("good", "bad")), _moods
    ),
    "topic": Problem(
        "Is the sentence about sport or about food?", ("sport", "food"), (("sport", "food"), ("ball", "meal")), _topics
    ),
    "parity": Problem(
        "Is the number in the sentence even or odd?", ("even", "odd"), (("even", "odd"), ("pairs", "single")), _counts
    ),
    "role": Problem(
        "Is the person the subject or the object of the sentence?",
        ("subject", "object"),
        (("subject", "object"), ("actor", "target")),
        _roles,
    ),
}


def verbalizers(problem: str, group: str) -> list[tuple[str, Words]]:
    """(group, words) of a problem: those of one group, or of all three."""
    natural = PROBLEMS[problem].natural
    groups = {"natural": natural, "neutral": NEUTRAL, "unnatural": tuple((b, a) for a, b in natural)}
    return [(name, words) for name, pairs in groups.items() if group in {name, "all"} for words in pairs]


@functools.cache
def items(problem: str, split: str) -> tuple[tuple[str, int], ...]:
    """(sentence, answer 0 or 1) of a split, the two answers in turn; no split has a pair of another."""
    pairs = share(PROBLEMS[problem].sentences(), split, problem)
    return tuple((text, answer) for pair in pairs for answer, text in enumerate(pair))


class Verbalizer(Offering):
    """Two-answer questions (sentiment, topic, parity of a number, subject or object) under every way to print the answer.

    group: "natural", "neutral", "unnatural" or "all". words: two words of one's own, "yes,no", for the first and the second
    answer, in place of the group's. choices: whether the two words are offered as actions. Tasks go through the items one
    by one, each under all verbalizers of the group in turn (eight of "all": 2, 4 and 2), answers balanced. An answer is
    right when it, or its first word, is the word asked for.
    """

    card = Card(
        kind="world",
        name="chat/verbalizer",
        summary="two-answer questions where the user says which word to print for which answer: natural, neutral, exchanged",
        system="059",
        capabilities=frozenset({"dialogue", "expert", "snapshot"}),
        source="arXiv 2307.10558",
    )

    def __init__(self, group: str = "all", words: str = "", choices: bool = False):
        super().__init__()
        if group not in {"natural", "neutral", "unnatural", "all"}:
            raise SpecError(f"chat/verbalizer: group={group!r}; expected natural, neutral, unnatural or all")
        pair = [word.strip().lower() for word in words.split(",")] if words else []
        if pair and (len(pair) != 2 or len(set(pair)) != 2 or not all(word and len(word.split()) == 1 for word in pair)):
            raise SpecError(f"chat/verbalizer: words={words!r}; expected two different words with a comma between: yes,no")
        self.group, self.words, self.choices = group, words, choices
        self._own: list[tuple[str, Words]] = [("own", (pair[0], pair[1]))] if pair else []

    def tasks(self, split: str = "test") -> Lazy:
        check_split(self.card.name, split)
        ways = len(self._own or verbalizers("topic", self.group))
        count = min(len(items(name, split)) for name in PROBLEMS) * len(PROBLEMS)
        return Lazy(functools.partial(self._task, split), range(count * ways))

    def _task(self, split: str, number: int) -> Task:
        ways = len(self._own or verbalizers("topic", self.group))
        place, way = divmod(number, ways)
        at, which = divmod(place, len(PROBLEMS))
        at ^= which % 2  # so that any four items in a row balance the answers
        name = list(PROBLEMS)[which]
        problem = PROBLEMS[name]
        sentence, answer = items(name, split)[at]
        group, words = (self._own or verbalizers(name, self.group))[way]
        says = " ".join(f'If it is {label}, print "{word}".' for label, word in zip(problem.labels, words, strict=True))
        text = f"{problem.question} {says}\nSentence: {sentence}\nPrint only the word."
        tags = {"problem": name, "group": group, "words": list(words), "answer": answer, "pair": f"{name}/{at // 2}"}
        turn = Said(text, reference=(words[answer],), metric="first_word", gold=words[answer], tags=tags)
        key = f"verbalizer/{split}/{name}/{at}/{'-'.join(words)}"
        return Dialogue((turn,), tags).task(key, self.spec, split, number)
