"""How long `import dutiful` takes and what it installs, beside the peers.

    .venv/bin/python bench/startup.py        (make bench-peers first, for the peers' rows)

Whole processes, in turn, the median of nine; the time of a bare interpreter is taken off.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
PEERS = Path(os.environ.get("PEERS_PYTHON", HERE / ".peers/bin/python"))
RUNS = 9
BOUND = 0.3


def seconds(python: str, code: str) -> float:
    began = time.perf_counter()
    subprocess.run([python, "-c", code], check=True, capture_output=True)
    return time.perf_counter() - began


def medians(commands: dict[str, tuple[str, str]]) -> dict[str, float]:
    """All commands in turn, RUNS times after one warm-up; the median of each."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(RUNS + 1):
        for name, (python, code) in commands.items():
            spent = seconds(python, code)
            if turn:
                times[name].append(spent)
    return {name: statistics.median(found) for name, found in times.items()}


def required(package: str, seen: set[str] | None = None) -> set[str]:
    """The packages that come with a package, extras left out."""
    seen = set() if seen is None else seen
    for line in importlib.metadata.requires(package) or []:
        name = re.match(r"[\w.-]+", line)[0].lower()
        if "extra ==" in line or "sys_platform" in line or "platform_system" in line or name in seen:
            continue
        seen.add(name)
        required(name, seen)
    return seen


def main() -> None:
    commands = {"bare": (sys.executable, "pass"), "dutiful": (sys.executable, "import dutiful")}
    if PEERS.exists():
        commands |= {peer: (str(PEERS), f"import {peer}") for peer in ("smolagents", "inspect_ai")}
    found = medians(commands)
    ours = found["dutiful"] - found["bare"]
    base = {"unit": "s", "command": "python bench/startup.py"}
    rows = [{**base, "what": "`import dutiful`", "ours": ours, "bound": f"<= {BOUND} s", "holds": ours <= BOUND}]
    for peer in ("smolagents", "inspect_ai"):
        if peer in found:
            theirs = found[peer] - found["bare"]
            more = {"what": f"import, against {peer}", "ours": ours, "peer": theirs, "peer_name": peer, "ratio": ours / theirs}
            rows.append({**base, **more, "bound": "", "holds": ours < theirs})
    packages = sorted(required("dutiful"))
    count = {
        "what": "packages that come with it",
        "ours": len(packages),
        "unit": "packages",
        "bound": "<= 5",
        "holds": len(packages) <= 5,
    }
    rows.append({**base, **count})
    for row in rows:
        print(f"{row['what']}: {row['ours']:.3g} {row['unit']}" + (f", ratio {row['ratio']:.3f}" if "ratio" in row else ""))
    result = {"name": "startup", "rows": rows, "packages": packages, "date": time.strftime("%Y-%m-%d"), "machine": "2 cores"}
    (HERE / "results/startup.json").write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
