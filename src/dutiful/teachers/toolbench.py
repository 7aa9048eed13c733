"""ToolBench's instructions: sample tools by how they belong together, and write requests that need some of them.

document(api)                   the text that a retriever indexes
pairs(examples)                 (instruction, document) of every relevant tool: what a retriever is trained on
"""

from __future__ import annotations

import functools
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from random import Random
from typing import Any, NamedTuple

import msgspec

from dutiful.core.errors import ModelFailure, SpecError
from dutiful.core.model import Model, Sampling
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Example, Source, Span
from dutiful.core.teacher import Teacher
from dutiful.kit import rescue
from dutiful.worlds.tools import generate
from dutiful.worlds.tools.domains import NAMES, load
from dutiful.worlds.tools.draws import Literal, Question, Step
from dutiful.worlds.tools.language import Function, Tables
from dutiful.worlds.tools.wording import ASKS, FRAMES, JOINTS, Words

RELATIONS = ("I1", "I2", "I3")
COLLECTIONS: Mapping[str, tuple[str, ...]] = {
    "errands": ("retail", "phone"),
    "journeys": ("travel", "phone"),
    "household": ("home", "retail"),
    "days out": ("travel", "home"),
}
"""Domains that one person might need together."""
LISTS = ("show me the {}", "list the {}", "I want to see the {}")
WRITE = (
    "These tools are at hand, each named category/tool/api:\n{tools}\nRequests that were written for other tools:\n{seeds}\n"
    "Write {n} requests of users that need several of the tools at hand, with every value named, and no tool named. "
    'Reply with JSON: [{{"query": "...", "apis": ["category/tool/api"]}}].'
)


class Api(NamedTuple):
    """One function; `tool` is the table that it works on, `category` the domain."""

    category: str
    tool: str
    function: Function

    @property
    def name(self) -> str:
        return f"{self.category}/{self.tool}/{self.function.name}"


@functools.cache
def catalogue() -> Mapping[str, Api]:
    """Every function of every domain, by name."""
    found = [Api(name, f.table or "service", f) for name in NAMES for f in load(name).functions.values()]
    return {api.name: api for api in found}


def document(api: Api) -> str:
    """Category, tool, name, description and parameters, as one text."""
    takes = ", ".join(api.function.takes) or "none"
    return f"{api.category} {api.tool} {api.function.name}. {api.function.doc} Parameters: {takes}."


def held_out(name: str, share: float) -> bool:
    """Whether an API belongs to those that nothing is made of, so that a retriever can be tried on it."""
    return zlib.crc32(f"held out {name}".encode()) % 1000 < 1000 * share


def pairs(examples: Iterable[Example]) -> list[tuple[str, str]]:
    """(instruction, document) for every relevant API of examples of this teacher."""
    return [(e.spans[0].text, document(catalogue()[name])) for e in examples for name in e.origin["relevant"]]


