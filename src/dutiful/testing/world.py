"""What every world must do: tasks that prove themselves."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

import msgspec

from dutiful.core.agent import Agent
from dutiful.core.episode import solve
from dutiful.core.errors import DutifulError, NotGrounded, SpecError, WorldFailure
from dutiful.core.limits import Limits
from dutiful.core.parts import Card
from dutiful.core.parts import world as build_world
from dutiful.core.records import Action, Observation, Task, Verdict
from dutiful.core.world import World
from dutiful.testing.report import Report, Skip, card_is_complete, need, run_battery

NONSENSE = Action("xyzzy plugh")
FAR = 1000
"""Steps after which an oracle is given up."""


class _Idle(Agent):
    """Does nothing that means anything."""

    card = Card(kind="agent", name="idle", summary="says nonsense")

    def __init__(self):
        self.model = None

    def begin(self, task, world, episode):
        pass

    def solve(self, task, world, episode):
        while not episode.observation.done:
            episode.step(world, NONSENSE)


class _Subject:
    def __init__(self, world: World, split: str, n: int):
        self.world, self.split, self.n = world, split, n
        self.twins: list[World] = []

    @property
    def tasks(self) -> list[Task]:
        return list(islice(self.world.tasks(self.split), self.n))

    def twin(self) -> World:
        """A second world of the same spec."""
        self.twins.append(build_world(self.world.spec))
        return self.twins[-1]

    def play(self, world: World, task: Task) -> list[tuple[Observation, Action]]:
        """The oracle's way through a task."""
        observation, path = world.reset(task), []
        while not observation.done:
            assert len(path) < FAR, f"task {task.id!r}: the oracle is not done after {FAR} steps"
            action = world.expert()
            path.append((observation, action))
            observation = world.step(action)
        return path


def check_world(world: World | str, *, split: str = "test", tasks: int = 3, expected: Mapping[str, str] | None = None) -> Report:
    """Runs the battery on the first `tasks` tasks of a split. `expected`: failures foreseen, with reasons.

    Raises CheckFailed; returns the report, whose `ran` is how many checks ran.
    """
    built = build_world(world) if isinstance(world, str) else world
    subject = _Subject(built, split, tasks)
    try:
        return run_battery(built, CHECKS, subject, expected)
    finally:
        for each in (built, *subject.twins):
            each.close()


def _card(s: _Subject) -> None:
    card_is_complete(s.world, ["world"])
    known = {"expert", "snapshot", "ground", "tools", "choices", "image", "state", "dialogue"}
    assert s.world.card.capabilities <= known, f"unknown capabilities {set(s.world.card.capabilities) - known}"


def _spec(s: _Subject) -> None:
    assert s.twin().spec == s.world.spec, f"{s.world.spec!r} builds a world that calls itself {s.twin().spec!r}"


def _tasks(s: _Subject) -> None:
    tasks = s.tasks
    assert tasks, f"no tasks in split {s.split!r}"
    assert tasks == s.tasks and tasks == list(islice(s.twin().tasks(s.split), s.n)), "asked twice, the tasks differ"
    assert len({task.id for task in tasks}) == len(tasks), "two tasks share an id"
    for task in tasks:
        assert task.split == s.split and task.world == s.world.spec, f"task {task.id!r} names another split or world"
        assert task.instruction.text.strip(), f"task {task.id!r} has no instruction"
        again = msgspec.json.decode(msgspec.json.encode(task), type=Task)
        assert again == task, f"task {task.id!r} does not survive JSON"


def _unknown_split(s: _Subject) -> None:
    try:
        s.world.tasks("no-such-split")
    except (SpecError, KeyError) as error:
        assert isinstance(error, SpecError), "an unknown split raises KeyError, expected SpecError that lists the splits"
        assert "no-such-split" in str(error), "the error does not name the split"
    else:
        raise AssertionError("an unknown split is accepted")


def _disjoint(s: _Subject) -> None:
    seen = [{msgspec.json.encode(t.setup) for t in islice(s.world.tasks(split), 50)} for split in ("train", "test")]
    assert not seen[0] & seen[1], "a task of the train split comes back in the test split"


def _reset(s: _Subject) -> None:
    for task in s.tasks:
        first = s.world.reset(task)
        assert first == s.world.reset(task), f"task {task.id!r}: two resets differ"
        assert first == s.twin().reset(task), f"task {task.id!r}: two worlds of one spec differ"
        assert not first.done and not s.world.verdict().passed, f"task {task.id!r} is solved before it begins"
        assert len(set(first.choices)) == len(first.choices) and all(first.choices), "choices repeat, or are empty"


def _evidence(s: _Subject) -> None:
    for task in s.tasks:
        s.world.reset(task)
        verdict = s.world.verdict()
        assert verdict == s.world.verdict(), "asked twice, the verdict differs"
        check_verdict(verdict)


def check_verdict(verdict: Verdict) -> None:
    """A verdict has criteria with evidence, a score from 0 to 1, and passes when all its criteria do."""
    assert verdict.criteria, "a verdict without criteria"
    assert all(criterion.evidence for criterion in verdict.criteria), "a criterion without evidence"
    assert 0 <= verdict.score <= 1 and all(0 <= c.score <= 1 for c in verdict.criteria), f"a score outside 0..1: {verdict}"
    assert verdict.passed == all(c.passed for c in verdict.criteria), "passed, though a criterion is not (or the reverse)"


