"""The tools world: the battery, tasks that prove themselves, the expert, refusals, snapshots."""

import itertools
import json

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutiful import Action
from dutiful.core import parts
from dutiful.core.episode import solve
from dutiful.core.errors import SpecError, UnknownPart, WorldFailure
from dutiful.kit import calls, programs
from dutiful.kit.calls import Call
from dutiful.testing import check_world
from dutiful.worlds.tools import Tools
from dutiful.worlds.tools.domains import NAMES
from dutiful.worlds.tools.world import show

KNOBS = ["", "?depth=4&loops=1", "?branches=1", "?depth=1&given=needed&decoys=3", "?flaky=0.5&broken=4", "?procedures=1"]
VARIED = (dict(), dict(depth=5, loops=0.5, branches=0.5), dict(depth=4, loops=1.0), dict(depth=2, procedures=1.0), dict(depth=1))


def do(world, tool, **arguments):
    return world.step(calls.action(Call(tool, arguments)))


def play(world, task, change=lambda action: action):
    """The expert's way, each action changed; the verdict."""
    observation = world.reset(task)
    while not observation.done:
        observation = world.step(change(world.expert()))
    return world.verdict()


def asks(world):
    return any(isinstance(statement, programs.Answer) for statement in programs.statements(world.program()))


@pytest.mark.parametrize("knobs", KNOBS)
def test_the_battery_passes(knobs):
    assert check_world(f"tools{knobs}").ran == 15


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("knobs", VARIED)
def test_tasks_prove_themselves(name, knobs):
    """`bench/tools.py` does this on 500 tasks a domain, and more."""
    world = Tools(domain=name, **knobs)
    for split, number in itertools.product(("train", "validation", "test"), range(3)):
        task = world.make(split, number)
        assert task == Tools(domain=name, **knobs).make(split, number)
        assert play(world, task).passed
        world.reset(task)
        do(world, "finish")
        assert not world.verdict().passed
        world.reset(task)
        if asks(world):
            wrong = play(world, task, lambda a: calls.action(Call("finish", {"answer": "no"})) if a.tool == "finish" else a)
            assert not wrong.passed
            assert wrong.score < 1


def test_a_step_less_or_a_step_more_fails():
    for number in range(12):
        world = Tools(answers=0.0, depth=2)
        task = world.make("test", number)
        world.reset(task)
        made = []
        while (action := world.expert()).tool != "finish":
            made.append(action)
            world.step(action)
        before = world.verdict()
        assert before.passed
        used = {action.tool for action in made}
        other = next(t for t in Tools(domain=task.setup["domain"], depth=1, answers=0.0).tasks("test") if more(world, t, used))
        assert other.setup["domain"] == task.setup["domain"]
        verdict = world.verdict()
        assert not verdict.passed, (task.instruction.text, other.instruction.text)
        assert "changed besides" in verdict.criteria[-1].evidence or not verdict.criteria[0].passed
        world.reset(task)
        for action in made[:-1]:
            world.step(action)
        assert not world.verdict().passed


def more(world, task, used):
    """Carries out one change more, of another tool, where it can be."""
    statement = programs.load(task.setup["program"]).body[0]
    if not isinstance(statement, programs.Call) or statement.tool in used:
        return False
    seen = do(world, statement.tool, **statement.arguments)
    return "error" not in seen.info and "refused" not in seen.info


def test_there_are_more_than_sixty_tools_with_schemas():
    assert sum(len(Tools(domain=name).tools()) - 1 for name in NAMES) >= 60
    for name in NAMES:
        tools = Tools(domain=name).tools()
        assert len(tools) - 1 >= 18
        assert len({tool.name for tool in tools}) == len(tools)
        for tool in tools:
            jsonschema.Draft202012Validator.check_schema(tool.parameters)


@pytest.mark.parametrize("name", NAMES)
def test_links_are_typed_and_gold_follows_them(name):
    world = Tools(domain=name, depth=4)
    graph = world.graph(name)
    assert len(graph.links) > 50
    for link in graph.links:
        assert graph.nodes[link.source].gives[link.field] == link.kind == graph.nodes[link.target].takes[link.parameter]
    known = {(link.source, link.field, link.target, link.parameter) for link in graph.links}
    followed = 0
    for number in range(10):
        world.reset(world.make("train", number))
        made = {}
        for statement in programs.statements(world.program()):
            if isinstance(statement, programs.Call):
                made[statement.into] = made[f"{statement.into}_chosen"] = statement.tool
                for parameter, value in statement.arguments.items():
                    if isinstance(value, programs.Ref):
                        source = (made[value.name], value.at[0], statement.tool, parameter)
                        assert source in known or graph.nodes[source[0]].writes
                        followed += 1
    assert followed > 5


