"""What a running box uses in all, seen from outside: memory and processes, summed over everything that it started.

The kernel's limits are per process: twenty children of 300 MB pass each of them. A control group would count the sum, but only
root can make one, and a box must hold for anyone; so the host adds up, fifty times a second, and ends the box that goes over.
Between two looks a box can grow: by what its processes can touch in 20 ms, some 100 MB on two cores. The bound that the kernel
keeps without anyone looking is memory x processes.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import NamedTuple

OWN = 6
"""Processes that the box itself is made of, at most: the backend, its first process inside, the shell, tar."""
PLACES = ("box", "tmp", "dev/shm")
FILES = 20_000
"""Files that a box may hold: an empty file takes no room on a disk, but memory of the kernel."""


class Use(NamedTuple):
    """Bytes of memory in use, tasks (processes and threads), files in the box's own folders."""

    memory: int
    tasks: int
    files: int


def use(root: int, most: int) -> Use:
    """What the process and all its descendants use now. A process that ends meanwhile counts nothing.

    What processes share after a fork counts for each of them at first; only where that comes to more than `most`, it is counted
    exactly, which takes the kernel longer.
    """
    family: list[int] = []
    memory = tasks = files = 0
    waiting = [root]
    while waiting:
        process = Path(f"/proc/{waiting.pop()}")
        try:
            memory += _kilobytes(process / "status", b"RssAnon:", b"RssShmem:") * 1024
            threads = list((process / "task").iterdir())
        except OSError:
            continue
        family.append(int(process.name))
        tasks += len(threads)
        for thread in threads:
            with contextlib.suppress(OSError):
                waiting += map(int, (thread / "children").read_bytes().split())
        files = files or _files(process)
    return Use(memory if memory <= most else min(memory, _shared_out(family)), tasks, files)


def _shared_out(family: list[int]) -> int:
    """Bytes of memory where a page that n processes share counts 1/n for each; a process that may not be asked counts in full."""
    total = 0
    for process in family:
        with contextlib.suppress(OSError):
            try:
                total += _kilobytes(Path(f"/proc/{process}/smaps_rollup"), b"Pss_Anon:", b"Pss_Shmem:") * 1024
            except PermissionError:
                total += _kilobytes(Path(f"/proc/{process}/status"), b"RssAnon:", b"RssShmem:") * 1024
    return total


def _kilobytes(file: Path, *names: bytes) -> int:
    """The sum of some lines "Name:  123 kB"."""
    return sum(int(line.split()[1]) for line in file.read_bytes().splitlines() if line.startswith(names))


def _files(process: Path) -> int:
    """Files in the memory file systems that a process of the box sees; 0 where it sees none, or cannot be asked."""
    inside = process / "root"
    try:
        if inside.stat().st_dev == Path("/").stat().st_dev:
            return 0  # the backend's outer process, which stands on the host
        states = [os.statvfs(inside / place) for place in PLACES]
    except OSError:
        return 0
    return sum(state.f_files - state.f_ffree for state in states)