def _oracle(s: _Subject) -> None:
    need(s.world, "expert")
    for task in s.tasks:
        s.play(s.world, task)
        verdict = s.world.verdict()
        check_verdict(verdict)
        assert verdict.passed and verdict.score == 1, f"task {task.id!r}: the oracle ends with {verdict}"


def _idle(s: _Subject) -> None:
    for task in s.tasks:
        episode = solve(_Idle(), task, s.world, limits=Limits(steps=30))
        assert episode.error is None, f"nonsense breaks the world: {episode.error}"
        assert episode.verdict and not episode.verdict.passed, f"task {task.id!r} passes by doing nothing"


def _refused(s: _Subject) -> None:
    if s.world.can("dialogue"):
        raise Skip("in a dialogue every answer is one")
    task = s.tasks[0]
    before, verdict = s.world.reset(task), s.world.verdict()
    after = s.world.step(NONSENSE)
    assert after.info.get("refused"), f'the action {NONSENSE.text!r} is not refused: info["refused"] is missing'
    assert after.choices == before.choices and s.world.verdict() == verdict, "a refused action changed the world"
    episode = solve(_Idle(), task, s.world, limits=Limits(steps=2))
    assert len(episode.steps) == 2, "a refused action costs no step"


def _repeats(s: _Subject) -> None:
    need(s.world, "expert")
    twin = s.twin()
    for task in s.tasks:
        path = s.play(s.world, task)
        observation = twin.reset(task)
        for seen, action in path:
            assert observation == seen, f"task {task.id!r}: the same actions lead elsewhere"
            observation = twin.step(action)
        assert twin.verdict() == s.world.verdict()


def _snapshot(s: _Subject) -> None:
    need(s.world, "snapshot")
    need(s.world, "expert")
    for task in s.tasks:
        path = s.play(s.world, task)
        middle = len(path) // 2
        s.world.reset(task)
        for _, action in path[:middle]:
            s.world.step(action)
        state, verdict = s.world.snapshot(), s.world.verdict()
        for _, action in path[middle:]:
            s.world.step(action)
        for _ in range(2):
            assert s.world.restore(state) == path[middle][0], f"task {task.id!r}: restored, it looks different"
            assert s.world.verdict() == verdict, "restored, the verdict differs"
            for seen, action in path[middle:]:
                assert seen.choices == () or action.text in seen.choices, f"the oracle's {action.text!r} is not admissible"
                s.world.step(action)
            assert s.world.verdict().passed, f"task {task.id!r}: from the restored state the same actions fail"


def _after_the_end(s: _Subject) -> None:
    need(s.world, "expert")
    s.play(s.world, s.tasks[0])
    try:
        s.world.step(NONSENSE)
    except WorldFailure:
        return
    raise AssertionError("a step after the end is accepted, expected WorldFailure")


def _choices(s: _Subject) -> None:
    need(s.world, "choices")
    for task in s.tasks:
        for choice in s.world.reset(task).choices:
            s.world.reset(task)
            refused = s.world.step(Action(choice)).info.get("refused")
            assert not refused, f"task {task.id!r}: {choice!r} is admissible, and refused: {refused}"


def _ground(s: _Subject) -> None:
    need(s.world, "ground")
    need(s.world, "expert")
    for task in s.tasks:
        own = s.world.ground(task.instruction.text, seed=1)
        s.play(s.world, own)
        assert s.world.verdict().passed, f"the oracle fails the grounded {task.instruction.text!r}"
        assert own == s.world.ground(task.instruction.text, seed=1), "grounded twice, the task differs"
    try:
        s.world.ground("colourless green ideas sleep furiously")
    except NotGrounded as error:
        assert error.understands, "the error does not say what the world understands"
    else:
        raise AssertionError("nonsense is grounded")


def _close(s: _Subject) -> None:
    s.world.close()
    s.world.close()


def _errors_are_ours(s: _Subject) -> None:
    world = s.twin()
    try:
        world.step(NONSENSE)
    except (DutifulError, AssertionError, AttributeError):
        return
    raise AssertionError("a step before the first reset is accepted")


CHECKS = [
    ("the card is complete", _card),
    ("the spec builds the same world", _spec),
    ("tasks are always the same", _tasks),
    ("an unknown split is refused", _unknown_split),
    ("splits are disjoint", _disjoint),
    ("a reset repeats", _reset),
    ("verdicts carry evidence", _evidence),
    ("the oracle succeeds", _oracle),
    ("doing nothing fails", _idle),
    ("wrong actions are refused and cost a step", _refused),
    ("the same actions lead to the same place", _repeats),
    ("snapshot and restore agree", _snapshot),
    ("nothing happens after the end", _after_the_end),
    ("nothing happens before the start", _errors_are_ours),
    ("admissible actions are accepted", _choices),
    ("words are grounded or refused", _ground),
    ("closing twice is harmless", _close),
]
