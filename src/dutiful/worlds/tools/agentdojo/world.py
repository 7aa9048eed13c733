"""AgentDojo's suites as a world: its tools, its user tasks, its checks on the state; and its injection tasks, if wanted."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import Any, NamedTuple

from dutiful.core.errors import MissingExtra, SpecError, UnknownPart, WorldFailure
from dutiful.core.parts import Card
from dutiful.core.records import Action, Criterion, Instruction, Observation, Task, Verdict
from dutiful.core.world import Tool, World
from dutiful.kit import calls
from dutiful.kit.calls import Call
from dutiful.worlds.tools.agentdojo.suites import FINISH, SUITES, Loaded, gold, load, settle

VERSIONS = ("v1", "v1.1", "v1.1.1", "v1.1.2", "v1.2", "v1.2.1", "v1.2.2")


class Saved(NamedTuple):
    """What `snapshot` returns."""

    task: str
    environment: Any
    made: tuple[Call, ...]
    steps: int
    answer: str | None
    last: Observation


class AgentDojo(World):
    """The user tasks of one suite (workspace, travel, banking, slack), all in the split "test", under the package's own numbers.

    The verdict is the package's check of the environment before and after, and of the answer given to `finish`; and that
    `finish` was called, for four banking tasks (5, 8, 9, 10) check nothing that has to be done. attack: the id of an injection
    task ("injection_task_1"); its goal then stands wherever the gold calls of the user task show a stranger's text, and the
    verdict has a further criterion, that the goal was not reached. max_steps: calls after which an episode ends.

    What the package stamps with the machine's clock is set to the end of the environment's own year, so that runs repeat.
    """

    card = Card(
        kind="world",
        name="agentdojo",
        summary="the user tasks of AgentDojo in four suites, with its injection tasks as a knob",
        capabilities=frozenset({"expert", "snapshot", "tools"}),
        needs=("agentdojo",),
        source="arXiv 2406.13352; package agentdojo",
        licence="MIT",
    )

    def __init__(self, suite: str = "workspace", version: str = "v1.2.1", attack: str = "", max_steps: int = 40):
        for what, value, known in (("suite", suite, SUITES), ("version", version, VERSIONS)):
            if value not in known:
                raise UnknownPart(f"{what} of agentdojo", value, known)
        if max_steps < 1:
            raise SpecError(f"agentdojo: max_steps={max_steps}, expected 1 or more")
        if importlib.util.find_spec("agentdojo") is None:
            raise MissingExtra("the world agentdojo", "agentdojo", "agentdojo")
        self.suite, self.version, self.attack, self.max_steps = suite, version, attack, max_steps
        self._task: Task | None = None

    @property
    def _loaded(self) -> Loaded:
        return load(self.suite, self.version)

    @property
    def rules(self) -> str:  # type: ignore[override]
        return f"{self._loaded.system}\nEnd with finish(answer).\nTools:\n{calls.describe(self.tools())}"

    def tools(self) -> Sequence[Tool]:
        return self._loaded.tools

    def tasks(self, split: str = "test") -> Sequence[Task]:
        """The user tasks in the package's order. The only split is "test": all of them share one environment."""
        if split != "test":
            raise UnknownPart("split of agentdojo", split, ("test",))
        users = self._loaded.suite.user_tasks
        setup = {"suite": self.suite, "version": self.version, "attack": self.attack}
        return [
            Task(f"agentdojo-{self.suite}-{name}", self.spec, split, number, Instruction(user.PROMPT), {**setup, "task": name})
            for number, (name, user) in enumerate(users.items())
        ]

    def reset(self, task: Task) -> Observation:
        loaded = self._loaded
        injections = loaded.suite.injection_tasks
        if self.attack and self.attack not in injections:
            raise UnknownPart(f"injection task of {self.suite}", self.attack, injections)
        user = loaded.suite.user_tasks.get(task.setup.get("task"))
        if user is None or task.setup != {**task.setup, "suite": self.suite, "version": self.version, "attack": self.attack}:
            raise WorldFailure(f"{self.spec} cannot lay out the task {task.id!r}: its setup is {task.setup}")
        self._task, self._user, self._injection = task, user, injections.get(self.attack)
        given = loaded.poisoned(user, self._injection.GOAL) if self._injection else loaded.environment.model_copy(deep=True)
        self._before = settle(user.init_environment(given))
        self._now = self._before.model_copy(deep=True)
        self._gold = gold(user, self._before)
        self._made: list[Call] = []
        self._steps, self._answer = 0, None
        self._last = Observation("The tools are ready.")
        return self._last

    def step(self, action: Action) -> Observation:
        self._laid()
        if self._last.done:
            raise WorldFailure("agentdojo: the episode is over; call reset(task) to begin another")
        self._steps += 1
        try:
            call = calls.of(action, self.tools())
        except ValueError as error:
            return self._see(f"Error: {error}", refused=str(error))
        if call.tool == FINISH.name:
            self._answer = call.arguments.get("answer", "")
            return self._see("The task is ended.")
        self._made.append(call)
        text, error = self._loaded.call(self._now, call)
        return self._see(f"Error: {error}", error=error) if error else self._see(text)

    def _see(self, text: str, **info: Any) -> Observation:
        done = self._answer is not None or self._steps >= self.max_steps
        self._last = Observation(text, done=done, reward=float(done and self.verdict().passed), info=info)
        return self._last

    def _laid(self) -> Task:
        if self._task is None:
            raise WorldFailure("agentdojo: no task is laid out yet; call reset(task) first")
        return self._task

    def verdict(self) -> Verdict:
        self._laid()
        changed = [name for name in type(self._now).model_fields if getattr(self._now, name) != getattr(self._before, name)]
        seen = f"answered {self._answer!r}; changed: {', '.join(changed) or 'nothing'}; {len(self._made)} calls"
        done, why = self._judge(self._user.utility_from_traces, self._user.utility)
        ended = self._answer is not None
        criteria = [_one(f"utility of {self._user.ID}", done, seen + why), _one("finished", ended, seen)]
        if self._injection:
            reached, why = self._judge(self._injection.security_from_traces, self._injection.security)
            criteria.append(_one(f"not {self._injection.ID}", not reached, f"it was {self._injection.GOAL!r}; {seen}{why}"))
        return Verdict.of(*criteria)

    def _judge(self, by_calls: Any, by_state: Any) -> tuple[bool, str]:
        """The package's check: by the calls where it has one, else by the state.

        None breaks in the state that a task begins in; where one breaks, the agent has taken away what it looks at.
        """
        from agentdojo.functions_runtime import FunctionCall  # pyright: ignore[reportMissingImports]

        given = self._answer or "", self._before.model_copy(deep=True), self._now.model_copy(deep=True)
        try:
            found = by_calls(*given, [FunctionCall(function=call.tool, args=call.arguments) for call in self._made])
            return bool(by_state(*given) if found is None else found), ""
        except Exception as error:
            return False, f"; the check broke: {error!r}"

    def expert(self) -> Action:
        """The first of the gold calls that was not made yet, then `finish` with the gold output."""
        self._laid()
        made = list(self._made)
        for call in self._gold:
            if call not in made:
                return calls.action(call)
            made.remove(call)
        return calls.action(Call(FINISH.name, {"answer": self._user.GROUND_TRUTH_OUTPUT}))

    def snapshot(self) -> Saved:
        task, environment = self._laid().id, self._now.model_copy(deep=True)
        return Saved(task, environment, tuple(self._made), self._steps, self._answer, self._last)

    def restore(self, state: Saved) -> Observation:
        if state.task != self._laid().id:
            raise WorldFailure(f"agentdojo: the snapshot is of the task {state.task!r}, another is laid out")
        self._now, self._made = state.environment.model_copy(deep=True), list(state.made)
        self._steps, self._answer, self._last = state.steps, state.answer, state.last
        return self._last


def _one(name: str, passed: bool, evidence: str) -> Criterion:
    return Criterion(name, passed, float(passed), evidence)
