"""Success of the learned policy on the test split of `grid`, beside chance: combinations that training never named.

Each task is lived through once by either; 95% intervals are Wilson's. Prints a table and writes bench/results/policy.json.
"""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import platform
import sys
import time
from pathlib import Path

from dutiful.agents.policy import Policy
from dutiful.agents.random import Random
from dutiful.core.episode import solve
from dutiful.kit.statistics import wilson
from dutiful.worlds.grid import Grid

LEVELS = {"GoToRedBallGrey": 0.95, "GoToLocal": 0.95, "PickupLoc": None, "PutNextLocal": None, "BossLevel": None}
TASKS = int(sys.argv[1]) if len(sys.argv) > 1 else 500


def main() -> None:
    rows = []
    for level, bound in LEVELS.items():
        world, found = Grid(level), {}
        tasks = world.tasks("test")[:TASKS]
        for name, agent in (("policy", Policy()), ("random", Random())):
            began, episodes = time.process_time(), [solve(agent, task, world, seed=n % 5) for n, task in enumerate(tasks)]
            passed, steps = sum(e.passed for e in episodes), sum(len(e.steps) for e in episodes)
            found[name] = wilson(passed, TASKS), steps / TASKS, (time.process_time() - began) / steps * 1000
        (ours, steps, spent), (chance, _, _) = found["policy"], found["random"]
        rows.append(
            {
                "name": f"policy on grid/{level}",
                "what": "share of test tasks carried out; the peer draws among the admissible actions",
                "ours": ours.value,
                "low": round(ours.low, 4),
                "high": round(ours.high, 4),
                "peer": chance.value,
                "ratio": round(ours.value / chance.value, 2) if chance.value else None,
                "bound": bound,
                "holds": None if bound is None else ours.value >= bound,
                "unit": "success",
                "tasks": TASKS,
                "steps": round(steps, 1),
                "ms_a_step": round(spent, 3),
            }
        )
        interval = f"{ours.value:6.1%} [{ours.low:.1%}, {ours.high:.1%}]"
        print(
            f"{level:16} policy {interval}   random {chance.value:6.1%}   {steps:5.1f} steps, {spent:.2f} ms a step", flush=True
        )
    versions = {name: importlib.metadata.version(name) for name in ("minigrid", "numpy")}
    result = {
        "name": "policy",
        "rows": rows,
        "holds": all(row["holds"] is not False for row in rows),
        "versions": {"python": platform.python_version(), **versions},
        "date": datetime.date.today().isoformat(),
        "machine": "2 cores",
        "command": f"python bench/policy.py {TASKS}",
    }
    path = Path(__file__).parent / "results" / "policy.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
