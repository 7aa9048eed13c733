"""RES-Q's judge reads what scripted agents did to a repository."""

import pytest

import dutiful
from dutiful.claims.resq import Patcher, RegexEditor
from dutiful.core.errors import DutifulError
from dutiful.kit.box import backend
from dutiful.testing import check_judge

try:
    backend()
    NO_BOX = ""
except DutifulError as problem:
    NO_BOX = str(problem)


@pytest.mark.skipif(bool(NO_BOX), reason=NO_BOX)
def test_the_judge_reads_what_the_agents_did():
    world = dutiful.world("code/repo")
    tasks = [task for task in world.tasks() if task.setup["repo"] == "fights" and task.setup["kind"] == "rename"]
    episodes = [dutiful.solve(Patcher(skill), tasks[0], world, seed=seed) for skill, seed in ((1.0, 0), (0.0, 1), (1.0, 2))]
    episodes.append(dutiful.solve(RegexEditor(), tasks[0], world))
    assert not any(episode.error for episode in episodes)
    assert [episode.passed for episode in episodes[:3]] == [True, False, True]
    judge = dutiful.build("resq?k=2", "judge")
    check_judge(judge, good=episodes[0], bad=episodes[1])
    figures = {figure.name: figure.value for figure in judge.report(episodes[:3])}
    assert figures["pass@1"] == pytest.approx(2 / 3) and figures["pass@2"] == 1
    assert figures["class/passed"] == pytest.approx(2 / 3) and figures["kind=rename/pass"] == pytest.approx(2 / 3)
    assert "tokens per solved" not in figures, "no model was asked"
