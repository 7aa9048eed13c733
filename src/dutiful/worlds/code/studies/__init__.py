"""Small studies: data, a poor model and a better one, each a file in this folder with `predict(train, rows)`.

`train` are rows (dicts) with the target, `rows` those without; what comes back is a list of predictions. `NAME_plain.txt` is the
model that is found, `NAME_better.txt` the oracle's.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from dutiful.core.records import Json

Row = dict[str, Any]
TRAIN, HIDDEN = 150, 120


class Study(NamedTuple):
    """A kind of data. `draw` gives the parameters (JSON values), `rows` the data with its target, training rows first."""

    target: str
    metric: str
    about: str
    draw: Callable[[Random], Json]
    rows: Callable[[Json, Random], list[Row]]


class Data(NamedTuple):
    """Rows to train on and hidden rows, both with their target, and what the two models come to on the hidden ones."""

    train: list[Row]
    hidden: list[Row]
    plain: float
    better: float


def _number(random: Random, low: float, high: float) -> float:
    return round(random.uniform(low, high), 2)


def _flats(p: Json, random: Random) -> list[Row]:
    found = list[Row]()
    for _ in range(TRAIN + HIDDEN):
        size, floor, district = _number(random, 20, 120), random.randint(0, 12), random.choice(sorted(p["district"]))
        price = p["size"] * size + p["floor"] * floor * floor + p["district"][district] + random.gauss(0, 8)
        found.append(dict(size=size, floor=floor, district=district, price=round(price, 2)))
    return found


def _seeds(p: Json, random: Random) -> list[Row]:
    found = list[Row]()
    for _ in range(TRAIN + HIDDEN):
        length, width = _number(random, 0, 10), _number(random, 0, 10)
        inner = math.hypot(length - p["x"], width - p["y"]) < p["radius"]
        kind = p["kinds"][0] if inner else p["kinds"][1 + (width > p["line"])]
        found.append(dict(length=length, width=width, kind=kind if random.random() > 0.04 else random.choice(p["kinds"])))
    return found


def _reviews(p: Json, random: Random) -> list[Row]:
    found = list[Row]()
    for _ in range(TRAIN + HIDDEN):
        mood = random.choice(("good", "bad"))
        words = list[str]()
        for _ in range(random.randint(2, 4)):
            turned = random.random() < 0.4
            pool = p["good" if (mood == "good") != turned else "bad"]
            words += [*(["not"] * turned), random.choice(pool), *random.choices(p["plain"], k=random.randint(0, 2))]
        found.append(dict(text=" ".join(words), mood=mood))
    return found


def _visits(p: Json, random: Random) -> list[Row]:
    rows = [
        dict(day=day, visitors=round(p["start"] + p["trend"] * day + p["week"][day % 7] + random.gauss(0, 4), 1))
        for day in range(TRAIN + HIDDEN)
    ]
    return rows


def _sensor(p: Json, random: Random) -> list[Row]:
    found = list[Row]()
    for number in range(TRAIN + HIDDEN):
        heat = _number(random, 0, 50)
        value = p["slope"] * heat + p["offset"] + random.gauss(0, 1)
        broken = number < TRAIN and random.random() < 0.25  # the hidden rows were measured with a sound device
        found.append(dict(heat=heat, value=round(value + (random.uniform(60, 200) if broken else 0), 2)))
    return found


def _ratings(p: Json, random: Random) -> list[Row]:
    guests = {f"guest{i}": random.gauss(0, p["guests"]) for i in range(15)}
    dishes = {name: random.gauss(0, p["dishes"]) for name in p["names"]}
    pairs = random.sample([(guest, dish) for guest in guests for dish in dishes] * 2, TRAIN + HIDDEN)
    return [dict(guest=g, dish=d, stars=round(p["mean"] + guests[g] + dishes[d] + random.gauss(0, 0.4), 1)) for g, d in pairs]


_TONES = (
    ("bright", "kind", "tasty", "neat", "calm", "warm", "fresh", "swift", "fair", "lively", "smooth", "clever"),
    ("dull", "rude", "stale", "dirty", "loud", "cold", "slow", "bitter", "broken", "bland", "rough", "gloomy"),
    ("the", "place", "staff", "soup", "room", "very", "rather", "and", "music", "table", "was", "quite"),
)

_DISHES = ("pie", "stew", "rice", "soup", "salad", "pasta", "fish", "tart", "curry", "bread", "beans", "cake")

STUDIES: dict[str, Study] = {
    "flats": Study(
        "price",
        "mean absolute error",
        "prices of flats by size, floor and district",
        lambda r: dict(
            size=_number(r, 2, 6),
            floor=_number(r, 0.8, 2.5),
            district={name: r.randint(-80, 120) for name in r.sample(["harbour", "hill", "mill", "park", "castle", "canal"], 4)},
        ),
        _flats,
    ),
    "seeds": Study(
        "kind",
        "accuracy",
        "kinds of seeds by length and width",
        lambda r: dict(
            x=_number(r, 3, 7),
            y=_number(r, 3, 7),
            radius=_number(r, 2.2, 3.2),
            line=_number(r, 4, 6),
            kinds=r.sample(["rye", "oat", "flax", "hemp", "millet", "barley"], 3),
        ),
        _seeds,
    ),
    "reviews": Study(
        "mood",
        "accuracy",
        "whether a short review is good or bad",
        lambda r: dict(good=r.sample(_TONES[0], 7), bad=r.sample(_TONES[1], 7), plain=r.sample(_TONES[2], 6)),
        _reviews,
    ),
    "visits": Study(
        "visitors",
        "mean absolute error",
        "visitors by day, with the later days to foretell",
        lambda r: dict(start=r.randint(50, 200), trend=_number(r, 0.2, 1.2), week=[r.randint(-40, 40) for _ in range(7)]),
        _visits,
    ),
    "sensor": Study(
        "value",
        "mean absolute error",
        "what a sensor shows by heat, recorded with a faulty device at times",
        lambda r: dict(slope=_number(r, -3, 3), offset=r.randint(-20, 60)),
        _sensor,
    ),
    "ratings": Study(
        "stars",
        "mean absolute error",
        "stars that guests give to dishes",
        lambda r: dict(
            mean=_number(r, 3, 6),
            guests=_number(r, 0.6, 1.5),
            dishes=_number(r, 0.6, 1.5),
            names=r.sample(_DISHES, 10),
        ),
        _ratings,
    ),
}


@functools.cache
def model(name: str, which: str) -> str:
    """The text of a model: "plain" or "better"."""
    return (Path(__file__).parent / f"{name}_{which}.txt").read_text()


@functools.lru_cache(256)
def data(setup: str) -> Data:
    """The data of a task from its setup, as JSON text: {"study": ..., "parameters": ..., "seed": ...}."""
    task = json.loads(setup)
    name, study = task["study"], STUDIES[task["study"]]
    rows = study.rows(task["parameters"], Random(f"study {name} {task['seed']}"))
    train, hidden = rows[:TRAIN], rows[TRAIN:]
    scores = list[float]()
    for which in ("plain", "better"):
        place: dict[str, Any] = {}
        exec(model(name, which), place)
        scores.append(measured(study, hidden, place["predict"](train, asked(study, hidden))))
    return Data(train, hidden, *scores)


def asked(study: Study, rows: Sequence[Row]) -> list[Row]:
    """The rows without their target."""
    return [{key: value for key, value in row.items() if key != study.target} for row in rows]


def measured(study: Study, rows: Sequence[Row], predictions: Sequence[Any]) -> float:
    """The metric over rows; raises ValueError where the predictions are none."""
    truth = [row[study.target] for row in rows]
    if len(predictions) != len(truth):
        raise ValueError(f"{len(predictions)} predictions for {len(truth)} rows")
    if study.metric == "accuracy":
        return sum(a == b for a, b in zip(predictions, truth, strict=True)) / len(truth)
    if not all(isinstance(each, (int, float)) and math.isfinite(each) for each in predictions):
        raise ValueError("a prediction is no finite number")
    return sum(abs(a - b) for a, b in zip(predictions, truth, strict=True)) / len(truth)


def progress(data: Data, value: float) -> float:
    """How far a metric is on the way from the plain model (0) to the better one (1)."""
    return min(1.0, max(0.0, (value - data.plain) / (data.better - data.plain)))


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as CSV."""
    return "\n".join([",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]) + "\n"
