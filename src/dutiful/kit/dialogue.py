"""Dialogues: what the user says turn by turn, and what every answer must meet. One runner for chat and for documents.

A family of tasks (`worlds/chat`, `worlds/rag`) only writes `Dialogue`s; laying them out, scoring and the user's complaints
are here. The dialogue lies in `Task.setup`, so that a judge finds there what was asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import msgspec

from dutiful.core import parts
from dutiful.core.errors import SpecError, WorldFailure
from dutiful.core.model import Model, Sampling
from dutiful.core.prompt import Prompt
from dutiful.core.records import (
    Action,
    Constraint,
    Criterion,
    Episode,
    Instruction,
    Json,
    Observation,
    Record,
    Source,
    Span,
    Task,
    Verdict,
)
from dutiful.core.world import World
from dutiful.kit import constraints
from dutiful.kit.answers import best


class Said(Record, frozen=True):
    """One turn of the user, and what the answer to it must meet: all the constraints, and a reference where there is one.

    context: what the world shows with it (passages, a table), of source WORLD. metric: how the answer is compared with the
    references (a name in `kit.answers.METRICS`), right from `threshold` on; "not_contains" must find none of them.
    gold: an answer that meets all of it. standing: wordings of all rules that hold here, of earlier turns too. tags: slices.
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
        setup: Json = msgspec.json.decode(msgspec.json.encode(self))
        first = msgspec.convert(setup, Dialogue).turns[0]  # as it will be read back: lists, where a parameter is a tuple
        return Task(id, world, split, seed, Instruction(first.text, constraints=first.constraints), setup)


def read(task: Task) -> Dialogue:
    """The dialogue of a task; raises WorldFailure if its setup holds none."""
    try:
        return msgspec.convert(task.setup, Dialogue)
    except msgspec.ValidationError as error:
        raise WorldFailure(f"the setup of task {task.id!r} is no dialogue: {error}") from error


def score(turn: Said, answer: str | None, label: str = "", loose: bool = False) -> tuple[Criterion, ...]:
    """One criterion a requirement of a turn; where there was no answer, none is met.

    `loose` lets pass what passes without first or last line, or without asterisks.
    """
    if answer is None:
        return tuple(Criterion(each.name, False, 0.0, "not answered") for each in score(turn, "", label))
    found: list[Criterion] = []
    for constraint in turn.constraints:
        finding = (constraints.loose if loose else constraints.check)(constraint, answer)
        found.append(Criterion(f"{label}{constraint.kind}", finding.passed, float(finding.passed), finding.evidence))
    if turn.metric == "not_contains":
        shown = [reference for reference in turn.reference if reference.lower() in answer.lower()]
        evidence = (
            f"the answer has {', '.join(shown)}" if shown else f"none of {len(turn.reference)} forbidden texts is in the answer"
        )
        found.append(Criterion(f"{label}not_contains", not shown, float(not shown), evidence))
    elif turn.metric:
        value = best(turn.metric, answer, turn.reference)
        expected = " or ".join(map(repr, turn.reference[:3]))
        evidence = f"{turn.metric} {value:.2f} of {answer[:120]!r} with {expected}"
        found.append(Criterion(f"{label}{turn.metric}", value >= turn.threshold, value, evidence))
    return tuple(found)


def answers(episode: Episode) -> list[tuple[Said, str | None]]:
    """Every turn of an episode's dialogue with the answer that counts: the last one it got, None where it got none."""
    turns = read(episode.task).turns
    last: dict[int, str] = {}
    for step in episode.steps:
        last[step.observation.info.get("turn", 1)] = step.action.text
    return [(turn, last.get(place)) for place, turn in enumerate(turns, 1)]


