"""The desk: its policy, its customer, its database."""

import re

import pytest

import dutiful
from dutiful.core import parts
from dutiful.core.episode import solve
from dutiful.core.errors import SpecError
from dutiful.core.limits import Limits
from dutiful.core.records import Action
from dutiful.kit import calls
from dutiful.kit.calls import Call
from dutiful.testing import check_world
from dutiful.worlds.tools.desk.policy import POLICY, TOOLS
from dutiful.worlds.tools.desk.world import gold_tables

LIMIT = Limits(steps=100)


@pytest.mark.parametrize("spec", ["tools/desk", "tools/desk?wishes=1", "tools/desk?wishes=4"])
def test_it_is_a_good_world(spec):
    check_world(spec, tasks=6)


def play(world, until):
    """Plays the expert until it is about to do what `until` says."""
    while not until(world.expert()):
        world.step(world.expert())


def task_with(world, wanted, split="test"):
    return next(task for task in world.tasks(split) if wanted(task))


def has(kind, **more):
    return lambda task: any(wish["kind"] == kind for wish in task.setup["wishes"][:1]) and all(more[name](task) for name in more)


def test_the_policy_speaks_of_tools_that_there_are():
    names = {tool.name for tool in TOOLS}
    assert {POLICY["identify"], *POLICY["writes"], *POLICY["reads"]} <= names
    assert {tool for tools in POLICY["serves"].values() for tool in tools} <= names


def test_splits_share_no_number():
    world = dutiful.world("tools/desk")

    def numbers(split):
        keys = (key for task in world.tasks(split)[:40] for rows in task.setup["tables"].values() for key in rows)
        return {key for key in keys if re.fullmatch(r"[A-Z]\d{4}", key)}

    assert not numbers("train") & numbers("test") and not numbers("validation") & numbers("test")


def test_the_customer_tells_bit_by_bit():
    world = dutiful.world("tools/desk")
    task = task_with(world, has("change_address"))
    opening = world.reset(task)
    wish = task.setup["wishes"][0]
    assert wish["record"] not in opening.said and wish["facts"]["address"] not in opening.said
    record = world.step(Action("What is the order number?"))
    assert wish["record"] in record.said and wish["facts"]["address"] not in record.said
    assert wish["facts"]["address"] in world.step(Action("And the address?")).said


def test_the_customer_says_yes_only_to_what_it_wants():
    world = dutiful.world("tools/desk")
    task = task_with(world, has("change_address", plain=lambda task: "then" not in task.setup["wishes"][0]))
    world.reset(task)
    wish = task.setup["wishes"][0]
    wrong = world.step(Action(f"Shall I send order {wish['record']} to Nowhere 1?"))
    assert wrong.info["act"]["kind"] == "deny" and wish["facts"]["address"] in wrong.said
    right = world.step(Action(f"Shall I send order {wish['record']} to {wish['facts']['address']}?"))
    assert right.info["act"] == {"kind": "confirm", "wish": 0, "facts": {"order": wish["record"], **wish["facts"]}}


def test_a_second_thought_counts_and_comes_even_without_a_proposal():
    world = dutiful.world("tools/desk")
    task = task_with(world, lambda task: "then" in task.setup["wishes"][0])
    for fault in ("", "confirmation"):
        episode = solve(parts.agent(f"clerk?fault={fault}" if fault else "clerk", None), task, world, limits=LIMIT)
        acts = [step.observation.info.get("act", {}).get("kind") for step in episode.steps]
        assert episode.passed and acts.count("correct") == 1, fault
    wish, gold = task.setup["wishes"][0], gold_tables(task)
    ((slot, value),) = wish["then"].items()
    assert gold[f"{POLICY['writes'][wish['kind']]}s"][wish["record"]][slot] == value


def test_no_tool_keeps_the_policy_for_the_agent():
    world = dutiful.world("tools/desk")
    task = task_with(world, lambda task: any(w["kind"] == "cancel_order" for w in task.setup["wishes"][1:]))
    world.reset(task)
    wish = next(wish for wish in task.setup["wishes"] if wish["kind"] == "cancel_order")
    seen = world.step(calls.action(Call("cancel_order", {"order": wish["record"]})))
    assert "refund" in seen.info["calls"][-1]["returned"]


def test_what_the_policy_forbids_must_not_be_done():
    world = dutiful.world("tools/desk")
    for task in world.tasks()[:40]:
        forbidden = [w for w in task.setup["wishes"] if gold_tables(task)[f"{POLICY['writes'][w['kind']]}s"][w["record"]]
                     == task.setup["tables"][f"{POLICY['writes'][w['kind']]}s"][w["record"]]]  # fmt: skip
        if not forbidden:
            continue
        world.reset(task)
        play(world, lambda action: action.tool == "finish")
        assert world.verdict().passed
        wish = forbidden[0]
        record = POLICY["writes"][wish["kind"]]
        world.step(calls.action(Call(wish["kind"], {record: wish["record"], **wish["facts"]})))
        failed = [each.name for each in world.verdict().criteria if not each.passed]
        assert len(failed) == 1 and wish["record"] in failed[0]
        return
    raise AssertionError("no task has a request that the policy forbids")


def test_what_the_agent_says_changes_nothing():
    world = dutiful.world("tools/desk")
    world.reset(world.tasks()[0])
    seen = world.step(Action("All is done."))
    while seen.info["act"]["kind"] != "end":
        seen = world.step(Action("Done."))
    world.step(calls.action(Call("finish", {})))
    verdict = world.verdict()
    assert not verdict.passed and verdict.criteria[-1].passed and not verdict.criteria[0].passed


def test_errors_of_tools_are_observations_and_wrong_calls_are_refused():
    world = dutiful.world("tools/desk")
    world.reset(world.tasks()[0])
    assert world.step(calls.action(Call("get_order", {"order": "O1"}))).text.startswith("Error: there is no order")
    refused = world.step(calls.action(Call("get_order", {"number": "O1"})))
    assert refused.info["refused"] and refused.text.startswith("Error")
    assert [each["tool"] for each in refused.info["calls"]] == ["get_order", "get_order"]
    assert world.step(calls.action(Call("find_customer", {"email": "x", "postcode": "y"}))).text.startswith("Error")


@pytest.mark.parametrize("actions", ["", "+json", "+line", "+command", "+codeact"])
def test_every_notation_serves(actions):
    world = dutiful.world("tools/desk")
    agent = parts.agent(f"act{actions}", parts.model("scripted"))
    assert solve(agent, world.tasks()[1], world, limits=LIMIT).passed


def test_settings_are_checked():
    for spec in ("tools/desk?wishes=0", "tools/desk?quits=2", "tools/desk?contradicts=-1"):
        with pytest.raises((ValueError, SpecError)):
            dutiful.world(spec)
