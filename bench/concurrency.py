"""1,000 episodes at once in one process, against a scripted model of 50 ms latency.

The ideal is the latency alone: steps times 50 ms, as if everything else cost nothing. Every episode is written to a store on
disk. Run as `python bench/concurrency.py [--episodes 1000] [--steps 20] [--repeats 3]`.
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

from dutiful import Action, Card, Criterion, Instruction, Limits, Observation, Task, Verdict, World
from dutiful.lab import Store, run

LATENCY = 0.05
BOUND = 1.3


class Corridor(World):
    """Nothing happens for so many steps."""

    card = Card(kind="world", name="corridor", summary="walk on", capabilities=frozenset({"expert", "choices"}))
    rules = "You are in a corridor."

    def __init__(self, steps: int = 20):
        self.steps = steps

    def tasks(self, split="test"):
        return [Task(f"walk-{i}", "corridor", split, i, Instruction("walk to the end of the corridor")) for i in range(1000)]

    def reset(self, task):
        self.walked = 0
        return self.look()

    def look(self):
        return Observation("The corridor goes on.", ("walk on", "wait"), done=self.walked >= self.steps)

    def step(self, action):
        self.walked += action.text == "walk on"
        return self.look()

    def verdict(self):
        there = self.walked >= self.steps
        return Verdict.of(Criterion("at the end", there, self.walked / self.steps, f"walked {self.walked}"))

    def expert(self):
        return Action("walk on")


def once(episodes: int, steps: int) -> tuple[float, float]:
    """Wall and CPU seconds of one run."""
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "runs.sqlite") as store:
        cpu, wall = time.process_time(), time.monotonic()
        result = run(
            store, "act", f"scripted?seconds={LATENCY}", Corridor(steps), tasks=episodes, workers=episodes, limits=Limits()
        )
        wall, cpu = time.monotonic() - wall, time.process_time() - cpu
        assert result.done == episodes and result.errors == 0 and all(row.passed for row in result.rows)
    return wall, cpu


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--episodes", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=3)
    given = parser.parse_args()
    ideal = given.steps * LATENCY
    measured = []
    for i in range(given.repeats):
        wall, cpu = once(given.episodes, given.steps)
        measured.append(wall)
        print(
            f"{i + 1}. {given.episodes} episodes x {given.steps} steps: wall {wall:.2f} s, ideal {ideal:.2f} s, CPU {cpu:.2f} s"
        )
    wall = statistics.median(measured)
    row = {
        "name": "concurrency",
        "what": f"wall time of {given.episodes} concurrent episodes of {given.steps} steps, 50 ms latency, kept in a store",
        "ours": round(wall, 3),
        "peer": ideal,
        "ratio": round(wall / ideal, 3),
        "bound": BOUND,
        "holds": wall / ideal <= BOUND,
        "unit": "s",
        "versions": {"python": platform.python_version()},
        "date": datetime.date.today().isoformat(),
        "machine": f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        "command": "python bench/concurrency.py",
    }
    print(f"ratio {row['ratio']} (bound {BOUND}): {'holds' if row['holds'] else 'does not hold'}")
    results = Path(__file__).parent / "results"
    results.mkdir(exist_ok=True)
    (results / "concurrency.json").write_text(json.dumps(row, indent=1) + "\n")


if __name__ == "__main__":
    main()
