"""Dialogues of a service desk, turn by turn, and as text-to-text samples for a trained policy.

    context: customer: hello , my parcel should have come days ago . | agent: what details do you have ? | ...
    workflows: late-parcel lost-parcel ...                              (setting "names")
    plan: pull-account trace-parcel ask-carrier issue-voucher           (setting "plan")
 -> workflow: late-parcel | next: action | name: pull-account | values: ann-adler

The serialisation is that of the paper (arXiv 2306.01729); the words and the procedures are our own.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from dutiful.worlds.tools.service.procedures import ACTIONS, ASKING, CLOSING, GIVING, OPENINGS, WORKFLOWS, value

SETTINGS = ("base", "names", "plan", "shuffled")
"""What stands beside the context: nothing, the names of all workflows, the true workflow's actions, those out of order."""


class Turn(NamedTuple):
    """`role` is "customer", "agent" or "action"; an action's text is its name, and it has values."""

    role: str
    text: str
    values: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        shown = f"{self.text} [ {' , '.join(self.values)} ]" if self.role == "action" else self.text
        return f"{self.role}: {shown}"


class Dialogue(NamedTuple):
    """A customer's whole visit: what it is about, and its turns."""

    workflow: str
    turns: tuple[Turn, ...]


class Sample(NamedTuple):
    """One turn to be predicted: what is read, what is to be written. `turn` is its place in the dialogue."""

    source: str
    target: str
    dialogue: int
    turn: int


def dialogue(workflow: str, random: Random) -> Dialogue:
    """A dialogue of a workflow: the agent asks, the customer gives the details of the next action, the action is taken."""
    about, actions = WORKFLOWS[workflow]
    turns = [Turn("customer", random.choice(OPENINGS).format(about.lower()))]
    for action in actions:
        values = tuple(value(detail, random) for detail in ACTIONS[action])
        given = " and ".join(GIVING[detail].format(each) for detail, each in zip(ACTIONS[action], values, strict=True))
        turns += [Turn("agent", random.choice(ASKING)), Turn("customer", f"{given} ."), Turn("action", action, values)]
    return Dialogue(workflow, (*turns, Turn("agent", CLOSING)))


def plan_of(workflow: str, setting: str, random: Random) -> tuple[str, ...]:
    """The actions of a workflow; out of order in the setting "shuffled"."""
    actions = list(WORKFLOWS[workflow][1])
    while setting == "shuffled" and tuple(actions) == WORKFLOWS[workflow][1]:
        random.shuffle(actions)
    return tuple(actions)


def serialise(turns: Sequence[Turn], setting: str, plan: Sequence[str]) -> str:
    """What a policy reads before a turn: all turns so far, and what the setting adds."""
    parts = [f"context: {' | '.join(turn.line for turn in turns)}"]
    if setting == "names":
        parts.append(f"workflows: {' '.join(map(_word, WORKFLOWS))}")
    if setting in ("plan", "shuffled"):
        parts.append(f"plan: {' '.join(plan)}")
    return " ".join(parts)


def target(turn: Turn, workflow: str) -> str:
    """What a policy is to write for a turn."""
    if turn.role == "action":
        return f"workflow: {_word(workflow)} | next: action | name: {turn.text} | values: {' , '.join(turn.values)}"
    return f"workflow: {_word(workflow)} | next: {'end' if turn.text == CLOSING else 'utterance'}"


def _word(workflow: str) -> str:
    return workflow.replace(" ", "-")


def samples(dialogues: Sequence[Dialogue], setting: str, seed: int = 0) -> list[Sample]:
    """Every turn of the agent in every dialogue. The order of turns that do not concern it is not predicted."""
    if setting not in SETTINGS:
        raise ValueError(f"setting is {setting!r}, expected one of {', '.join(SETTINGS)}")
    made: list[Sample] = []
    for number, each in enumerate(dialogues):
        plan = plan_of(each.workflow, setting, Random(f"{seed} {number}"))
        made += [
            Sample(serialise(each.turns[:place], setting, plan), target(turn, each.workflow), number, place)
            for place, turn in enumerate(each.turns)
            if turn.role != "customer"
        ]
    return made
