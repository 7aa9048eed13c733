"""How well the embedded model reads one value among others: the curve behind the noisy reader of the claim tme.

`python -m dutiful.claims.tme_curve` measures it anew and writes tme_curve.json beside this file.

The model writes freely, at most 12 tokens of one line, and is wrong unless the first listed value that it names is the right
one. Values fit their slots, as they would in a form, so that most distractors are of other kinds. The format was picked among
six on facts of other things, slots and values (8 to 12 prompts a point, not every point for each): notes as
`thing > slot = value`, a question that leaves the answer's form open, a line to be copied, two demonstrations, and values that
do not fit their slots were read worse, or no better. What stood here before was measured by `choose` over bare values, and told
how likely the words are rather than what is read.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random
from typing import Any

from dutiful.core import parts
from dutiful.core.model import Sampling
from dutiful.core.prompt import Prompt
from dutiful.core.records import Source, Span

STORED = Path(__file__).with_suffix(".json")
MODEL = "embedded?threads=1"
DISTRACTORS = (0, 2, 5, 11, 23)
PROMPTS = 24
WRITTEN = Sampling(max_tokens=12, stop=("\n",))
THINGS = "trip party order lesson tour dinner".split()  # noqa: SIM905
VALUES: dict[str, list[str]] = {
    slot: values.split()
    for slot, values in {
        "city": "Oslo Lima Tunis Quito Riga Basel",
        "day": "Monday Tuesday Wednesday Thursday Friday Sunday",
        "colour": "amber violet teal crimson olive orange",
        "guest": "Clara Hugo Nadia Omar Petra Stella",
        "flower": "rose tulip lily daisy iris poppy",
        "fruit": "apple pear cherry lemon melon peach",
        "music": "jazz folk opera swing tango soul",
        "sport": "tennis golf chess rugby hockey judo",
    }.items()
}
"""Slots and what fits them: one value for each thing."""


def question(random: Random, distractors: int) -> tuple[Prompt, list[str], str]:
    """A list of so many facts beside the right one with a question, the values in it, and the right one."""
    facts = random.sample([(thing, slot) for thing in THINGS for slot in VALUES], distractors + 1)
    drawn: dict[str, dict[str, str]] = {}
    for slot, fitting in VALUES.items():
        drawn[slot] = dict(zip(THINGS, random.sample(fitting, len(THINGS)), strict=True))
    # DEL{slot: dict(zip(THINGS, random.sample(values, len(THINGS)), strict=True)) for slot, values in VALUES.items()}
    values = [drawn[slot][thing] for thing, slot in facts]
    thing, slot = facts[asked := random.randrange(len(facts))]
    listed = "\n".join(f"The {slot} of the {thing} is {value}." for (thing, slot), value in zip(facts, values, strict=True))
    spans = (Span(Source.MEMORY, listed), Span(Source.USER, f"What is the {slot} of the {thing}? Answer with the value alone."))
    return Prompt(spans), values, values[asked]


def read(answer: str, values: list[str]) -> str:
    """The first of the values that an answer names, "" where it names none."""
    known = {value.lower(): value for value in values}
    return next((known[word] for word in re.findall(r"\w+", answer.lower()) if word in known), "")


def measure(model: Any, prompts: int = PROMPTS) -> dict[str, Any]:
    """The share of wrong answers by the number of other values in the prompt; a guess among them is right 1 in n + 1 times."""
    errors: dict[str, float] = {}
    for distractors in DISTRACTORS:
        random = Random(f"tme/{distractors}")
        wrong = 0
        for _ in range(prompts):
            prompt, values, right = question(random, distractors)
            wrong += read(model.generate(prompt, WRITTEN).text, values) != right
        errors[str(distractors)] = round(wrong / prompts, 4)
    return {
        "model": MODEL,
        "prompts": prompts,
        "command": "python -m dutiful.claims.tme_curve",
        "what": "share of free answers whose first listed value is not the right one, by the number of other values",
        "errors": errors,
    }


def error(distractors: int) -> float:
    """The stored curve, linear between its points and flat beyond them; where a point lies below another, so does the curve."""
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
