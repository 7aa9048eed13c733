"""A workspace: files, tools to read and change them, programs in a box, and a verdict that looks from outside."""

from __future__ import annotations

import difflib
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from dutiful.core.errors import SpecError, WorldFailure
from dutiful.core.records import Action, Json, Observation, Task, Verdict
from dutiful.core.world import Tool, World
from dutiful.kit import calls
from dutiful.kit.box import Box, Finished
from dutiful.worlds.code import patches
from dutiful.worlds.code.tree import File, Refused, Tree, clean, digest, gather, keep, lay, put, under

MOST_VERDICTS = 512
"""Verdicts that a world keeps, of this episode and earlier ones: the same files of the same task get the same."""
MOST_SHOWN = 4000
"""Signs of a file or of a program's output that one observation shows."""


def tool(name: str, description: str, optional: Mapping[str, Json] | None = None, **needed: str) -> Tool:
    """A tool whose needed parameters are strings with a description, and whose optional ones are schemas."""
    properties = {key: {"type": "string", "description": text} for key, text in needed.items()} | dict(optional or {})
    schema: Json = {"type": "object", "properties": properties, "required": list(needed), "additionalProperties": False}
    return Tool(name, description, schema)


TOOLS = {
    each.name: each
    for each in (
        tool("list_files", "Lists the files of the workspace, or of a folder.", {"folder": {"type": "string", "default": ""}}),
        tool(
            "read_file",
            "Shows lines of a text file, from `first` (counted from 1).",
            {"first": {"type": "integer", "default": 1}, "lines": {"type": "integer", "default": 200}},
            path="the file",
        ),
        tool("search", "Lists the lines of all files in which a text stands, word for word.", text="what to look for"),
        tool("write_file", "Writes a whole file, new or old.", path="the file", text="all that is to stand in it"),
        tool(
            "edit_file",
            "Replaces a piece of a file that stands in it exactly once.",
            path="the file",
            old="the piece as it stands, line breaks and all",
            new="what is to stand there instead",
        ),
        tool("remove_file", "Removes a file.", path="the file"),
        tool("apply_patch", "Applies a unified diff, wholly or not at all.", patch="the diff, as git prints it"),
        tool(
            "run",
            "Runs a shell command in the workspace, in a box without network that has python3. What it changes stays changed.",
            command="for example: python3 -c 'print(1)'",
        ),
        tool("submit", "Hands the workspace in as it is; the episode ends."),
    )
}


class Laid(NamedTuple):
    """A task laid out: its files, those that may not be changed, what is seen first, and whatever else the world needs."""

    files: dict[str, File]
    protected: frozenset[str]
    brief: str
    rest: Any = None


class Saved(NamedTuple):
    """What `snapshot` returns."""

    files: Tree
    steps: int
    last: Observation
    state: Any


