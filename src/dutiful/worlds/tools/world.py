"""The world: tools over a state, a request in words, and a verdict from the state."""

from __future__ import annotations

import zlib
from collections.abc import Generator, Sequence
from typing import Any, NamedTuple

import msgspec

from dutiful.core.errors import SpecError, UnknownPart, WorldFailure
from dutiful.core.parts import Card
from dutiful.core.records import Action, Instruction, Observation, Task, Verdict
from dutiful.core.world import Tool, World
from dutiful.kit import calls, programs
from dutiful.kit.calls import Call
from dutiful.kit.tasks import Lazy
from dutiful.worlds.tools import broken, generate
from dutiful.worlds.tools.domains import NAMES, load, shown
from dutiful.worlds.tools.graph import Graph, graph
from dutiful.worlds.tools.language import Domain, State, Tables, ToolError
from dutiful.worlds.tools.verdict import Gold, judge

COUNT = 10_000
SHARE = 10
"""Tasks of a domain in a row that begin in the same state."""
SHOWN = 2000
"""Characters of a result that an agent is shown."""

FINISH = Tool(
    "finish",
    "Ends the task once all is done; answer is what was asked for, null where nothing was.",
    {
        "type": "object",
        "properties": {"answer": {"type": ["string", "number", "boolean", "array", "null"], "default": None}},
        "required": [],
    },
)


class Did(NamedTuple):
    """A call that was carried out, and its result."""

    call: Call
    result: Any
    writes: bool


class Saved(NamedTuple):
    """What `snapshot` returns."""

    task: str
    tables: Tables
    log: tuple[Did, ...]
    failed: frozenset[str]
    tried: frozenset[str]
    steps: int
    finished: bool
    answer: Any
    last: Observation


