"""The claim about LTL agents: what it counts, on transcripts whose counts are known."""

from pathlib import Path
from random import Random

from dutiful.claims import ltl
from dutiful.core.episode import solve
from dutiful.core.parts import build
from dutiful.kit.ltlf.protocol import load
from dutiful.models import Scripted
from dutiful.testing import check_claim

RESULTS = Path(ltl.__file__).parent / "results"
LOOK = 'Thought: so\nAction: {}\nAction Input: {{"name": "{}"}}'


def lived(*said, decoder="free"):
    world = build(ltl.WORLD, "world")
    task = world.tasks()[0]
    (asked,) = task.setup["asked"]
    lines = iter([line.replace("THING", asked) for line in said] + ["Answer: 1"] * 20)
    return solve(build(ltl.arm(decoder), model=Scripted(reply=lambda prompt: next(lines))), task, world)


def test_the_battery():
    check_claim("ltl", RESULTS)


def test_what_is_counted():
    protocol = load(ltl.FORMULA)
    good = lived(LOOK.format("lookup", "THING"), "Thought: it is it\nAnswer: price")
    wrong_name = lived(LOOK.format("look_up", "THING"), "Thought: hm\nAnswer: Error")
    at_once = lived("Thought: I know\nAnswer: 7")
    assert [episode.error for episode in (good, wrong_name, at_once)] == [None] * 3
    assert ltl.invalid([good, wrong_name, at_once], protocol) == [0, 1, 1]
    assert ltl.misnamed([good, wrong_name, at_once], protocol) == [0, 1, 0]
    twice = lived(LOOK.format("lookup", "THING"), LOOK.format("lookup", "THING"), "Thought: so\nAnswer: price")
    assert ltl.early([good, twice, at_once], protocol) == [1, 0, 1]


def test_a_monitor_mends_what_the_free_arm_leaves():
    said = ["Answer: 7", "hm", "Action: lookup", "look up", '{"name": "THING"}', "Thought: it is\nAnswer: price"]
    monitored = lived(*said, decoder="monitor")
    assert monitored.error is None and ltl.invalid([monitored], load(ltl.FORMULA)) == [0]
    assert ltl.invalid([lived(*said)], load(ltl.FORMULA)) == [1]


def test_formulas_are_drawn_and_held_to_the_definition():
    assert not any(ltl.disagrees(Random(number)) for number in range(5))
