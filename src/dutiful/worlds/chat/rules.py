"""One request with up to four kinds of requirements: where does a model stop obeying?

Three axes, after MulDimIF (arXiv 2505.07591). The *level*, I to IV, is how many of the categories content, format, language
and length are asked for, with one or two requirements each (language: one). The *pattern* is how they are put: as a numbered
list, woven into prose, or after three requests of the same sub-types with their answers. A task is kept when its requirements
do not contradict each other and a text is found that meets all of them: that is its gold answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from dutiful.core.errors import NotGrounded, SpecError
from dutiful.core.parts import Card
from dutiful.core.records import Constraint, Task
from dutiful.kit.constraints import TYPES, Rule
from dutiful.kit.constraints.conflicts import conflict
from dutiful.kit.constraints.parse import parse, unread
from dutiful.kit.constraints.render import PATTERNS, render
from dutiful.kit.constraints.writer import Unwritable, question, topics, write
from dutiful.kit.dialogue import Conversation, Dialogue, Said
from dutiful.kit.tasks import Lazy
from dutiful.worlds.chat.laid import check_split

CATEGORIES = ("content", "format", "language", "length")
LEVELS = ("I", "II", "III", "IV")
COUNT = {"train": 8000, "validation": 1200, "test": 1200}
"""Tasks of a split. Over the whole world, levels and patterns take turns: 1,200 are 300 a level and 400 a pattern."""
SUBTYPES = {
    "keywords",
    "identifiers",
    "punctuation",
    "markdown",
    "json",
    "xml",
    "table",
    "english",
    "words",
    "sentences",
    "paragraphs",
}
"""MulDimIF's own sub-types. Drawn from unless others are named, but for the types of IFBench, which are riddles for writers."""
WHOLE = {"json", "xml", "table"}
"""Sub-types that say what the whole answer is: it is not asked to be another thing as well."""
SHOTS = 3
"""Requests with answers that the pattern `example` shows before its own."""
DRAWS, FEW_DRAWS = 200, 8
"""Sets of requirements drawn for a task, and for one of its examples, before they are given up."""


class Drawn(NamedTuple):
    """What a task asks for: a request about a topic, typed requirements, a text that meets them."""

    topic: str
    question: str
    rules: tuple[Rule, ...]
    gold: str


