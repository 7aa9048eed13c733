"""An exam: sums in words with one to five digits, and questions with four options in every rotation.

What is asked is easy to generate and easy to slice: digits, operation, topic, the letter that is right. Source of the slices
that matter: arXiv 2312.11444; questions and words are our own.
"""

from __future__ import annotations

from random import Random

from dutiful.core.errors import SpecError
from dutiful.core.parts import Card
from dutiful.core.records import Task
from dutiful.kit.dialogue import Dialogue, Said
from dutiful.kit.tasks import Lazy
from dutiful.worlds.chat import lexicon
from dutiful.worlds.chat.laid import Offering, check_split, share

LETTERS = "ABCD"
STOCK = {
    "kitchen": ("spoons", "plates", "onions", "loaves", "cups", "eggs"),
    "garden": ("tulips", "seeds", "bulbs", "ferns", "stakes", "hedges"),
    "workshop": ("screws", "planks", "hinges", "bolts", "tiles", "cables"),
    "clinic": ("bandages", "tablets", "syringes", "plasters", "drips", "masks"),
}
"""What is counted, by topic."""
KINDS = {
    "an animal": ("horse", "otter", "pigeon", "beetle", "salmon", "goat", "badger", "heron"),
    "a tool": ("hammer", "chisel", "spanner", "saw", "rake", "pliers", "drill", "file"),
    "a fruit": ("plum", "cherry", "fig", "melon", "apricot", "grape", "lemon", "quince"),
    "a garment": ("scarf", "shirt", "glove", "coat", "sock", "apron", "hat", "dress"),
    "a vehicle": ("tram", "bicycle", "ferry", "lorry", "glider", "canoe", "train", "tractor"),
}
"""What is sorted into kinds."""
SUMS = (
    ("plus", "{name} has {a} {thing} and gets {b} more. How many {thing} does {name} have now?"),
    ("plus", "There are {a} {thing} in one store and {b} in another. How many {thing} are there in all?"),
    ("minus", "{name} had {a} {thing} and gave {b} of them away. How many {thing} are left?"),
    ("minus", "Of {a} {thing}, {b} were sold. How many {thing} remain?"),
)
OPTIONS = ("Which of these is {kind}?", "Only one of these is {kind}. Which one?")
COUNT = {"train": 4000, "validation": 400, "test": 12_000}


class Exam(Offering):
    """Parameters: `kind` is "sums", "options" or "all" (in turn); `choices` offers the four letters of an option to choose from.

    Options come in all four rotations, one task each: a model that knows the answer gives the same content in all of them.
    The answer is asked for after "Answer:", and scored leniently (the last number, the last letter); the judge `sliced`
    reports the strict reading too. Splits share no name, thing or member of a kind.
    """

    card = Card(
        kind="world",
        name="chat/exam",
        system="077",
        summary="sums in words and questions with four options, made to be sliced",
        capabilities=frozenset({"dialogue", "expert", "snapshot", "choices"}),
        source="arXiv 2312.11444",
    )

    def __init__(self, kind: str = "all", choices: bool = False, patience: int = 0):
        if kind not in ("sums", "options", "all"):
            raise SpecError(f"chat/exam: kind is {kind!r}, expected sums, options or all")
        if choices and kind != "options":
            raise SpecError("chat/exam: only kind=options has choices to offer")
        super().__init__(patience)
        self.kind, self.choices = kind, choices

    def tasks(self, split: str = "test") -> Lazy:
        check_split("chat/exam", split)
        return Lazy(lambda number: self._task(split, number), range(COUNT[split]))

    def _task(self, split: str, number: int) -> Task:
        options = self.kind == "options" or (self.kind == "all" and number % 2 == 1)
        place = number // 2 if self.kind == "all" else number
        dialogue = _options(split, place, alone=self.choices) if options else _sum(split, place)
        return dialogue.task(f"exam-{split}-{'options' if options else 'sums'}-{place}", self.spec, split, number)


def _sum(split: str, place: int) -> Dialogue:
    random = Random(f"exam/sums/{split}/{place}")
    digits, topic = place % 5 + 1, random.choice(list(STOCK))
    low, high = 10 ** (digits - 1), 10**digits - 1
    b, a = sorted((random.randint(low, high), random.randint(low, high)))
    operation, template = random.choice(SUMS)
    names = {
        "name": random.choice(share(lexicon.NAMES, split, "exam")),
        "thing": random.choice(share(STOCK[topic], split, topic)),
    }
    result = a + b if operation == "plus" else a - b
    text = template.format(a=a, b=b, **names)
    tags = {"kind": "sums", "digits": str(digits), "operation": operation, "topic": topic, "person": names["name"]}
    text += ' End with the line "Answer:" and the number.'
    turn = Said(text, reference=(str(result),), metric="number", gold=f"Answer: {result}")
    return Dialogue((turn,), tags)


def _options(split: str, place: int, alone: bool) -> Dialogue:
    item, rotation = divmod(place, 4)
    random = Random(f"exam/options/{split}/{item}")
    right, *others = random.sample(list(KINDS), 4)
    words = [random.choice(share(KINDS[kind], split, kind)) for kind in (right, *others)]
    start = (random.randrange(4) + rotation) % 4
    order = [words[(i - start) % 4] for i in range(4)]
    gold = LETTERS[start]
    listed = "\n".join(f"{letter}) {word}" for letter, word in zip(LETTERS, order, strict=True))
    question = random.choice(OPTIONS).format(kind=right)
    tags = {"kind": "options", "right letter": gold, "topic": right, "question": question.split()[0], "item": f"{split}-{item}"}
    turn = Said(
        f"{question}\n{listed}\nEnd with the line \"Answer:\" and the letter.",
        reference=(gold,), metric="letter", gold=gold if alone else f"Answer: {gold}", tags={"words": list(LETTERS)},
    )  # fmt: skip
    return Dialogue((turn,), tags)
