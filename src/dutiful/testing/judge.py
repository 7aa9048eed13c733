"""What every judge must do."""

from __future__ import annotations

from collections.abc import Mapping

from dutiful.core.judge import Judge
from dutiful.core.parts import build
from dutiful.core.records import Action, Criterion, Episode, Failure, Instruction, Observation, Step, Task, Verdict, write_episode
from dutiful.testing.report import Report, Skip, card_is_complete, run_battery
from dutiful.testing.world import check_verdict


def _episode(passed: bool) -> Episode:
    task = Task("t", "w", "test", 0, Instruction("switch on the light"))
    step = Step(Observation("It is dark.", ("press", "wait")), Action("press" if passed else "wait"))
    verdict = Verdict.of(Criterion("lit", passed, float(passed), "the light is on" if passed else "the light is off"))
    return Episode(task, "act", "", 0, (step,), Observation("It is light." if passed else "It is dark."), verdict)


class _Subject:
    def __init__(self, judge: Judge, good: Episode, bad: Episode):
        self.judge, self.good, self.bad = judge, good, bad


def check_judge(
    judge: Judge | str, *, good: Episode | None = None, bad: Episode | None = None, expected: Mapping[str, str] | None = None
) -> Report:
    """Runs the battery on an episode that should pass and one that should not (small ones of its own, if none are given)."""
    built: Judge = build(judge, "judge") if isinstance(judge, str) else judge
    return run_battery(built, CHECKS, _Subject(built, good or _episode(True), bad or _episode(False)), expected)


def _card(s: _Subject) -> None:
    card_is_complete(s.judge, ["judge"])


def _evidence(s: _Subject) -> None:
    for episode in (s.good, s.bad):
        check_verdict(s.judge.judge(episode))


def _repeats(s: _Subject) -> None:
    if s.judge.can("samples"):
        raise Skip("the card says that the judge samples")
    assert s.judge.judge(s.good) == s.judge.judge(s.good), "judged twice, the verdict differs"


def _unchanged(s: _Subject) -> None:
    before = write_episode(s.good)
    s.judge.judge(s.good)
    assert write_episode(s.good) == before, "judging changed the episode"


def _tells_apart(s: _Subject) -> None:
    assert s.judge.judge(s.good).passed, "the good episode does not pass"
    assert not s.judge.judge(s.bad).passed, "the bad episode passes: a judge that cannot fail"


def _errors(s: _Subject) -> None:
    broken = s.bad.replace(verdict=None, error=Failure("WorldFailure", "it broke"), ended="error")
    try:
        s.judge.judge(broken)
    except ValueError:
        return
    raise AssertionError("an episode that ended in error is judged, expected ValueError")


CHECKS = [
    ("the card is complete", _card),
    ("verdicts carry evidence", _evidence),
    ("judging repeats", _repeats),
    ("judging changes nothing", _unchanged),
    ("good and bad are told apart", _tells_apart),
    ("an error is not judged", _errors),
]
