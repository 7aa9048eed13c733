"""The units of PIPA, read by code: each a yes or no about one step or one reply, from what was in the log up to there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from dutiful.core.records import Episode, Json, Observation
from dutiful.kit.calls import Call

METRICS = ("state consistency", "tool efficiency", "observation alignment", "policy adherence")
_RECORD, _MONEY, _DATE = (
    re.compile(r"\b[A-Z]\d{3,}\b"),
    re.compile(r"\b(\d+(?:\.\d+)?) euros?\b"),
    re.compile(r"\b\d{4}-\d\d-\d\d\b"),
)


class Unit(NamedTuple):
    """One judgement: of which metric, at which step of the episode, of which call or reply, yes or no, and why."""

    metric: str
    step: int
    what: str
    good: bool
    why: str


class Reading:
    """What is known after a part of a log: what the user said, what the tools gave back, which calls were made.

    policy: the file in the task's setup. Nothing else of the task is looked at: the user's card is not known to an agent.
    """

    def __init__(self, policy: Json):
        self.policy = policy
        self.said = ""  # all the user's words so far, in lower case
        self.kind = ""  # what the user wants now
        self.facts: Json = {}  # what was said of it, by slot
        self.agreed: Json | None = None  # what the user said yes to, until it is used up
        self.over = False
        self.customer: Any = None
        self.known = set[str]()  # every value that a tool gave back
        self.records: dict[str, Json] = {}
        self.amounts = set[str]()  # those that tools gave back since the present wish began
        self.changed: list[Json] = []  # what writes gave back since then
        self.untold: list[Json] = []  # what writes gave back since the last reply
        self.made: list[Call] = []  # calls since the last change of anything

    def hear(self, observation: Observation) -> None:
        """Takes in what the user says."""
        act = observation.info.get("act")
        self.said += f" {observation.said.lower()}"
        if not observation.said or act is None:
            return
        if act["kind"] == "wish":
            self.kind, self.facts, self.agreed = act["wants"], {}, None
            self.amounts, self.changed = set(), []
        elif act["kind"] in ("end", "leave"):
            self.over = True
        else:
            self.facts |= {slot: value for slot, value in act["facts"].items() if slot not in ("email", "postcode")}
            self.agreed = act["facts"] if act["kind"] == "confirm" else None

    def take(self, call: Call, given: Json | None) -> None:
        """Takes in what a call gave back; None where it was refused or failed."""
        self.made.append(call)
        if given is None:
            return
        policy = self.policy
        values = [str(each) for each in _leaves(given)]
        self.known |= {each.lower() for each in values}
        self.amounts |= {str(given[each]) for each in policy["amounts"] if each in given}
        if call.tool == policy["identify"]:
            self.customer = given[policy["owner"]]
        if call.tool in policy["writes"]:
            self.changed.append(given)
            self.untold.append(given)
            self.made, self.agreed = [call], None
        if call.tool in policy["reads"]:
            self.records[str(given[policy["reads"][call.tool]])] = given

    # The four metrics.

    def consistent(self, call: Call) -> str:
        """Why a call is not about what the user wants now; "" where it is."""
        policy = self.policy
        if call.tool == policy["identify"]:
            return ""
        if self.over:
            return "all is served, nothing is wanted"
        if call.tool not in policy["serves"].get(self.kind, ()):
            return f"the user wants {self.kind}, which {call.tool} does not serve"
        other = {name: value for name, value in call.arguments.items() if name in self.facts and value != self.facts[name]}
        return f"the user speaks of {self.facts}, the call of {other}" if other else ""

    def efficient(self, call: Call, refused: str) -> str:
        """Why a call is wasted: it does not fit the schema, its values are not known yet, or it was made before."""
        if refused:
            return f"refused: {refused}"
        unknown = [str(value) for value in _leaves(call.arguments) if not self._heard(str(value))]
        if unknown:
            return f"premature: nobody has said or shown {', '.join(unknown)}"
        return "repeated: the same call was made, and nothing has changed since" if call in self.made else ""

    def adherent(self, call: Call, given: Json | None) -> str:  # noqa: PLR0911
        """Which rule of the policy a call breaks; "" where none."""
        policy, writes = self.policy, self.policy["writes"]
        if call.tool == policy["identify"]:
            return ""
        if self.customer is None:
            return "the customer is not identified"
        if call.tool in policy["reads"] and given and given[policy["owner"]] != self.customer:
            return "the record is another customer's"
        if call.tool not in writes:
            return ""
        record = self.records.get(str(call.arguments.get(writes[call.tool])))
        if record is None:
            return "the record was not looked at"
        if blocked := self._blocked(record, call.arguments):
            return f"forbidden: {blocked}"
        return "" if self.agreed == call.arguments else f"the customer agreed to {self.agreed or 'nothing'}"

    def aligned(self, reply: str) -> str:  # noqa: PLR0911
        """What in a reply is not what tools and user said, or what it leaves out; "" where it is right and whole."""
        low = reply.lower()
        named = _RECORD.findall(reply)
        if unknown := [each for each in (*named, *_DATE.findall(reply)) if not self._heard(each)]:
            return f"nobody has said or shown {', '.join(unknown)}"
        if wrong := [each for each in _MONEY.findall(low) if each not in self.amounts]:
            return f"no tool gave {', '.join(wrong)} euros for this request"
        records = [self.records[each] for each in named if each in self.records]
        spoken = [each for each in self.policy["statuses"] if re.search(rf"\b{each}\b", low)]
        if records and spoken and not any(record.get("status") in spoken for record in records):
            return f"the record is {records[0].get('status')}, not {', '.join(spoken)}"
        if re.search(r"\bdone\b", low) and not self.changed:
            return "says done, and nothing was"
        if re.search(r"\bcannot\b", low) and not any(self._blocked(record, self.facts) for record in records):
            return "says cannot, and nothing that was shown forbids it"
        for given in self.untold:
            missing = [
                str(value) for key, value in given.items() if key in self.policy["amounts"] or _RECORD.fullmatch(str(value))
            ]
            if missing := [each for each in missing if each.lower() not in low]:
                return f"does not tell {', '.join(missing)} of the change"
        return ""

    def _heard(self, value: str) -> bool:
        low = value.lower()
        return low in self.known or re.search(rf"(?<![\w.-]){re.escape(low)}(?![\w-])", self.said) is not None

    def _blocked(self, record: Json, arguments: Json) -> str:
        if record.get("status") in self.policy["fixed"]:
            return f"it is {record['status']}"
        over = [
            name
            for name, most in self.policy["limits"].items()
            if isinstance(arguments.get(name), int) and arguments[name] > most
        ]
        return f"more {', '.join(over)} than allowed" if over else ""


def units(episode: Episode) -> Iterator[Unit]:
    """The units of an episode in order; each rests on the steps up to its own. Raises ValueError without a policy in the setup.

    A step's own observation, what its call gave back, belongs to it. The call that ends the conversation is no step.
    """
    if "policy" not in episode.task.setup:
        raise ValueError(f"the setup of task {episode.task.id!r} has no policy: pipa judges worlds such as tools/desk")
    reading, taken = Reading(episode.task.setup["policy"]), 0
    after = [step.observation for step in episode.steps[1:]] + [episode.final or Observation()]
    for place, (step, seen) in enumerate(zip(episode.steps, after, strict=True)):
        reading.hear(step.observation)
        made: list[Json] = seen.info.get("calls", [])  # all since the last reply: an action may make several
        for each in made[taken:]:
            call, given = Call(each["tool"], each["arguments"]), each.get("returned")
            what = f"CALL: {call.tool} {msgspec.json.encode(call.arguments).decode()}"
            yield _unit("state consistency", place, what, reading.consistent(call))
            yield _unit("tool efficiency", place, what, reading.efficient(call, each.get("refused", "")))
            yield _unit("policy adherence", place, what, reading.adherent(call, given))
            reading.take(call, given)
        taken = len(made)
        if seen.said and "act" in seen.info:
            yield _unit("observation alignment", place, f"AGENT: {step.action.text}", reading.aligned(step.action.text))
            reading.untold = []


def _unit(metric: str, place: int, what: str, why: str) -> Unit:
    return Unit(metric, place, what, not why, why or "nothing against it")


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _leaves(each)
    else:
        yield value
