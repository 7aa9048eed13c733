"""Any MCP server as a world: its tools are the actions, its answers the observations, and gold calls say what should come out."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from dutiful.core.errors import SpecError, WorldFailure
from dutiful.core.parts import Card
from dutiful.core.records import Action, Criterion, Instruction, Observation, Record, Task, Verdict
from dutiful.core.world import Tool, World
from dutiful.kit import calls
from dutiful.kit.calls import Call
from dutiful.kit.mcp import Client

FINISH = Tool(
    "finish",
    "Ends the task; give the answer where one is asked for.",
    {"type": "object", "properties": {"answer": {"type": "string", "default": ""}}},
)


class Made(Record, frozen=True):
    """A call in a task file."""

    tool: str
    arguments: dict[str, Any] = {}


class Entry(Record, frozen=True):
    """A task in a task file. `calls`: what should be done. `probes`: calls whose results say how things stand afterwards."""

    id: str
    instruction: str
    calls: tuple[Made, ...] = ()
    probes: tuple[Made, ...] = ()
    answer: str | None = None
    split: str = "test"


class Mcp(World):
    """`server`: a command or a URL. `file`: a JSON list of tasks (id, instruction, calls, probes, answer, split).

    Every episode has a server process of its own, and a temporary folder of its own, named to the server in the environment
    variable `folder`: a server that keeps its state elsewhere shares it. A server with a tool that sets it back (`anew`) is
    kept instead, which saves the start. `hidden`: parameters that the agent is not shown, separated by commas; `withheld`:
    tools likewise.

    The verdict rests on state: the probes are called on the agent's server and on a fresh one on which the gold calls were
    made, and must agree (in the results' `field`, where they are JSON objects that have it). A task without probes wants the
    gold calls made, in any order, and no others of their tools. A task of a user's own words has no gold: it only says
    whether the agent came to an end.
    """

    card = Card(
        kind="world",
        name="mcp",
        summary="any MCP server: its tools, its state, tasks from a file or in your own words",
        capabilities=frozenset({"tools", "expert", "ground"}),
        needs=("mcp",),
        source="Model Context Protocol",
    )

    def __init__(
        self,
        server: str = "",
        file: str = "",
        folder: str = "TMPDIR",
        anew: str = "",
        hidden: str = "",
        withheld: str = "",
        field: str = "",
        max_steps: int = 30,
        seconds: float = 30.0,
    ):
        if not server:
            raise SpecError("mcp: no server; name its command or its URL: mcp?server=python -m my_server")
        if max_steps < 1:
            raise SpecError(f"mcp: max_steps={max_steps}, expected 1 or more")
        self.server, self.file, self.folder, self.anew, self.field = server, file, folder, anew, field
        self.hidden, self.withheld, self.max_steps, self.seconds = hidden, withheld, max_steps, seconds
        self._servers: dict[str, Client] = {}
        self._folders: list[tempfile.TemporaryDirectory[str]] = []
        self._tools: list[Tool] = []
        self._entry = Entry("", "")
        self._last = Observation()

    @property
    def rules(self) -> str:  # type: ignore[override]
        return f"Do what the instruction says with these tools, one call a turn, then finish.\n{calls.describe(self.tools())}"

    def tasks(self, split: str = "test") -> Sequence[Task]:
        entries = self._entries()
        if split not in {entry.split for entry in entries}:
            raise SpecError(f"mcp: no split {split!r} in {self.file}; there are {sorted({e.split for e in entries})}")
        return [self._task(entry, number) for number, entry in enumerate(entries) if entry.split == split]

    def _entries(self) -> list[Entry]:
        if not self.file:
            raise SpecError("mcp: no tasks; give a file (file=my-tasks.json), or an instruction in your own words (dutiful run)")
        try:
            return msgspec.json.decode(Path(self.file).read_bytes(), type=list[Entry])
        except (OSError, msgspec.DecodeError) as error:
            raise SpecError(f"mcp: the tasks of {self.file!r} cannot be read: {error}") from error

    def _task(self, entry: Entry, number: int) -> Task:
        setup = msgspec.json.decode(msgspec.json.encode(entry))
        return Task(entry.id, self.spec, entry.split, number, Instruction(entry.instruction), setup)

    def ground(self, instruction: str, seed: int = 0) -> Task:
        digest = hashlib.sha256(f"{instruction} {seed}".encode()).hexdigest()[:12]
        return self._task(Entry(f"mcp-user-{digest}", instruction, split="user"), seed)

    def reset(self, task: Task) -> Observation:
        try:
            self._entry = msgspec.convert(task.setup, Entry)
        except msgspec.ValidationError as error:
            raise WorldFailure(f"mcp cannot lay out the task {task.id!r}: {error}") from error
        client = self._fresh("agent")
        self._tools = [self._shown(tool) for tool in client.tools() if tool.name not in self._kept_back()]
        self._made: list[Call] = []
        self._answer: str | None = None
        self._steps = 0
        self._last = Observation("The tools are ready.")
        return self._last

    def _kept_back(self) -> set[str]:
        return {*filter(None, self.withheld.split(",")), self.anew, FINISH.name}

    def _fresh(self, whose: str) -> Client:
        """A server as it is at the start: a new process whose temporary files nobody else sees, or one set back by `anew`."""
        if self.anew and whose in self._servers:
            try:
                self._servers[whose].call(Call(self.anew, {}))
                return self._servers[whose]
            except WorldFailure:
                pass  # it died: begin another
        if whose in self._servers:
            self._servers.pop(whose).close()
        self._folders.append(tempfile.TemporaryDirectory(prefix="dutiful-mcp-", ignore_cleanup_errors=True))
        client = Client(self.server, self.seconds, {**os.environ, self.folder: self._folders[-1].name})
        self._servers[whose] = client
        if self.anew:
            client.call(Call(self.anew, {}))
        return client

    def _shown(self, tool: Tool) -> Tool:
        """The tool without the parameters that are hidden."""
        hidden = set(filter(None, self.hidden.split(",")))
        schema = dict(tool.parameters)
        schema["properties"] = {name: each for name, each in calls.parameters(tool).items() if name not in hidden}
        schema["required"] = [name for name in schema.get("required", ()) if name not in hidden]
        return tool.replace(parameters=schema)

    def tools(self) -> Sequence[Tool]:
        return (*self._tools, FINISH)

    def step(self, action: Action) -> Observation:
        client = self._agents()
        if self._last.done:
            raise WorldFailure("mcp: the episode is over; call reset(task) to begin another")
        self._steps += 1
        try:
            call = calls.of(action, self.tools())
        except ValueError as error:
            return self._see(f"Error: {error}", refused=str(error))
        if call.tool == FINISH.name:
            self._answer = str(call.arguments.get("answer", ""))
            return self._see("Finished.", done=True)
        answer = client.call(call)
        self._made.append(call)
        return self._see(answer.text, **({"failed": True} if answer.failed else {}))

    def _see(self, text: str, done: bool = False, **info: Any) -> Observation:
        spent = self._steps >= self.max_steps and not done
        self._last = Observation(text, done=done or spent, info=info | ({"ended": "limit"} if spent else {}))
        return self._last

    def _agents(self) -> Client:
        if "agent" not in self._servers:
            raise WorldFailure("mcp: no task is laid out yet; call reset(task) first")
        return self._servers["agent"]

    def verdict(self) -> Verdict:
        criteria = self._state(self._agents())
        if self._entry.answer is not None:
            right = (self._answer or "").strip().lower() == self._entry.answer.strip().lower()
            criteria.append(
                Criterion("answer", right, float(right), f"asked for {self._entry.answer!r}, answered {self._answer!r}")
            )
        done = self._answer is not None
        criteria.append(Criterion("finished", done, float(done), "it finished" if done else "it did not finish"))
        return Verdict.of(*criteria)

    def _state(self, client: Client) -> list[Criterion]:
        wanted = [Call(each.tool, each.arguments) for each in self._entry.calls]
        if not self._entry.probes:
            return self._called(wanted)
        gold = self._fresh("gold")
        for call in wanted:
            gold.call(call)
        found: list[Criterion] = []
        for each in self._entry.probes:
            call = Call(each.tool, each.arguments)
            here, there = self._counts(client.call(call).text), self._counts(gold.call(call).text)
            found.append(_one(f"state {calls.text(call)}", here == there, f"it is {here[:300]}; it should be {there[:300]}"))
        return found

    def _called(self, wanted: list[Call]) -> list[Criterion]:
        """Without probes: every gold call was made, and no other one of the same tools."""
        tools = {call.tool for call in wanted}
        made = [call for call in self._made if call.tool in tools]
        shown = f"made: {', '.join(map(calls.text, made)) or 'none'}"
        criteria = [_one(f"made {calls.text(call)}", call in made, shown) for call in wanted]
        return criteria + ([_one("made no other", all(call in wanted for call in made), shown)] if wanted else [])

    def _counts(self, result: str) -> str:
        """What of a result is compared."""
        try:
            return msgspec.json.encode(msgspec.json.decode(result)[self.field]).decode()
        except (msgspec.DecodeError, KeyError, TypeError):
            return result

    def expert(self) -> Action:
        """The next gold call that was not made yet, then `finish`."""
        made = list(self._made)
        for each in self._entry.calls:
            call = Call(each.tool, each.arguments)
            if call not in made:
                return calls.action(call)
            made.remove(call)
        return calls.action(Call(FINISH.name, {"answer": self._entry.answer or ""}))

    def close(self) -> None:
        while self._servers:
            self._servers.popitem()[1].close()
        for folder in self._folders:
            folder.cleanup()
        self._folders.clear()


def _one(name: str, passed: bool, evidence: str) -> Criterion:
    return Criterion(name, passed, float(passed), evidence)
