"""Tasks that prove themselves, by the hundred: the oracle passes, nonsense fails, a wrong answer fails, seeds repeat.

    .venv/bin/python bench/proofs.py 500                  # of every world, which takes long
    .venv/bin/python bench/proofs.py 500 code/functions   # of one; the others keep what is stored

A wrong answer is tried where the tools have `finish` with an answer. The tools and the puzzles have benches of their own.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from itertools import islice
from pathlib import Path

import dutiful
from dutiful.core.records import Action, Task
from dutiful.core.world import World

STORE = Path(__file__).parent / "results" / "proofs.json"
NONSENSE = Action("xyzzy plugh")
WORLDS = (
    *("tools/service", "tools/lookup", "chat/edits", "code/functions", "code/repo", "code/flags", "code/experiment"),
    *("text/express?game=coin", "text/textworld"),
)


def oracle(world: World, task: Task) -> list[str]:
    """What is seen on the expert's way, and the verdict."""
    seen, trail = world.reset(task), []
    while not seen.done and len(trail) < 1000:
        trail.append(f"{seen.text} {seen.said}")
        seen = world.step(world.expert())
    return [*trail, str(world.verdict())]


def failures(world: World, task: Task) -> list[str]:
    """What does not hold of a task."""
    wrong: list[str] = []
    trail = oracle(world, task)
    if not world.verdict().passed:
        wrong.append("the oracle fails")
    if oracle(world, task) != trail:
        wrong.append("a second run differs")
    seen = world.reset(task)
    for _ in range(3):
        seen = seen if seen.done else world.step(NONSENSE)
    if world.verdict().passed:
        wrong.append("nonsense passes")
    tools = world.tools() if world.can("tools") else ()
    if any(tool.name == "finish" and "answer" in tool.parameters.get("properties", {}) for tool in tools):
        world.reset(task)
        world.step(Action("finish", "", "finish", {"answer": "certainly wrong"}))
        if world.verdict().passed:
            wrong.append("a wrong answer passes")
    return wrong


def main(n: int, named: list[str]) -> None:
    stored = json.loads(STORE.read_text()) if STORE.exists() else {}
    for spec in named or WORLDS:
        began, count, wrong, first = time.process_time(), 0, Counter[str](), ""
        world = dutiful.world(spec)
        for task in islice(world.tasks("test"), n):
            found, count = failures(world, task), count + 1
            wrong.update(found)
            first = first or (task.id if found else "")
        world.close()
        stored[spec] = {"tasks": count, "wrong": dict(wrong), "first": first, "seconds": round(time.process_time() - began, 1)}
        print(spec, stored[spec], flush=True)
        STORE.write_text(json.dumps(stored, indent=1) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500, sys.argv[2:])