class ToolBench(Teacher):
    """Makes instructions with the tools that they need; what is learnt from them is which those are.

        sample up to `size` functions that belong together:
            I1 of one tool (a table)    I2 of several tools of one category (a domain)    I3 of several domains of a collection
        write an instruction that needs one to three of them (I2 of two tools, I3 of two domains), with those named
        drop what names one outside of the sample

    The model writes, if there is one, from the documents and three seed instructions; else templates do, which cannot name one
    outside. relation: one of the three, or "all" in turn. held: the share of functions that are never sampled. `trace` counts
    what was dropped in the last `make`; more than `patience` dropped in a row end it. Values are of the train split. The
    instructions of one reply come one after the other. Source: ToolLLM (arXiv 2307.16789).
    """

    card = Card(
        kind="teacher",
        name="toolbench",
        system="036",
        summary="instructions for sampled tools of one table, one domain or several, with the tools that they need",
        capabilities=frozenset({"make"}),
        source="arXiv 2307.16789",
    )

    def __init__(
        self,
        model: Model | None = None,
        relation: str = "all",
        size: int = 6,
        held: float = 0.0,
        each: int = 3,
        patience: int = 50,
    ):
        if relation not in (*RELATIONS, "all"):
            raise SpecError(f"toolbench: relation={relation!r}, expected one of {', '.join(RELATIONS)} or all")
        if min(each, patience) < 1 or size < 2 or not 0 <= held < 0.9:
            raise SpecError(f"toolbench: size={size}, held={held}, each={each}, patience={patience}; expected 2, 0 to 0.9, 1, 1")
        self.model, self.relation, self.size, self.held = model, relation, size, held
        self.each, self.patience = each, patience
        self.trace: dict[str, int] = {}

    def make(self, n: int, seed: int = 0) -> Iterator[Example]:
        self.trace, random = {}, Random(f"toolbench/{seed}")
        relations = RELATIONS if self.relation == "all" else (self.relation,)
        made = rounds = dropped = 0
        while made < n:
            relation = relations[rounds % len(relations)]
            sampled, rounds = self.sample(relation, random), rounds + 1
            for text, relevant in self.kept(self.written(sampled, random, rounds), sampled)[: n - made]:
                yield self.example(text, relevant, sampled, relation, seed)
                made, dropped = made + 1, -1
            dropped += 1
            if dropped > self.patience:
                raise ModelFailure(f"toolbench: {dropped} replies in a row gave no instruction: {self.trace}")

    def sample(self, relation: str, random: Random) -> list[Api]:
        """Functions that belong together by a relation."""
        known = [api for api in catalogue().values() if not held_out(api.name, self.held)]
        if relation == "I3":
            categories = COLLECTIONS[random.choice(sorted(COLLECTIONS))]
            groups = [[api for api in known if api.category == name] for name in categories]
        else:
            category = random.choice(NAMES)
            tools: dict[str, list[Api]] = {}
            for api in known:
                if api.category == category:
                    tools.setdefault(api.tool, []).append(api)
            names = random.sample(sorted(tools), min(len(tools), 1 if relation == "I1" else random.choice((2, 3))))
            groups = [tools[name] for name in names]
        share = max(1, self.size // len(groups))
        return [api for group in groups for api in random.sample(group, min(share, len(group)))]

    def written(self, sampled: Sequence[Api], random: Random, number: int) -> list[tuple[str, list[str]]]:
        """Instructions for a sample, each with the names of the functions that it needs."""
        if self.model is None:
            chosen = _chosen(sampled, random)
            return [(said(chosen, random, "train"), [api.name for api in chosen])]
        others = [api for api in catalogue().values() if api not in sampled]
        seeds = "\n".join(said([api], random, "train") for api in random.sample(others, 3))
        asked = WRITE.format(tools="\n".join(f"{api.name}: {document(api)}" for api in sampled), seeds=seeds, n=self.each)
        sampling = Sampling(max_tokens=512, temperature=0.7, seed=number)
        reply = self.model.generate(Prompt((Span(Source.USER, asked),)), sampling).text
        found: Any = rescue.json_value(reply, []).value
        read = [_instruction(each) for each in found]
        if not read or None in read:
            self._drop("unreadable")
        return [each for each in read if each]

    def kept(self, written: Sequence[tuple[str, list[str]]], sampled: Sequence[Api]) -> list[tuple[str, list[str]]]:
        """The instructions that name functions, and none outside of the sample."""
        names = {api.name for api in sampled}
        kept = [(text, relevant) for text, relevant in written if relevant and names.issuperset(relevant)]
        for _ in range(len(written) - len(kept)):
            self._drop("outside of the sample")
        return kept

    def example(self, text: str, relevant: list[str], sampled: Sequence[Api], relation: str, seed: int) -> Example:
        """The instruction, and the relevant functions as the answer, which alone carries loss."""
        answer = msgspec.json.encode(relevant).decode()
        origin = dict(teacher=self.spec, seed=seed, split="train", relation=relation, relevant=relevant)
        origin["sampled"] = [api.name for api in sampled]
        return Example((Span(Source.USER, text), Span(Source.MODEL, answer)), (False, True), origin)

    def _drop(self, why: str) -> None:
        self.trace[why] = self.trace.get(why, 0) + 1


def _instruction(found: Any) -> tuple[str, list[str]] | None:
    """One instruction of a reply; None where it is none."""
    if not isinstance(found, dict) or not isinstance(found.get("query"), str) or not isinstance(found.get("apis"), list):
        return None
    return found["query"], [str(name) for name in found["apis"]]


def _chosen(sampled: Sequence[Api], random: Random) -> list[Api]:
    """One to three functions; of two domains or more where the sample has as many, else of two tools where it has those."""
    several = len({api.category for api in sampled}) > 1

    def spread(apis: Sequence[Api]) -> int:
        return min(2, len({api.category if several else api.tool for api in apis}))

    while True:
        chosen = random.sample(sampled, min(len(sampled), random.randint(spread(sampled), 3)))
        if spread(chosen) == spread(sampled):
            return chosen


def said(apis: Sequence[Api], random: Random, split: str) -> str:
    """A request that needs these functions, with values of a state of the split; half of them say only what is wished for."""
    level = random.choice(("plain", "loose"))
    parts = [_part(api, random, generate.build(api.category, random.randrange(10), split)[0], split, level) for api in apis]
    if level == "loose":
        return " ".join(f"{part[:1].upper()}{part[1:]}." for part in parts)
    text = random.choice(FRAMES[split]).format(random.choice(JOINTS[split]).join(parts))
    return text[:1].upper() + text[1:]


def _part(api: Api, random: Random, tables: Tables, split: str, level: str) -> str:
    domain, function = load(api.category), api.function
    named = [name for name in function.takes if name not in function.optional or random.random() < 0.5]
    drawn = {name: domain.kinds[function.takes[name]].draw for name in named}
    values = {name: draw(random, tables, split) if draw else "X-1" for name, draw in drawn.items()}
    step = Step(function, {name: Literal(function.takes[name], value) for name, value in values.items()}, "it", [], False)
    words = Words(domain, random, split, ())
    if function.writes:
        return words.deed(step, level)
    if function.many:
        return random.choice(LISTS).format(words.plural(step))
    fields = [field for field in function.gives if field not in function.takes]
    asked = [field for field in fields if domain.kinds[function.gives[field]].ask] or fields
    return random.choice(ASKS[split]).format(words.question(Question(step, "field", random.choice(asked))))


__all__ = ["Api", "ToolBench", "catalogue", "document", "held_out", "pairs", "said"]
