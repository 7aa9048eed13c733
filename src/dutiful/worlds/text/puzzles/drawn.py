"""text/drawn: planning domains drawn at random, with natural names; solvable by construction."""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Mapping, Sequence
from random import Random
from typing import NamedTuple

import msgspec

from dutiful.core.errors import SpecError
from dutiful.core.parts import Card
from dutiful.core.records import Json
from dutiful.kit.strips import Atom, Domain, Goal, GroundTask, Literals, Phrases, Problem, Schema, ground, search
from dutiful.worlds.text.puzzles.laid import Laid, listed
from dutiful.worlds.text.puzzles.world import Puzzle

ATTRIBUTES = (
    (("dry", "dry"), ("wet", "soak")),
    (("cold", "cool"), ("hot", "heat")),
    (("rough", "scratch"), ("smooth", "sand")),
    (("bare", "strip"), ("waxed", "wax")),
    (("flat", "press"), ("bent", "bend")),
    (("blunt", "dull"), ("sharp", "grind")),
    (("blank", "erase"), ("stamped", "stamp")),
    (("dusty", "dust"), ("clean", "wash")),
    (("loose", "untie"), ("tied", "tie")),
    (("open", "unwrap"), ("wrapped", "wrap")),
    (("empty", "drain"), ("full", "fill")),
    (("pale", "bleach"), ("dark", "dye")),
)
"""Two states of a thing each, with the verb that brings them about."""
STATIONS = ("basin", "bench", "kiln", "yard", "mill", "rack", "lathe", "counter", "forge", "loft", "shed", "cellar")
THINGS = ("vase", "bowl", "mask", "bell", "box", "lamp", "drum", "ring", "plate", "kite", "tray", "clock", "stool", "jug")
LEVELS = (1, 5)


def domain_of(puzzle: Json) -> Domain:
    """The domain that a puzzle has drawn: an attribute is a predicate p0, p1, ... of things, true in its second state."""
    predicates: dict[str, tuple[str, ...]] = {"here": ("station",)}
    predicates |= {f"p{a}": ("thing",) for a in puzzle["attributes"]}
    schemas: list[Schema] = []
    for rule in puzzle["rules"]:
        (attribute, value), at = rule["makes"], rule["at"]
        wants = [(attribute, 1 - value), *rule["needs"]]
        made = [(attribute, value), *rule["also"]]
        schemas.append(
            Schema(
                f"m{attribute}-{value}",
                (("?t", "thing"),),
                Literals(_atoms(wants, 1) + ((("here", f"s{at}"),) if at >= 0 else ()), _atoms(wants, 0)),
                _atoms(made, 1),
                _atoms(made, 0),
            )
        )
    walk = Literals((("here", "?a"),), differ=(("?a", "?b"),))
    schemas.append(Schema("go", (("?a", "station"), ("?b", "station")), walk, (("here", "?b"),), (("here", "?a"),)))
    constants = {f"s{n}": "station" for n in range(puzzle["stations"])}
    return Domain("drawn", {"thing": "object", "station": "object"}, predicates, tuple(schemas), constants)


def _atoms(pairs: Sequence[Sequence[int]], value: int) -> tuple[Atom, ...]:
    return tuple((f"p{a}", "?t") for a, its in pairs if its == value)


def _phrases(puzzle: Json) -> Phrases:
    words = {a: ATTRIBUTES[a] for a in puzzle["attributes"]}
    actions = {f"m{a}-{v}": f"{words[a][v][1]} {{0}}" for rule in puzzle["rules"] for a, v in [rule["makes"]]}
    facts, denials = ({f"p{a}": f"the {{0}} is {words[a][v][0]}" for a in words} for v in (1, 0))
    return Phrases(
        actions | {"go": "go to {1}"},
        facts | {"here": "you are at the {0}"},
        denials | {"here": "you are not at the {0}"},
    )


@functools.lru_cache(maxsize=256)
def grounded(rules: bytes) -> tuple[GroundTask, Phrases]:
    """The ground task and the phrases of a workshop, given as the JSON of its attributes, rules, stations and number of things.

    A task is made and laid out with the same workshop, so that the last ones are kept.
    """
    puzzle: Json = msgspec.json.decode(rules)
    domain = domain_of(puzzle)
    objects = dict(domain.constants) | {f"t{n}": "thing" for n in range(puzzle["things"])}
    return ground(domain, Problem("drawn", objects, frozenset(), Literals())), _phrases(puzzle)


