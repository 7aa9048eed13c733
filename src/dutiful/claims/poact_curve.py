"""How often the embedded model takes one tool for another: the curve behind the model `experts`.

`python -m dutiful.claims.poact_curve` measures it anew and writes models/experts_curve.json.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from random import Random
from typing import Any

from dutiful.core import parts
from dutiful.core.prompt import Prompt
from dutiful.core.records import Source, Span
from dutiful.core.world import Tool
from dutiful.kit import calls
from dutiful.kit.retrieval import BM25
from dutiful.models.experts import STORED

MODEL = "embedded?threads=1"
SIZES = (4, 8, 16, 40, 80)
NEEDS = 28
DRAWS = 50
NEUTRAL = "the value"


def needed(world: Any, count: int) -> dict[str, str]:
    """Tools of the register, and what each is wanted for, out of tasks of the train split; `count` of them."""
    found: dict[str, str] = {}
    for task in world.tasks("train")[: 20 * count]:
        body = [each for each in task.setup["program"]["body"] if each["do"] == "call"]
        for at, (call, need) in enumerate(zip(body, task.setup["needs"], strict=True)):
            if at:  # the first one names a value, the others only their kind
                found.setdefault(call["tool"], need)
        if len(found) >= count:
            break
    return dict(sorted(found.items(), key=lambda item: hash_of(item[0]))[:count])


def hash_of(name: str) -> float:
    """A number that puts names in a fixed random order."""
    return Random(name).random()


def scores(model: Any, need: str, options: Sequence[str]) -> list[float]:
    """The log-probability of each signature as the answer."""
    asked = Prompt((Span(Source.USER, f"Which function gives {need}? Answer with the function alone."),))
    return list(model.choose(asked, options).scores)


def measure(model: Any, world: Any, needs: int = NEEDS) -> dict[str, Any]:
    """The share of wrong choices among n tools: those nearest to the need, and drawn ones."""
    tools: Sequence[Tool] = world.tools()[:80]
    names = [tool.name for tool in tools]
    options = [f"{tool.name}({', '.join(calls.parameters(tool))})" for tool in tools]
    index = BM25([f"{name} {tool.description}" for name, tool in zip(names, tools, strict=True)])
    base = scores(model, NEUTRAL, options)
    hows = ("nearest", "drawn", "nearest, uncorrected")
    wrong: dict[str, dict[int, list[float]]] = {how: {n: [] for n in SIZES} for how in hows}
    for name, need in needed(world, needs).items():
        right, raw = names.index(name), scores(model, need, options)
        lifted = [a - b for a, b in zip(raw, base, strict=True)]
        near = [place for place in index.search(need, len(names)) if place != right]
        random = Random(name)
        for n in SIZES:
            wrong["nearest"][n].append(any(lifted[place] >= lifted[right] for place in near[: n - 1]))
            wrong["nearest, uncorrected"][n].append(any(raw[place] >= raw[right] for place in near[: n - 1]))
            draws = [random.sample(near, n - 1) for _ in range(DRAWS)]
            wrong["drawn"][n].append(sum(any(lifted[p] >= lifted[right] for p in drawn) for drawn in draws) / DRAWS)
    errors = {how: {str(n): round(sum(found) / len(found), 4) for n, found in rates.items()} for how, rates in wrong.items()}
    return {
        "model": MODEL,
        "command": "python -m dutiful.claims.poact_curve",
        "what": "share of needs where another signature gains more log-probability over a neutral question than the right one",
        "needs": needs,
        "errors": errors,
    }


if __name__ == "__main__":
    embedded, register = parts.model(MODEL), parts.world("tools/registry")
    try:
        STORED.write_text(json.dumps(measure(embedded, register), indent=1) + "\n")
    finally:
        embedded.close()
