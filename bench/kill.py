"""200 episodes, 50 SIGKILLs at random moments, a resume after each: nothing finished lost, nothing run twice.

Two observers stand outside of the process that is killed: this one reads from a pipe which episodes the run says are kept, and
the world writes down which episodes it begins. After the last resume the verdicts are held against an unbroken run.
Run as `python bench/kill.py [--kills 50] [--seed 0]`.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from dutiful import Action, Card, Criterion, Instruction, Observation, Task, Verdict, World
from dutiful.lab import Silent, Store, run

EPISODES, STEPS, LATENCY, WORKERS = 200, 6, 0.03, 4
MODEL = f"scripted?error=0.3&seconds={LATENCY}"


class Corridor(World):
    """Walk to the end; "back" goes one back, and in the end too far. Notes each beginning in a file."""

    card = Card(kind="world", name="corridor", summary="walk on", capabilities=frozenset({"expert", "choices"}))
    rules = "You are in a corridor."

    def __init__(self, log: str = ""):
        self.log = log

    def tasks(self, split="test"):
        return [Task(f"walk-{i}", "corridor", split, i, Instruction("walk to the end of the corridor")) for i in range(EPISODES)]

    def reset(self, task):
        self.at = self.taken = 0
        if self.log:
            line = f"{os.environ.get('SESSION', '')} {task.id}\n".encode()
            file = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            os.write(file, line)
            os.close(file)
        return self.look()

    def look(self):
        return Observation(f"Mark {self.at}.", ("walk on", "back"), done=self.taken >= STEPS)

    def step(self, action):
        self.at += 1 if action.text == "walk on" else -1
        self.taken += 1
        return self.look()

    def verdict(self):
        there = self.at >= STEPS - 2
        return Verdict.of(Criterion("far enough", there, max(0.0, self.at / STEPS), f"at mark {self.at}"))

    def expert(self):
        return Action("walk on")


class Going(Silent):
    """Says when the episodes begin."""

    def start(self, run, tally):
        print("going", flush=True)


def child(folder: Path) -> None:
    """The process that is killed."""
    with Store(folder / "runs.sqlite") as store:
        again = any(info.name == "broken" for info in store.runs())
        world = Corridor(str(folder / "begun.log"))
        settings = dict(tasks=EPISODES, workers=WORKERS, name="broken", resume=again, progress=Going())
        done = run(store, "act", MODEL, world, kept=lambda row: print(row.task, flush=True), **settings)
    print(f"state {done.state}", flush=True)


def session(number: int, folder: Path, moment: float | None, from_start: bool) -> tuple[list[str], str]:
    """One process, killed `moment` seconds after it began to work (or began at all): what it said was kept, and its state."""
    command = [sys.executable, __file__, "--child", str(folder)]
    environment = os.environ | {"SESSION": str(number)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stdout and process.stderr

        def kill() -> None:
            if process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)

        timer = threading.Timer(moment, kill) if moment is not None else None
        if timer and from_start:
            timer.start()
        first = process.stdout.readline()
        if timer and not from_start:
            timer.start()
        said = (first + process.stdout.read()).decode()
        trouble = process.stderr.read().decode()
        if timer:
            timer.cancel()
    if process.returncode not in (0, -signal.SIGKILL):
        sys.exit(f"session {number} ended with {process.returncode}:\n{trouble}")
    lines = said.splitlines() if said.endswith("\n") else said.splitlines()[:-1]  # a half line was never said
    state = next((line for line in lines if line.startswith("state ")), "killed").removeprefix("state ")
    return [line for line in lines if line.startswith("walk-")], state


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--child", type=Path)
    given = parser.parse_args()
    if given.child:
        return child(given.child)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), given.kills, random.Random(given.seed))
    row = {
        "name": "kill",
        "what": f"{EPISODES} episodes under {found['kills']} SIGKILLs at random moments, resumed",
        "ours": found["lost"] + found["twice"] + found["different"],
        "peer": 0,
        "ratio": None,
        "bound": 0,
        "holds": found["kills"] == given.kills and found["lost"] + found["twice"] + found["different"] == 0,
        "unit": "episodes lost, run twice or with another verdict",
        **found,
        "versions": {"python": platform.python_version()},
        "date": datetime.date.today().isoformat(),
        "machine": f"{os.cpu_count()} cores",
        "command": f"python bench/kill.py --kills {given.kills} --seed {given.seed}",
    }
    print(f"{row['what']}: lost {found['lost']}, run twice {found['twice']}, other verdicts {found['different']}", end="; ")
    print(f"{'holds' if row['holds'] else 'does not hold'} ({time.monotonic() - began:.0f} s)")
    results = Path(__file__).parent / "results"
    results.mkdir(exist_ok=True)
    (results / "kill.json").write_text(json.dumps(row, indent=1) + "\n")


def measure(folder: Path, kills: int, draw: random.Random) -> dict[str, int]:
    """Counts what was lost, run twice or judged otherwise; `interrupted` are the episodes that a kill cut off."""
    kept: dict[str, int] = {}
    killed, fruitful, twice, number, state = 0, 0, 0, 0, "killed"
    while state == "killed":
        last = killed >= kills
        from_start = draw.random() < 0.2  # some of them while the process is still starting
        moment = None if last else draw.uniform(0, 0.6 if from_start else 0.33)
        said, state = session(number, folder, moment, from_start)
        killed += state == "killed"
        fruitful += state == "killed" and bool(said)
        for task in said:
            twice += task in kept
            kept.setdefault(task, number)
        number += 1
    begun = [line.split() for line in (folder / "begun.log").read_text().splitlines()]
    twice += sum(int(session) > kept[task] for session, task in begun)  # begun again after it was said to be kept
    with Store(folder / "runs.sqlite") as store:
        rows = {row.task: row for row in store.episodes("broken")}
        lost = sum(task not in rows for task in kept) + (EPISODES - len(rows))
        twice += sum(row.attempts > 1 for row in rows.values())
        whole = run(store, "act", MODEL, Corridor(), tasks=EPISODES, workers=WORKERS * 8, name="unbroken")
        different = sum(plain(store, row) != plain(store, rows[row.task]) for row in whole.rows if row.task in rows)
    return {
        "kills": killed,
        "kills_after_some_were_kept": fruitful,
        "lost": lost,
        "twice": twice,
        "different": different,
        "interrupted": len(begun) - EPISODES,
        "passed": sum(bool(row.passed) for row in rows.values()),
    }


def plain(store: Store, row) -> tuple:
    """What must be the same however often the run was broken: verdict, evidence and all that was done."""
    episode = store.episode(row)
    return row.passed, row.score, episode.verdict, episode.ended, [(step.observation, step.action) for step in episode.steps]


if __name__ == "__main__":
    main()
