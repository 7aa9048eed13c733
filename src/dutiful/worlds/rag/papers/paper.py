"""Invented short papers with everything in them known: substances, methods, measures, results, effects, citations.

All names are made of syllables, so that no model knows them; the sentences are this library's own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from random import Random
from typing import NamedTuple, TypeVar

T = TypeVar("T")

SYLLABLES = {
    "train": ("bal", "cor", "den", "fir", "gam", "hol", "jav", "kel"),
    "validation": ("lum", "mor", "nax", "pel"),
    "test": ("quor", "rim", "sav", "tol", "ulv", "wex", "yar", "zin"),
}
ENDINGS = ("ite", "ane", "ol", "ium", "ase", "ene")
METHODS = {
    "train": ("gel filtration", "pulse heating", "cold rolling", "ion milling", "spin coating", "slow annealing"),
    "validation": ("vapour etching", "salt quenching", "layer casting"),
    "test": ("flash drying", "drum sieving", "laser sintering", "acid washing", "shear mixing", "vacuum soaking"),
}
MEASURES = {
    "train": ("hardness", "yield", "purity", "density", "stability", "porosity"),
    "validation": ("gloss", "viscosity", "stiffness"),
    "test": ("conductivity", "toughness", "solubility", "elasticity", "transparency", "adhesion"),
}
EFFECTS = {"up": ("raised", "increased"), "down": ("lowered", "reduced"), "none": ("did not change", "had no effect on")}
AIMS = {
    "background": "introduced",
    "use": "supplied the apparatus that we used for",
    "contrast": "reported the opposite of what we find for",
}
OPENINGS = (
    "Little is known about how {a} and {b} behave under load.",
    "Interest in {a} has grown in recent years.",
    "We study {a} and {b} side by side.",
)
FILLERS = (
    "All samples were prepared twice and kept dry.",
    "Temperatures were logged every ten minutes.",
    "One batch was discarded because of a broken seal.",
    "The apparatus was calibrated each morning.",
    "Costs were not considered in this work.",
    "Larger samples would be needed to settle the point.",
)


class Result(NamedTuple):
    """A measured value: which substance, by which method, what, how much."""

    substance: str
    method: str
    measure: str
    value: int


class Effect(NamedTuple):
    """What a method does to a measure of a substance: "up", "down" or "none"."""

    method: str
    substance: str
    measure: str
    direction: str


class Paper(NamedTuple):
    """A paper: its sentences, numbered from 1 as they are shown, and what they say."""

    sentences: tuple[str, ...]
    substances: tuple[str, ...]
    methods: tuple[str, ...]
    results: tuple[Result, ...]
    effects: tuple[Effect, ...]
    citation: tuple[str, str, str]
    places: dict[Effect, int]

    @property
    def text(self) -> str:
        """The paper as it is shown: one numbered sentence a line."""
        return "\n".join(f"[{number}] {sentence}" for number, sentence in enumerate(self.sentences, 1))


@cache
def substances(split: str) -> tuple[str, ...]:
    """The names of a split; no two splits share a syllable."""
    parts = SYLLABLES[split]
    return tuple(f"{a}{b}{ending}" for a in parts for b in parts if a != b for ending in ENDINGS)


def write(split: str, number: int) -> Paper:
    """Paper `number` of a split, always the same."""
    random = Random(f"paper/{split}/{number}")
    names = tuple(random.sample(substances(split), random.randint(2, 4)))
    methods = tuple(random.sample(METHODS[split], random.randint(1, 3)))
    measures = random.sample(MEASURES[split], random.randint(1, 3))
    pairs = _some([(s, m) for s in names for m in measures], 2, 3, random)
    results = tuple(Result(s, random.choice(methods), m, random.randint(12, 98)) for s, m in pairs)
    crossed = [(m, s, x) for m in methods for s in names for x in measures]
    effects = tuple(Effect(*each, random.choice(list(EFFECTS))) for each in _some(crossed, 1, 3, random))
    author = random.choice(("Arden", "Bosk", "Crell", "Dorn", "Evers", "Falk")) + f" ({random.randint(1991, 2024)})"
    aim = random.choice(list(AIMS))
    citation = (author, aim, f"{author} {AIMS[aim]} {random.choice(methods)}.")
    told = {effect: _tell(effect, random) for effect in effects}
    body = [
        *(f"With {r.method}, {r.substance} came to a value of {r.value} in {r.measure}." for r in results),
        *told.values(),
        citation[2],
        *random.sample(FILLERS, random.randint(1, 3)),
    ]
    random.shuffle(body)
    opening = random.choice(OPENINGS).format(a=names[0], b=names[-1])
    sentences = (opening, f"We tested {', '.join(names)} by {', '.join(methods)}.", *body)
    return Paper(sentences, names, methods, results, effects, citation, {e: sentences.index(told[e]) + 1 for e in effects})


def _some(pool: list[T], least: int, most: int, random: Random) -> list[T]:
    return random.sample(pool, min(len(pool), random.randint(least, most)))


def _tell(effect: Effect, random: Random) -> str:
    verb = random.choice(EFFECTS[effect.direction])
    return f"{effect.method.capitalize()} {verb} the {effect.measure} of {effect.substance}."


Asked = tuple[dict[str, str], object]
"""What a card's template needs of a paper beside its text, and the gold answer as JSON values."""


def _effect(paper: Paper, random: Random) -> Asked:
    asked = random.choice(paper.effects)
    named = {"method": asked.method, "substance": asked.substance, "measure": asked.measure}
    return named, {"effect": asked.direction}


def _value(paper: Paper, random: Random) -> Asked:
    asked = random.choice(paper.results)
    return {"substance": asked.substance, "measure": asked.measure}, {"value": asked.value}


def _measured(paper: Paper, random: Random) -> Asked:
    method = random.choice(paper.methods)
    return {"method": method}, sorted({result.substance for result in paper.results if result.method == method})


def _claim(paper: Paper, random: Random) -> Asked:
    effect, claimed = random.choice(paper.effects), random.choice(list(EFFECTS))
    claim = f"{effect.method.capitalize()} {EFFECTS[claimed][0]} the {effect.measure} of {effect.substance}."
    verdict = "supported" if claimed == effect.direction else "contradicted"
    return {"claim": claim}, {"verdict": verdict, "evidence": [paper.places[effect]]}


def _tuples(paper: Paper, random: Random) -> Asked:
    return {}, [{"cause": e.method, "of": e.substance, "on": e.measure, "direction": e.direction} for e in paper.effects]


def _results(paper: Paper, random: Random) -> Asked:
    return {}, [{"substance": r.substance, "measure": r.measure, "value": r.value} for r in paper.results]


ASKED: dict[str, Callable[[Paper, Random], Asked]] = {
    "substances": lambda paper, random: ({}, sorted(paper.substances)),
    "methods-and-substances": lambda paper, random: (
        {},
        {"methods": sorted(paper.methods), "substances": sorted(paper.substances)},
    ),
    "results": _results,
    "effect-of": _effect,
    "citation-aim": lambda paper, random: ({"author": paper.citation[0]}, {"aim": paper.citation[1]}),
    "value-of": _value,
    "measured-by": _measured,
    "effect-tuples": _tuples,
    "claim-check": _claim,
}
"""What each card asks of a paper."""
