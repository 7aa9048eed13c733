"""What a box and an interpreter cost, beside a bare process, and how far a box can grow before it is ended.

    .venv/bin/python bench/box.py

All in turn, the median of thirty; ratios against `python3 -I -S -c pass` without a box, started in the same turn.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from dutiful.core.errors import DutifulError
from dutiful.kit.box import Box, backends, proof, pump, watch
from dutiful.kit.interpreter import BACKENDS, Interpreter

HERE = Path(__file__).parent
TURNS = 30
PASS = ["/usr/bin/python3", "-I", "-S", "-c", "pass"]
GROW = "import os\nfor i in range(8):\n  if os.fork() == 0: break\nx = []\nwhile True: x.append(bytearray(b'x' * (1 << 20)))"
MEMORY = 200 << 20


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def boxes() -> dict[str, Callable[[], object]]:
    found: dict[str, Callable[[], object]] = {}
    for name in backends.NAMES:
        try:
            found[f"a program in a box ({name})"] = lambda box=Box(using=name): box.run(PASS)
        except DutifulError as error:
            print(error)
    return found


def interpreters(name: str) -> tuple[Callable[[], object], Callable[[], object], Callable[[], object]]:
    """Start with a first run; a run; a run with ten calls of a function of the host."""
    functions = {"f": lambda number: number}
    ready = Interpreter(functions, name)

    def start() -> None:
        with Interpreter(functions, name) as python:
            python.run("1 + 1")

    ready.run("x = 1")
    return start, lambda: ready.run("x = x + 1"), lambda: ready.run("for i in range(10): f(i)")


def growth() -> float:
    """Bytes that a box holds at most before it is ended for its memory, as a share of what it may hold."""
    box, most = Box(memory=MEMORY), 0
    guard = box.guard()
    with box.start(["/usr/bin/python3", "-I", "-S", "-c", GROW]) as process:
        while not guard.passed(process.pid, time.monotonic()):
            time.sleep(pump.LOOK)
        most = watch.use(process.pid, MEMORY).memory
    return most / MEMORY


def main() -> None:
    works = {"bare": lambda: subprocess.run(PASS, check=True), **boxes()}
    for name in BACKENDS:
        try:
            start, run, calls = interpreters(name)
        except DutifulError as error:
            print(error)
            continue
        works |= {f"start of the interpreter {name}": start, f"a run in it ({name})": run, f"ten calls from it ({name})": calls}
    times: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(TURNS + 1):
        for name, work in works.items():
            spent = seconds(work)
            if turn:
                times[name].append(spent)
    medians = {name: statistics.median(found) for name, found in times.items()}
    bare = medians.pop("bare")
    base = {"command": "python bench/box.py", "bound": "", "holds": True}
    rows = [
        {**base, "what": what, "unit": "s", "ours": ours, "peer": bare, "peer_name": "a bare process", "ratio": ours / bare}
        for what, ours in medians.items()
    ]
    grown = max(growth() for _ in range(10))
    what = "memory of a box when it is ended, worst of 10"
    rows.append({**base, "what": what, "unit": "of what it may hold", "ours": grown, "bound": "<= 3", "holds": grown <= 3})
    for name in backends.NAMES:
        if backends.program(name):
            came = [one.came for one in proof.prove(name)]
            open_ = came.count("OPEN") + came.count("not tried")
            what = f"hostile programs of {len(came)} that get through ({name})"
            rows.append({**base, "what": what, "unit": "programs", "ours": open_, "bound": "0", "holds": open_ == 0})
    for row in rows:
        print(f"{row['what']}: {row['ours']:.4g} {row['unit']}" + (f", ratio {row['ratio']:.3f}" if "ratio" in row else ""))
    result = {"name": "box", "rows": rows, "date": time.strftime("%Y-%m-%d"), "machine": "2 cores"}
    (HERE / "results/box.json").write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
