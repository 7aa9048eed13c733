"""The tools world: steps and tasks a second, and whether its tasks prove themselves.

steps    a scripted model (the expert) acts through `act` and `act+json` by `solve`: harness, prompt, model, world and verdict,
         all counted; beside it a bare loop over the same gold calls: the tools as plain functions on a copy of the state
tasks    made from nothing (state, walk, words), for each domain
proof    500 tasks a domain: the gold passes, doing nothing fails, a wrong answer fails, the gold without one change fails, and
         a task made again is the same

Run as `python bench/tools.py [TASKS]` (500 unless told); CPU seconds of the process.
"""

from __future__ import annotations

import datetime
import json
import os
import platform
import sys
import time
from pathlib import Path

from dutiful import Action, __version__
from dutiful.core import parts
from dutiful.core.episode import solve
from dutiful.kit import calls, programs
from dutiful.kit.calls import Call
from dutiful.worlds.tools import Tools
from dutiful.worlds.tools.domains import NAMES, load
from dutiful.worlds.tools.generate import build
from dutiful.worlds.tools.language import State
from dutiful.worlds.tools.verdict import changes

EPISODES, BOUND = 400, 5000
KNOBS = (
    dict(depth=3),
    dict(depth=2),
    dict(depth=5, loops=0.5, branches=0.5),
    dict(depth=4, loops=1.0),
    dict(depth=3, branches=1.0),
)
"""Those of the proof, in turn."""


def steps(spec: str) -> tuple[float, float]:
    """Steps a second of an agent through the harness, and calls a second in the bare loop."""
    world = Tools(depth=4, loops=0.5)
    tasks = list(world.tasks("train")[:EPISODES])
    agent = parts.agent(spec, model=parts.model("scripted"))
    for task in tasks[:20]:
        solve(agent, task, world)
    began, taken = time.process_time(), 0
    for task in tasks:
        episode = solve(agent, task, world)
        assert episode.passed, episode.error
        taken += len(episode.steps)
    harness = taken / (time.process_time() - began)
    began, made = time.process_time(), 0
    for task in tasks:
        domain = load(task.setup["domain"])
        tables, _ = build(domain.name, task.setup["state"], task.setup["split"])
        program = programs.load(task.setup["program"])
        state = State(dict(tables), domain.tables)

        def call(wanted: Call, domain=domain, state=state):
            nonlocal made
            made += 1
            function = domain.functions[wanted.tool]
            return function.body(state, {**function.optional, **wanted.arguments})

        programs.execute(program, call)
    return harness, made / (time.process_time() - began)


def tasks_a_second(name: str) -> float:
    world = Tools(domain=name)
    began = time.process_time()
    for task in world.tasks("train")[:200]:
        assert task.setup
    return 200 / (time.process_time() - began)


def prove(name: str, n: int) -> dict[str, tuple[int, int]]:
    """Of n tasks, how many hold to each demand, and of how many it is one: not every task asks, not every one changes things."""
    found: dict[str, list[bool]] = {}
    for number in range(n):
        knobs = KNOBS[number % len(KNOBS)]
        split = ("train", "validation", "test")[number % 3]
        world = Tools(domain=name, **knobs)
        task = world.make(split, number)
        tests = {
            "repeats": task == Tools(domain=name, **knobs).make(split, number),
            "nothing fails": idle(world, task),
            "oracle passes": gold(world, task, world.expert),
            "wrong answer fails": wrong(world, task),
            "one change less fails": lacking(world, task),
        }
        for what, held in tests.items():
            if held is not None:
                found.setdefault(what, []).append(held)
    return {what: (sum(held), len(held)) for what, held in found.items()}


def gold(world: Tools, task, act) -> bool:
    observation = world.reset(task)
    while not observation.done:
        observation = world.step(act())
    return world.verdict().passed


def idle(world: Tools, task) -> bool:
    world.reset(task)
    world.step(Action("wait"))
    before = world.verdict().passed
    world.step(calls.action(Call("finish", {})))
    return not before and not world.verdict().passed


def wrong(world: Tools, task) -> bool | None:
    """Whether the gold calls with another answer fail; None where none is asked for."""
    asks = any(isinstance(s, programs.Answer) for s in programs.statements(programs.load(task.setup["program"])))

    def act() -> Action:
        action = world.expert()
        return calls.action(Call("finish", {"answer": ["another", 1]})) if action.tool == "finish" else action

    return not gold(world, task, act) if asks else None


def lacking(world: Tools, task) -> bool | None:
    """Whether the gold calls without the last change that leaves a trace fail; None where there is none."""
    world.reset(task)
    trace, tables = [], dict(world.snapshot().tables)
    observation = world.restore(world.snapshot())
    while not observation.done:
        action = world.expert()
        observation = world.step(action)
        now = dict(world.snapshot().tables)
        trace.append((action, bool(changes(tables, now))))
        tables = now
    last = max((place for place, (_, changed) in enumerate(trace) if changed), default=None)
    if last is None:
        return None
    world.reset(task)
    for place, (action, _) in enumerate(trace):
        if place != last:
            world.step(action)
    return not world.verdict().passed


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    (json_rate, _), (rate, bare) = steps("act+json"), steps("act")
    rows = [
        dict(name="tools-steps", what="steps a second, act, a scripted model", ours=round(rate), bound=BOUND, unit="1/s"),
        dict(name="tools-steps-json", what="steps a second, act+json", ours=round(json_rate), bound=None, unit="1/s"),
        dict(name="tools-bare", what="calls a second, a bare loop", ours=round(bare), bound=None, unit="1/s"),
        dict(name="tools-ratio", what="time of a step, harness to bare loop", ours=round(bare / rate, 1), bound=None, unit=""),
    ]
    rows += [
        dict(name=f"tools-tasks-{name}", what=f"tasks a second, {name}", ours=round(tasks_a_second(name)), bound=None, unit="1/s")
        for name in NAMES
    ]
    for name in NAMES:
        for what, (held, of) in prove(name, n).items():
            rows.append(dict(name=f"tools-proof-{name}", what=f"{name}: {what}, of {of}", ours=held, bound=of, unit=""))
    for row in rows:
        row["holds"] = row["bound"] is None or row["ours"] >= row["bound"]
        print(f"{row['what']:60} {row['ours']:>10}  {'' if row['holds'] else 'DOES NOT HOLD'}")
    common = {
        "date": datetime.date.today().isoformat(),
        "machine": f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        "command": "python bench/tools.py",
        "versions": {"python": platform.python_version(), "ours": __version__},
    }
    results = Path(__file__).parent / "results"
    (results / "tools.json").write_text(json.dumps({"name": "tools", "rows": [row | common for row in rows]}, indent=1) + "\n")


if __name__ == "__main__":
    main()
