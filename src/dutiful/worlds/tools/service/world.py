"""The world: a customer who wants something, for which there is a procedure that the agent may or may not be told."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from dutiful.core.errors import UnknownPart, WorldFailure
from dutiful.core.parts import Card
from dutiful.core.records import Action, Criterion, Instruction, Observation, Task, Verdict
from dutiful.core.world import Tool, World
from dutiful.kit import calls
from dutiful.kit.calls import Call
from dutiful.kit.tasks import Lazy
from dutiful.worlds.tools.service.procedures import ACTIONS, ASKING, GIVING, OPENINGS, WORKFLOWS, value

COUNT = 10_000
SPLITS = ("train", "validation", "test")
MOST = 24
"""Turns after which a dialogue ends."""
UNSEEN = tuple(list(WORKFLOWS)[3::5])
"""Every fifth workflow stands in the test split alone."""

TOOLS = tuple(
    Tool(
        name,
        f"{name.replace('-', ' ').capitalize()}; takes the customer's {' and '.join(details)}.",
        {"type": "object", "properties": {each: {"type": "string"} for each in details}, "required": [*details]},
    )
    for name, details in ACTIONS.items()
)
FINISH = Tool("finish", "Ends the conversation once all is done.", {"type": "object", "properties": {}, "required": []})


class Saved(NamedTuple):
    """What `snapshot` returns."""

    task: Task
    made: tuple[Call, ...]
    turns: int
    given: int
    done: bool
    seen: Observation


class Service(World):
    """40 procedures over 25 actions. The customer says what it is about, and gives the details of the next action when spoken to.

    What was said decides nothing: the procedure is followed when its actions were taken in its order with the customer's values,
    no others, and the conversation was ended. The procedure stands in the task's setup (`plan`; all of them in `procedures`) and
    is not shown: the planner `workflows` shows it. `hold`: whether every fifth workflow is kept for the test split, which then
    has no others.
    """

    card = Card(
        kind="world",
        name="tools/service",
        system="028",
        summary="a service desk: customers, 40 procedures over 25 actions, told or not",
        capabilities=frozenset({"tools", "expert", "snapshot", "dialogue"}),
        source="the setting is that of ABCD (arXiv 2306.01729); procedures, actions and words are our own",
    )

    def __init__(self, hold: bool = False):
        self.hold = hold
        self._task: Task | None = None

    @property
    def rules(self) -> str:  # type: ignore[override]
        guide = (
            "You are at a service desk. Follow the procedure that fits the customer, one action a turn; ask for what you need."
        )
        return f"{guide}\n{calls.describe(self.tools())}"

    def tools(self) -> Sequence[Tool]:
        return (*TOOLS, FINISH)

    def tasks(self, split: str = "test") -> Sequence[Task]:
        """10,000 tasks; the workflows take turns. Splits: train, validation, test; they share no values."""
        if split not in SPLITS:
            raise UnknownPart("split of tools/service", split, SPLITS)
        return Lazy(lambda number: self.make(split, number), COUNT)

    def make(self, split: str, number: int) -> Task:
        """Task `number` of a split."""
        names = [name for name in WORKFLOWS if not self.hold or (name in UNSEEN) == (split == "test")]
        name, seed = names[number % len(names)], SPLITS.index(split) * 1_000_000 + number
        about, actions = WORKFLOWS[name]
        random = Random(f"tools/service {split} {number}")
        opening = random.choice(OPENINGS).format(about.lower())
        setup = {
            "workflow": name,
            "plan": [*actions],
            "values": [{detail: value(detail, random) for detail in ACTIONS[action]} for action in actions],
            "procedures": {each: [*steps] for each, (_, steps) in WORKFLOWS.items()},
            "opening": opening,
        }
        return Task(f"service-{split}-{number}", self.spec, split, seed, Instruction(opening), setup)

    @property
    def _gold(self) -> list[Call]:
        if self._task is None:
            raise WorldFailure("tools/service: no task is laid out yet; call reset(task) first")
        setup = self._task.setup
        return [Call(name, values) for name, values in zip(setup["plan"], setup["values"], strict=True)]

    def reset(self, task: Task) -> Observation:
        if not {"plan", "values", "opening"} <= set(task.setup):
            raise WorldFailure(f"tools/service cannot lay out the task {task.id!r}: its setup lacks plan, values or opening")
        self._task, self._made, self._turns, self._given, self._done = task, list[Call](), 0, -1, False
        self._seen = Observation(said=task.setup["opening"])
        return self._seen

    def step(self, action: Action) -> Observation:
        gold = self._gold
        if self._seen.done:
            raise WorldFailure("tools/service: the episode is over; call reset(task) to begin another")
        self._turns += 1
        try:
            call = Call(action.tool, action.arguments) if action.tool else calls.parse(action.text)
        except ValueError:
            return self._see(said=self._answer(gold))
        try:
            calls.check(call, self.tools())
        except ValueError as error:
            return self._see(f"Error: {error}", refused=str(error))
        if call.tool == FINISH.name:
            self._done = True
            return self._see("The conversation is ended.")
        self._made.append(call)
        return self._see("Done.")

    def _answer(self, gold: Sequence[Call]) -> str:
        """What the customer says when spoken to: the details of the first action that was not taken."""
        self._given = len(self._made)
        if self._given >= len(gold):
            return "no , that is all ."
        return f"{' and '.join(GIVING[name].format(each) for name, each in gold[self._given].arguments.items())} ."

    def _see(self, text: str = "", said: str = "", **info: str) -> Observation:
        spent = self._turns >= MOST and not self._done
        self._seen = Observation(text, done=self._done or spent, said=said, info=info | ({"ended": "limit"} if spent else {}))
        return self._seen

    def verdict(self) -> Verdict:
        gold = self._gold
        made = ", ".join(map(calls.text, self._made)) or "nothing"
        criteria = [
            Criterion(f"{place}. {calls.text(call)}", right, float(right), f"made: {made}")
            for place, call in enumerate(gold, 1)
            for right in [self._made[place - 1 : place] == [call]]
        ]
        alone = len(self._made) <= len(gold)
        criteria.append(
            Criterion("no other action", alone, float(alone), f"made {len(self._made)}, the procedure has {len(gold)}")
        )
        ended = "the agent ended it" if self._done else "the agent did not end it"
        return Verdict.of(*criteria, Criterion("ended", self._done, float(self._done), ended))

    def expert(self) -> Action:
        """Asks for the details of the next action, takes it, and ends after the last."""
        gold, place = self._gold, len(self._made)
        if place >= len(gold):
            return calls.action(Call(FINISH.name, {}))
        if self._given < place:
            return Action(ASKING[(self._task.seed if self._task else 0) % len(ASKING)])
        return calls.action(gold[place])

    def snapshot(self) -> Saved:
        assert self._task is not None, "reset lays a task out"
        return Saved(self._task, tuple(self._made), self._turns, self._given, self._done, self._seen)

    def restore(self, state: Saved) -> Observation:
        self._task, made, self._turns, self._given, self._done, self._seen = state
        self._made = list(made)
        return self._seen
