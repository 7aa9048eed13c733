"""How well the embedded model recalls one value among others: the curve behind the noisy reader of the claim tme.

`python -m dutiful.claims.tme_curve` measures it anew and writes tme_curve.json beside this file.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

from dutiful.core import parts
from dutiful.core.prompt import Prompt
from dutiful.core.records import Source, Span

STORED = Path(__file__).with_suffix(".json")
MODEL = "embedded?threads=1"
DISTRACTORS = (0, 2, 5, 11, 23)
PROMPTS = 24
THINGS = "trip party order lesson tour dinner".split()  # noqa: SIM905
SLOTS = "city day colour guest room price music driver".split()  # noqa: SIM905
VALUES = (  # noqa: SIM905
    "Oslo Lima Tunis Quito Riga Cork Basel Porto Hanoi Perth Monday Friday Sunday amber violet teal crimson olive Clara Hugo Nadia "  # noqa: E501
    "Omar Petra Ruben Stella Viktor seven twelve thirty jazz folk opera swing Bruno Dora Emil"
).split()


def question(random: Random, distractors: int) -> tuple[Prompt, list[str], int]:
    """A list of so many facts beside the right one, a question, options, and the place of the right one."""
    facts = random.sample([(thing, slot) for thing in THINGS for slot in SLOTS], distractors + 1)
    values = random.sample(VALUES, distractors + 1)
    thing, slot = facts[asked := random.randrange(len(facts))]
    right = values[asked]
    others = random.sample([v for v in values if v != right], min(7, distractors))
    others += random.sample([v for v in VALUES if v not in values], 7 - len(others))
    options = random.sample([right, *others], 8)
    listed = "\n".join(f"The {slot} of the {thing} is {value}." for (thing, slot), value in zip(facts, values, strict=True))
    spans = (Span(Source.MEMORY, listed), Span(Source.USER, f"What is the {slot} of the {thing}? Answer with the value alone."))
    return Prompt(spans), options, options.index(right)


def measure(model: Any, prompts: int = PROMPTS) -> dict[str, Any]:
    """The share of wrong answers by the number of other values in the prompt; 7 in 8 would be chance."""
    errors: dict[str, float] = {}
    for distractors in DISTRACTORS:
        random = Random(f"tme/{distractors}")
        wrong = 0
        for _ in range(prompts):
            prompt, options, right = question(random, distractors)
            wrong += model.choose(prompt, options).index != right
        errors[str(distractors)] = wrong / prompts
    return {"model": MODEL, "prompts": prompts, "command": "python -m dutiful.claims.tme_curve", "errors": errors}


def error(distractors: int) -> float:
    """The stored curve, linear between its points and flat beyond them."""
    points = sorted((int(number), rate) for number, rate in json.loads(STORED.read_text())["errors"].items())
    for (low, a), (high, b) in zip(points, points[1:], strict=False):  # noqa: RUF007
        if distractors <= high:
            return a + (b - a) * (distractors - low) / (high - low)
    return points[-1][1]


if __name__ == "__main__":
    embedded = parts.model(MODEL)
    try:
        STORED.write_text(json.dumps(measure(embedded), indent=1) + "\n")
    finally:
        embedded.close()
