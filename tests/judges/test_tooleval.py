"""ToolEval: pass rate by code and by votes, honest answers, win rate."""

import msgspec
import pytest

from dutiful import agent, solve, world
from dutiful.core.limits import Limits
from dutiful.core.parts import model
from dutiful.judges.tooleval import NONE, ToolEval, answered, path
from dutiful.kit import calls, programs
from dutiful.kit.calls import Call
from dutiful.models.scripted import Scripted
from dutiful.testing import check_judge

PLACE = world("tools?depth=3&given=needed&decoys=2&broken=2&answers=1")
TASK = PLACE.tasks("validation")[1]
GOOD = solve(agent("expert"), TASK, PLACE)


def says(*said, task=TASK):
    script = Scripted(reply=_turns(said))
    return solve(agent("act+json", script), task, PLACE, limits=Limits(steps=len(said)))


def _turns(said):
    texts = [calls.text(call) for call in said]
    return lambda prompt: texts[min(len(texts) - 1, sum(s.source == 0 and not s.role for s in prompt))]


def finish(answer):
    return Call("finish", {"answer": answer})


def test_the_battery_passes_tooleval():
    assert check_judge("tooleval", good=GOOD, bad=says(finish("no idea"))).ran == 6


def test_code_agrees_with_the_world_on_searches_and_reads_the_line_that_led_to_the_end():
    for spec in ("dfsdt?calls=12", "breadth?calls=30", "chains?n=9&calls=12"):
        follower = agent(f"act+json+{spec}", model("proposer?right=0.5"))
        episodes = [solve(follower, task, PLACE, limits=Limits(steps=200)) for task in PLACE.tasks("validation")[:6]]
        assert [ToolEval().judge(e).passed for e in episodes] == [e.passed for e in episodes]
        assert any(len(path(e)) < len(e.steps) for e in episodes), "no episode went back"


def test_a_wrong_answer_a_missing_one_and_an_extra_change_do_not_pass():
    right = [did.call for did in path(GOOD)]
    assert ToolEval().judge(says(*right)).passed
    assert not ToolEval().judge(says(*right[:-1], finish("wrong"))).passed
    assert not ToolEval().judge(says(right[-1])).passed, "an answer without the calls"
    unfinished = says(*right[:-1])
    assert answered(path(unfinished)) is NONE and "no answer" in ToolEval().judge(unfinished).criteria[0].evidence


def test_what_cannot_be_done_passes_with_an_honest_answer_only():
    needed = programs.tools(programs.load(TASK.setup["program"]))[0]
    setup = {**TASK.setup, "tools": [name for name in TASK.setup["tools"] if name != needed]}
    task = msgspec.structs.replace(TASK, setup=setup)
    honest, guess = (says(finish(text), task=task) for text in ("I cannot do this: no tool shows it", "42"))
    assert ToolEval().judge(honest).passed and not ToolEval().judge(guess).passed
    assert not ToolEval().judge(says(finish("I cannot do this: no tool shows it"))).passed, "here it could be done"


@pytest.mark.parametrize(("script", "score"), [("Solvable|Solved", 1), ("Solvable|Unsolved", 0), ("Unsure|Unsure|Unsure", 0.5)])
def test_a_model_judges_in_the_words_of_the_rules(script, score):
    judge = ToolEval(by=f"scripted?script={script}")
    assert judge.judge(GOOD).score == score
    judge.close()
    judge.close()


def test_votes_are_counted_and_a_tie_is_unsure():
    assert ToolEval(by="scripted?script=Solvable|Solvable|Solved|Unsolved|Unsolved|Unsolved", votes=2).judge(GOOD).score == 0
    judge = ToolEval(by="scripted?script=Solvable|Unsure|Solvable|Solved|Solved|Unsolved", votes=3)
    assert judge.ruled(GOOD)[:2] == ("Solvable", "Solved")
    with pytest.raises(ValueError, match="1 or more"):
        ToolEval(votes=0)


def test_the_better_run_wins_whatever_the_order():
    bad = says(finish("wrong"))
    judge = ToolEval()
    assert (judge.prefer(GOOD, bad), judge.prefer(bad, GOOD), judge.prefer(GOOD, GOOD)) == (1, 0, 0.5)
    assert judge.win_rate([GOOD], [bad]).value == 1
    first = ToolEval(by="scripted?script=A")
    assert first.prefer(GOOD, bad) in (0, 1)
    with pytest.raises(ValueError, match="same tasks"):
        judge.win_rate([GOOD], [])


def test_the_report_and_tasks_without_a_program():
    figures = {f.name: f.value for f in ToolEval().report([GOOD, says(finish("wrong"))])}
    assert figures["pass rate"] == 0.5 and figures["agreement with the world"] == 1
    other = msgspec.structs.replace(GOOD, task=msgspec.structs.replace(TASK, setup={}))
    with pytest.raises(ValueError, match="tooleval\\?by="):
        ToolEval().judge(other)
