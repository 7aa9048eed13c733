"""Depth-first search with giving up: what it spends, what it shows, where it ends."""

import pytest

import dutiful
from dutiful.core.episode import solve
from dutiful.core.limits import Limits
from dutiful.core.parts import Card
from dutiful.core.records import Criterion, Instruction, Observation, Source, Task, Verdict
from dutiful.core.world import World
from dutiful.models import Scripted
from dutiful.testing import check_agent


class Maze(World):
    """Corridors named by letters; only one path ends in the right room. What was written on the wall stays in its branch."""

    card = Card(kind="world", name="maze", summary="a tree of corridors", capabilities=frozenset({"choices", "snapshot"}))

    def __init__(self, goal: str = "bab", depth: int = 3):
        self.goal, self.depth = goal, depth

    def tasks(self, split="test"):
        return [Task("maze", self.spec, split, 0, Instruction("Find the room."))]

    def reset(self, task):
        self.path = ""
        return self._see()

    def _see(self):
        done = self.path == self.goal
        choices = () if done or len(self.path) == self.depth else ("a", "b")
        return Observation(f"You are at {self.path or 'the door'}.", choices or (() if done else ("wait",)), done)

    def step(self, action):
        if action.text in ("a", "b"):
            self.path += action.text
        return self._see()

    def verdict(self):
        return Verdict.of(Criterion("found", self.path == self.goal, float(self.path == self.goal), f"at {self.path}"))

    def snapshot(self):
        return self.path

    def restore(self, state):
        self.path = state
        return self._see()


def walker(prompt):
    """Goes a, unless it was told that it had tried that here; gives up at the end of a corridor."""
    seen = [span.text for span in prompt if span.source is Source.WORLD and span.text.startswith("You")][-1]
    told = [span.text for span in prompt if span.source is Source.MODEL and span.role == "user"]
    if "wait" in seen:
        return "give up" if "give up" in seen else "wait"
    return "b" if "- a" in told else "a"


def run(spec, goal="bab", reply=walker, **limits):
    agent = dutiful.agent(spec, model=Scripted(reply=reply))
    world = Maze(goal)
    episode = solve(agent, world.tasks()[0], world, limits=Limits(**limits) if limits else Limits(steps=200))
    assert episode.error is None, episode.error
    return episode, world


def test_it_finds_what_one_line_misses():
    assert not run("act", steps=10)[0].passed
    assert run("act+dfsdt?depth=9", goal="aba")[0].passed


def test_where_it_gave_up_it_does_not_try_again():
    episode, _ = run("act+dfsdt?depth=9", goal="none")
    ends = [step.observation.text for step in episode.steps if step.action.text == "give up"]
    assert [end.partition(".")[0][-3:] for end in ends] == ["aaa", "aab", "aba", "abb", "baa", "bab", "bba", "bbb"]


def test_without_being_told_it_does_the_same_again():
    episode, _ = run("act+dfsdt?depth=9&diverse=false", goal="aba")
    assert not episode.passed
    assert {step.action.text for step in episode.steps} == {"a", "give up"}


def test_width_one_is_one_line():
    episode, _ = run("act+dfsdt?width=1&depth=3", goal="none")
    assert [step.action.text for step in episode.steps] == ["a", "a", "a"]


def test_what_was_tried_elsewhere_is_not_in_the_transcript():
    episode, _ = run("act+dfsdt?depth=9", goal="aba")
    last = episode.prompts()[-1]
    assert not any("You have been here" in span.text for span in last[:-1])
    assert [span.text for span in last if span.source is Source.MODEL and not span.role] == ["a", "b"]


def test_the_world_is_that_of_the_branch():
    episode, world = run("act+dfsdt?depth=9", goal="none")
    assert world.path == "aaa" and episode.verdict.criteria[0].evidence == "at aaa"


def test_calls_are_a_budget():
    episode, _ = run("act+dfsdt?calls=5&depth=9", goal="none")
    assert episode.usage.calls == 5 and episode.error is None


def test_plain_depth_first_search_makes_all_children_and_follows_the_best():
    def judge(prompt):
        return "B" if prompt[-1].text.startswith("Which of") else walker(prompt)

    episode, _ = run("act+dfsdt?rank=true&depth=9", goal="bbb", reply=judge)
    assert episode.passed
    assert [step.action.text for step in episode.steps] == ["a", "b"] * 3


@pytest.mark.parametrize("wrong", ["width=0", "depth=0", "calls=0"])
def test_wrong_sizes_are_refused(wrong):
    with pytest.raises(ValueError, match="expected 1 or more"):
        dutiful.agent(f"act+dfsdt?{wrong}")


@pytest.mark.parametrize("search", ["dfsdt", "dfsdt?rank=true", "chains", "breadth"])
def test_it_is_a_good_search(search):
    check_agent(f"act+{search}", "text/home")


def drunk():
    """Goes left or right by the parity of a count, and gives up at the end."""
    count = iter(range(10**6))

    def reply(prompt):
        return "give up" if "wait" in prompt[-1].text else "ab"[(next(count) // 3) % 2]

    return reply


def test_chains_begin_anew():
    episode, _ = run("act+chains?n=2", goal="bbb", reply=drunk())
    assert [step.action.text for step in episode.steps] == ["a", "a", "a", "give up", "b", "b", "b"] and episode.passed
    assert not run("act+chains?n=1", goal="bbb", reply=drunk())[0].passed


def test_breadth_first_finishes_a_level_before_the_next():
    episode, _ = run("act+breadth", goal="bbb")
    seen = [step.observation.text.partition(".")[0].removeprefix("You are at ") for step in episode.steps]
    assert [len(path) if path != "the door" else 0 for path in seen] == sorted(
        len(path) if path != "the door" else 0 for path in seen
    )
    assert episode.passed


def test_a_world_without_snapshots_is_played_again():
    class Forgetful(Maze):
        card = Card(kind="world", name="forgetful", summary="a maze without snapshots", capabilities=frozenset({"choices"}))

    world = Forgetful("aba")
    agent = dutiful.agent("act+dfsdt?depth=9", model=Scripted(reply=walker))
    assert solve(agent, world.tasks()[0].replace(world="maze"), world, limits=Limits(steps=200)).passed


def test_actions_that_end_by_the_step_limit_are_no_answers():
    class Short(Maze):
        def _see(self):
            seen = super()._see()
            return seen.replace(done=True, choices=(), info={"ended": "limit"}) if len(self.path) == 3 and not seen.done else seen

    world = Short("aba")
    agent = dutiful.agent("act+dfsdt?depth=9", model=Scripted(reply=walker))
    assert solve(agent, world.tasks()[0], world, limits=Limits(steps=200)).passed
