"""What the nine generators share: draws that keep the splits apart, turns, and small talk that needs nothing said before."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

from dutiful.core.records import Constraint, Json
from dutiful.kit.dialogue import Said
from dutiful.worlds.chat.laid import share

T = TypeVar("T")

PEOPLE: tuple[str, ...] = (
    "Agnes", "Albert", "Beata", "Carlo", "Dora", "Edgar", "Fanny", "Gustav", "Hanna", "Igor", "Julia", "Kurt", "Lena", "Mario",
    "Nadia", "Oscar", "Paula", "Quentin", "Rosa", "Stefan", "Tilda", "Ulrich", "Vera", "Walter", "Xenia", "Yannick", "Zoe",
    "Bruno", "Celine", "Dario",
)  # fmt: skip
THINGS: tuple[str, ...] = (
    "kettle", "lantern", "ladder", "blanket", "camera", "basket", "hammer", "mirror", "candle", "guitar", "carpet", "bucket",
    "helmet", "pillow", "compass", "kite", "whistle", "saddle", "buckle", "trumpet", "curtain", "thermos", "magnet", "hammock",
    "notebook", "toolbox", "parasol", "violin", "teapot", "rucksack", "stapler", "calendar", "telescope", "padlock", "wrench",
    "doormat", "jigsaw", "sledge", "globe", "typewriter", "barrel", "racket", "tripod", "vase", "clock", "drum", "shovel", "tent",
    "lamp", "bench", "rope", "broom",
)  # fmt: skip
CODES: tuple[str, ...] = (
    "amber", "basil", "cedar", "delta", "ember", "fjord", "gamma", "hazel", "indigo", "jasper", "karma", "lotus", "mango",
    "nickel", "onyx", "pepper", "quartz", "raven", "saffron", "tango", "umbra", "velvet", "willow", "xenon", "yarrow", "zephyr",
    "cobalt", "dahlia", "falcon", "garnet",
)  # fmt: skip
"""Words that mean nothing here, to be used as labels and passwords."""


class Draw(random.Random):
    """The draws of one dialogue. Pools are cut so that no two splits share a word; training has wordings of its own."""

    def __init__(self, kind: str, split: str, number: int):
        super().__init__(f"{kind}/{split}/{number}")
        self.split = split

    def some(self, pool: Sequence[T], n: int) -> list[T]:
        """n different members of the split's share of a pool."""
        return self.sample(share(pool, self.split, "entangled"), n)

    def one(self, pool: Sequence[T]) -> T:
        """A member of the split's share of a pool."""
        return self.some(pool, 1)[0]

    def say(self, *wordings: str, **fields: object) -> str:
        """One of the wordings, filled in: of the first half in training, of the second half otherwise."""
        half = len(wordings) // 2
        wording = self.choice(wordings[:half] if self.split == "train" else wordings[half:])
        return wording.format(**fields) if fields else wording


def tell(text: str) -> Said:
    """A turn that asks for nothing but to be heard."""
    return Said(text, gold="All right.")


def ask(
    text: str,
    gold: str,
    metric: str,
    *reference: str,
    subtask: str,
    distance: int,
    threshold: float = 1.0,
    constraints: tuple[Constraint, ...] = (),
    **tags: object,
) -> Said:
    """A scored turn. distance: how many turns back the first words lie that it needs; 0: it needs itself alone."""
    sliced: Json = {"subtask": subtask, "distance": distance, **tags}
    return Said(text, constraints=constraints, reference=reference, metric=metric, threshold=threshold, gold=gold, tags=sliced)


def single(draw: Draw) -> Said:
    """A question that needs nothing said before: the control for whatever shortens the history."""
    a, b = draw.randint(11, 49), draw.randint(11, 49)
    text = draw.say(
        "What is {a} + {b}? Finish with 'Answer:' and the number.",
        "Please add {a} + {b}, and finish with 'Answer:' and the sum.",
        "Quick question: {a} + {b}? Finish with 'Answer:' and the number.",
        "How much is {a} + {b}? Finish with 'Answer:' and the result.",
        a=a,
        b=b,
    )
    return ask(text, f"Answer: {a + b}", "after_answer", str(a + b), subtask="single", distance=0)


def listing(items: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return f"{', '.join(items[:-1])} and {items[-1]}" if len(items) > 1 else "".join(items)
