"""The caller: it errs as often as stated, sees the error, and reads in the prompt how far it is."""

import ast
import random
import sys
from pathlib import Path

import pytest

import dutiful
from dutiful import Limits, Prompt
from dutiful.core import parts
from dutiful.core.errors import ModelFailure
from dutiful.kit import programs
from dutiful.kit.calls import Call
from dutiful.kit.programs import Answer, Best, Each, Program, Ref
from dutiful.models.caller import Blocks, Caller, Exchange, misspelt, next_call, spoil, spoil_code

WORLD = "tools?depth=4&loops=0.5&branches=0.5&max_steps=200"
PLAN = Program(
    (
        programs.Call("cities", {}, "names"),
        Each("name", Ref("names"), (programs.Call("price", {"city": Ref("name")}, "found"),)),
        programs.Call("book", {"city": "Oslo"}),
        programs.Call("prices", {}, "rows"),
        Best(Ref("rows"), "price", "lowest", "best"),
        Answer(Ref("best", ("city",))),
    )
)
FUNCTIONS = ["cities", "price", "book", "prices", "finish"]
NONE = "The block ended without printing anything."


def follow(agent, model, task=0, seed=0, steps=30):
    world = parts.world(WORLD)
    limits = Limits(steps=steps)
    return dutiful.solve(dutiful.agent(agent, dutiful.model(model)), world.tasks("train")[task], world, seed=seed, limits=limits)


@pytest.mark.parametrize("agent", ["choice", "line", "json", "command", "codeact"])
def test_without_errors_it_carries_every_task_out(agent):
    for task in range(4):
        episode = follow(agent, "caller?error=0.0", task)
        assert episode.passed, episode
        assert len(episode.steps) == (2 if agent == "codeact" else episode.task.setup["calls"] + 1)


@pytest.mark.parametrize("agent", ["line", "json", "command", "codeact", "codeact?stateless=true"])
def test_with_errors_it_sees_them_and_tries_again(agent):
    episodes = [follow(agent, "caller?error=0.4", task) for task in range(6)]
    assert all(episode.error is None for episode in episodes)
    assert any("refused" in step.observation.info for episode in episodes for step in episode.steps)
    assert not any(step.format_failures for episode in episodes for step in episode.steps)
    if "stateless" not in agent:  # there, what was done is done twice
        assert all(episode.passed for episode in episodes)


def test_an_episode_repeats_with_its_seed_and_only_with_it():
    said = [
        [call.text for step in follow("json", "caller?error=0.5", seed=seed).steps for call in step.calls]
        for seed in (1, 1, *range(8))
    ]
    assert said[0] == said[1] and len(set(map(tuple, said))) > 2


def test_the_rate_of_errors_is_what_is_stated():
    draw, call = random.Random(3), Call("price", {"city": "Oslo", "seats": 2})
    spoilt = [spoil(call, FUNCTIONS, 0.3, draw) for _ in range(2000)]
    wrong = [each for each in spoilt if each != call]
    assert len(wrong) / 2000 == pytest.approx(0.3, abs=4 * (0.21 / 2000) ** 0.5)
    assert all(each.tool not in FUNCTIONS or set(each.arguments) != {"city", "seats"} for each in wrong)
    code = "for x in cities():\n    price(city=x, seats=2)"
    changed = [ast.unparse(ast.parse(code)) != spoil_code(code, FUNCTIONS, 0.3, draw) for _ in range(2000)]
    assert sum(changed) / 2000 == pytest.approx(1 - 0.7**2, abs=4 * (0.25 / 2000) ** 0.5)
    assert all(misspelt(word, FUNCTIONS, draw) not in FUNCTIONS for word in [*FUNCTIONS, "a", "_"] for _ in range(50))


def test_calls_follow_the_plan_by_what_came_back():
    past = [Exchange("", '["Oslo","Bonn"]'), Exchange("", "Error: no such tool"), Exchange("", "7")]
    assert [next_call(PLAN, past[:n]) for n in range(4)] == [
        Call("cities", {}),
        Call("price", {"city": "Oslo"}),
        Call("price", {"city": "Oslo"}),
        Call("price", {"city": "Bonn"}),
    ]
    rest = [Exchange("", "8"), Exchange("", "done"), Exchange("", '[{"price": 3, "city": "Bonn"}]')]
    assert next_call(PLAN, past + rest) == Call("finish", {"answer": "Bonn"})
    assert next_call(PLAN, past + [*rest, Exchange("", "Error: misspelt")]) == Call("finish", {"answer": "Bonn"})


def test_blocks_go_on_from_the_line_that_failed():
    blocks = Blocks(PLAN, FUNCTIONS)
    whole = blocks.next([])
    lines = whole.splitlines()
    assert lines[0] == "names = cities()" and lines[-1] == "print(repr(best['city']))"
    failed = 'Traceback (most recent call last):\n  File "<code 1>", line {}, in <module>\nRuntimeError: no'
    assert blocks.next([Exchange("", failed.format(3))]) == "\n".join(lines[1:])  # in the loop
    assert blocks.next([Exchange("", failed.format(4))]) == "\n".join(lines[3:])
    assert blocks.next([Exchange("", failed.format(4)), Exchange("", failed.format(1))]) == "\n".join(lines[3:])
    assert blocks.next([Exchange("", failed.format(4)), Exchange("", "'Bonn'")]) == "finish(answer='Bonn')"


def test_blocks_begin_anew_where_the_error_is_hidden():
    blocks = Blocks(PLAN, FUNCTIONS, 1)
    hidden = Exchange("", "The block ended with an error.")
    assert blocks.next([Exchange("", NONE), hidden]) == blocks.next([Exchange("", NONE)])
    assert Blocks(PLAN, FUNCTIONS).next([hidden]) == Blocks(PLAN, FUNCTIONS).next([])


def test_blocks_repeat_what_was_forgotten_but_not_what_nobody_keeps():
    blocks = Blocks(PLAN, FUNCTIONS, 1)
    lines = Blocks(PLAN, FUNCTIONS).next([]).splitlines()
    past = [Exchange("", NONE), Exchange("", "line 1\nNameError: name 'names' is not defined")]
    assert blocks.next(past) == "\n".join(lines[:3])
    past += [Exchange("", NONE), Exchange("", NONE)]
    assert blocks.next(past) == "\n".join([*lines[:3], *lines[4:]])  # without the booking


def test_a_misspelt_tool_is_not_taken_for_a_lost_variable():
    blocks = Blocks(PLAN, FUNCTIONS)
    assert blocks.next([Exchange("", "line 2\nNameError: name 'citties' is not defined")]).startswith("for name in names")


def test_it_needs_a_world_with_a_program():
    with pytest.raises(ModelFailure, match="has none"):
        Caller().bind(parts.world("text/home"), 0).generate(Prompt())
    with pytest.raises(ModelFailure, match="chooses nothing"):
        Caller().choose(Prompt(), ["a"])
    with pytest.raises(ValueError, match="error=2"):
        Caller(error=2)
    assert dutiful.model("caller?error=0.1&block=2").spec == "caller?error=0.1&block=2"


@pytest.mark.parametrize("agent", ["json", "codeact"])
def test_in_a_small_world_too(agent):
    sys.path.insert(0, str(Path(__file__).parent.parent / "agents"))
    import errands

    world = errands.Errands(max_steps=60)
    model = dutiful.model("caller?error=0.3&block=1")
    assert dutiful.solve(dutiful.agent(agent, model), world.tasks()[0], world, limits=Limits(steps=40)).passed