class Workspace(World):
    """Base of the code worlds. A subclass makes tasks, lays them out, evaluates files, and knows how a task is done.

    `max_steps` ends an episode, which is then evaluated as it stands; `seconds` bounds one program. What programs do is
    an observation, however they end; that a box cannot be had is an error of the harness (WorldFailure).
    """

    offered: ClassVar[Sequence[str]] = tuple(TOOLS)
    about = "You work on the files of a small workspace with tools, one call a turn."

    def __init__(self, max_steps: int = 30, seconds: float = 5.0):
        if max_steps < 1:
            raise SpecError(f"{self.card.name}: max_steps={max_steps}, expected 1 or more")
        if not 0 < seconds <= 600:
            raise SpecError(f"{self.card.name}: seconds={seconds}, expected more than 0 and at most 600")
        self.max_steps, self.seconds = max_steps, seconds
        self._laid: Laid | None = None
        self._judged: dict[str, Verdict] = {}
        self.files: Tree = {}
        self.state: Any = None

    # What a subclass says

    def lay(self, setup: Json) -> Laid:
        """The files of a task, from its setup alone."""
        raise NotImplementedError

    def evaluate(self, files: Tree) -> Verdict:
        """The verdict on files (and on `state`, where a world keeps one)."""
        raise NotImplementedError

    def target(self) -> Mapping[str, str]:
        """The texts of the files that the oracle changes, as it leaves them."""
        raise NotImplementedError

    # The contract

    @property
    def rules(self) -> str:  # type: ignore[override]
        return f"{self.about}\nTools:\n{calls.describe(self.tools())}"

    def tools(self) -> Sequence[Tool]:
        return [TOOLS[name] for name in self.offered]

    @property
    def laid(self) -> Laid:
        """The task that is laid out."""
        if self._laid is None:
            raise WorldFailure(f"{self.card.name}: no task is laid out yet; call reset(task) first")
        return self._laid

    def reset(self, task: Task) -> Observation:
        try:
            laid = self.lay(task.setup)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise WorldFailure(f"{self.card.name} cannot lay out {task.id!r}: its setup lacks or garbles {error}") from error
        self._laid, self.files, self._steps, self.state = laid, laid.files, 0, None
        self._setup = json.dumps(task.setup, sort_keys=True)
        listing = "\n".join(self._tool_list_files().splitlines())
        self._last = Observation(f"{laid.brief}\nFiles:\n{listing}")
        return self._last

    def step(self, action: Action) -> Observation:
        laid = self.laid
        if self._last.done:
            raise WorldFailure(f"{self.card.name}: the episode is over; call reset(task) to begin another")
        self._steps += 1
        try:
            call = calls.of(action, self.tools())
        except ValueError as problem:
            return self._refuse(problem)
        method: Callable[..., str] = getattr(self, f"_tool_{call.tool}")
        try:
            text, info = method(**call.arguments), {}
        except Refused as problem:
            return self._refuse(problem)
        assert laid is self._laid, "a tool lays no task out"
        return self._see(text, self._over(call.tool), info)

    def _over(self, name: str) -> bool:
        """Whether the call of a tool ends the episode."""
        return name == "submit"

    def _refuse(self, problem: Exception) -> Observation:
        return self._see(f"Error: {problem}", False, {"refused": str(problem)})

    def _see(self, text: str, over: bool, info: Json) -> Observation:
        done = over or self._steps >= self.max_steps
        reward = float(self.verdict().passed) if done else 0.0
        self._last = Observation(text, (), done, reward, info=info | (self.ending() if done else {}))
        return self._last

    def ending(self) -> Json:
        """What the last observation keeps for the log."""
        return {}

    def verdict(self) -> Verdict:
        """As the files stand; the evaluator runs once for each state of them."""
        assert self.laid
        key = f"{self._setup} {digest(self.files)} {self.state!r}"
        if key not in self._judged:
            if len(self._judged) >= MOST_VERDICTS:
                del self._judged[next(iter(self._judged))]
            self._judged[key] = self.evaluate(self.files)
        return self._judged[key]

    def expert(self) -> Action:
        """Edits what differs from the oracle's files, one piece a turn, then hands in."""
        goal = self.target()
        for path, text in goal.items():
            now = self.files[path].data.decode(errors="replace") if path in self.files else None
            if now != text:
                return calls.action(edit(path, now, text))
        extra = [path for path in self.laid.files if path in self.files and self.gone(path)]
        if extra:
            return calls.action(calls.Call("remove_file", {"path": extra[0]}))
        return calls.action(calls.Call("submit", {}))

    def gone(self, path: str) -> bool:
        """Whether the oracle removes a file."""
        return False

    def snapshot(self) -> Saved:
        return Saved(self.files, self._steps, self._last, self.state)

    def restore(self, state: Saved) -> Observation:
        self.files, self._steps, self._last, self.state = state
        return state.last

    def patch(self) -> str:
        """All that was changed since the task was laid out, as a unified diff; raises Refused where a binary file was."""
        return patches.diff(self.laid.files, self.files)

    # The tools

    def _tool_list_files(self, folder: str = "") -> str:
        protected = self.laid.protected
        found = [
            (path, len(self.files[path].data), ", read-only" if path in protected else "") for path in under(self.files, folder)
        ]
        return "\n".join(f"{path} ({size} bytes{mark})" for path, size, mark in found) or "There are no files."

    def _open(self, path: str) -> File:
        path = clean(path)
        if path not in self.files:
            near = difflib.get_close_matches(path, list(self.files), n=1)
            raise Refused(f"there is no file {path!r}" + (f"; did you mean {near[0]}?" if near else ""))
        return self.files[path]

    def _tool_read_file(self, path: str, first: int = 1, lines: int = 200) -> str:
        if first < 1 or lines < 1:
            raise Refused(f"first={first} and lines={lines} must be 1 or more")
        whole = self._open(path).text.split("\n")
        return shown("\n".join(whole[first - 1 : first - 1 + lines]))

    def _tool_search(self, text: str) -> str:
        if not text:
            raise Refused("an empty text stands everywhere; give a word")
        rows = list[str]()
        for path, file in sorted(self.files.items()):
            if text.encode(errors="replace") in file.data and b"\0" not in file.data:
                said = file.data.decode(errors="replace").split("\n")
                rows += [f"{path}:{number}: {line.strip()[:160]}" for number, line in enumerate(said, 1) if text in line]
        return shown("\n".join(rows)) if rows else f"{text!r} stands in no file."

    def _change(self, path: str) -> str:
        """The clean path of a file that may be changed."""
        path = clean(path)
        if path in self.laid.protected:
            raise Refused(f"{path} is read-only")
        return path

    def _put(self, path: str, text: str) -> None:
        try:
            self.files = put(self.files, path, text.encode())
        except UnicodeEncodeError:
            raise Refused("the text has signs that cannot be written as UTF-8") from None

    def _tool_write_file(self, path: str, text: str) -> str:
        path = self._change(path)
        self._put(path, text)
        return f"{path} has {len(text.splitlines())} lines now."

    def _tool_edit_file(self, path: str, old: str, new: str) -> str:
        whole = self._open(path).text
        path = self._change(path)
        count = whole.count(old) if old else 0
        if count != 1:
            why = "the piece to replace is empty" if not old else f"it stands {count} times in {path}, expected once"
            raise Refused(f"{why}; give it as it stands, with lines around it")
        self._put(path, whole.replace(old, new))
        return f"{path} is changed."

    def _tool_remove_file(self, path: str) -> str:
        self._open(path)
        path = self._change(path)
        self.files = {other: file for other, file in self.files.items() if other != path}
        return f"{path} is gone."

    def _tool_apply_patch(self, patch: str) -> str:
        names = patches.touched(patch)
        for name in names:
            self._change(name)
        after = patches.apply(self.files, patch)
        checked: Tree = {path: file for path, file in after.items() if path in self.files}
        for path in after:  # a new file must fit into the workspace like any other
            checked = put(checked, path, after[path].data)
        self.files = after
        return f"Applied to {', '.join(names)}."

    def _tool_run(self, command: str) -> str:
        if "\0" in command or any(0xD800 <= ord(sign) <= 0xDFFF for sign in command):
            raise Refused("the command has signs that no command may have")
        finished, after, said = run(self.files, ["/usr/bin/sh", "-c", command], self.laid.protected, self.seconds)
        self.files = after
        return report(finished, said)

    def _tool_submit(self) -> str:
        return "Handed in."


