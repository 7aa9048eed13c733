"""Steps a second of the puzzles on the STRIPS engine, agent, model and log included; 500 tasks a domain that prove themselves.

CPU time of the process: `act` with the scripted model plays the oracle's way, through `solve` alone and through `lab.run` with
one worker, where tasks are made and every episode is written to a store. Resets, prompts, token counts and verdicts are in
both. Median of the repeats. Then, for each domain, 500 test tasks: the oracle passes in as many steps as the task says, nonsense
passes nothing and changes nothing, a task made and laid out twice is the same. Prints a table and writes
bench/results/strips.json. Run as `python bench/strips.py [--repeats 5]`.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import statistics
import tempfile
import time
from pathlib import Path

import dutiful
from dutiful.core.limits import Limits
from dutiful.core.records import Action
from dutiful.lab import Store, run

STANDARD = ("text/blocks", "text/gripper", "text/tyres", "text/drawn")
LARGE = (
    "text/blocks?size=12&least=25",
    "text/gripper?size=8&least=20",
    "text/tyres?size=3&least=25",
    "text/drawn?size=2&least=15",
)
EPISODES, PROOFS, BOUND = 200, 500, 10_000


def alone(spec: str) -> float:
    """Steps per CPU second through `solve`."""
    world, agent = dutiful.world(spec), dutiful.agent("act", dutiful.model("scripted"))
    tasks, steps = list(world.tasks("test")[:EPISODES]), 0
    began = time.process_time()
    for task in tasks:
        episode = dutiful.solve(agent, task, world)
        assert episode.error is None and episode.passed
        steps += len(episode.steps)
    return steps / (time.process_time() - began)


def stored(spec: str) -> float:
    """Steps per CPU second through `lab.run`, tasks made and episodes written."""
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "runs.sqlite") as store:
        began = time.process_time()
        done = run(store, "act", dutiful.model("scripted"), spec, tasks=EPISODES, workers=1, limits=Limits())
        spent = time.process_time() - began
        assert len(done.rows) == EPISODES and all(row.passed for row in done.rows)
        return sum(row.steps for row in done.rows) / spent


def proven(spec: str) -> int:
    """How many of 500 tasks prove themselves."""
    world, twin, good = dutiful.world(spec), dutiful.world(spec), 0
    for task in world.tasks("test")[:PROOFS]:
        first = world.reset(task)
        before = world.verdict()
        wrong = world.step(Action("xyzzy plugh"))
        idle = (
            bool(wrong.info.get("refused")) and wrong.choices == first.choices and world.verdict() == before and not before.passed
        )
        same = twin.make("test", task.seed % 1_000_000) == task and twin.reset(task) == first == world.reset(task)
        observation, steps = first, 0
        while not observation.done:
            observation, steps = world.step(world.expert()), steps + 1
        good += idle and same and world.verdict().passed and steps == task.setup["horizon"]
    return good


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeats", type=int, default=5)
    repeats = parser.parse_args().repeats
    rows = []
    for spec in (*STANDARD, *LARGE):
        rates = {measure.__name__: statistics.median(measure(spec) for _ in range(repeats)) for measure in (alone, stored)}
        good = proven(spec)
        row = {
            "name": f"strips/{spec}",
            "what": "steps per CPU second, agent and scripted model and log",
            "ours": round(rates["alone"]),
        }
        row |= {"stored": round(rates["stored"]), "proven": good, "of": PROOFS, "bound": BOUND if spec in STANDARD else None}
        row |= {"holds": good == PROOFS and (rates["alone"] >= BOUND or spec not in STANDARD), "unit": "steps/s"}
        rows.append(row)
        print(
            f"{spec:32} {rates['alone']:8.0f} steps/s, in a store {rates['stored']:8.0f}; {good} of {PROOFS} prove themselves",
            flush=True,
        )
    result = {
        "name": "strips",
        "rows": rows,
        "holds": all(row["holds"] for row in rows),
        "versions": {"python": platform.python_version()},
        "date": datetime.date.today().isoformat(),
        "machine": f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        "command": "python bench/strips.py",
    }
    path = Path(__file__).parent / "results" / "strips.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
