"""Questions of the register: a chain of tools, each fed by the one before, said in one noun phrase around another."""

from __future__ import annotations

import functools
import zlib
from collections.abc import Mapping
from random import Random
from typing import Any, NamedTuple

from dutiful.kit import programs
from dutiful.kit.programs import Answer, Best, Call, Count, Program, Ref
from dutiful.worlds.tools.language import Domain, State, Tables, ToolError
from dutiful.worlds.tools.registry.apis import NOUNS, Api, make
from dutiful.worlds.tools.values import SPLITS

ASK = {
    "train": ("What is {}?", "Which is {}?"),
    "validation": ("Please find out {}.", "We need to know {}."),
    "test": ("Tell me {}.", "State {}."),
}
TRIES = 4000


class Question(NamedTuple):
    """`needs`: for each call of the program, in words, what it is wanted for."""

    text: str
    program: Program
    needs: list[str]


class Reject(Exception):
    """A draw that leads nowhere."""


@functools.cache
def domain() -> tuple[Domain, Mapping[str, Api]]:
    """The domain and its tools, made once a process."""
    return make()


@functools.cache
def state(split: str) -> Tables:
    """The tables of a split: nothing changes them."""
    return domain()[0].build(Random(f"tools/registry {split}"), split)


@functools.lru_cache(8192)
def question(split: str, hops: int, seed: int) -> Question:
    """A question of so many hops, each with one answer; raises ValueError where none is found."""
    random = Random(f"tools/registry {split} {hops} {seed}")
    for _ in range(TRIES):
        try:
            return _draw(split, hops, random)
        except (Reject, ToolError):
            continue
    raise ValueError(f"no question of {hops} hops was found in {TRIES} draws")


def _draw(split: str, hops: int, random: Random) -> Question:
    made, apis = domain()
    now = State(dict(state(split)), made.tables)
    kind = random.choice(list(NOUNS))
    value: Any = _start(kind, now, random)
    said = _said(kind, value)
    visited, used = {value}, list[str]()
    body: list[programs.Statement] = []
    needs: list[str] = []
    fed: Any = value
    for hop in range(1, hops + 1):
        last = hop == hops
        fitting = [api for api in apis.values() if api.takes == kind and api.name not in used and (last or api.gives in NOUNS)]
        if not fitting:
            raise Reject
        api = random.choice(fitting)
        used.append(api.name)
        found = made.functions[api.name].body(now, {api.takes: value})
        body.append(Call(api.name, {api.takes: fed}, f"found{hop}"))
        about = NOUNS[kind] if hop > 1 else said
        if api.order is None:
            needs.append(api.asked.format(about))
            said, fed = api.asked.format(said), Ref(f"found{hop}", (api.gives,))
            value = found[api.gives]
        elif last and random.random() < 0.5:
            needs.append(f"the {api.asked.format(about)}")
            said, fed, value = f"the number of {api.asked.format(said)}", Count(Ref(f"found{hop}")), len(found)
            if value < 2:
                raise Reject
        else:
            field, *extremes = api.order
            most = random.randrange(2)
            body.append(Best(Ref(f"found{hop}"), field, ("lowest", "highest")[most], f"best{hop}"))
            phrase = f"{extremes[most]} of the {api.asked}"
            needs.append(f"the {phrase.format(about)}")
            said, fed = f"the {phrase.format(said)}", Ref(f"best{hop}", (api.gives,))
            value = _best(found, field, most)[api.gives]
        kind = api.gives
        if value in visited:
            raise Reject
        visited.add(value)
    if hops > 1 and _split(used) != split:
        raise Reject
    return Question(random.choice(ASK[split]).format(said), Program((*body, Answer(fed))), needs)


def _start(kind: str, now: State, random: Random) -> Any:
    """A value that somebody might begin with."""
    fields = [(at, field) for at, spec in now.specs.items() for field, of in spec.fields.items() if of == kind]
    at, field = random.choice(fields)
    return random.choice(list(now.tables[at].values()))[field]


def _said(kind: str, value: Any) -> str:
    named = kind in ("person_name", "court_name", "city")
    return f"the {value}" if kind == "court_name" else str(value) if named else f"{NOUNS[kind]} {value}"


def _best(rows: list[Any], field: str, most: int) -> Any:
    """The one extreme of two or more; a tie is no question."""
    ordered = sorted(rows, key=lambda row: row[field], reverse=bool(most))
    if len(ordered) < 2 or ordered[0][field] == ordered[1][field]:
        raise Reject
    return ordered[0]


def _split(used: list[str]) -> str:
    """The one split that a chain of tools belongs to."""
    return SPLITS[zlib.crc32(" ".join(used).encode()) % len(SPLITS)]
