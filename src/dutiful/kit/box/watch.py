"""What a running box uses in all, seen from outside: memory and processes, summed over everything that it started.

The kernel's limits are per process: twenty children of 300 MB pass each of them. A control group would count the sum, but only
root can make one, and a box must hold for anyone; so the host adds up, fifty times a second, and ends the box that goes over.
Between two looks a box can grow: by what its processes can touch in 20 ms, some 100 MB on two cores. The bound that the kernel
keeps without anyone looking is memory x processes.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
OWN = 6
"""Processes that the box itself is made of, at most: the backend, its first process inside, the shell, tar."""
PLACES = ("box", "tmp", "dev/shm")
FILES = 20_000
"""Files that a box may hold: an empty file takes no room on a disk, but memory of the kernel."""


class Use(NamedTuple):
    """Bytes of memory that are the processes' own, tasks (processes and threads), files in the box's own folders."""

    memory: int
    tasks: int
    files: int


def use(root: int) -> Use:
    """What the process and all its descendants use now. A process that ends meanwhile counts nothing."""
    memory = tasks = 0
    files = 0
    waiting = [root]
    while waiting:
        process = waiting.pop()
        try:
            words = Path(f"/proc/{process}/statm").read_bytes().split()
            threads = list(Path(f"/proc/{process}/task").iterdir())
        except (OSError, ValueError):
            continue
        memory += (int(words[1]) - int(words[2])) * _PAGE  # resident, without what is shared with files
        tasks += len(threads)
        for thread in threads:
            try:
                waiting += map(int, (thread / "children").read_bytes().split())
            except OSError:
                continue
        if not files:
            files = _files(process)
    return Use(memory, tasks, files)


def _files(process: int) -> int:
    """Files in the memory file systems that a process of the box sees; 0 where it sees none, or cannot be asked."""
    inside = Path(f"/proc/{process}/root")
    try:
        if inside.stat().st_dev == Path("/").stat().st_dev:
            return 0  # the backend's outer process, which stands on the host
        states = [os.statvfs(inside / place) for place in PLACES]
    except OSError:
        return 0
    return sum(state.f_files - state.f_ffree for state in states)