class LaidDrawn(Laid):
    """One thing after the other is brought to its goal; each on a shortest way from where the one before left off."""

    def __init__(self, puzzle: Json, names: Sequence[str]):
        stations, things = puzzle["stations"], len(puzzle["values"])
        self.puzzle = puzzle
        kept = {key: puzzle[key] for key in ("attributes", "rules", "stations")} | {"things": things}
        task, phrases = grounded(msgspec.json.encode(kept))
        inside = [f"s{n}" for n in range(stations)] + [f"t{n}" for n in range(things)]
        self.names = dict(zip(inside, names or inside, strict=True))
        start = [("here", f"s{puzzle['here']}")]
        start += [
            (f"p{a}", f"t{n}")
            for n, row in enumerate(puzzle["values"])
            for a, v in zip(puzzle["attributes"], row, strict=True)
            if v
        ]
        wanted = [((f"p{a}", f"t{n}"), bool(v)) for n, row in enumerate(puzzle["goal"]) for a, v in row]
        super().__init__(task, phrases, self.names, task.mask(start), wanted)
        self.goals = [_goal(task, n, row) for n, row in enumerate(puzzle["goal"])]
        self.allowed = [_about(task, n) for n in range(things)]
        bits = {atom: 1 << bit for atom, bit in task.index.items()}
        self._here = [(bits["here", f"s{n}"], self.names[f"s{n}"]) for n in range(stations)]
        self._things = [
            (
                self.names[f"t{n}"].capitalize(),
                [(bits[f"p{a}", f"t{n}"], ATTRIBUTES[a][1][0], ATTRIBUTES[a][0][0]) for a in puzzle["attributes"]],
            )
            for n in range(things)
        ]

    def describe(self, state: int) -> str:
        here = next(name for bit, name in self._here if state & bit)
        things = [f"{name}: {', '.join([yes if state & bit else no for bit, yes, no in row])}." for name, row in self._things]
        return f"You are at the {here}. {' '.join(things)}"

    def solve(self, state: int) -> list[int]:
        plan: list[int] = []
        for goal, allowed in zip(self.goals, self.allowed, strict=True):
            part = search(self.task, state, [goal], actions=allowed)
            if part is None:
                raise AssertionError("from every state that can be reached the goal can be, by construction")
            for number in part:
                state = self.task.apply(state, number)
            plan += part
        return plan


def _goal(task: GroundTask, thing: int, row: Sequence[Sequence[int]]) -> Goal:
    return Goal(*(task.mask((f"p{a}", f"t{thing}") for a, v in row if v == value) for value in (1, 0)))


def _about(task: GroundTask, thing: int) -> list[int]:
    """The actions on one thing, and walking."""
    return [n for n, action in enumerate(task.actions) if action.name == "go" or action.args == (f"t{thing}",)]


class Reach(NamedTuple):
    """All states that some actions lead to: their distances, in order of them, and for each state those one action before it."""

    depths: dict[int, int]
    before: dict[int, list[int]]

    @classmethod
    def of(cls, task: GroundTask, start: int, allowed: Sequence[int]) -> Reach:
        rows = [task.actions[number][2:] for number in allowed]
        depths, before, queue = {start: 0}, {start: list[int]()}, deque([start])
        while queue:
            state = queue.popleft()
            for pre, neg, add, delete in rows:
                if state & pre == pre and not state & neg:
                    after = state & ~delete | add
                    if after not in depths:
                        depths[after], before[after] = depths[state] + 1, []
                        queue.append(after)
                    before[after].append(state)
        return cls(depths, before)

    def first(self, goal: Goal) -> int:
        """The nearest state of a goal."""
        return next(state for state in self.depths if goal.met(state))

    def always(self, goal: Goal) -> bool:
        """Whether the goal can be reached from everywhere: no state is a dead end."""
        found = {state for state in self.depths if goal.met(state)}
        queue = deque(found)
        while queue:
            fresh = [state for state in self.before[queue.popleft()] if state not in found]
            found.update(fresh)
            queue.extend(fresh)
        return len(found) == len(self.depths)


