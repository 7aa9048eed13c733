"""Attacks a box with all of `hostile`, and says what was stopped, what may be, and what is open."""

from __future__ import annotations

import contextlib
import os
import platform
import secrets
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal, NamedTuple

from dutiful.kit.box import filter
from dutiful.kit.box.box import Box, Finished
from dutiful.kit.box.hostile import ATTACKS, Attack

SECONDS, BRIEF = 15.0, 1.5
"""For an attack, and for one that only goes on and on; the second is tried again with the first, where it did not even begin."""
MEMORY, DISK, OUTPUT = 150 << 20, 20 << 20, 1 << 20
_REFUSALS = (
    "OSError PermissionError FileNotFoundError ConnectionRefusedError ProcessLookupError BlockingIOError MemoryError "
    "RuntimeError TimeoutError NotADirectoryError"
)
REFUSALS = frozenset(_REFUSALS.split())
"""How a program is told that it may not; another exception is a fault of the attack."""
Came = Literal["stopped", "by design", "OPEN", "not tried"]


class Result(NamedTuple):
    """What came of an attack, and how it showed."""

    name: str
    came: Came
    how: str


class Host(NamedTuple):
    """What there is to get, on this side."""

    folder: Path
    key: str
    port: int
    process: subprocess.Popen[bytes]
    mark: str

    def fill(self, code: str) -> str:
        """A program with its words in capitals filled in."""
        words = {
            "SECRET": str(self.folder / "secret"),
            "HOME": str(Path.home()),
            "PORT": str(self.port),
            "SOCKET": self.mark,
            "PROCESS": str(self.process.pid),
            "MARK": self.mark,
            "KEY": self.key,
            "LIMIT": str(MEMORY),
            "DISK": str(DISK),
        }
        for word, value in words.items():
            code = code.replace(word, value)
        return code


def prove(using: str = "", attacks: Iterable[Attack] = ATTACKS, workers: int = 4) -> list[Result]:
    """Runs every attack in a box of its own; `using` is the backend, as of `Box`. Takes about ten seconds."""
    Box(using=using)  # a refusal is raised here
    with host() as prey, ThreadPoolExecutor(workers) as pool:
        waiting = [pool.submit(one, attack, prey, using) for attack in attacks]
        return [each.result() for each in waiting]


@contextlib.contextmanager
def host() -> Generator[Host]:
    """A secret file that everyone may read, a key in the environment, two sockets that listen, a process to kill."""
    mark = f"mark{secrets.token_hex(8)}"
    with contextlib.ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="dutiful-prey-")))
        folder.chmod(0o755)
        (folder / "secret").write_text(mark)
        listening = held.enter_context(socket.create_server(("127.0.0.1", 0)))
        abstract = held.enter_context(socket.socket(socket.AF_UNIX))
        abstract.bind(f"\0{mark}")
        abstract.listen()
        key = f"KEY_{mark}".upper()
        os.environ[key] = mark[::-1]  # turned round: the mark itself stands in the programs
        held.callback(os.environ.pop, key, None)
        process = subprocess.Popen(["sleep", "600"])
        held.callback(process.wait)
        held.callback(process.kill)
        yield Host(folder, key, listening.getsockname()[1], process, mark)


def one(attack: Attack, prey: Host, using: str = "") -> Result:
    """One attack in a box with an empty folder."""
    if attack.after != "time":
        return _one(attack, prey, using, SECONDS)
    result = _one(attack, prey, using, BRIEF)
    return _one(attack, prey, using, SECONDS) if result.came == "not tried" else result


def _one(attack: Attack, prey: Host, using: str, seconds: float) -> Result:
    with tempfile.TemporaryDirectory(prefix="dutiful-box-") as around:
        folder = Path(around) / "folder"
        folder.mkdir()
        program = ["/usr/bin/python3", "-I", "-S", "-c", "print('tried', flush=True)\n" + prey.fill(attack.code)]
        finished = Box(folder, seconds, MEMORY, disk=DISK, output=OUTPUT, using=using).run(program)
        if attack.after == "again":
            finished = Box(None, seconds, MEMORY, disk=DISK, output=OUTPUT, using=using).run(program)
        wrong = _AFTER[attack.after](finished, folder, prey) if attack.after in _AFTER else ""
    return _result(attack, finished, wrong)


def _result(attack: Attack, finished: Finished, wrong: str) -> Result:
    opened = [line for line in finished.stdout.splitlines() if line.startswith("OPEN") or line.endswith("OPEN")]
    if not finished.stdout.startswith("tried"):
        return Result(attack.name, "not tried", (finished.stderr or finished.ended).strip()[-200:])
    if opened or wrong:
        how = wrong or opened[0][-80:]
        return Result(attack.name, "by design", attack.design) if attack.design else Result(attack.name, "OPEN", how)
    said = finished.stderr.strip().splitlines()
    if finished.ended == "done" and said and said[-1].partition(":")[0] not in REFUSALS:
        return Result(attack.name, "not tried", said[-1][-200:])
    if finished.ended != "done":
        return Result(attack.name, "stopped", f"the box was ended: {finished.ended}")
    return Result(attack.name, "stopped", said[-1][:80] if said else "it got nothing")


def _no_mark(finished: Finished, folder: Path, prey: Host) -> str:
    places = (Path("/tmp"), Path("/"), folder.parent, folder.parent.parent, Path.home())
    return next((f"{place / prey.mark} was written" for place in places if (place / prey.mark).exists()), "")


def _no_way_out(finished: Finished, folder: Path, prey: Host) -> str:
    for path in folder.rglob("*"):
        if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
            return f"{path.name} leads out of the folder"
        if not (path.is_file() or path.is_dir()):
            return f"{path.name} is no plain file"
    return ""


def _host_alive(finished: Finished, folder: Path, prey: Host) -> str:
    return "" if prey.process.poll() is None else "it was killed"


def _no_process(finished: Finished, folder: Path, prey: Host) -> str:
    time.sleep(0.1)
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if prey.mark.encode() in line.read_bytes().split(b"\0"):
                return f"process {line.parent.name} goes on"
    return ""


def _time(finished: Finished, folder: Path, prey: Host) -> str:
    return "" if finished.ended == "time" else f"it ended by itself: {finished.ended}"


_AFTER: dict[str, Callable[[Finished, Path, Host], str]] = {
    "no mark": _no_mark,
    "no way out": _no_way_out,
    "host alive": _host_alive,
    "no process": _no_process,
    "time": _time,
}


def walls(using: str) -> Sequence[str]:
    """In words, what the box of this backend is made of here."""
    user = "started as root, dropped to nobody before anything else" if os.geteuid() == 0 else "started by an ordinary user"
    rules = f"{len(filter.REFUSED)} system calls and all but three families of sockets refused"
    return (
        f"{using} on Linux {platform.release()}, {user}",
        f"filter: {rules}" if filter.program() else f"filter: NONE, it is written for x86-64 and this is {platform.machine()}",
        "memory: for each process by the kernel, for all together by looking every 20 ms",
    )
