"""Dialogues: what the user says turn by turn, and what every answer must meet. One runner for chat and for documents.

A family of tasks (`worlds/chat`, `worlds/rag`) only writes `Dialogue`s; laying them out, scoring and the user's complaints
are here. The dialogue lies in `Task.setup`, so that a judge finds there what was asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from dutiful.core.errors import WorldFailure
from dutiful.core.records import Action, Constraint, Criterion, Instruction, Json, Observation, Record, Task, Verdict
from dutiful.core.world import World
from dutiful.kit import constraints
from dutiful.kit.answers import best


class Said(Record, frozen=True):
    """One turn of the user, and what the answer to it must meet: all the constraints, and a reference where there is one.

    context: what the world shows with it (passages, a table), of source WORLD. metric: how the answer is compared with the
    references (a name in `kit.answers.METRICS`), right from `threshold` on; "not_contains" must find none of them.
    gold: an answer that meets all of it. standing: wordings of the rules of earlier turns that hold here too. tags: slices.
    """

    text: str
    context: str = ""
    constraints: tuple[Constraint, ...] = ()
    reference: tuple[str, ...] = ()
    metric: str = ""
    threshold: float = 1.0
    gold: str = ""
    standing: tuple[str, ...] = ()
    tags: Json = {}


class Dialogue(Record, frozen=True):
    """The user's turns. `tags` are the slices that the whole dialogue belongs to."""

    turns: tuple[Said, ...]
    tags: Json = {}

    def task(self, id: str, world: str, split: str, seed: int) -> Task:
        """The task that lays this dialogue out; its instruction is the first turn."""
        first = self.turns[0]
        setup: Json = msgspec.json.decode(msgspec.json.encode(self))
        return Task(id, world, split, seed, Instruction(first.text, constraints=first.constraints), setup)


def read(task: Task) -> Dialogue:
    """The dialogue of a task; raises WorldFailure if its setup holds none."""
    try:
        return msgspec.convert(task.setup, Dialogue)
    except msgspec.ValidationError as error:
        raise WorldFailure(f"the setup of task {task.id!r} is no dialogue: {error}") from error


def score(turn: Said, answer: str, label: str = "", loose: bool = False) -> tuple[Criterion, ...]:
    """One criterion a requirement of a turn. `loose` lets pass what passes without first or last line, or without asterisks."""
    found: list[Criterion] = []
    for constraint in turn.constraints:
        finding = (constraints.loose if loose else constraints.check)(constraint, answer)
        found.append(Criterion(f"{label}{constraint.kind}", finding.passed, float(finding.passed), finding.evidence))
    if turn.metric == "not_contains":
        shown = [reference for reference in turn.reference if reference.lower() in answer.lower()]
        evidence = f"the answer has {', '.join(shown)}" if shown else f"none of {len(turn.reference)} forbidden texts is in the answer"
        found.append(Criterion(f"{label}not_contains", not shown, float(not shown), evidence))
    elif turn.metric:
        value = best(turn.metric, answer, turn.reference)
        expected = " or ".join(map(repr, turn.reference[:3]))
        evidence = f"{turn.metric} {value:.2f} of {answer[:120]!r} with {expected}"
        found.append(Criterion(f"{label}{turn.metric}", value >= turn.threshold, value, evidence))
    return tuple(found)


class Conversation(World):
    """A world of dialogues: the user speaks, the agent's actions are its answers. Families say what `tasks` there are.

    patience: how often the user comes back to an answer that misses something, saying what; the last answer counts.
    """

    def __init__(self, patience: int = 0):
        self.patience = patience
        self._turns: Sequence[Said] = ()

    def reset(self, task: Task) -> Observation:
        self._turns = read(task).turns
        self._at = self._complaints = 0
        self._scored: tuple[tuple[Criterion, ...], ...] = ()
        return self._observe()

    def step(self, action: Action) -> Observation:
        if self._at >= len(self._turns):
            raise WorldFailure("the dialogue is over")
        turn = self._turns[self._at]
        label = f"turn {self._at + 1}: " if len(self._turns) > 1 else ""
        found = score(turn, action.text, label)
        missed = [criterion for criterion in found if not criterion.passed]
        self._scored = (*self._scored[: self._at], found)
        if missed and self._complaints < self.patience:
            self._complaints += 1
            wordings = {constraint.kind: constraint.wording for constraint in turn.constraints}
            unmet = [wordings.get(criterion.name.removeprefix(label), "it must be right") for criterion in missed]
            complaint = "That does not do all I asked for. Not met: " + " ".join(f"({i}) {w}" for i, w in enumerate(unmet, 1))
            return Observation(said=f"{complaint} Please answer again.", info=self._info())
        self._at, self._complaints = self._at + 1, 0
        return self._observe()

    def verdict(self) -> Verdict:
        """Every requirement of every turn; what was not answered yet is not met."""
        criteria = [criterion for found in self._scored for criterion in found]
        for place in range(len(self._scored), len(self._turns)):
            label = f"turn {place + 1}: " if len(self._turns) > 1 else ""
            missing = score(self._turns[place], "", label)
            criteria += [Criterion(c.name, False, 0.0, "not answered") for c in missing]
        return Verdict.of(*criteria)

    def expert(self) -> Action:
        return Action(self._turns[self._at].gold)

    def snapshot(self) -> Any:
        return self._turns, self._at, self._complaints, self._scored

    def restore(self, state: Any) -> Observation:
        self._turns, self._at, self._complaints, self._scored = state
        return self._observe()

    @property
    def turn(self) -> Said:
        """The turn that waits for an answer, for scripted models."""
        return self._turns[self._at]

    def _observe(self) -> Observation:
        if self._at >= len(self._turns):
            return Observation(done=True, reward=self.verdict().score)
        turn = self._turns[self._at]
        return Observation(turn.context, said=turn.text, info=self._info())

    def _info(self) -> Json:
        """For the log, and for memories that stand for an oracle in an ablation: the gold answer, and the rules that stand."""
        turn = self._turns[self._at]
        return {"gold": turn.gold, "standing": list(turn.standing)}