class Drawn(Puzzle):
    """A workshop whose rules are drawn anew for every task: what each verb needs, where, and what else it does.

    `level` (1 to 5) is how entangled the rules are: 3 + level attributes with two states each, up to level conditions on a verb,
    a side effect on one in eight verbs a level. `size` (1 to 3) is the number of things. The agent is told the rules. Domains
    with dead ends are not taken. With one thing the oracle's plans are shortest; with more, each thing's part is.
    """

    card = Card(
        kind="world",
        name="text/drawn",
        summary="planning domains drawn at random, in words: a workshop with rules of its own for every task",
        capabilities=frozenset({"expert", "snapshot", "choices"}),
        source="our own",
    )
    SIZES = (1, 3)
    SEEN = (
        "Work on the things until {ends}.",
        "Make {things}.",
        "At the end, {ends}.",
        "I need {things}, please.",
    )
    UNSEEN = (
        "Could you see to it that {ends}?",
        "What is wanted: {things}.",
    )

    def __init__(self, size: int = 1, level: int = 2, least: int = 5, most: int = 40, slack: float = 2.0, clue: int = 0):
        super().__init__(size, least, most, slack, clue)
        if not LEVELS[0] <= level <= LEVELS[1]:
            raise SpecError(f"text/drawn: level={level}, expected {LEVELS[0]} to {LEVELS[1]}")
        self.level = level

    @property
    def rules(self) -> str:  # type: ignore[override]
        """The rules of the workshop that is laid out."""
        if not isinstance(self._laid, LaidDrawn):
            return "You work on things in a workshop. What can be done where is told with every task."
        names, lines = self._laid.names, ["You work on things in a workshop, and carry them with you wherever you go."]
        for rule in self._laid.puzzle["rules"]:
            (attribute, value), at = rule["makes"], rule["at"]
            needs = [ATTRIBUTES[attribute][1 - value][0], *[ATTRIBUTES[a][v][0] for a, v in rule["needs"]]]
            also = "".join(f" and {ATTRIBUTES[a][v][0]}" for a, v in rule["also"])
            where = f", at the {names[f's{at}']}" if at >= 0 else ""
            state, verb = ATTRIBUTES[attribute][value]
            lines.append(f"To {verb} a thing makes it {state}{also}; it must be {listed(needs)}{where}.")
        return " ".join(lines)

    def draw(self, random: Random) -> Json:
        attributes = sorted(random.sample(range(len(ATTRIBUTES)), 3 + self.level))
        stations = 2 + self.level // 2
        rules = [self._rule(a, v, attributes, stations, random) for a in attributes for v in (0, 1)]
        values = [[random.randrange(2) for _ in attributes] for _ in range(self.size)]
        puzzle: Json = {"attributes": attributes, "stations": stations, "rules": rules, "here": random.randrange(stations)}
        puzzle |= {"values": values, "goal": [[] for _ in values]}
        laid = LaidDrawn(puzzle, ())
        state = laid.start
        for n in range(self.size):
            row, state = self._aim(laid, n, state, random)
            puzzle["goal"][n] = row
            if not row:
                puzzle["goal"] = []
                break
        return puzzle

    def _rule(self, a: int, v: int, attributes: Sequence[int], stations: int, random: Random) -> Json:
        others = [b for b in attributes if b != a]
        needs = [[b, random.randrange(2)] for b in random.sample(others, random.randint(0, min(self.level, len(others))))]
        also: list[list[int]] = []
        if random.random() < self.level / 8:
            also = [[random.choice(others), random.randrange(2)]]
        return {"makes": [a, v], "at": random.randrange(-1, stations), "needs": sorted(needs), "also": also}

    def _aim(self, laid: LaidDrawn, thing: int, start: int, random: Random) -> tuple[list[list[int]], int]:
        """A goal for one thing, as far away as its share of the length or as can be, and the state that it is reached in.

        Conditions that follow from the others, as far as a shortest way goes, are left out. No goal where a state is a dead end.
        """
        task = laid.task
        reach = Reach.of(task, start, laid.allowed[thing])
        far = min(max(reach.depths.values()), -(-random.randint(self.least, self.most) // self.size))
        chosen = random.choice([state for state, depth in reach.depths.items() if depth == far])
        row = [[a, int(task.holds(chosen, f"p{a}", f"t{thing}"))] for a in laid.puzzle["attributes"]]
        random.shuffle(row)
        for condition in list(row):
            fewer = [each for each in row if each != condition]
            if fewer and reach.depths[reach.first(_goal(task, thing, fewer))] == far:
                row = fewer
        goal = _goal(task, thing, row)
        if far == 0 or not reach.always(goal):
            return [], start
        return sorted(row), reach.first(goal)

    def horizon(self, puzzle: Json) -> int:
        return super().horizon(puzzle) if puzzle["goal"] else 0

    def names(self, puzzle: Json, random: Random) -> list[str]:
        return [*random.sample(STATIONS, puzzle["stations"]), *random.sample(THINGS, self.size)]

    def lay(self, puzzle: Json, names: Sequence[str]) -> LaidDrawn:
        return LaidDrawn(puzzle, names)

    def wish(self, puzzle: Json, names: Sequence[str]) -> Mapping[str, str]:
        things = names[puzzle["stations"] :]
        made = [(thing, listed([ATTRIBUTES[a][v][0] for a, v in row])) for thing, row in zip(things, puzzle["goal"], strict=True)]
        return {
            "ends": listed([f"the {thing} is {state}" for thing, state in made]),
            "things": listed([f"the {thing} {state}" for thing, state in made]),
        }