def test_results_have_the_fields_that_their_tools_promise():
    for name in NAMES:
        world = Tools(domain=name, depth=3)
        graph = world.graph(name)
        for number in range(10):
            observation = world.reset(world.make("train", number))
            while not observation.done:
                action = world.expert()
                observation = world.step(action)
                if action.tool != "finish":
                    result, node = observation.info["result"], graph.nodes[action.tool]
                    assert isinstance(result, list) == node.many
                    assert json.loads(observation.text) == result
                    for row in result if node.many else [result]:
                        assert set(row) >= set(node.gives)


def test_depth_is_the_number_of_gold_calls():
    for depth in (1, 2, 3, 5):
        world = Tools(depth=depth)
        for task in world.tasks("train")[:12]:
            assert task.setup["calls"] == depth
            world.reset(task)
            assert sum(isinstance(s, programs.Call) for s in programs.statements(world.program())) == depth


def test_splits_share_no_person_no_sentence_and_no_combination():
    seen = {}
    for split in ("train", "validation", "test"):
        world = Tools(depth=3)
        tasks = world.tasks(split)[:40]
        people, combinations = set(), set()
        for task in tasks:
            world.reset(task)
            tables = world.snapshot().tables
            for table in ("customers", "members", "travellers", "contacts"):
                people |= {row["name"] for row in tables.get(table, {}).values()}
            combinations.add(frozenset(programs.tools(world.program())))
        seen[split] = people, {c for c in combinations if len(c) > 1}
    for one, other in itertools.combinations(seen.values(), 2):
        assert not one[0] & other[0]
        assert not one[1] & other[1]


def test_wordings_go_from_exact_to_loose():
    for number in range(8):
        exact, plain, loose = (Tools(wording=level).make("train", number) for level in ("exact", "plain", "loose"))
        assert exact.setup["program"] == plain.setup["program"] == loose.setup["program"]
        assert len({t.instruction.text for t in (exact, plain, loose)}) == 3
        names = programs.tools(programs.load(exact.setup["program"]))
        assert all(name in exact.instruction.text for name in names)
        assert not any(name in text.instruction.text for name in names for text in (plain, loose))


def test_the_tools_that_are_given():
    world = Tools(given="needed", decoys=2, broken=3)
    task = world.make("test", 0)
    world.reset(task)
    needed = set(programs.tools(world.program()))
    shown = {tool.name for tool in world.tools()}
    assert needed < shown
    assert len(shown) == len(needed) + 2 + 3 + 1
    assert all(f"{name}(" in world.rules for name in shown)
    assert len(Tools(given="domain").tools()) > 60


def test_broken_tools_lead_nowhere():
    world = Tools(given="needed", broken=8, depth=2)
    kinds = set()
    for task in world.tasks("test")[:4]:
        world.reset(task)
        before = world.snapshot().tables
        for name, (like, how) in task.setup["broken"].items():
            world.reset(task)
            action = world.expert()
            if action.tool == like:
                seen = do(world, name, **action.arguments)
                kinds.add(how)
                assert "error" in seen.info or seen.info["result"] in ([], {"status": "no data"}, {"status": "queued"})
                assert world.snapshot().tables == before
    assert kinds == {"gone", "scope", "down", "empty"}


def test_a_flaky_call_fails_once():
    world = Tools(flaky=1.0)
    task = world.make("test", 1)
    world.reset(task)
    action = world.expert()
    before = world.snapshot()
    first = world.step(action)
    assert first.info["error"].startswith("503")
    assert world.expert() == action
    assert "error" not in world.step(action).info
    world.restore(before)
    assert world.step(action) == first
    assert play(world, task).passed


def test_wrong_calls_are_refused_and_errors_of_tools_are_observations():
    world = Tools(domain="retail", depth=1)
    world.reset(world.make("train", 0))
    tables = world.snapshot().tables
    for said, why in (
        ("dance", "no call of a tool"),
        ('{"tool": "get_ordr"}', "did you mean get_order"),
        ('{"tool": "get_order"}', "needs"),
    ):
        seen = world.step(Action(said))
        assert why in seen.info["refused"]
        assert seen.text.startswith("Error: ")
    seen = do(world, "get_order", order_id="O-0")
    assert seen.info == {"error": "404 there is no order 'O-0'"}
    seen = do(world, "give_credit", customer_id=next(iter(world.snapshot().tables["customers"])), amount=500)
    assert "403" in seen.text
    assert world.snapshot().tables == tables