class Conversation(World):
    """A world of dialogues: the user speaks, the agent's actions are its answers. Families say what `tasks` there are.

    patience: how often the user comes back to an answer that misses something, saying what; the last answer counts.
    user: a model that words what the user then says; what there is to say is the program's. The judge `user` tells how far such
    a user drifts from it.
    """

    def __init__(self, patience: int = 0, user: str = ""):
        if patience < 0:
            raise SpecError(f"patience={patience}, expected 0 or more complaints of the user")
        self.patience, self.user = patience, user
        self._speaker: Model | None = None
        self._turns: Sequence[Said] = ()

    def reset(self, task: Task) -> Observation:
        self._turns = read(task).turns
        if not any(score(turn, "") for turn in self._turns):
            raise WorldFailure(f"nothing can be scored in the dialogue of task {task.id!r}: no turn has a constraint or a metric")
        self._at = self._complaints = 0
        self._scored: tuple[tuple[Criterion, ...], ...] = ()
        self._seen = self._observe()
        return self._seen

    def step(self, action: Action) -> Observation:
        turn = self.turn
        found = score(turn, action.text, self._label(self._at))
        self._scored = (*self._scored[: self._at], found)
        if self._complaints < self.patience and not all(criterion.passed for criterion in found):
            self._complaints += 1
            missed = _missed(turn, found)
            self._seen = Observation(said=self._complain([wording for _, wording in missed]), info=self._info(missed))
        else:
            self._at, self._complaints = self._at + 1, 0
            self._seen = self._observe()
        return self._seen

    def verdict(self) -> Verdict:
        """Every requirement of every turn; what was not answered yet is not met."""
        criteria = [criterion for found in self._scored for criterion in found]
        for place in range(len(self._scored), len(self._turns)):
            criteria += score(self._turns[place], None, self._label(place))
        return Verdict.of(*criteria)

    def expert(self) -> Action:
        return Action(self.turn.gold)

    def snapshot(self) -> Any:
        return self._turns, self._at, self._complaints, self._scored, self._seen

    def restore(self, state: Any) -> Observation:
        self._turns, self._at, self._complaints, self._scored, self._seen = state
        return self._seen

    @property
    def turn(self) -> Said:
        """The turn that waits for an answer; raises WorldFailure where none does."""
        if self._at >= len(self._turns):
            raise WorldFailure(f"the dialogue is over: all its {len(self._turns)} turns are answered")
        return self._turns[self._at]

    def _label(self, place: int) -> str:
        return f"turn {place + 1}: " if len(self._turns) > 1 else ""

    def _observe(self) -> Observation:
        if self._at >= len(self._turns):
            return Observation(done=True, reward=self.verdict().score)
        turn = self.turn
        return Observation(turn.context, said=turn.text, info=self._info())

    def _info(self, missed: Sequence[tuple[str, str]] = ()) -> Json:
        """For the log, and for memories that stand for an oracle in an ablation: place, gold answer, rules that stand.

        `missed`: the kinds of requirements that a complaint is about.
        """
        turn = self.turn
        info: Json = {"turn": self._at + 1, "gold": turn.gold, "standing": list(turn.standing)}
        return info | {"missed": [kind for kind, _ in missed]} if missed else info

    def _complain(self, missed: Sequence[str]) -> str:
        """What the user says to an answer that misses something: all of it, in plain words or in those of the model `user`."""
        listed = " ".join(f"({number}) {wording}" for number, wording in enumerate(missed, 1))
        plain = f"That does not do all I asked for. Not met: {listed} Please answer again."
        if not self.user:
            return plain
        if self._speaker is None:
            self._speaker = cast("Model", parts.model(self.user))
        prompt = Prompt((_USER, Span(Source.USER, f"Not met: {listed}")))
        return self._speaker.generate(prompt, Sampling(max_tokens=80)).text.strip() or plain  # a user never says nothing

    def close(self) -> None:
        if self._speaker:
            self._speaker.close()
            self._speaker = None


_USER = Span(
    Source.SYSTEM,
    "You asked an assistant for something, and its answer does not meet all you asked for. You are told what is not met. Tell "
    "the assistant so in one or two sentences of your own, name every point with its numbers and words, and ask again.",
)


def _missed(turn: Said, found: Sequence[Criterion]) -> list[tuple[str, str]]:
    """(kind, wording) of what an answer misses. `found` is in the order of the turn's constraints, metric last."""
    asked = [(constraint.kind, constraint.wording or constraint.kind) for constraint in turn.constraints]
    wrong = "It must not say that." if turn.metric == "not_contains" else "It must be right."
    return [each for each, met in zip((*asked, (turn.metric, wrong)), found, strict=False) if not met.passed]
