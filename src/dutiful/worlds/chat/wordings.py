"""The same small tasks asked for in different words: observed ones, unobserved ones, another task's, and negated ones.

Source: arXiv 2306.11270 (evaluation). Tasks and wordings are our own.
"""

from __future__ import annotations

import functools
import random
from itertools import product
from typing import NamedTuple

from dutiful.core.errors import SpecError
from dutiful.core.parts import Card
from dutiful.core.records import Task
from dutiful.kit.dialogue import Dialogue, Said
from dutiful.kit.tasks import Lazy
from dutiful.worlds.chat import lexicon
from dutiful.worlds.chat.entangled.drawing import PEOPLE, THINGS
from dutiful.worlds.chat.instructions import FACTS, MEANINGS, WORDINGS
from dutiful.worlds.chat.laid import Offering, check_split, share

SETS = ("observed", "unobserved", "wrong", "negated")
ITEMS = 60
"""Items a task in a split."""


class Item(NamedTuple):
    """What is shown with an instruction, the answers there are, and which is right."""

    shown: str
    options: tuple[str, ...]
    right: int


def instructions(task: str, which: str) -> tuple[str, ...]:
    """The instructions of a set. "wrong": the observed ones of the task three places further on, which is another one."""
    if which == "wrong":
        names = list(WORDINGS)
        return WORDINGS[names[(names.index(task) + 3) % len(names)]].observed
    return getattr(WORDINGS[task], which)


@functools.cache
def items(task: str, split: str) -> tuple[Item, ...]:
    """The items of a task in a split. No two splits share a word list, pair of numbers, word, question or sentence."""
    draw = random.Random(f"wordings/{task}/{split}")
    if task in {"first", "last", "count"}:
        return tuple(_list(task, draw, split) for _ in range(ITEMS))
    if task in {"larger", "smaller"}:
        pairs = share([(a, b) for a, b in product(range(2, 100), repeat=2) if a != b], split, "numbers")[:ITEMS]
        return tuple(Item(f"Numbers: {a} and {b}", (str(a), str(b)), int((a < b) == (task == "larger"))) for a, b in pairs)
    if task in {"opposite", "alike"}:
        meanings = share(MEANINGS, split, "meanings")
        asked = [(word, *draw.sample(pair, 2), pair[task == "opposite"]) for word, *pair in meanings]
        asked += [
            (same, *draw.sample(pair, 2), pair[task == "opposite"]) for word, same, other in meanings for pair in [(word, other)]
        ]
        return tuple(Item(f"Word: {word}", (one, two), int(two == right)) for word, one, two, right in asked)
    if task == "fact":
        asked = [(f"Can {thing} {do}?", no) for do, sides in FACTS.items() for no, side in enumerate(sides) for thing in side]
        chosen = share(asked, split, "facts")
        return tuple(Item(f"Question: {question}", ("yes", "no"), no) for question, no in chosen)
    if task == "sentiment":
        words = [(word, side) for side, words in enumerate((lexicon.GOOD, lexicon.BAD)) for word in words]
        asked = [(f"Review: The {thing} was {word}.", side) for thing, (word, side) in product(lexicon.REVIEWED, words)]
        return tuple(Item(text, ("positive", "negative"), side) for text, side in share(asked, split, "reviews")[:ITEMS])
    deeds = [(deed, side) for side, deeds in enumerate((lexicon.SPORT, lexicon.FOOD)) for deed in deeds]
    asked = [(f"Sentence: {name} {deed}.", side) for name, (deed, side) in product(PEOPLE, deeds)]
    return tuple(Item(text, ("sport", "food"), side) for text, side in share(asked, split, "deeds")[:ITEMS])


def _list(task: str, draw: random.Random, split: str) -> Item:
    things = draw.sample(share(THINGS, split, "lists"), draw.randint(2, 6) if task == "count" else 4)
    if task == "count":
        return Item(f"List: {', '.join(things)}", ("2", "3", "4", "5", "6"), len(things) - 2)
    options = draw.sample(things, len(things))
    return Item(f"List: {', '.join(things)}", tuple(options), options.index(things[0 if task == "first" else -1]))


class InWords(Offering):
    """Ten small tasks (sentiment, topic, first and last of a list, larger and smaller number, opposite, alike, fact, count).

    set: "observed" (3 wordings a task), "unobserved" (5), "wrong" (another task's observed wordings), "negated" (3). What is
    right stays what the task asks for, in the last two as well, so that who reads them should fall. shots: 0, or 1 for an
    example from the train split before the item. Tasks go through the items one by one, each under every wording of the set.
    The answers are offered as actions: a model with log-probabilities scores each.
    """

    card = Card(
        kind="world",
        name="chat/wordings",
        summary="ten small tasks in observed, unobserved, wrong and negated wordings, on the same items",
        system="013",
        capabilities=frozenset({"dialogue", "expert", "snapshot", "choices"}),
        source="arXiv 2306.11270",
    )
    choices = True

    def __init__(self, set: str = "observed", shots: int = 0):
        super().__init__()
        if set not in SETS or shots not in {0, 1}:
            raise SpecError(f"chat/wordings: set={set!r}, shots={shots}; expected one of {', '.join(SETS)}, and 0 or 1")
        self.set, self.shots = set, shots

    def tasks(self, split: str = "test") -> Lazy:
        check_split(self.card.name, split)
        count = min(len(items(name, split)) for name in WORDINGS)
        return Lazy(functools.partial(self._task, split), range(count * len(WORDINGS) * len(instructions("first", self.set))))

    def _task(self, split: str, number: int) -> Task:
        place, way = divmod(number, len(instructions("first", self.set)))
        at, which = divmod(place, len(WORDINGS))
        name = list(WORDINGS)[which]
        instruction, item = instructions(name, self.set)[way], items(name, split)[at]
        example = items(name, "train")[at]
        shot = f"For example:\n{example.shown}\n{example.options[example.right]}\nNow:\n" if self.shots else ""
        tags = {"task": name, "set": self.set, "instruction": instruction, "words": list(item.options), "item": f"{name}/{at}"}
        right = item.options[item.right]
        turn = Said(f"{instruction}\n{shot}{item.shown}", reference=(right,), metric="exact", gold=right, tags=tags)
        return Dialogue((turn,), tags).task(f"wordings/{split}/{name}/{at}/{self.set}/{way}", self.spec, split, number)