def test_the_expert_goes_on_from_wherever_things_are():
    """Extra readings, calls made twice and calls in another order do no harm; a snapshot in the middle neither."""
    for number in range(16):
        world = Tools(depth=4, loops=0.5)
        task = world.make("test", number)
        observation, extra = world.reset(task), 0
        while not observation.done:
            action = world.expert()
            if (
                not world.graph().nodes.get(action.tool, world.graph("retail").nodes["get_order"]).writes
                and action.tool != "finish"
            ):
                world.step(action)
                extra += 1
            state = world.snapshot()
            world.step(Action("nonsense"))
            world.restore(state)
            observation = world.step(world.expert())
        assert world.verdict().passed, task.instruction.text


def test_the_order_of_changes_does_not_matter():
    found = 0
    for number in range(60):
        world = Tools(depth=2, answers=0.0)
        task = world.make("train", number)
        world.reset(task)
        body = world.program().body
        simple = [
            s for s in body if isinstance(s, programs.Call) and not any(isinstance(v, programs.Ref) for v in s.arguments.values())
        ]
        if len(simple) == len(body) == 2 and all(world.graph().nodes[s.tool].writes for s in simple):
            for statement in reversed(simple):
                seen = do(world, statement.tool, **statement.arguments)
            if "error" not in seen.info:
                found += 1
                assert world.verdict().passed
    assert found >= 3


def test_a_hopeless_state_ends_without_an_answer():
    world = Tools(domain="retail", depth=1, answers=0.0)
    task = next(t for t in world.tasks("train") if t.setup["program"]["body"][0]["tool"] == "cancel_order")
    given_ = task.setup["program"]["body"][0]["arguments"]

    world.reset(task)
    reason = next(r for r in ("damaged", "too expensive") if r != given_["reason"])
    assert "error" not in do(world, "cancel_order", order_id=given_["order_id"], reason=reason).info
    assert "409" in world.step(world.expert()).text
    assert world.expert() == calls.action(Call("finish", {"answer": None}))


def test_the_code_of_the_program_does_it_all():
    for number in range(20):
        world = Tools(depth=4, loops=0.5, branches=0.5)
        task = world.make("train", number)
        world.reset(task)

        def tool(name, world=world):
            def function(**given):
                return do(world, name, **given).info.get("result")

            return function

        exec(programs.to_python(world.program()), {t.name: tool(t.name) for t in world.tools()})
        assert world.verdict().passed


def test_a_scripted_model_solves_it_by_json():
    agent = parts.agent("act+json", model=parts.model("scripted"))
    world = Tools(depth=3)
    for task in world.tasks("test")[:4]:
        episode = solve(agent, task, world)
        assert episode.passed, episode.error


def test_what_cannot_be_laid_out_says_so():
    world = Tools()
    task = world.make("train", 0)
    with pytest.raises(WorldFailure, match="lacks or garbles"):
        world.reset(task.replace(setup={}))
    with pytest.raises(WorldFailure, match="another version"):
        world.reset(task.replace(setup={**task.setup, "digest": 1}))
    with pytest.raises(UnknownPart, match="did you mean 'retail'"):
        Tools(domain="retial")
    with pytest.raises(SpecError, match="depth=0"):
        Tools(depth=0)
    with pytest.raises(SpecError, match="2 or more"):
        Tools(depth=1, branches=0.5)


def test_long_results_are_cut_at_whole_records():
    rows = [{"order_id": f"O-{number}", "note": "x" * 100} for number in range(100)]
    text = show(rows)
    assert len(text) < 2100
    kept, _, rest = text.partition(" ... and ")
    assert len(json.loads(kept)) + int(rest.split()[0]) == 100
    assert show({"text": "y" * 5000}).endswith("(cut)")


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_any_calls_leave_a_world_that_can_go_back(data):
    name = data.draw(st.sampled_from(NAMES))
    world = Tools(domain=name, depth=2, flaky=0.2)
    task = world.make("train", data.draw(st.integers(0, 5)))
    world.reset(task)
    state, tables = world.snapshot(), world.snapshot().tables
    pool = [v for rows in tables.values() for row in rows.values() for v in row.values()]
    for _ in range(6):
        tool = data.draw(st.sampled_from(list(world.tools()[:-1])))
        given_ = {}
        for parameter, schema in calls.parameters(tool).items():
            fitting = [v for v in pool if not calls.mismatch(v, schema)] or [schema.get("enum", [1])[0]]
            given_[parameter] = data.draw(st.sampled_from(fitting))
        do(world, tool.name, **given_)
    world.verdict()
    world.restore(state)
    assert world.snapshot().tables == tables
    assert play(world, task).passed
