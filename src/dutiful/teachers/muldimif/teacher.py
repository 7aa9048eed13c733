"""A factory for requests with many requirements, graded by code: a language model chooses and words, the types stay typed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random

import msgspec

from dutiful.core.errors import ModelFailure, SpecError
from dutiful.core.model import JsonSchema, Model, Sampling
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Example, Source, Span
from dutiful.core.teacher import Teacher
from dutiful.kit.constraints.conflicts import conflict
from dutiful.kit.constraints.render import PATTERNS
from dutiful.kit.constraints.writer import question, topics
from dutiful.kit.dialogue import Dialogue, Said
from dutiful.teachers.muldimif.items import Drop, Item, shots, states
from dutiful.worlds.chat.rules import CATEGORIES, LEVELS, pool, proof


class Proposal(msgspec.Struct):
    """What the model answers to an expansion: why, the numbers of all the requirements, the request that states them."""

    rationale: str
    constraints: list[int]
    question: str


SCHEMA = JsonSchema(msgspec.json.schema(Proposal)["$defs"]["Proposal"])


class MulDimIF(Teacher):
    """Makes requests of levels I to IV in three patterns, with a gold answer, out of plain questions.

        repeat for each level: draw an unused category; offer candidates of it; the model takes 1 or 2 (language: 1), and
            rewords the request so that it states all;  keep if old ones are a subset of new ones, no contradiction, all stated
        rewrite as list, prose or example;  keep if all stated (example: if three of the same sub-types are at hand)

    Contradiction and coverage are asked of the model, each a yes/no question with an explanation first, and then known by
    code: parameters are never read out of the model's words. `trace` tells why items were dropped in the last `make`. The answer
    of an example is the writer's, a proof that all can be met; its `origin` holds the dialogue, so that it can become a
    task. patience: drops in a row after which a model is given up.

    Source: arXiv 2505.07591. Departures: candidates carry typed parameters; two calls, not one, ask the two questions.
    """

    card = Card(
        kind="teacher",
        name="muldimif",
        system="030",
        summary="expands questions by categories of requirements, drops what contradicts, and rewrites in three patterns",
        capabilities=frozenset({"make"}),
        source="arXiv 2505.07591",
    )

    def __init__(self, model: Model | None = None, constraints: str = "", candidates: int = 6, patience: int = 200):
        self.model, self.constraints, self.candidates, self.patience = model, constraints, candidates, patience
        self.trace: list[Drop] = []

    def make(self, n: int, seed: int = 0) -> Iterator[Example]:
        if self.model is None:
            raise SpecError("the teacher muldimif asks a language model: give it one")
        random, kept, self.trace = Random(f"muldimif/{seed}"), list[Item](), []
        levels = LEVELS[: len(pool(self.constraints))]
        dropped = made = 0
        while made < n:
            level, pattern = levels[made % len(levels)], PATTERNS[made // len(levels) % len(PATTERNS)]
            try:
                item = self._item(LEVELS.index(level) + 1, random)
                kept.append(item)  # as an example of later ones, whatever becomes of it
                item = self.rewrite(item, pattern, kept[:-1], random)
            except Drop as drop:
                self.trace.append(drop)
                dropped += 1
                if dropped > self.patience:
                    often = Counter(each.stage for each in self.trace).most_common(3)
                    raise ModelFailure(f"muldimif: {dropped} items dropped in a row with {self.model.spec}: {often}") from drop
                continue
            yield self._example(item, level, seed, made)
            made, dropped = made + 1, 0

    def _item(self, level: int, random: Random) -> Item:
        topic = random.choice(topics("train"))
        core = question(topic, random)
        item = Item(topic, core, core)
        for _ in range(level):
            item = self.expand(item, random)
        if not (gold := proof(item.rules, item.topic, random)):
            raise Drop("proof", f"no text was found that meets {[rule.kind for rule in item.rules]}")
        return item._replace(gold=gold)

    def expand(self, item: Item, random: Random) -> Item:
        """The item with 1 or 2 requirements of one more category; raises Drop."""
        types = pool(self.constraints)
        category = random.choice([name for name in CATEGORIES if name in types and name not in item.categories])
        wanted = 1 if category == "language" else random.choice((1, 2))
        chosen = random.sample(types[category], min(self.candidates, len(types[category])))
        wanted = min(wanted, len(chosen))
        offered = [*item.rules, *(rule.sample(random) for rule in chosen)]
        listed = "\n".join(f"{i}. ({r.category}, {r.subtype}) {r.wording()}" for i, r in enumerate(offered, 1))
        old = set(range(1, len(item.rules) + 1))
        answer = self._generate(
            "You extend requests by requirements that a program can check. Answer in JSON.",
            f"Request: {item.text}\n\nRequirements:\n{listed}\n\nKept: {sorted(old) or 'none yet'}. "
            f"Keep these, and add {wanted} of the others, of the category {category}, that suit the request. "
            "Say why in `rationale`, list the numbers of all of them in `constraints`, and write in `question` the request "
            "so that it states every one.",
            SCHEMA,
        )
        try:
            proposal = msgspec.json.decode(answer, type=Proposal)
        except msgspec.DecodeError as error:
            raise Drop("expansion", f"no JSON: {error}") from error
        numbers = set(proposal.constraints)
        if not old <= numbers:
            raise Drop("subset", f"the requirements {sorted(old - numbers)} got lost")
        if len(numbers - old) != wanted or not numbers <= set(range(1, len(offered) + 1)):
            raise Drop("subset", f"{sorted(numbers - old)} were added, expected {wanted} of {len(offered)}")
        rules = (*item.rules, *(offered[number - 1] for number in sorted(numbers - old)))
        item = item._replace(rules=rules, text=proposal.question.strip())
        stated = "\n".join(rule.wording() for rule in rules)
        if self._ask("Do any of these requirements contradict each other?", stated):
            raise Drop("conflict", "the model sees a contradiction")
        if why := conflict(rules):
            raise Drop("conflict", f"{why}; the model did not see it")
        self._covered(item, item.text, "coverage")
        return item

    def rewrite(self, item: Item, pattern: str, kept: Sequence[Item], random: Random) -> Item:
        """The item in a pattern; raises Drop."""
        wordings = [rule.wording() for rule in item.rules]
        if pattern == "example":
            text = "\n\n".join(f"Question: {each.text}\nAnswer: {each.gold}" for each in shots(item, kept))
            return item._replace(text=f"{text}\n\nQuestion: {item.text}", pattern=pattern)
        if pattern == "list":
            opening = self._generate("", "Write one short sentence that introduces a list of rules for an answer.").split("\n")[0]
            text = "\n".join([item.core, opening, *(f"{number}. {wording}" for number, wording in enumerate(wordings, 1))])
        else:
            rules = "\n".join(wordings)
            text = self._generate("", f"Weave these requirements into the request, as prose:\n{rules}\n\nRequest: {item.core}")
        self._covered(item, text, f"rewriting as {pattern}")
        return item._replace(text=text, pattern=pattern)

    def _covered(self, item: Item, text: str, stage: str) -> None:
        """Raises Drop unless the model and the code find every requirement in a text."""
        listed = "\n".join(rule.wording() for rule in item.rules)
        if not self._ask("Does the request state all of these requirements?", f"Request: {text}\n\nRequirements:\n{listed}"):
            raise Drop(stage, "the model misses a requirement")
        if missing := [rule.kind for rule in item.rules if not states(text, rule)]:
            raise Drop(stage, f"the parameters of {', '.join(missing)} are not in the text; the model did not see it")

    def _ask(self, asked: str, about: str) -> bool:
        assert self.model is not None
        prompt = Prompt((Span(Source.USER, f"{about}\n\n{asked} Explain first."),))
        said = self.model.generate(prompt, Sampling(max_tokens=96)).text
        prompt += (Span(Source.MODEL, said), Span(Source.USER, f"{asked} Answer yes or no."))
        return self.model.choose(prompt, ("yes", "no")).index == 0

    def _generate(self, system: str, user: str, constraint: JsonSchema | None = None) -> str:
        assert self.model is not None
        rules = (Span(Source.SYSTEM, system),) if system else ()
        return self.model.generate(Prompt((*rules, Span(Source.USER, user))), Sampling(max_tokens=512), constraint).text.strip()

    def _example(self, item: Item, level: str, seed: int, number: int) -> Example:
        tags = dict(topic=item.topic, level=level, pattern=item.pattern, category=item.categories, subtype=item.subtypes)
        constraints = tuple(rule.constraint() for rule in item.rules)
        dialogue = Dialogue((Said(item.text, constraints=constraints, gold=item.gold, tags=tags),), tags)
        origin = dict(teacher=self.spec, seed=seed, number=number, dialogue=msgspec.to_builtins(dialogue), **tags)
        return Example((Span(Source.USER, item.text), Span(Source.MODEL, item.gold)), (False, True), origin)
