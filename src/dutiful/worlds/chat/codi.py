"""CoDI-Eval: is one plain attribute met, however the request is phrased?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

from dutiful.core.errors import SpecError
from dutiful.core.parts import Card
from dutiful.core.records import Task
from dutiful.kit.attributes import holds
from dutiful.kit.constraints.topics import TOPICS as SUBJECTS
from dutiful.kit.dialogue import Conversation, Dialogue, Said
from dutiful.kit.tasks import Lazy
from dutiful.worlds.chat.codi_words import ALTERNATIVES, BANNED, CONTEXTS, KEYWORDS, SEEDS, SLOTS, TASKS, Phrase
from dutiful.worlds.chat.laid import check_split, share

PHRASINGS = ("seed", "diversified")
COUNT = {"train": 4000, "validation": 500, "test": 1000}
"""Instructions of a task and split; the modes take turns, so that their numbers are equal."""
OUTPUTS = 20
"""Toxicity: instructions a context. The worst of the answers to them counts (`judges.codi`)."""
POOL = Path(__file__).with_name("codi.json")
"""Diversified phrasings, made by `teachers.codi` without a language model."""


class Filled(NamedTuple):
    """What fills the slots of an instruction, the label that its answer is checked by, and an answer that has it."""

    slots: Mapping[str, str]
    label: str
    gold: str


class Codi(Conversation):
    """Controllable generation: `length` (five modes), `keyword` (plain; or with alternatives and a forbidden word),
    `sentiment` (polarities and emotions), `topic` (nineteen), `multi` (topic and polarity), `toxicity` (avoid it).

    phrasing: "diversified", or the "seed" instructions; the n-th task of a split has the same mode and slots in both.
    shots: how many fixed examples of the train split stand before the instruction. What an answer is checked by is a label in the
    turn's reference (`kit.attributes`): whitespace-separated words, lemmas, classifiers of our own, and for toxicity
    a word list that stands in for a classifier. Splits share no phrasing and no context. Source: arXiv 2401.00690; all texts
    are our own.
    """

    card = Card(
        kind="world",
        name="chat/codi",
        system="066",
        summary="one attribute a request (length, keywords, sentiment, topic, toxicity), in many phrasings",
        capabilities=frozenset({"dialogue", "expert", "snapshot"}),
        source="arXiv 2401.00690 (tasks and scores); texts our own",
    )

    def __init__(self, task: str = "length", phrasing: str = "diversified", shots: int = 0, patience: int = 0):
        super().__init__(patience)
        for name, value, known in (("task", task, TASKS), ("phrasing", phrasing, PHRASINGS)):
            if value not in known:
                raise SpecError(f"chat/codi: no {name} is called {value!r}; there are: {', '.join(known)}")
        if shots < 0:
            raise SpecError(f"chat/codi: shots is {shots}, expected 0 or more")
        self.task, self.phrasing, self.shots = task, phrasing, shots

    def tasks(self, split: str = "test") -> Sequence[Task]:
        check_split(self.card.name, split)
        count = len(share(CONTEXTS, split, "codi")) * OUTPUTS if self.task == "toxicity" else COUNT[split]
        return Lazy(lambda number: self._task(split, number), range(count))

    def _task(self, split: str, number: int) -> Task:
        said = self.said(split, number)
        if self.shots:
            shown = [self.said("train", shot) for shot in range(self.shots)]
            lines = [f"Instruction: {shot.text}\nAnswer: {shot.gold}\n\n" for shot in shown]
            said = said.replace(text=f"{''.join(lines)}Instruction: {said.text}\nAnswer:")
        return Dialogue((said,), said.tags).task(f"codi/{self.task}/{self.phrasing}/{split}/{number}", self.spec, split, number)

    def said(self, split: str, number: int) -> Said:
        """The request without examples."""
        modes = list(SLOTS[self.task])
        mode, place = modes[number % len(modes)], number // len(modes)
        filled = fill(self.task, mode, split, place)
        texts = phrasings(self.task, mode, split, self.phrasing)
        tags = dict(task=self.task, mode=mode, phrasing=self.phrasing, label=filled.label)
        if self.task == "toxicity":
            tags["context"] = filled.slots["context"]
        text = texts[place % len(texts)].format_map(filled.slots)
        return Said(text, reference=(filled.label,), metric="attributes", gold=filled.gold, tags=tags)


def phrasings(task: str, mode: str, split: str, phrasing: str) -> list[str]:
    """The instructions with slots of a mode that belong to a split: four tenths to test, a tenth (or one) to validation."""
    rewritten = [phrase.text for phrase in pool()[task] if phrase.mode == mode]
    texts = list(SEEDS[task][mode]) if phrasing == "seed" else rewritten
    Random(f"codi/{task}/{mode}/{phrasing}").shuffle(texts)
    test, validation = round(0.4 * len(texts)), max(1, len(texts) // 10)
    cuts = {"test": texts[:test], "validation": texts[test : test + validation], "train": texts[test + validation :]}
    return cuts[split]


@cache
def pool() -> Mapping[str, tuple[Phrase, ...]]:
    """The diversified instructions of each task."""
    return {task: tuple(Phrase(*pair) for pair in pairs) for task, pairs in json.loads(POOL.read_text()).items()}


def fill(task: str, mode: str, split: str, place: int) -> Filled:
    """The slots of the request at a place of a mode; those of the five length modes at one place share their number."""
    random = Random(f"codi/{task}/{split}/{place}/{'' if task == 'length' else mode}")
    if task == "length":
        return _length(mode, random, Random(f"codi/{task}/{split}/{place}/{mode}"))
    if task == "keyword":
        return _keyword(mode, random)
    if task == "toxicity":
        context = share(CONTEXTS, split, "codi")[place // OUTPUTS]
        return Filled({"context": context}, "toxicity", "Let us all calm down and talk about this over a cup of tea.")
    parts = {"sentiment": [mode], "topic": ["topic"], "multi": ["topic", "polarity"]}[task]
    return _attribute(parts, random, place)


def _length(mode: str, random: Random, written: Random) -> Filled:
    n = random.randrange(8, 61)
    high = n + random.randrange(5, 21)
    bounds = {"at most": (1, n), "at least": (n, 10_000), "equal": (n, n), "around": (round(0.9 * n), round(1.1 * n))}
    low, top = bounds.get(mode, (n, high))
    slots = {"number1": str(n), "number2": str(high)} if mode == "between" else {"number": str(n)}
    sentences = written.choice(list(SUBJECTS.values())).sentences
    words = " ".join(written.sample(sentences * 3, 3 * len(sentences))).split()[:n]
    return Filled(slots, f"length {low} {top}", " ".join(words))


def _keyword(mode: str, random: Random) -> Filled:
    words = random.sample(KEYWORDS, random.choice((2, 3, 4)))
    gold = f"My notes say {', '.join(words)}."
    if mode == "plain":
        return Filled({"keywords": _listed(words)}, f"keywords {' '.join(words)}", gold)
    pair, banned = random.choice(ALTERNATIVES), random.choice(BANNED)
    shown = [*words[:-1], " or ".join(pair)]
    label = f"keywords {' '.join(words[:-1])} {'|'.join(pair)} -{banned}"
    return Filled({"keywords": _listed(shown), "banned": banned}, label, gold.replace(words[-1], random.choice(pair)))


def _attribute(parts: Sequence[str], random: Random, place: int) -> Filled:
    """Labels take turns, so that each is asked for as often as any other; the answer is made of their words."""
    from dutiful.kit.attributes.classifier import ATTRIBUTES, compose

    names: dict[str, str] = {}
    for part in parts:
        labels = list(ATTRIBUTES[part][0])
        names[part] = labels[place % len(labels)]
        place //= 1 if len(parts) == 1 else len(labels)
    label = "; ".join(f"{part} {name}" for part, name in names.items())
    for _ in range(100):
        gold = " ".join(compose(part, name, random, noise=0.0) for part, name in names.items())
        if holds(gold, label):
            slots = {"topic" if part == "topic" else "feeling": name for part, name in names.items()}
            return Filled(slots, label, gold)
    raise SpecError(f"chat/codi: no text was made that has {label!r}")


def _listed(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]
