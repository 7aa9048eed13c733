"""Capture the flag: boxes with several flags, each hidden in its own way; progress is the share that is found."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from dutiful.core.errors import SpecError, UnknownPart, WorldFailure
from dutiful.core.parts import Card
from dutiful.core.records import Action, Criterion, Instruction, Json, Task, Verdict
from dutiful.core.world import Tool
from dutiful.kit import calls
from dutiful.kit.tasks import Lazy
from dutiful.worlds.code import hiding
from dutiful.worlds.code.functions import SPLITS, split_of
from dutiful.worlds.code.hiding import PLACES, WORDS, Hidden
from dutiful.worlds.code.tree import File, Tree
from dutiful.worlds.code.workspace import TOOLS, Laid, Workspace, tool

COUNT = 10_000
OWN = {
    each.name: each
    for each in (
        tool("submit_flag", "Says whether a flag is one of this box, and which.", flag="the whole flag, flag{...}"),
        tool("finish", "Ends the episode; what is not found by then stays so."),
    )
}


class Flags(Workspace):
    """Boxes with `parts` flags (1 to 10) in as many kinds of hiding places: dot files, encodings, masks, archives, logs,
    a service with a PIN, modes of files, checksums, tables, old changes.

    `kinds`: "all", or some of them, comma-separated. Clues say where to look: two wordings in training, four in
    the test, which go down to a hint. A flag is a sub-task: the score is the share found, and the episode ends with the last.
    """

    card = Card(
        kind="world",
        name="code/flags",
        summary="capture-the-flag boxes: files, encodings, permissions, a service, logs; each flag is a sub-task",
        capabilities=frozenset({"expert", "snapshot", "tools"}),
        needs=("code",),
    )
    offered = ("list_files", "read_file", "search", "write_file", "run")
    about = "You are in a box of files in which flags of the form flag{...} are hidden. Find and submit them, one call a turn."

    def __init__(self, parts: int = 3, kinds: str = "all", max_steps: int = 30, seconds: float = 5.0):
        super().__init__(max_steps, seconds)
        self.parts, self.kinds = parts, kinds
        for kind in kinds.split(","):
            if kind not in (*PLACES, "all"):
                raise UnknownPart("hiding place of code/flags", kind, (*PLACES, "all"))
        self._kinds = [kind for kind in PLACES if "all" in kinds.split(",") or kind in kinds.split(",")]
        if not 1 <= parts <= len(self._kinds):
            raise SpecError(f"code/flags: parts={parts}, expected 1 to {len(self._kinds)}, as many as there are kinds")

    def tools(self) -> Sequence[Tool]:
        return [*(TOOLS[name] for name in self.offered), *OWN.values()]

    def tasks(self, split: str = "test") -> Sequence[Task]:
        """10,000 boxes, made when asked for. Splits: train, validation, test."""
        if split not in SPLITS:
            raise UnknownPart("split of code/flags", split, SPLITS)
        return Lazy(lambda number: self.make(split, number), COUNT)

    def make(self, split: str, number: int) -> Task:
        """Box `number` of a split."""
        random = Random(f"code/flags {split} {number} {self.kinds} {self.parts}")
        folders = random.sample(WORDS, self.parts)
        parts: list[Json] = []
        for kind, folder in zip(random.sample(self._kinds, self.parts), folders, strict=True):
            while split_of(kind, parameters := hiding.draw(kind, folder, random)) != split:
                pass
            flag = f"flag{{{'-'.join(random.sample(WORDS, 2))}-{random.randint(100, 999)}}}"
            clue = random.randrange(4 if split == "test" else 2)
            parts.append(dict(kind=kind, parameters=parameters, flag=flag, clue=clue))
        clues = "; ".join(f"({i}) {place(part).clues[part['clue']]}" for i, part in enumerate(parts, 1))
        many = "the flag" if self.parts == 1 else f"the {self.parts} flags"
        text = f"Find {many} in this box and submit each with submit_flag. Clues: {clues}."
        seed = SPLITS.index(split) * 1_000_000 + number
        return Task(f"flags-{split}-{number}", self.spec, split, seed, Instruction(text), dict(parts=parts))

    def lay(self, setup: Json) -> Laid:
        files = {"README": File(b"Welcome. Nothing here is locked for good.\n")}
        for part in setup["parts"]:
            files |= place(part).files
        self.state = ()
        return Laid(files, frozenset(), "A box of files, with a shell.", setup["parts"])

    def evaluate(self, files: Tree) -> Verdict:
        return Verdict.of(
            *(
                Criterion(
                    part["kind"], part["flag"] in self.found, float(part["flag"] in self.found), self._evidence(part["flag"])
                )
                for part in self.laid.rest
            )
        )

    def _evidence(self, flag: str) -> str:
        return f"{flag} was submitted" if flag in self.found else f"{flag} was not submitted"

    @property
    def found(self) -> tuple[str, ...]:
        """The flags that were submitted."""
        return self.state or ()

    def expert(self) -> Action:
        """Follows the way to the first flag that is missing; submits what it has in sight."""
        for part in self.laid.rest:
            if part["flag"] in self.found:
                continue
            if part["flag"] in self._last.text:
                return calls.action(calls.Call("submit_flag", {"flag": part["flag"]}))
            way = place(part).way
            done = max((i + 1 for i, step in enumerate(way) if step.shows in self._last.text), default=0)
            return calls.action(calls.Call("run", {"command": way[done].command}))
        raise WorldFailure("code/flags: all flags are found; the expert has nothing left to do")

    def _over(self, name: str) -> bool:
        return name == "finish" or len(self.found) == len(self.laid.rest)

    def _tool_submit_flag(self, flag: str) -> str:
        flag = flag.strip()
        numbers = {part["flag"]: number for number, part in enumerate(self.laid.rest, 1)}
        if flag not in numbers:
            return "That is no flag of this box."
        self.state = tuple(dict.fromkeys((*self.found, flag)))
        return f"Right, that is number {numbers[flag]}. {len(self.found)} of {len(numbers)} found."

    def _tool_finish(self) -> str:
        return f"Finished with {len(self.found)} of {len(self.laid.rest)} flags."


def place(part: Json) -> Hidden:
    """A part of a box, laid out."""
    return PLACES[part["kind"]](part["parameters"], part["flag"])
