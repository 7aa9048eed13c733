"""Steps a second: the world `grid` (text, symbolic state and admissible actions) against bare MiniGrid (symbolic view).

Same levels, seeds and actions, side by side in one process; CPU time, median of the repeats. Prints a table and writes
bench/results/grid.json.
"""

from __future__ import annotations

import contextlib
import datetime
import importlib.metadata
import json
import platform
import random
import statistics
import time
from pathlib import Path

import gymnasium
import minigrid  # noqa: F401

from dutiful.core.records import Action
from dutiful.worlds.grid import Grid, view

LEVELS, REPEATS, EPISODES, STEPS = ("GoToLocal", "PutNextLocal", "BossLevel"), 7, 10, 60
BOUND = 0.8


def ours(world: Grid, tasks: list, plans: list) -> tuple[int, float]:
    steps, spent = 0, 0.0
    for task, plan in zip(tasks, plans, strict=True):
        observation = world.reset(task)
        began = time.process_time()
        for action in plan:
            observation = world.step(Action(view.ACTIONS[action]))
            steps += 1
            if observation.done:
                break
        spent += time.process_time() - began
    return steps, spent


def bare(env: gymnasium.Env, tasks: list, plans: list) -> tuple[int, float]:
    steps, spent = 0, 0.0
    for task, plan in zip(tasks, plans, strict=True):
        with contextlib.redirect_stdout(None):  # its generation prints
            env.reset(seed=task.seed)
        began = time.process_time()
        for action in plan:
            _, _, terminated, truncated, _ = env.step(action)
            steps += 1
            if terminated or truncated:
                break
        spent += time.process_time() - began
    return steps, spent


def main() -> None:
    rows = []
    for level in LEVELS:
        world, env = Grid(level), gymnasium.make(f"BabyAI-{level}-v0").unwrapped
        tasks, draw = world.tasks("train")[:EPISODES], random.Random(0)
        plans = [[draw.choice((0, 1, 2, 2, 2, 3, 4, 5)) for _ in range(STEPS)] for _ in tasks]
        rates = []
        for _ in range(REPEATS):
            (n, a), (m, b) = ours(world, tasks, plans), bare(env, tasks, plans)
            assert n == m, "the two played different episodes"
            rates.append((n / a, m / b))
        fast, slow = (statistics.median(column) for column in zip(*rates, strict=True))
        ratio = statistics.median(a / b for a, b in rates)
        rows.append(
            {
                "name": f"grid/{level}",
                "what": "environment steps per CPU second, text and symbolic state against bare MiniGrid's symbolic state",
                "ours": round(fast),
                "peer": round(slow),
                "ratio": round(ratio, 2),
                "bound": BOUND,
                "holds": ratio >= BOUND,
                "unit": "steps/s",
            }
        )
        print(f"{level:14} {fast:8.0f} steps/s   bare MiniGrid {slow:8.0f} steps/s   ratio {ratio:5.2f} (at least {BOUND})")
    versions = {name: importlib.metadata.version(name) for name in ("minigrid", "gymnasium", "numpy")}
    result = {
        "name": "grid",
        "rows": rows,
        "holds": all(row["holds"] for row in rows),
        "versions": {"python": platform.python_version(), **versions},
        "date": datetime.date.today().isoformat(),
        "machine": "2 cores",
        "command": "python bench/grid.py",
    }
    path = Path(__file__).parent / "results" / "grid.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
