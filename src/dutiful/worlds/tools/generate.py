"""Making a task: a state, a draw from the tool graph, its words, and the tools that are shown."""

from __future__ import annotations

import functools
import zlib
from collections.abc import Sequence
from random import Random
from typing import Any, NamedTuple

import msgspec

from dutiful.core.errors import SpecError
from dutiful.core.records import Json
from dutiful.kit import calls, programs
from dutiful.worlds.tools import broken
from dutiful.worlds.tools.domains import load
from dutiful.worlds.tools.draws import Reject, Sampled
from dutiful.worlds.tools.graph import index
from dutiful.worlds.tools.language import Domain, State, Tables, ToolError
from dutiful.worlds.tools.sampling import Sampler
from dutiful.worlds.tools.values import SPLITS
from dutiful.worlds.tools.verdict import changes
from dutiful.worlds.tools.wording import LEVELS, Words

TRIES = 3000
"""Draws after which a task is given up; most take fewer than 50."""


class Knobs(NamedTuple):
    """What a task is made by; the fields are those of the world."""

    domain: str
    depth: int
    loops: float
    branches: float
    procedures: float
    answers: float
    wording: str
    given: str
    decoys: int
    broken: int
    max_steps: int


class Made(NamedTuple):
    """A task's words and setup."""

    text: str
    setup: Json


@functools.lru_cache(maxsize=64)
def build(name: str, seed: int, split: str) -> tuple[Tables, int]:
    """The tables of a task, not to be written to, and a number that differs when they do. Some tasks in a row share them."""
    tables = load(name).build(Random(f"tools state {name} {seed} {split}"), split)
    return tables, zlib.crc32(msgspec.json.encode(tables))


def split_of(tools: tuple[str, ...]) -> str:
    """The one split that a combination of two or more tools belongs to; one tool alone belongs to all ("")."""
    if len(tools) < 2:
        return ""
    return {0: "test", 1: "validation"}.get(zlib.crc32(" ".join(sorted(tools)).encode()) % 5, "train")


def make(name: str, split: str, seed: int, place: int, knobs: Knobs) -> Made:
    """The task of a seed, in the state of a place; raises SpecError where the knobs leave none."""
    domain = load(name)
    random = Random(
        f"tools {name} {split} {seed} {knobs.depth} {knobs.loops} {knobs.branches} {knobs.procedures} {knobs.answers}"
    )
    tables, digest = build(name, place, split)
    shares = (knobs.loops, knobs.branches, knobs.procedures, knobs.answers)
    loop, branch, procedure, answer = (random.random() < share for share in shares)
    answer = answer and (not (branch or procedure) or knobs.depth > 2)  # a branch of two calls leaves none to ask with
    for _ in range(TRIES):
        state = State(dict(tables), domain.tables)
        try:
            found = Sampler(index(name), state, random, split, loop, branch, procedure).draw(knobs.depth, answer)
            tools = programs.tools(found.program)
            fixed = procedure and knobs.depth == 2  # then a procedure is all there is, and belongs to every split
            if fixed or split_of(tools) in ("", split):
                number = prove(domain, tables, found, state.tables)
                if number < knobs.max_steps:  # one is left to finish with
                    break
        except Reject:
            continue
    else:
        raise SpecError(f"tools: no task of depth {knobs.depth} found in the domain {name!r} with these knobs; try another depth")
    words = Random(f"tools words {name} {split} {seed} {knobs.wording}")
    level = words.choice(LEVELS) if knobs.wording == "mixed" else knobs.wording
    text = Words(domain, words, split, found.steps).say(found.goals, level)
    setup: Json = dict(
        domain=name,
        state=place,
        split=split,
        digest=digest,
        program=programs.dump(found.program),
        calls=number,
        wording=level,
    )
    order = Random(f"tools shown {name} {split} {seed}")
    setup["broken"] = broken.names(domain, tools, knobs.broken, order)
    setup["tools"] = shown(domain, tools, knobs, list(setup["broken"]), order)
    return Made(text, setup)


def prove(domain: Domain, tables: Tables, found: Sampled, expected: Tables) -> int:
    """Runs the program as it will be judged; raises Reject unless it leads where the draw led. Returns its number of calls."""
    state, number = State(dict(tables), domain.tables), 0

    def call(wanted: calls.Call) -> Any:
        nonlocal number
        number += 1
        function = domain.functions[wanted.tool]
        return function.body(state, {**function.optional, **wanted.arguments})

    try:
        answer = programs.execute(found.program, call, strict=True)
    except (ToolError, ValueError) as error:
        raise Reject(str(error)) from None
    if state.tables != expected:
        raise Reject("the program leads elsewhere")
    if answer is None and not changes(tables, expected):
        raise Reject("what is done is undone")
    return number


def shown(domain: Domain, needed: tuple[str, ...], knobs: Knobs, broken: Sequence[str], random: Random) -> list[str]:
    """The names of the tools that a task shows, in an order that says nothing."""
    names = list(domain.functions) if knobs.given == "domain" else list(needed)
    if knobs.given == "needed":
        others = [name for name in domain.functions if name not in needed]
        names += random.sample(others, min(knobs.decoys, len(others)))
    names += broken
    random.shuffle(names)
    return names


__all__ = ["LEVELS", "SPLITS", "Knobs", "Made", "build", "make", "prove", "shown", "split_of"]