class Tools(World):
    """Requests that take several typed calls in one of four domains: retail, home, travel, phone ("all" in turn).

    depth: calls in the gold program; a loop's call counts once, of a branch one way. loops, branches: share of tasks with a loop,
    with a condition. procedures: share of tasks that name a case and leave the deed to the rules. answers: share of tasks
    that end with a question. wording: "exact" (every step, by tool), "plain", "loose" (what is wished for, not what to do),
    "mixed". given: "domain" shows all tools of the domain, "needed" those of the gold program and `decoys` others; `broken` adds
    tools that always fail or lead nowhere. flaky: share of calls that fail once, with a transient error. max_steps: when an
    episode ends.

    Splits share no person, e-mail or text to say, no sentence around a request, and no combination of two or more tools.
    """

    card = Card(
        kind="world",
        name="tools",
        summary="typed tools over the state of a shop, a home, a calendar or a phone; requests that take several calls",
        capabilities=frozenset({"expert", "snapshot", "tools"}),
        source="walks over a typed tool graph after TaskBench (arXiv 2311.18760); domains, tools and words are our own",
    )

    def __init__(
        self,
        domain: str = "all",
        depth: int = 3,
        loops: float = 0.0,
        branches: float = 0.0,
        procedures: float = 0.0,
        answers: float = 0.5,
        wording: str = "mixed",
        given: str = "domain",
        decoys: int = 0,
        broken: int = 0,
        flaky: float = 0.0,
        max_steps: int = 30,
    ):
        for name, value, low, high in (
            ("depth", depth, 1, 10),
            ("loops", loops, 0, 1),
            ("branches", branches, 0, 1),
            ("procedures", procedures, 0, 1),
            ("answers", answers, 0, 1),
            ("decoys", decoys, 0, 20),
            ("broken", broken, 0, 20),
            ("flaky", flaky, 0, 1),
            ("max_steps", max_steps, 1, 1000),
        ):
            if not low <= value <= high:
                raise SpecError(f"tools: {name}={value}, expected {low} to {high}")
        if (branches or procedures) and depth < 2:
            raise SpecError(
                f"tools: branches and procedures need a depth of 2 or more, not {depth}: one call to read, one to act"
            )
        for what, value, known in (
            ("domain of tools", domain, (*NAMES, "all")),
            ("wording of tools", wording, (*generate.LEVELS, "mixed")),
            ("choice of given tools", given, ("domain", "needed")),
        ):
            if value not in known:
                raise UnknownPart(what, value, known)
        self.domain, self.depth, self.answers = domain, depth, answers
        self.loops, self.branches, self.procedures = loops, branches, procedures
        self.wording, self.given, self.decoys, self.broken = wording, given, decoys, broken
        self.flaky, self.max_steps = flaky, max_steps
        self._knobs = generate.Knobs(
            domain, depth, loops, branches, procedures, answers, wording, given, decoys, broken, max_steps
        )
        self._task: Task | None = None

    def tasks(self, split: str = "test") -> Sequence[Task]:
        """10,000 tasks, made when asked for; the domains take turns. Splits: train, validation, test."""
        if split not in generate.SPLITS:
            raise UnknownPart("split of tools", split, generate.SPLITS)
        return Lazy(lambda number: self.make(split, number), COUNT)

    def make(self, split: str, number: int) -> Task:
        """Task `number` of a split."""
        seed = generate.SPLITS.index(split) * 1_000_000 + number
        name = NAMES[number % len(NAMES)] if self.domain == "all" else self.domain
        place = number // (SHARE * (len(NAMES) if self.domain == "all" else 1))
        made = generate.make(name, split, seed, place, self._knobs)
        return Task(f"tools-{split}-{name}-{number}", self.spec, split, seed, Instruction(made.text), made.setup)

    def graph(self, domain: str = "") -> Graph:
        """The tool graph of a domain; of the task that is laid out, where none is named."""
        return graph(load(domain) if domain else self.laid)

    @property
    def laid(self) -> Domain:
        """The domain of the task that is laid out."""
        if self._task is None:
            raise WorldFailure("tools: no task is laid out yet; call reset(task) first")
        return self._domain

    def program(self) -> programs.Program:
        """The gold program of the task that is laid out."""
        assert self.laid
        return self._program

    @property
    def rules(self) -> str:  # type: ignore[override]
        """How to act here; the tools, once a task is laid out."""
        how = "Carry the request out by calling tools, and end with finish. What was not asked for must stay as it is."
        if self._task is None:
            return how
        policy = " ".join((self._domain.policy, *(procedure.rule for procedure in self._domain.procedures)))
        return f"{how} {policy}\nTools:\n{self._described}"

    def tools(self) -> Sequence[Tool]:
        """The tools of the task that is laid out; before that those of the domain, or of every domain."""
        if self._task is not None:
            return self._tools
        names = NAMES if self.domain == "all" else (self.domain,)
        known = {tool.name: tool for name in reversed(names) for tool, _ in shown(name).values()}
        return [*known.values(), FINISH]

    def reset(self, task: Task) -> Observation:
        try:
            setup = task.setup
            domain = load(setup["domain"])
            tables, digest = generate.build(domain.name, setup["state"], setup["split"])
            program = programs.load(setup["program"])
            self._broken: dict[str, list[str]] = setup["broken"]
            self._show(domain, setup["tools"])
            same = digest == setup["digest"]
        except (KeyError, TypeError, ValueError) as error:
            raise WorldFailure(f"tools cannot lay out the task {task.id!r}: its setup lacks or garbles {error}") from error
        if not same:
            raise WorldFailure(
                f"tools: the task {task.id!r} was made by another version of the domain {domain.name!r}; make it anew"
            )
        self._task, self._domain, self._program = task, domain, program
        self._known = {tool.name: tool for tool in self._tools}
        self._first = tables
        self._gold = self._lead(tables)
        self._state = State(dict(tables), domain.tables)
        self._log: list[Did] = []
        self._failed: set[str] = set()  # calls that failed for good
        self._tried: set[str] = set()  # calls that failed once
        self._steps, self._finished, self._answer = 0, False, None
        self._running: Generator[Call, Any, Any] | None = None
        self._last = Observation(domain.opening)
        return self._last

    def _show(self, domain: Domain, names: Sequence[str]) -> None:
        """The tools of a task; a broken one looks as the one it is like, but for the name."""
        known = shown(domain.name)
        self._tools, lines = [], []
        for name in names:
            like = self._broken.get(name, [name])[0]
            tool, line = known[like]
            self._tools.append(tool if like == name else tool.replace(name=name))
            lines.append(line if like == name else name + line.removeprefix(like))
        self._tools.append(FINISH)
        self._described = "\n".join((*lines, calls.describe((FINISH,))))

    def _lead(self, tables: Tables) -> Gold:
        """Where the gold program leads."""
        state = State(dict(tables), self._domain.tables)

        def call(wanted: Call) -> Any:
            function = self._domain.functions[wanted.tool]
            return function.body(state, {**function.optional, **wanted.arguments})

        answer = programs.execute(self._program, call)
        asks = any(isinstance(statement, programs.Answer) for statement in programs.statements(self._program))
        return Gold(state.tables, answer, asks)

    def step(self, action: Action) -> Observation:
        assert self.laid
        if self._last.done:
            raise WorldFailure("tools: the episode is over; call reset(task) to begin another")
        self._steps += 1
        try:
            call = Call(action.tool, action.arguments) if action.tool else calls.parse(action.text)
            known = self._known.get(call.tool)
            calls.check(call, self._tools if known is None else (known,))
        except ValueError as error:
            return self._see(f"Error: {error}", refused=str(error))
        if call.tool == FINISH.name:
            self._finished, self._answer = True, call.arguments.get("answer")
            return self._see("The task is ended.")
        return self._call(call)

    def _call(self, call: Call) -> Observation:
        key = calls.text(call)
        if self.flaky and key not in self._tried and self._fails(key):
            self._tried.add(key)
            return self._fail("503 the service is busy; try again")
        tables = dict(self._state.tables)
        like, how = self._broken.get(call.tool, (call.tool, ""))
        function = self._domain.functions[like]
        try:
            given = {**function.optional, **call.arguments}
            result = broken.answer(function, how, given) if how else function.body(self._state, given)
        except ToolError as error:
            self._state.tables = tables
            self._failed.add(key)
            return self._fail(str(error))
        self._log.append(Did(call, result, function.writes))
        if self._running is not None and self._pending == call:
            self._advance(result)
        else:
            self._running = None
        return self._see(show(result), result=result)

    def _fails(self, key: str) -> bool:
        """Whether a call fails once: the task and the call decide, so that it repeats."""
        assert self._task
        return zlib.crc32(f"{self._task.id} {key}".encode()) / 2**32 < self.flaky

    def _fail(self, why: str) -> Observation:
        return self._see(f"Error: {why}", error=why)

    def _see(self, text: str, **info: Any) -> Observation:
        done = self._finished or self._steps >= self.max_steps
        reward = float(done and self.verdict().passed)
        self._last = Observation(text, (), done, reward, info=info)
        return self._last

    def verdict(self) -> Verdict:
        specs = self.laid.tables
        return judge(self._first, self._state.tables, self._gold, self._finished, self._answer, specs)

    def expert(self) -> Action:
        """The next call of the gold program that is not yet made; then `finish`.

        What was done already is found by tool and arguments, so that calls in another order or beside them do no harm.
        A call that failed for good ends it: then it finishes without an answer.
        """
        assert self.laid
        if self._last.done:
            raise WorldFailure("tools: the episode is over; the expert has nothing left to do")
        if self._running is None:
            self._replay()
        if self._ended:
            return calls.action(Call(FINISH.name, {"answer": self._said}))
        if calls.text(self._pending) in self._failed:
            return calls.action(Call(FINISH.name, {"answer": None}))
        return calls.action(self._pending)

    def _replay(self) -> None:
        """Runs the gold program over what was done, up to the first call that was not."""
        self._running = programs.run(self._program)
        self._ended, self._pending, self._said = False, Call("", {}), None
        left, since = list(enumerate(self._log)), -1
        self._advance(None)
        while not self._ended:
            match = next(
                ((at, did) for at, did in left if did.call == self._pending and (did.writes or at > since)),
                None,
            )
            if match is None:
                return
            at, did = match
            if did.writes:
                left.remove(match)
                since = max(since, at)
            self._advance(did.result)

    def _advance(self, result: Any) -> None:
        assert self._running is not None
        try:
            self._pending = self._running.send(result)
        except StopIteration as end:
            self._ended, self._said = True, end.value

    def snapshot(self) -> Saved:
        assert self._task
        return Saved(
            self._task.id,
            dict(self._state.tables),
            tuple(self._log),
            frozenset(self._failed),
            frozenset(self._tried),
            self._steps,
            self._finished,
            self._answer,
            self._last,
        )

    def restore(self, state: Saved) -> Observation:
        if state.task != (self._task and self._task.id):
            raise WorldFailure(f"tools: the snapshot is of the task {state.task!r}, another is laid out")
        self._state = State(dict(state.tables), self._domain.tables)
        self._log, self._failed, self._tried = list(state.log), set(state.failed), set(state.tried)
        self._steps, self._finished, self._answer, self._last = state.steps, state.finished, state.answer, state.last
        self._running = None
        return state.last


def show(result: Any) -> str:
    """A result as JSON, cut where it is too long to read: of a list, whole records."""
    text = msgspec.json.encode(result).decode()
    if len(text) <= SHOWN:
        return text
    if not isinstance(result, list):
        return f"{text[:SHOWN]}... (cut)"
    kept = list(result)
    while kept and len(text) > SHOWN:
        kept = kept[: len(kept) * 3 // 4]
        text = msgspec.json.encode(kept).decode()
    return f"{text} ... and {len(result) - len(kept)} more"
