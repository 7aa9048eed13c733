"""Functions to write from an instruction, with hidden tests."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from dutiful.core.errors import UnknownPart
from dutiful.core.parts import Card
from dutiful.core.records import Instruction, Json, Task, Verdict
from dutiful.kit.tasks import Lazy
from dutiful.worlds.code.families import FAMILIES, Family
from dutiful.worlds.code.probes import Probe, check
from dutiful.worlds.code.tree import Tree, tree
from dutiful.worlds.code.workspace import Laid, Workspace

SPLITS = ("train", "validation", "test")
COUNT = 10_000
HIDDEN, EXAMPLES, RIVALS = 12, 3, 8


class Functions(Workspace):
    """Write one function into solution.py; hidden calls of it decide.

    `kinds`: the families of functions, "all" or some by the names of their functions, comma-separated. Parameters of a family
    belong to one split, and test instructions are worded in seen and unseen ways (half each). Three examples lie in the
    workspace; the hidden calls tell the task from its neighbours with other parameters (`cases`).
    """

    card = Card(
        kind="world",
        name="code/functions",
        summary="write a function from an instruction, with tools in a workspace; hidden tests decide",
        capabilities=frozenset({"expert", "snapshot", "tools"}),
        needs=("code",),
    )

    def __init__(self, kinds: str = "all", max_steps: int = 20, seconds: float = 5.0):
        super().__init__(max_steps, seconds)
        self.kinds = kinds
        for kind in kinds.split(","):
            if kind not in (*FAMILIES, "all"):
                raise UnknownPart("family of code/functions", kind, (*FAMILIES, "all"))
        self._names = list(FAMILIES) if "all" in kinds.split(",") else [name for name in FAMILIES if name in kinds.split(",")]

    def tasks(self, split: str = "test") -> Sequence[Task]:
        """10,000 tasks, made when asked for; the families take turns. Splits: train, validation, test."""
        if split not in SPLITS:
            raise UnknownPart("split of code/functions", split, SPLITS)
        return Lazy(lambda number: self.make(split, number), COUNT)

    def make(self, split: str, number: int) -> Task:
        """Task `number` of a split."""
        name = self._names[number % len(self._names)]
        family, random = FAMILIES[name], Random(f"code/functions {split} {name} {number}")
        while split_of(name, parameters := family.draw(random)) != split:
            pass
        half = len(family.wordings) // 2
        wording = random.randrange(2 * half if split == "test" else half)
        seed = SPLITS.index(split) * 1_000_000 + number
        setup: Json = dict(family=name, parameters=parameters, seed=seed, wording=wording)
        setup["wordings"] = "unseen" if wording >= half else "seen"
        text = family.instruction(parameters, wording)
        return Task(f"functions-{split}-{name}-{number}", self.spec, split, seed, Instruction(text), setup)

    def lay(self, setup: Json) -> Laid:
        family, shown = FAMILIES[setup["family"]], examples(setup)
        said = "\n".join(f"{call(family.name, arguments)} gives {value!r}" for arguments, value in shown)
        files = tree({"solution.py": family.stub(setup["parameters"]), "examples.txt": said + "\n"})
        brief = "The function is to stand in solution.py; examples.txt shows some of its calls. Submit when it is done."
        return Laid(files, frozenset(["examples.txt"]), brief, setup)

    def evaluate(self, files: Tree) -> Verdict:
        setup = self.laid.rest
        name = setup["family"]
        head = f"from solution import {name}\n"
        probes = [
            Probe(f"call {number}", f"{head}show({call(name, arguments)})", (value,))
            for number, (arguments, value) in enumerate(cases(json.dumps(setup, sort_keys=True))[EXAMPLES:], 1)
        ]
        return Verdict.of(*check(files, probes))

    def target(self) -> Mapping[str, str]:
        setup = self.laid.rest
        return {"solution.py": FAMILIES[setup["family"]].solution(setup["parameters"])}


def call(name: str, arguments: Sequence[Any]) -> str:
    """A call as Python writes it."""
    return f"{name}({', '.join(map(repr, arguments))})"


def split_of(name: str, parameters: Json) -> str:
    """The one split that a function with these parameters belongs to."""
    number = int(hashlib.sha256(f"{name} {json.dumps(parameters, sort_keys=True)}".encode()).hexdigest(), 16) % 10
    return "train" if number < 6 else "validation" if number < 7 else "test"


@functools.lru_cache(512)
def cases(setup: str) -> list[tuple[list[Any], Any]]:
    """Arguments and values of a task: the examples first, then the hidden calls.

    setup: as JSON text. There are as many hidden calls as it takes to tell the function from those of the family with other
    parameters (a few are drawn; 40 calls at most), and no fewer than HIDDEN.
    """
    task = json.loads(setup)
    family, parameters = FAMILIES[task["family"]], task["parameters"]
    random = Random(f"cases {setup}")
    rivals = [other for _ in range(RIVALS) if (other := family.draw(random)) != parameters]
    found = list[tuple[list[Any], Any]]()
    seen, values = set[str](), set[str]()
    for tries in range(400):
        arguments = family.arguments(random, parameters)
        value = family.truth(parameters, *arguments)
        apart = [other for other in rivals if differs(family, other, arguments, value)]
        if repr(arguments) in seen or (tries < 300 and len(found) >= EXAMPLES + HIDDEN and not apart):
            continue
        seen.add(repr(arguments))
        values.add(repr(value))
        found.append((arguments, value))
        if len(found) > EXAMPLES:  # an example, which everyone can see, tells nobody apart
            rivals = [other for other in rivals if other not in apart]
        if len(found) >= EXAMPLES + HIDDEN and not rivals and len(values) > 1:
            break
        if len(found) >= EXAMPLES + 40:
            break
    return found


def differs(family: Family, parameters: Json, arguments: Sequence[Any], value: Any) -> bool:
    """Whether other parameters give another value, or none: what one reader takes may be nothing to another."""
    try:
        return family.truth(parameters, *arguments) != value
    except (ValueError, KeyError, IndexError):
        return True


def examples(setup: Json) -> list[tuple[list[Any], Any]]:
    """The calls that the workspace shows."""
    return cases(json.dumps(setup, sort_keys=True))[:EXAMPLES]
