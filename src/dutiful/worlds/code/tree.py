"""The files of a workspace as a value: cheap to keep, to compare and to go back to, and never followed out of the folder.

The tree is what counts. For a program it is laid out in a temporary folder, and what the program left there is read back: regular
files alone, so that no link which a program makes leads anyone else's hand out of the box.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

MOST_BYTES = 8 << 20
"""What a workspace may hold."""
MOST_FILES = 500


class Refused(ValueError):
    """Something that the agent asked for and cannot have; the text is for it to read."""


class File(NamedTuple):
    """What is in a file, and the bits of its mode."""

    data: bytes
    mode: int = 0o644

    @property
    def text(self) -> str:
        """The content as UTF-8; raises Refused for anything else."""
        try:
            return self.data.decode()
        except UnicodeDecodeError:
            raise Refused(f"this is no text but a binary file of {len(self.data)} bytes; a program can read it") from None


Tree = Mapping[str, File]
"""Files by their path in the workspace, with "/" between the parts."""


def tree(texts: Mapping[str, str]) -> dict[str, File]:
    """A tree of plain text files."""
    return {path: File(text.encode()) for path, text in texts.items()}


def texts(files: Tree) -> dict[str, str]:
    """The texts of a tree of text files."""
    return {path: file.text for path, file in files.items()}


def digest(files: Tree) -> str:
    """The same for equal trees, in every process."""
    whole = hashlib.sha256()
    for path, file in sorted(files.items()):
        for piece in (path.encode(), file.data, str(file.mode).encode()):
            whole.update(len(piece).to_bytes(8, "big") + piece)
    return whole.hexdigest()


def clean(path: str) -> str:
    """A path as a tree names it; raises Refused for one that leads out of the workspace or names no file."""
    if any(ord(sign) < 32 or 0xD800 <= ord(sign) <= 0xDFFF for sign in path):
        raise Refused(f"the path {path!r} has signs that no path may have")
    if path == "/box" or path.startswith("/box/"):
        path = path[4:].lstrip("/")
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if path.startswith("/") or ".." in parts or path.startswith("~"):
        raise Refused(f"{path!r} is outside of the workspace; paths are relative to its top folder")
    if len(path) > 200:
        raise Refused("the path is longer than 200 signs")
    return "/".join(parts)


def put(files: Tree, path: str, data: bytes) -> dict[str, File]:
    """The tree with one file written; a file that is there keeps its mode. Raises Refused."""
    path = clean(path)
    if not path:
        raise Refused("a file needs a name")
    if any(other.startswith(f"{path}/") for other in files):
        raise Refused(f"{path} is a folder")
    above = path.split("/")[:-1]
    if blocked := next((p for i in range(len(above)) if (p := "/".join(above[: i + 1])) in files), None):
        raise Refused(f"{blocked} is a file, not a folder")
    changed = {**files, path: File(data, files[path].mode if path in files else 0o644)}
    if sum(len(file.data) for file in changed.values()) > MOST_BYTES or len(changed) > MOST_FILES:
        raise Refused(f"the workspace is full: it holds {MOST_BYTES >> 20} MB and {MOST_FILES} files")
    return changed


def under(files: Tree, folder: str) -> list[str]:
    """The paths in a folder and all below it, sorted; raises Refused where there is none."""
    folder = clean(folder)
    found = sorted(path for path in files if not folder or path == folder or path.startswith(f"{folder}/"))
    if folder and not found:
        raise Refused(f"there is no folder {folder!r}")
    return found


def lay(files: Tree, folder: Path) -> None:
    """Writes the tree into an empty folder."""
    for path, file in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.data)
        target.chmod(file.mode | 0o600)


def gather(folder: Path) -> dict[str, File]:
    """What lies in a folder after a program ran there: regular files alone. Raises Refused when it is more than may be kept.

    Links, devices and pipes are left out, and so is Python's bytecode.
    """
    found: dict[str, File] = {}
    size, waiting = 0, [folder]
    while waiting:
        for entry in sorted(os.scandir(waiting.pop()), key=lambda entry: entry.name):
            status = entry.stat(follow_symlinks=False)
            if stat.S_ISDIR(status.st_mode):
                if entry.name != "__pycache__":
                    waiting.append(Path(entry.path))
            elif stat.S_ISREG(status.st_mode):
                size += status.st_size
                if size > MOST_BYTES or len(found) >= MOST_FILES:
                    raise Refused(f"the workspace holds {MOST_BYTES >> 20} MB and {MOST_FILES} files")
                path = Path(entry.path).relative_to(folder).as_posix()
                if _sayable(path):
                    found[path] = File(Path(entry.path).read_bytes(), stat.S_IMODE(status.st_mode) & 0o777)
    return found


def _sayable(path: str) -> bool:
    try:
        return clean(path) == path
    except Refused:
        return False


def keep(before: Tree, after: Tree, protected: Iterable[str]) -> tuple[dict[str, File], list[str]]:
    """What a program left, with protected files put back as they were, and the paths of those that it had changed."""
    kept = {path: before[path] for path in protected if path in before}
    touched = sorted(path for path, file in kept.items() if after.get(path) != file)
    inside = {path: file for path, file in after.items() if not any(path.startswith(f"{each}/") for each in kept)}
    return {**inside, **kept}, touched
