"""A shelf list and a calculator: questions of one look and of two looks and a sum."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Sequence
from random import Random
from typing import Any, NamedTuple

from dutiful.core.errors import SpecError, UnknownPart, WorldFailure
from dutiful.core.parts import Card
from dutiful.core.records import Action, Criterion, Instruction, Observation, Task, Verdict
from dutiful.core.world import Tool, World
from dutiful.kit import calls
from dutiful.kit.calls import Call
from dutiful.kit.tasks import Lazy

SPLITS = ("train", "validation", "test")
COUNT = 10_000
KINDS = ("one", "sum")
COLOURS = ("red", "blue", "green", "white", "black", "brass", "wooden", "glass", "paper", "silver")
THINGS = ("lamp", "chair", "kettle", "clock", "basket", "mirror", "teapot", "stool", "vase", "ladder", "drum", "tray")
FIELDS = ("price", "weight", "stock")
_ASK = {
    "train": ("What is the {0} of the {1}?", "What are the {0} of the {1} and the {0} of the {2} together?"),
    "validation": ("Find the {0} of the {1}.", "Add the {0} of the {1} to the {0} of the {2}."),
    "test": ("Tell me the {0} of the {1}.", "What is the sum of the {0} of the {1} and the {0} of the {2}?"),
}


def _tool(name: str, says: str, parameter: str) -> Tool:
    schema = {"type": "object", "properties": {parameter: {"type": "string"}}, "required": [parameter]}
    return Tool(name, says, schema)


TOOLS = (
    _tool("lookup", "Shows the entry of a thing: its price, weight and stock.", "name"),
    _tool("calculator", "Works an expression out, such as 3 + 4.", "expression"),
    _tool("finish", "Gives the answer, a number, and ends the task.", "answer"),
)


class Saved(NamedTuple):
    """What `snapshot` returns."""

    steps: int
    known: tuple[str, ...]
    answer: str | None
    last: Observation


class Lookup(World):
    """Six things on a list, each with a price, a weight and a stock, which only `lookup` shows.

    kinds: "one" (a field of a thing), "sum" (that of two things added), "all" (both in turn) or some with commas. The answer is
    the number; words around it do no harm, another number does. Things of a split are of no other split. The smallest world
    with tools: for models that are small too.
    """

    card = Card(
        kind="world",
        name="tools/lookup",
        summary="a list to look things up in and a calculator: questions of one look, or of two looks and a sum",
        capabilities=frozenset({"tools", "expert", "snapshot"}),
        source="our own",
    )

    def __init__(self, kinds: str = "all", max_steps: int = 10):
        for kind in kinds.split(","):
            if kind not in (*KINDS, "all"):
                raise UnknownPart("kind of task of tools/lookup", kind, (*KINDS, "all"))
        if max_steps < 1:
            raise SpecError(f"tools/lookup: max_steps={max_steps}, expected at least 1")
        self.kinds, self.max_steps = kinds, max_steps
        self._kinds = KINDS if "all" in kinds.split(",") else tuple(kind for kind in KINDS if kind in kinds.split(","))
        self._task: Task | None = None

    rules = "Answer the question with the tools; nothing is known without looking it up.\nTools:\n" + calls.describe(TOOLS)

    def tools(self) -> Sequence[Tool]:
        return TOOLS

    def tasks(self, split: str = "test") -> Sequence[Task]:
        """10,000 tasks, made when asked for; the kinds take turns. Splits: train, validation, test."""
        if split not in SPLITS:
            raise UnknownPart("split of tools/lookup", split, SPLITS)
        return Lazy(lambda number: self._make(split, number), COUNT)

    def _make(self, split: str, number: int) -> Task:
        kind = self._kinds[number % len(self._kinds)]
        random = Random(f"tools/lookup {split} {number} {kind}")
        names = [f"{a} {b}" for i, a in enumerate(COLOURS) for j, b in enumerate(THINGS) if SPLITS[(i + j) % 3] == split]
        entries = {name: {field: random.randint(2, 99) for field in FIELDS} for name in random.sample(names, 6)}
        field, asked = random.choice(FIELDS), random.sample(sorted(entries), 1 + (kind == "sum"))
        text = _ASK[split][kind == "sum"].format(field, *asked)
        setup = {"entries": entries, "field": field, "asked": asked}
        return Task(f"lookup-{split}-{kind}-{number}", self.spec, split, number, Instruction(text), setup)

    def reset(self, task: Task) -> Observation:
        try:
            self._entries = {str(name): dict(entry) for name, entry in task.setup["entries"].items()}
            self._gold = sum(self._entries[name][task.setup["field"]] for name in task.setup["asked"])
        except (KeyError, TypeError, AttributeError) as error:
            raise WorldFailure(f"tools/lookup cannot lay out the task {task.id!r}: its setup lacks or garbles {error}") from error
        self._task, self._steps, self._answer = task, 0, None
        self._known: tuple[str, ...] = ()
        return self._see(f"The list has {', '.join(self._entries)}.")

    def step(self, action: Action) -> Observation:
        if self._task is None or self._last.done:
            raise WorldFailure("tools/lookup: no task is laid out, or the episode is over; call reset(task)")
        self._steps += 1
        try:
            call = calls.of(action, TOOLS)
            said = self._carry_out(call)
        except ValueError as why:
            return self._see(f"Error: {why}", refused=str(why))
        return self._see(said)

    def _carry_out(self, call: Call) -> str:
        (word,) = call.arguments.values()
        if call.tool == "finish":
            self._answer = word
            return "The answer is given."
        if call.tool == "calculator":
            return f"{word.strip()} = {work_out(word)}"
        name = " ".join(word.lower().removeprefix("the ").split())
        if name not in self._entries:
            raise ValueError(f"the list has no {word!r}, but {', '.join(self._entries)}")
        self._known += (name,)
        return f"{name}: " + ", ".join(f"{field} {value}" for field, value in self._entries[name].items())

    def _see(self, text: str, **info: Any) -> Observation:
        done = self._answer is not None or self._steps >= self.max_steps
        self._last = Observation(text, (), done, float(done and self.verdict().passed), info=info)
        return self._last

    def verdict(self) -> Verdict:
        numbers = re.findall(r"-?\d+(?:\.\d+)?", self._answer or "")
        right = len(numbers) == 1 and float(numbers[0]) == self._gold
        said = "no answer was given" if self._answer is None else f"the answer was {self._answer!r}"
        return Verdict.of(Criterion("answer", right, float(right), f"{said}, the list says {self._gold}"))

    def expert(self) -> Action:
        if self._task is None or self._last.done:
            raise WorldFailure("tools/lookup: the episode is over, the expert has nothing to do")
        asked, field = self._task.setup["asked"], self._task.setup["field"]
        values = " + ".join(str(self._entries[name][field]) for name in asked)
        for name in asked:
            if name not in self._known:
                return calls.action(Call("lookup", {"name": name}))
        if len(asked) > 1 and not self._last.text.startswith(f"{values} ="):
            return calls.action(Call("calculator", {"expression": values}))
        return calls.action(Call("finish", {"answer": str(self._gold)}))

    def snapshot(self) -> Saved:
        return Saved(self._steps, self._known, self._answer, self._last)

    def restore(self, state: Saved) -> Observation:
        self._steps, self._known, self._answer, self._last = state
        return state.last


_OPERATORS: dict[type, Any] = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def work_out(expression: str) -> float | int:
    """The value of a sum, difference, product or quotient of numbers, with brackets; raises ValueError."""

    def value(node: ast.expr) -> float | int:
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            return _OPERATORS[type(node.op)](value(node.left), value(node.right))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -value(node.operand)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            return node.value  # type: ignore[return-value]
        raise ValueError("only numbers, + - * / and brackets can be worked out")

    try:
        found = value(ast.parse(expression.strip(), mode="eval").body)
    except (SyntaxError, ZeroDivisionError, RecursionError, OverflowError, MemoryError) as error:
        raise ValueError(f"{expression!r} cannot be worked out") from error
    return int(found) if float(found).is_integer() else round(found, 4)
