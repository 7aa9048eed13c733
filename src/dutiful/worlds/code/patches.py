"""Patches in and out: unified diffs of a whole tree, made and applied in memory.

    patch = diff(before, after)
    apply(before, patch) == after

`apply` takes what `git diff` prints: new and deleted files, renames by name, files without a last line break. Line numbers may be
off: the nearest place where the old lines stand is taken; the lines themselves must agree. A patch whose lines end as on Windows
fits a file whose lines do not, and the other way round: the file keeps its own endings.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dutiful.worlds.code.tree import File, Refused, Tree, clean

_NO_NEWLINE = "\\ No newline at end of file"
_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


class PatchFailed(Refused):
    """A patch that cannot be read, or does not fit."""


class Hunk(NamedTuple):
    """A run of lines that goes, and one that comes in its place; `at` is the line (from 0) where the old ones should stand.

    Lines keep their break ("\\n"), so that a last line without one differs from one with it.
    """

    at: int
    old: tuple[str, ...]
    new: tuple[str, ...]


class Change(NamedTuple):
    """What a patch does to one file: "" as the path before is a new file, after it a file that goes."""

    before: str
    after: str
    hunks: tuple[Hunk, ...]


def diff(before: Tree, after: Tree) -> str:
    """The patch from one tree of text files to another; "" where they are equal. Raises Refused for a change of a binary file."""
    return "".join(_written(path, before, after) for path in sorted({*before, *after}))


def _written(path: str, before: Tree, after: Tree) -> str:
    if (path in before) == (path in after) and before[path].data == after[path].data:
        return ""
    old = lines(before[path].text) if path in before else []
    new = lines(after[path].text) if path in after else []
    names = (f"a/{path}" if path in before else "/dev/null", f"b/{path}" if path in after else "/dev/null")
    if not old and not new:  # an empty file comes or goes, and no hunk would say so
        return f"--- {names[0]}\n+++ {names[1]}\n"
    printed = difflib.unified_diff(old, new, *names, lineterm="\n")
    return "".join(line if line.endswith("\n") else f"{line}\n{_NO_NEWLINE}\n" for line in printed)


def lines(text: str) -> list[str]:
    """Lines with their breaks; only "\\n" ends a line."""
    return [piece for piece in re.split(r"(?<=\n)", text) if piece]


def touched(patch: str) -> list[str]:
    """The paths that a patch creates, changes or removes, sorted; raises PatchFailed."""
    return sorted({path for change in parse(patch) for path in (change.before, change.after) if path})


def parse(patch: str) -> list[Change]:
    """The changes that a patch makes; prose around them is passed over. Raises PatchFailed."""
    windows = patch.count("\r\n") == patch.count("\n")  # else a "\r" belongs to the file
    return list(_changes((patch.replace("\r\n", "\n") if windows else patch).split("\n")))


def _changes(said: Sequence[str]) -> Iterator[Change]:
    number = 0
    while number < len(said) - 1:
        if not (said[number].startswith("--- ") and said[number + 1].startswith("+++ ")):
            if _HUNK.match(said[number]):
                raise PatchFailed(
                    f"line {number + 1} of the patch is a hunk of no file: '--- a/path' and '+++ b/path' are missing"
                )
            number += 1
            continue
        before, after = _path(said[number], "a/"), _path(said[number + 1], "b/")
        if not before and not after:
            raise PatchFailed("a change from /dev/null to /dev/null")
        number += 2
        hunks = list[Hunk]()
        while number < len(said) and _HUNK.match(said[number]):
            hunk, number = _hunk(said, number)
            hunks.append(hunk)
        yield Change(before, after, tuple(hunks))


def _path(line: str, prefix: str) -> str:
    name = line[4:].split("\t", maxsplit=1)[0].strip()
    if name == "/dev/null":
        return ""
    try:
        path = clean(name.removeprefix(prefix))
    except Refused as problem:
        raise PatchFailed(str(problem)) from None
    if not path:
        raise PatchFailed(f"{line!r} names no file")
    return path


def _hunk(said: Sequence[str], number: int) -> tuple[Hunk, int]:
    """The hunk whose head is at `number`, and the line after it."""
    head = _HUNK.match(said[number])
    assert head, "the caller has matched it"
    start, old_count, new_count = int(head[1]), int(head[2] or 1), int(head[4] or 1)
    old, new = list[str](), list[str]()
    place, last = number + 1, ""
    while len(old) < old_count or len(new) < new_count or (place < len(said) and said[place].startswith("\\")):
        if place >= len(said):
            raise PatchFailed(f"the hunk {said[number]!r} ends early")
        line = said[place]
        sign, text = (line[0], line[1:] + "\n") if line else (" ", "\n")  # editors strip the blank of an empty context line
        if sign == "\\":
            _without_break(old if last in "- " else [], new if last in "+ " else [])
        elif sign in " -+":
            if sign in " -":
                old.append(text)
            if sign in " +":
                new.append(text)
        else:
            raise PatchFailed(f"line {place + 1} of the patch begins with {sign!r}, expected ' ', '-', '+' or '@@'")
        last, place = sign, place + 1
    if len(old) != old_count or len(new) != new_count:
        raise PatchFailed(f"the hunk {said[number]!r} has {len(old)} old and {len(new)} new lines")
    return Hunk(max(0, start - (1 if old_count else 0)), tuple(old), tuple(new)), place


def _without_break(*sides: list[str]) -> None:
    for side in sides:
        if side:
            side[-1] = side[-1].removesuffix("\n")


def apply(files: Tree, patch: str) -> dict[str, File]:
    """The tree after a patch; raises PatchFailed with the reason, also for a patch without a change."""
    changes = parse(patch)
    if not changes:
        raise PatchFailed("the patch has no change in it: '--- a/path', '+++ b/path' and hunks are expected")
    result = dict(files)
    for change in changes:
        if change.before and change.before not in result:
            raise PatchFailed(f"{change.before}: there is no such file")
        if not change.before and change.after in result:
            raise PatchFailed(f"{change.after}: the patch creates it, but it is there")
        file = result.pop(change.before) if change.before else File(b"")
        text = _patched(file.text, change)
        if change.after:
            result[change.after] = file._replace(data=text.encode())
        elif text:
            raise PatchFailed(f"{change.before}: the patch removes the file, but not all of its lines")
    return result


def _patched(text: str, change: Change) -> str:
    present, offset, floor = lines(text), 0, 0
    for hunk in change.hunks:
        at, new = _find(present, hunk.old, hunk.at + offset, floor), hunk.new
        if at is None:
            plain = [_plain(line) for line in present]
            at = _find(plain, tuple(map(_plain, hunk.old)), hunk.at + offset, floor)
            if at is None:
                raise PatchFailed(f"{change.before or change.after}: the lines of the hunk at line {hunk.at + 1} are not there")
            windows = present[at].endswith("\r\n")
            new = tuple(_plain(line).replace("\n", "\r\n") if windows else _plain(line) for line in new)
        present[at : at + len(hunk.old)] = new
        floor = at + len(new)
        offset = at - hunk.at + len(new) - len(hunk.old)
    return "".join(present)


def _plain(line: str) -> str:
    return line.replace("\r\n", "\n")


def _find(present: Sequence[str], old: Sequence[str], at: int, floor: int) -> int | None:
    """Where the old lines stand: the nearest place to where they should."""
    if not old:
        return at if floor <= at <= len(present) else None
    places = range(floor, len(present) - len(old) + 1)
    fitting = [place for place in places if tuple(present[place : place + len(old)]) == old]
    return min(fitting, key=lambda place: abs(place - at), default=None)


def render(changes: Sequence[Change]) -> str:
    """A patch out of changes; those without hunks are left out. Context lines are written as lines that go and come again."""
    said = list[str]()
    for change in changes:
        if change.hunks:
            names = (f"a/{change.before}" if change.before else "/dev/null", f"b/{change.after}" if change.after else "/dev/null")
            said.append(f"--- {names[0]}\n+++ {names[1]}\n")
        for hunk in change.hunks:
            said.append(f"@@ -{hunk.at + bool(hunk.old)},{len(hunk.old)} +{hunk.at + bool(hunk.new)},{len(hunk.new)} @@\n")
            marked = [f"-{line}" for line in hunk.old] + [f"+{line}" for line in hunk.new]
            said += [line if line.endswith("\n") else f"{line}\n{_NO_NEWLINE}\n" for line in marked]
    return "".join(said)


def shorter(patch: str) -> list[str]:
    """The patch without its first hunk, without its second, and so on."""
    changes = parse(patch)
    every = [(i, j) for i, change in enumerate(changes) for j in range(len(change.hunks))]
    return [
        render(
            [
                change._replace(hunks=tuple(hunk for j, hunk in enumerate(change.hunks) if (i, j) != gone))
                for i, change in enumerate(changes)
            ]
        )
        for gone in every
    ]
