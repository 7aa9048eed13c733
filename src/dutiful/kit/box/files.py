"""A folder into the box and back: packed here, unpacked there, and what comes back is believed in nothing.

The box works on a copy, in memory of its own that has a size. So it needs no rights on the host, a full disk is its own disk,
and the owners of files stay who they were. What comes back is a tar stream that hostile code may have written: names that lead
out of the folder, devices and links that climb are left out, and what is written never goes through a link.
"""

from __future__ import annotations

import io
import shutil
import tarfile
from pathlib import Path, PurePosixPath
from typing import NamedTuple

DEEP, LONG = 40, 1000
"""Folders within folders, and bytes of a name with its folders, that come back; more, and the host could not remove them."""
EMPTY = bytes(10240)
"""The tar stream of nothing."""


class Entry(NamedTuple):
    """One thing in a folder: a directory (content None, target ""), a link (target) or a file (content)."""

    content: bytes | None
    target: str
    mode: int


def pack(folder: Path, most: int) -> bytes:
    """The folder as a tar stream; ValueError where its files hold more than `most` bytes."""
    held = sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    if held > most:
        raise ValueError(f"{folder} holds {held:,} bytes, and a box of {most:,} is asked for: give it a larger disk=")
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT) as archive:
        archive.add(folder, ".", filter=_plain)
    return stream.getvalue()


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Without owners, and readable to the box's user; without devices and pipes."""
    if not (entry.isreg() or entry.isdir() or entry.issym() or entry.islnk()):
        return None
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode |= 0o700 if entry.isdir() else 0o600
    return entry


def unpack(stream: bytes, folder: Path) -> list[str]:
    """Makes the folder what the stream says, touching only what differs; returns what was left out, with the reason.

    Raises ValueError where the stream is broken, before anything is written.
    """
    known = _known(folder)
    try:
        entries, left = _read(stream, known)
    except (tarfile.TarError, ValueError, KeyError, OSError, EOFError) as error:
        raise ValueError(f"what came out of the box cannot be read: {error}") from None
    for name in sorted(known, reverse=True):
        if name not in entries:
            _remove(folder / name)
    for name, entry in sorted(entries.items()):
        _write(folder / name, entry)
    return [f"{name}: {why}" for name, why in sorted(left.items())]


def _read(stream: bytes, known: dict[str, str | None]) -> tuple[dict[str, Entry], dict[str, str]]:
    entries: dict[str, Entry] = {}
    left: dict[str, str] = {}
    with tarfile.open(fileobj=io.BytesIO(stream), mode="r:") as archive:
        for member in archive:
            name = str(PurePosixPath(member.name))
            if name == ".":
                continue
            if why := _unfit(member, known.get(name)):
                left[name[:80]] = why
            elif member.issym():
                entries[name] = Entry(None, member.linkname, 0o777)
            elif member.isdir():
                entries[name] = Entry(None, "", member.mode & 0o777)
            else:
                file = archive.extractfile(member)
                entries[name] = Entry(b"" if file is None else file.read(), "", member.mode & 0o777)
    for name in list(entries):  # a parent is a folder, whatever a forged stream says
        for parent in PurePosixPath(name).parents:
            above = entries.get(str(parent))
            if str(parent) != "." and (above is None or above.content is not None or above.target):
                entries[str(parent)] = Entry(None, "", 0o755)
    return entries, left


def _unfit(member: tarfile.TarInfo, target: str | None) -> str:
    """Why something may not come back; "" where it may. `target` is where the host's own link of that name leads."""
    path, link = PurePosixPath(member.name), PurePosixPath(member.linkname)
    if path.is_absolute() or ".." in path.parts:
        return "leads out of the folder"
    if len(path.parts) > DEEP or len(member.name.encode(errors="surrogateescape")) > LONG:
        return "too deep or too long a name"
    # Without "..", no chain of links can climb. The host's own links stay, whatever they lead to.
    if member.issym() and (link.is_absolute() or ".." in link.parts) and member.linkname != target:
        return f"a link that may lead out of the folder, to {member.linkname}"
    return "" if member.issym() or member.isdir() or member.isreg() or member.islnk() else "neither file, folder nor link"


def _known(folder: Path, at: str = "") -> dict[str, str | None]:
    """The names below a folder of all that `pack` takes, links not followed: None for files and folders, a link's target."""
    known: dict[str, str | None] = {}
    for path in (folder / at).iterdir():
        name = f"{at}/{path.name}" if at else path.name
        if not (path.is_symlink() or path.is_file() or path.is_dir()):
            continue
        known[name] = str(path.readlink()) if path.is_symlink() else None
        if path.is_dir() and not path.is_symlink():
            known |= _known(folder, name)
    return known


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _write(path: Path, entry: Entry) -> None:
    link = path.is_symlink()
    if entry.target:
        if link and str(path.readlink()) == entry.target:
            return
        _remove(path)
        path.symlink_to(entry.target)
    elif entry.content is None:
        if link or not path.is_dir():
            _remove(path)
            path.mkdir()
        _mode(path, entry.mode | 0o700)
    else:
        if link or not path.is_file():
            _remove(path)
        if not path.exists() or path.read_bytes() != entry.content:
            path.write_bytes(entry.content)
        _mode(path, entry.mode | 0o600)


def _mode(path: Path, mode: int) -> None:
    if path.stat().st_mode & 0o777 != mode:
        path.chmod(mode)
