"""The world: 80 tools that read six linked tables, a question in words, an answer that code checks."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import msgspec

from dutiful.core.errors import SpecError, UnknownPart, WorldFailure
from dutiful.core.parts import Card
from dutiful.core.records import Instruction, Observation, Task
from dutiful.core.world import Tool
from dutiful.kit import calls, programs
from dutiful.kit.calls import Call
from dutiful.kit.tasks import Lazy
from dutiful.worlds.tools.language import State
from dutiful.worlds.tools.registry.questions import domain, question, state
from dutiful.worlds.tools.values import SPLITS
from dutiful.worlds.tools.world import COUNT, FINISH, Did, Tools

MOST = 5
RULES = "Answer the question about the register of companies and courts with the tools, and end with finish(answer)."


class Registry(Tools):
    """Questions of 1 to 5 hops (`hops`; 0: in turn) over companies, people, cases, courts, lawyers and filings.

    Each hop is a call of one of 80 tools that differ in a word: who brought a case and who was sued, the court of the trial and
    that of the appeal. Tools whose results share a field are taken for one another without an error. The answer is a value, the
    best of a list passed on, or a number of records. max_steps: calls after which an episode ends.

    Splits share no company, person, lawyer, court or number, no sentence around a question, and no chain of two or more tools.
    What each call is wanted for stands in a task's setup (`needs`) and is not shown.
    """

    card = Card(
        kind="world",
        name="tools/registry",
        system="122",
        summary="80 tools over six linked tables of a legal register; questions of one to five hops",
        capabilities=frozenset({"expert", "snapshot", "tools"}),
        source="the setting is that of LegalAgentBench (arXiv 2412.17259); records, tools and words are our own",
    )

    def __init__(self, hops: int = 0, max_steps: int = 40):
        if not 0 <= hops <= MOST or max_steps < 1:
            raise SpecError(f"tools/registry: hops={hops}, max_steps={max_steps}; expected 0 to {MOST}, and 1 or more")
        self.hops, self.max_steps, self.flaky = hops, max_steps, 0.0
        made, _ = domain()
        self._tools = [*(made.tool(function) for function in made.functions.values()), FINISH]
        self._known = {tool.name: tool for tool in self._tools}
        self._described = calls.describe(self._tools)
        self._broken: dict[str, list[str]] = {}
        self._task: Task | None = None

    def tasks(self, split: str = "test") -> Sequence[Task]:
        """10,000 tasks, made when asked for. Splits: train, validation, test."""
        if split not in SPLITS:
            raise UnknownPart("split of tools/registry", split, SPLITS)
        return Lazy(lambda number: self.make(split, number), COUNT)

    def make(self, split: str, number: int) -> Task:
        """Task `number` of a split."""
        hops = self.hops or 1 + number % MOST
        asked = question(split, hops, number)
        setup = {"split": split, "hops": hops, "program": programs.dump(asked.program), "needs": [*asked.needs]}
        return Task(f"registry-{split}-{hops}-{number}", self.spec, split, number, Instruction(asked.text), setup)

    @property
    def rules(self) -> str:  # type: ignore[override]
        return f"{RULES}\nTools:\n{self._described}"

    def tools(self) -> Sequence[Tool]:
        return self._tools

    def reset(self, task: Task) -> Observation:
        try:
            self._program = programs.load(task.setup["program"])
            self._first = state(task.setup["split"])
            self._domain = domain()[0]
            self._gold = self._lead(self._first)
        except (KeyError, TypeError, ValueError, msgspec.ValidationError) as error:
            raise WorldFailure(f"tools/registry cannot lay out the task {task.id!r}: {error!r} in its setup") from error
        self._task, self._state = task, State(dict(self._first), self._domain.tables)
        self._log: list[Did] = []
        self._failed: set[str] = set()
        self._tried: set[str] = set()
        self._steps, self._finished, self._answer = 0, False, None
        self._running: Generator[Call, Any, Any] | None = None
        self._last = Observation(self._domain.opening)
        return self._last

    def needs(self) -> list[str]:
        """What each call of the gold program is wanted for, in words: for models that play a planner."""
        assert self.laid and self._task
        return list(self._task.setup["needs"])