class Rules(Conversation):
    """Single requests with code-checked requirements.

    level: "I" to "IV", all of them when empty. pattern: "list", "prose" or "example", likewise. constraints: types, families,
    categories or sub-types to draw from, comma-separated (`length,case`), or "all" that English texts can meet; MulDimIF's
    sub-types when empty. patience: how often the user comes back to an answer that misses something. user: a model that words
    what the user then says. Splits share neither topics nor questions, and of a type with several wordings test has one that
    train has not. No task is passed by an empty answer.
    """

    card = Card(
        kind="world",
        name="chat/rules",
        system="030",
        summary="one request with requirements of one to four categories, put as a list, in prose or by example",
        capabilities=frozenset({"dialogue", "expert", "snapshot", "ground"}),
        source="arXiv 2505.07591 (axes); texts our own",
    )

    def __init__(self, level: str = "", pattern: str = "", constraints: str = "", patience: int = 0, user: str = ""):
        super().__init__(patience, user)
        self.level, self.pattern, self.constraints = level, pattern, constraints
        for name, value, known in (("level", level, LEVELS), ("pattern", pattern, PATTERNS)):
            if value and value not in known:
                raise SpecError(f"chat/rules: no {name} is called {value!r}; there are: {', '.join(known)}")
        self._levels, self._patterns = (level,) if level else LEVELS, (pattern,) if pattern else PATTERNS
        self._pool = pool(constraints)
        if level and LEVELS.index(level) >= len(self._pool):
            raise SpecError(f"chat/rules: {constraints!r} has types of {len(self._pool)} categories, too few for level {level}")
        self._levels = self._levels[: len(self._pool)]

    def tasks(self, split: str = "test") -> Sequence[Task]:
        check_split(self.card.name, split)
        return Lazy(lambda number: self._task(split, number), range(COUNT[split]))

    def _task(self, split: str, number: int) -> Task:
        level = self._levels[number % len(self._levels)]
        pattern = self._patterns[number // len(self._levels) % len(self._patterns)]
        random = Random(f"rules/{split}/{number}/{level}/{pattern}/{self.constraints}")
        for _ in range(DRAWS):
            drawn = draw(random, self._pool, LEVELS.index(level) + 1, split)
            shots = [again(random, drawn, split) for _ in range(SHOTS)] if pattern == "example" else []
            if all(shots):
                break
        else:
            raise SpecError(f"chat/rules: no three examples for task {number} of {split!r}, level {level}, in {DRAWS} draws")
        constraints = worded(drawn.rules, split, random)
        shown = [(render(worded(shot.rules, split, random), shot.question, "prose", random), shot.gold) for shot in shots if shot]
        text = render(constraints, drawn.question, pattern, random, shown)
        rules = drawn.rules
        tags = dict(
            topic=drawn.topic,
            level=level,
            pattern=pattern,
            category=list(dict.fromkeys(rule.category for rule in rules)),
            subtype=[f"{rule.category}/{rule.subtype}" for rule in rules],
        )
        said = Said(text, constraints=constraints, gold=drawn.gold, tags=tags)
        return Dialogue((said,), tags).task(f"rules/{split}/{number}/{level}-{pattern}", self.spec, split, number)

    def ground(self, instruction: str, seed: int = 0) -> Task:
        """A user's own words: the requirements that `kit.constraints.parse` finds in them."""
        own = instruction.rpartition("Question: ")[2]  # not what is asked for in examples that stand before
        constraints = tuple(parsed.constraint for parsed in parse(own))
        known = sorted({rule.wordings[0] for rule in TYPES.values()})
        if not constraints:
            raise NotGrounded(instruction, "no requirement in it that code can check", known)
        if left := unread(own):
            raise NotGrounded(instruction, f"not understood: {'; '.join(piece.text for piece in left)}", known)
        rules = [TYPES.rule(constraint) for constraint in constraints]
        if why := conflict(rules):
            raise NotGrounded(instruction, f"its requirements contradict each other: {why}", known)
        random = Random(f"rules/user/{seed}/{instruction}")
        try:
            gold = write(rules, random.choice(topics()), random)
        except Unwritable:
            gold = ""  # hard to write is not wrong to ask
        said = Said(instruction, constraints=constraints, gold=gold, tags={"pattern": "user"})
        return Dialogue((said,), said.tags).task("rules/user", self.spec, "user", seed)


def pool(names: str = "") -> dict[str, list[type[Rule]]]:
    """The types of each category that English texts can meet; `names` are types, families, categories or sub-types, or "all"."""
    wanted = set(filter(None, names.split(",")))
    english = [rule for rule in TYPES.values() if "en" in rule.languages and rule.category in CATEGORIES]
    if names == "all":
        wanted = set()
    elif not names:
        wanted = SUBTYPES & {rule.subtype for rule in english}
        english = [rule for rule in english if not rule.same_as.startswith("ifbench")]
    axes = {rule: {rule.kind, rule.family, rule.category, rule.subtype} for rule in english}
    if unknown := wanted - set().union(*axes.values()):
        raise SpecError(f"chat/rules: no type, family, category or sub-type is called {', '.join(sorted(unknown))}")
    kept = [rule for rule in english if not wanted or axes[rule] & wanted]
    grouped = {category: [rule for rule in kept if rule.category == category] for category in CATEGORIES}
    return {category: rules for category, rules in grouped.items() if rules}


def draw(random: Random, types: dict[str, list[type[Rule]]], level: int, split: str) -> Drawn:
    """A request with requirements of `level` categories, in an order of their own, that can be met together."""
    topic = random.choice(topics(split))
    for _ in range(DRAWS):
        rules: list[Rule] = []
        for category in random.sample(sorted(types), level):
            for _ in range(1 if category == "language" else random.choice((1, 2))):
                subtypes = sorted({rule.subtype for rule in types[category]})
                subtype = random.choice(subtypes)
                rules.append(random.choice([rule for rule in types[category] if rule.subtype == subtype]).sample(random))
        if gold := proof(rules, topic, random):
            return Drawn(topic, question(topic, random), tuple(rules), gold)
    raise SpecError(f"no requirements of {level} categories out of {sorted(types)} could be met together in {DRAWS} draws")


def again(random: Random, drawn: Drawn, split: str) -> Drawn | None:
    """Another request of the same types, with its answer: what an example shows. None when it is hard to find."""
    others = [topic for topic in topics(split) if topic != drawn.topic]
    for _ in range(FEW_DRAWS):
        topic, rules = random.choice(others), [type(rule).sample(random) for rule in drawn.rules]
        if gold := proof(rules, topic, random):
            return Drawn(topic, question(topic, random), tuple(rules), gold)
    return None


def proof(rules: Sequence[Rule], topic: str, random: Random) -> str:
    """A text that meets all the requirements; "" if they repeat or contradict, none is found, or an empty answer would do."""
    forms = {rule.subtype for rule in rules if rule.category == "format"}
    if (forms & WHOLE and len(forms) > 1) or len({rule.kind for rule in rules}) < len(rules):
        return ""
    if conflict(rules) or all(rule.check("").passed for rule in rules):
        return ""
    try:
        return write(rules, topic, random)
    except Unwritable:
        return ""


def worded(rules: Sequence[Rule], split: str, random: Random) -> tuple[Constraint, ...]:
    """The requirements in words of the split: the last wording of a type that has several is kept for test."""
    constraints: list[Constraint] = []
    for rule in rules:
        last = len(rule.wordings) - 1
        constraints.append(rule.constraint(last if split == "test" else random.randrange(max(1, last))))
    return tuple(constraints)
