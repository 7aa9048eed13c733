"""The world: a customer with several requests, tools that would do anything, and a policy that says what may be done."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from random import Random
from typing import Any, NamedTuple

import msgspec

from dutiful.core.errors import UnknownPart, WorldFailure
from dutiful.core.parts import Card
from dutiful.core.records import Action, Criterion, Instruction, Json, Observation, Task, Verdict
from dutiful.core.world import Tool, World
from dutiful.kit import calls
from dutiful.kit.calls import Call
from dutiful.kit.tasks import Lazy
from dutiful.worlds.tools.desk.customer import Customer, Mind
from dutiful.worlds.tools.desk.expert import next_action
from dutiful.worlds.tools.desk.policy import MOST_BAGS, POLICY, SLOTS, TEXT, TOOLS
from dutiful.worlds.tools.desk.records import Draw, Tables, carry_out, draw_tables

COUNT = 10_000
SPLITS = ("train", "validation", "test")
MOST = 100
"""Turns after which a dialogue ends."""


class Saved(NamedTuple):
    """What `snapshot` returns."""

    task: Task
    tables: Tables
    mind: Mind
    made: tuple[Call, ...]
    turn: tuple[Json, ...]
    turns: int
    done: bool
    seen: Observation


class Desk(World):
    """Orders and bookings, each task one customer with `wishes` requests, brought up one after the other.

    Half of the tasks have a request that the policy forbids (a shipped order, a flown booking, too many bags), half a request
    where the customer has a second thought. A reply is any text that is no call. The customer tells what is asked for, says yes
    to a proposal ("Shall I ...?") that has all its values, and takes a request for answered once it hears "done" or "cannot".
    The database at the end must be the gold one, whatever was said, and every request must have been answered.

    quits, contradicts: the share of tasks in which the customer gives up early, or says what its card does not. Both are the
    customer's errors, not the agent's, stand in the log (`info["act"]`), and are told by the judge `pipa`.
    """

    card = Card(
        kind="world",
        name="tools/desk",
        system="043",
        summary="orders and bookings at a desk with a policy: a customer who tells bit by bit, and a database that is checked",
        capabilities=frozenset({"tools", "expert", "snapshot", "dialogue"}),
        source="the setting is that of tau-bench and PIPA (arXiv 2505.01592); policy, tools, records and words are our own",
    )

    def __init__(self, wishes: int = 3, quits: float = 0.0, contradicts: float = 0.0):
        if not 1 <= wishes <= 4:
            raise ValueError(f"tools/desk: wishes is {wishes}, expected 1 to 4")
        if not (0 <= quits <= 1 and 0 <= contradicts <= 1):
            raise ValueError(f"tools/desk: quits is {quits} and contradicts {contradicts}, expected rates from 0 to 1")
        self.wishes, self.quits, self.contradicts = wishes, quits, contradicts
        self._task: Task | None = None

    @property
    def rules(self) -> str:  # type: ignore[override]
        return f"{TEXT}\n{calls.describe(TOOLS)}"

    def tools(self) -> Sequence[Tool]:
        return TOOLS

    def tasks(self, split: str = "test") -> Sequence[Task]:
        """10,000 tasks. Splits: train, validation, test; the numbers of their records differ modulo three."""
        if split not in SPLITS:
            raise UnknownPart("split of tools/desk", split, SPLITS)
        return Lazy(lambda number: self.make(split, number), COUNT)

    def make(self, split: str, number: int) -> Task:
        """Task `number` of a split."""
        random = Random(f"tools/desk {split} {number}")
        draw = Draw(random, SPLITS.index(split))
        tables = draw_tables(draw)
        customer = next(iter(tables["customers"].values()))
        own = {kind: list(tables[f"{kind}s"])[:4] for kind in ("order", "booking")}
        wishes = [_wish(kind, own, tables, draw) for kind in random.sample(list(POLICY["writes"]), self.wishes)]
        forbidden = random.randrange(1, self.wishes) if self.wishes > 1 and random.random() < 0.5 else -1
        if forbidden > 0:
            _forbid(wishes[forbidden], tables, random)
        turns = [place for place, wish in enumerate(wishes) if wish["facts"] and place != forbidden]
        if turns and random.random() < 0.5:
            wish = wishes[random.choice(turns)]
            wish["then"] = {slot: draw.value(slot, value) for slot, value in wish["facts"].items()}
        errors: Json = {}
        if random.random() < self.quits and self.wishes > 1:
            errors["quits"] = random.randrange(1, self.wishes)
        slotted = [place for place in turns if "then" not in wishes[place]]
        if random.random() < self.contradicts and slotted:
            place = random.choice(slotted)
            ((slot, value),) = wishes[place]["facts"].items()
            errors["contradicts"] = [place, draw.value(slot, value)]
        setup: Json = {"tables": tables, "customer": customer, "wishes": wishes, "errors": errors, "policy": POLICY}
        seed = SPLITS.index(split) * 1_000_000 + number
        opening = Customer(setup, seed).open().said
        return Task(f"desk-{split}-{number}", self.spec, split, seed, Instruction(opening), setup)

    def reset(self, task: Task) -> Observation:
        if not {"tables", "customer", "wishes", "errors"} <= set(task.setup):
            raise WorldFailure(
                f"tools/desk cannot lay out the task {task.id!r}: its setup lacks tables, customer, wishes or errors"
            )
        self._task, self._customer = task, Customer(task.setup, task.seed)
        self._tables: Tables = copy.deepcopy(task.setup["tables"])
        said, act, self._mind = self._customer.open()
        self._made, self._turn, self._turns, self._done = list[Call](), list[Json](), 0, False
        self._seen = Observation(said=said, info={"act": act})
        return self._seen

    def step(self, action: Action) -> Observation:
        self._laid_out()
        if self._seen.done:
            raise WorldFailure("tools/desk: the episode is over; call reset(task) to begin another")
        self._turns += 1
        try:
            call = Call(action.tool, action.arguments) if action.tool else calls.parse(action.text)
        except ValueError:
            said, act, self._mind = self._customer.answer(self._mind, action.text)
            self._done, self._turn = self._mind.over, []
            return self._see(said=said, act=act)
        try:
            calls.check(call, TOOLS)
        except ValueError as error:
            return self._called(call, f"Error: {error}", refused=str(error))
        if call.tool == "finish":
            self._done = True
            return self._see("The conversation is ended.")
        try:
            given = carry_out(self._tables, call)
        except KeyError as error:
            return self._called(call, f"Error: {error.args[0]}")
        self._made.append(call)
        return self._called(call, msgspec.json.encode(given).decode(), returned=given)

    def _called(self, call: Call, text: str, **outcome: Any) -> Observation:
        """What is seen after a call; the log has all calls since the last reply, however many one action makes."""
        self._turn.append({"tool": call.tool, "arguments": call.arguments, **outcome})
        refused = {"refused": outcome["refused"]} if "refused" in outcome else {}
        return self._see(text, calls=list(self._turn), **refused)

    def _see(self, text: str = "", said: str = "", **info: Any) -> Observation:
        spent = self._turns >= MOST and not self._done
        self._seen = Observation(text, done=self._done or spent, said=said, info=info | ({"ended": "limit"} if spent else {}))
        return self._seen

    def _laid_out(self) -> Task:
        if self._task is None:
            raise WorldFailure("tools/desk: no task is laid out yet; call reset(task) first")
        return self._task

    def verdict(self) -> Verdict:
        task = self._laid_out()
        gold = gold_tables(task)
        criteria: list[Criterion] = []
        wished = set[str]()
        for place, wish in enumerate(task.setup["wishes"], 1):
            table, key = f"{POLICY['writes'][wish['kind']]}s", wish["record"]
            wished.add(key)
            right = self._tables[table][key] == gold[table][key]
            evidence = f"is {self._tables[table][key]}, should be {gold[table][key]}"
            criteria.append(Criterion(f"request {place}: {wish['kind']} {key}", right, float(right), evidence))
        others = [
            key
            for table, rows in gold.items()
            for key, row in rows.items()
            if key not in wished and self._tables[table][key] != row
        ]
        criteria.append(
            Criterion("nothing else changed", not others, float(not others), f"changed: {', '.join(others) or 'nothing'}")
        )
        answered, all_of = self._mind.answered, len(task.setup["wishes"])
        evidence = f"{answered} of {all_of} requests were answered"
        return Verdict.of(*criteria, Criterion("every request answered", answered == all_of, answered / all_of, evidence))

    def expert(self) -> Action:
        """Keeps to the policy. The thought of a question or a proposal is the call it leads to, "?" for what is open."""
        self._laid_out()
        return next_action(self._customer, self._mind, self._tables, self._made)

    def snapshot(self) -> Saved:
        task = self._laid_out()
        return Saved(
            task,
            copy.deepcopy(self._tables),
            self._mind,
            tuple(self._made),
            tuple(self._turn),
            self._turns,
            self._done,
            self._seen,
        )

    def restore(self, state: Saved) -> Observation:
        self._task, tables, self._mind, made, turn, self._turns, self._done, self._seen = state
        self._turn = list(turn)
        self._customer, self._tables, self._made = Customer(state.task.setup, state.task.seed), copy.deepcopy(tables), list(made)
        return self._seen


def gold_tables(task: Task) -> Tables:
    """The database as it should be at the end: each request as the card has it, but for those that the policy forbids."""
    tables: Tables = copy.deepcopy(task.setup["tables"])
    for wish in task.setup["wishes"]:
        record = POLICY["writes"][wish["kind"]]
        if not forbidden(tables, wish):
            facts = {record: wish["record"], **wish["facts"], **wish.get("then", {})}
            carry_out(tables, Call(wish["kind"], facts))
    return tables


def forbidden(tables: Tables, wish: Json) -> bool:
    """Whether the policy forbids a request."""
    row = tables[f"{POLICY['writes'][wish['kind']]}s"][wish["record"]]
    return row["status"] in POLICY["fixed"] or wish["facts"].get("bags", 0) > MOST_BAGS


def _wish(kind: str, own: dict[str, list[str]], tables: Tables, draw: Draw) -> Json:
    """A request for a record that no other request of the task is about, and that would change it."""
    table = POLICY["writes"][kind]
    key, slot = own[table].pop(0), SLOTS.get(kind)
    facts = {slot: draw.value(slot, tables[f"{table}s"][key][slot])} if slot else {}
    return {"kind": kind, "record": key, "facts": facts}


def _forbid(wish: Json, tables: Tables, random: Random) -> None:
    if wish["kind"] == "add_bags":
        wish["facts"] = {"bags": random.randint(MOST_BAGS + 1, 6)}
    elif POLICY["writes"][wish["kind"]] == "order":
        tables["orders"][wish["record"]]["status"] = random.choice(("shipped", "delivered"))
    else:
        tables["bookings"][wish["record"]]["status"] = "flown"
