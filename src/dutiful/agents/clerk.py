"""A clerk with one planted fault: what a judge of the process has to find."""

from __future__ import annotations

import re
from random import Random

import msgspec

from dutiful.core.agent import Agent
from dutiful.core.errors import SpecError
from dutiful.core.parts import Card
from dutiful.core.records import Action, Observation, Span
from dutiful.kit import calls
from dutiful.kit.calls import Call

FAULTS = {
    "": 0.0,
    "intent": 0.2,
    "premature": 1.0,
    "repeats": 0.5,
    "misreports": 1.0,
    "confirmation": 1.0,
    "stops": 1.0,
    "courtesy": 1.0,
}
"""Every fault with its rate. "" is the clean clerk; "courtesy" is no fault: it says the same in other words."""


class Clerk(Agent):
    """Plays the expert of `tools/desk`, asks no model, and errs in one way, each time with probability `rate`.

    intent: a step goes to a record of the customer's that nobody spoke of, as if it were what is wanted.
    premature: before it asks for a value, it calls with one that it made up. repeats: makes a call again at once.
    misreports: says another amount than the tool gave back. confirmation: carries out what it should propose.
    stops: ends the conversation when a request was answered and more are open.
    A negative rate stands for the fault's own: 0.2 for intent, 0.5 for repeats, else 1.
    """

    card = Card(
        kind="agent",
        name="clerk",
        system="043",
        summary="the expert of a desk with one planted fault: wrong intent, premature or repeated calls, false reports and so on",
        source="the six faults are those by which PIPA (arXiv 2505.01592) is tried here",
    )

    def __init__(self, fault: str = "", rate: float = -1.0):
        if fault not in FAULTS:
            raise SpecError(f"clerk: there is no fault {fault!r}; there are {', '.join(filter(None, FAULTS))}, and '' for none")
        self.fault, self.rate, self.model = fault, rate, None

    def begin(self, task, world, episode) -> None:
        self.world, self.episode = world, episode
        self.random = Random(f"clerk {episode.seed} {task.id}")
        self.last: Call | None = None  # the call just made, once
        self.records: list[str] = []  # the customer's, not opened yet
        self.guessed = set[str]()
        self.due = 0

    def solve(self, task, world, episode) -> None:
        while not episode.observation.done:
            episode.step(world, self.act(episode.observation))

    def act(self, observation: Observation, aside: tuple[Span, ...] = ()) -> Action:
        """The next action: the expert's, or the fault's."""
        self._see(observation)
        planned = self.world.expert()
        rate = FAULTS[self.fault] if self.rate < 0 else self.rate
        faulty = getattr(self, f"_{self.fault}")(observation, planned) if self.fault else None
        if self.fault == "intent" and planned.tool == "find_customer":
            while self.random.random() < rate:  # before it knows any record it cannot take the wrong one: made up for later
                self.due += 1
        errs = faulty is not None and (self.due > 0 or self.random.random() < rate)
        self.due -= errs and self.due > 0
        action = faulty if faulty is not None and errs else planned
        self.last = Call(action.tool, action.arguments) if action.tool and action is planned else None
        for value in action.arguments.values():
            if value in self.records:
                self.records.remove(value)
        return action

    def _see(self, observation: Observation) -> None:
        if self.last and self.last.tool == "find_customer":
            found = msgspec.json.decode(observation.text)
            self.records = [*found["orders"], *found["bookings"]]

    def _intent(self, observation: Observation, planned: Action) -> Action | None:
        if not planned.tool or planned.tool in ("find_customer", "finish") or planned.arguments.keys() & {"email"}:
            return None
        wanted = set(map(str, planned.arguments.values()))
        others = [each for each in self.records if each not in wanted]
        if not others:
            return None
        record = self.random.choice(others)
        kind = {"O": "order", "B": "booking"}[record[0]]
        return calls.action(Call(f"get_{kind}", {kind: record}), f"The customer must mean {kind} {record}.")

    def _premature(self, observation: Observation, planned: Action) -> Action | None:
        leads = _thought(planned)
        if planned.tool or leads is None or "?" not in leads.arguments.values() or not leads.tool.startswith("get_"):
            return None
        (slot,) = leads.arguments
        if not observation.said or observation.said in self.guessed:
            return None
        self.guessed.add(observation.said)
        return calls.action(Call(leads.tool, {slot: f"{slot[0].upper()}{self.random.randrange(10_000, 99_999)}"}))

    def _repeats(self, observation: Observation, planned: Action) -> Action | None:
        return calls.action(self.last) if self.last and self.last.tool.startswith(("get_", "find_")) else None

    def _misreports(self, observation: Observation, planned: Action) -> Action | None:
        if planned.tool or planned.thought:
            return None
        said = re.sub(r"\d+(?= euros)", lambda amount: str(int(amount[0]) + self.random.randrange(1000, 2000)), planned.text)
        return None if said == planned.text else Action(said)

    def _confirmation(self, observation: Observation, planned: Action) -> Action | None:
        leads = _thought(planned)
        return None if planned.tool or leads is None or "?" in leads.arguments.values() else calls.action(leads)

    def _stops(self, observation: Observation, planned: Action) -> Action | None:
        reported = any(re.search(r"^Done|cannot", step.action.text) for step in self.episode.steps)
        return calls.action(Call("finish", {})) if reported and observation.said and not planned.tool else None

    def _courtesy(self, observation: Observation, planned: Action) -> Action | None:
        return None if planned.tool else Action(f"Thank you for your patience. {planned.text} I am glad to help.")


def _thought(action: Action) -> Call | None:
    """The call that a question or a proposal leads to."""
    try:
        return calls.parse(action.thought)
    except ValueError:
        return None
