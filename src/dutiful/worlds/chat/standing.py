"""Rules that stand: given once, at some turn, they hold for every answer from then on."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from dutiful.core.errors import SpecError
from dutiful.core.parts import Card
from dutiful.core.records import Constraint, Task
from dutiful.kit.constraints import TYPES, Rule
from dutiful.kit.constraints.conflicts import conflict
from dutiful.kit.constraints.writer import Unwritable, question, topics, write
from dutiful.kit.dialogue import Conversation, Dialogue, Said
from dutiful.kit.tasks import Lazy
from dutiful.worlds.chat.laid import check_split
from dutiful.worlds.chat.rules import worded

FAMILIES: dict[str, tuple[tuple[str, dict[str, tuple[object, ...]]], ...]] = {
    "sentences": (("sentences_at_least", {"n": (5,)}), ("sentences_at_most", {"n": (4,)})),
    "sentence length": (("words_per_sentence_at_least", {"n": (18,)}), ("words_per_sentence_at_most", {"n": (18,)})),
    "sentence starts": (("sentences_start_with_letter", {"letter": tuple("ABIST")}),),
    "sentence ends": (("sentences_end_with", {"mark": ("!", "?")}),),
    "word": (("keyword_at_least", {"word": ("itself", "indeed", "meanwhile", "perhaps"), "n": (1,)}),),
    "number": (("number_above", {"n": (5,), "parity": ("odd", "even")}),),
}
"""The six families of rules that the benchmark's released chats have, as (type, values of its parameters). One of each a chat."""

ANNOUNCED = {
    "train": ("From now on: {rule}", "In all your answers: {rule}", "Until I say otherwise: {rule}"),
    "validation": ("For this whole chat: {rule}",),
    "test": ("Starting now, for every answer: {rule}", "A rule for all your answers from here on: {rule}"),
}
"""How a standing rule is announced, by split."""

COUNT = {"train": 8000, "validation": 600, "test": 600}
SUBJECTS = (2, 5)
"""Subjects of a chat, where the benchmark has 2 to 5 images: its text part asks about subjects by name."""
DRAWS = 50
"""Chats drawn for a task before it is given up."""


class Standing(Conversation):
    """Chats in which standing rules pile up: at most 6, one a family, none against another.

    A rule arrives with a question, with probability 1 - n/6 at the first turn and 0.6 (1 - n/6) at each later one, n being the
    number of those that stand already. Every answer must meet all of them; `Said.standing` has their wordings. What comes
    before an answer in the prompt (own answers, gold ones, rules once more) is the business of the agent's memory.

    turns: of the user, 10 to 20 in the benchmark. Source: MMMT-IF (arXiv 2409.18216); it does not tell its probabilities.
    """

    card = Card(
        kind="world",
        name="chat/standing",
        system="056",
        summary="a chat of many turns in which up to six standing rules pile up",
        capabilities=frozenset({"dialogue", "expert", "snapshot"}),
        source="arXiv 2409.18216 (text part; texts our own)",
    )

    def __init__(self, turns: int = 12, patience: int = 0):
        if turns < 1:
            raise SpecError(f"chat/standing: turns is {turns}, expected 1 or more")
        super().__init__(patience)
        self.turns = turns

    def tasks(self, split: str = "test") -> Sequence[Task]:
        check_split(self.card.name, split)
        return Lazy(lambda number: self._task(split, number), range(COUNT[split]))

    def _task(self, split: str, number: int) -> Task:
        for draw in range(DRAWS):
            random = Random(f"standing/{split}/{number}/{self.turns}/{draw}")
            try:
                said = chat(random, split, self.turns)
            except Unwritable:  # two families are hard to meet at once about this subject: another chat
                continue
            return Dialogue(said, {"turns": self.turns}).task(f"standing/{split}/{number}", self.spec, split, number)
        raise SpecError(f"chat/standing: no chat of {self.turns} turns in {DRAWS} draws for task {number} of {split!r}")


def chance(turn: int, active: int) -> float:
    """The probability that a rule arrives at a turn (from 1) when so many stand already."""
    return (1.0 if turn == 1 else 0.6) * (1 - active / len(FAMILIES))


def chat(random: Random, split: str, turns: int) -> tuple[Said, ...]:
    """The turns of a chat; raises Unwritable when no gold answer is found for one of them."""
    subjects = random.sample(topics(split), random.randint(*SUBJECTS))
    rules: list[Rule] = []
    constraints: tuple[Constraint, ...] = ()
    said: list[Said] = []
    asked: set[str] = set()
    for turn in range(1, turns + 1):
        subject = random.choice(subjects)
        text = fresh(subject, asked, random)
        if random.random() < chance(turn, len(rules)) and (rule := another(rules, random)):
            rules.append(rule)
            constraints += worded([rule], split, random)
            text = f"{random.choice(ANNOUNCED[split]).format(rule=constraints[-1].wording)}\n{text}"
        gold = write(rules, subject, random)
        standing = tuple(constraint.wording for constraint in constraints)
        tags = dict(topic=subject, turn=turn, active=len(rules))
        said.append(Said(text, constraints=constraints, gold=gold, standing=standing, tags=tags))
    return tuple(said)


def another(rules: Sequence[Rule], random: Random) -> Rule | None:
    """A rule of a family that none of the others is of, and that none contradicts; None when there is none."""
    taken = {rule.kind for rule in rules}
    open_ones = [name for name, types in FAMILIES.items() if not taken & {kind for kind, _ in types}]
    for family in random.sample(open_ones, len(open_ones)):
        kind, values = random.choice(FAMILIES[family])
        rule = TYPES.rule(Constraint(kind, {name: random.choice(value) for name, value in values.items()}))
        if not conflict([*rules, rule]):
            return rule
    return None


def fresh(subject: str, asked: set[str], random: Random) -> str:
    """A question about a subject that was not asked before, if there is one left."""
    text = question(subject, random)
    for _ in range(20):
        if text not in asked:
            break
        text = question(subject, random)
    asked.add(text)
    return text