def run(
    files: Tree, command: Sequence[str], protected: frozenset[str] = frozenset(), seconds: float = 5.0
) -> tuple[Finished, Tree, str]:
    """Runs a command on a copy of the files: how it ended, the files afterwards, and what is to be said about them."""
    with tempfile.TemporaryDirectory(prefix="dutiful-code-") as name:
        folder = Path(name)
        lay(files, folder)
        finished = Box(name, seconds=seconds).run(command)
        try:
            left = gather(folder)
        except Refused as problem:
            return finished, files, f"Nothing that it wrote was kept: {problem}."
    after, touched = keep(files, left, protected)
    return finished, after, f"Read-only files were put back: {', '.join(touched)}." if touched else ""


ENDINGS = {
    "time": "It was ended, for it took too long; no file is changed.",
    "memory": "It was ended, for it took too much memory; no file is changed.",
    "output": "It was ended, for it printed too much; no file is changed.",
    "killed": "It was killed; no file is changed.",
}


def report(finished: Finished, said: str = "") -> str:
    """What a program printed and how it ended, as an observation."""
    parts = [shown(finished.stdout), shown(finished.stderr), ENDINGS.get(finished.ended, ""), said]
    if finished.ended == "done" and finished.code:
        parts.append(f"It ended with exit code {finished.code}.")
    return "\n".join(part for part in parts if part) or "It printed nothing."


def shown(text: str) -> str:
    """A text as one observation shows it: its beginning, and how much is left out."""
    text = text.rstrip("\n")
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}\n[{len(text) - MOST_SHOWN} more signs]"


def edit(path: str, now: str | None, goal: str) -> calls.Call:
    """The call that brings a file nearer to its goal: the first piece that differs, as an edit where it can be one."""
    before, after = (now or "").split("\n"), goal.split("\n")
    blocks = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    _, a, b, c, d = next(block for block in blocks if block[0] != "equal")
    for around in range(4) if now else ():  # so many lines around it make it unique
        low, high = max(0, a - around), min(len(before), b + around)
        old, new = "\n".join(before[low:high]), "\n".join(before[low:a] + after[c:d] + before[b:high])
        if old and now and now.count(old) == 1:
            return calls.Call("edit_file", {"path": path, "old": old, "new": new})
    return calls.Call("write_file", {"path": path, "text": goal})
