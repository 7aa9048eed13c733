"""Actions in an order that a formula allows."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutiful.agents.controls.ltl import OTHER, Governed, Ltl
from dutiful.core.episode import solve
from dutiful.core.errors import SpecError
from dutiful.core.limits import Limits
from dutiful.core.parts import build
from dutiful.core.records import Action
from dutiful.kit.ltlf import Automaton, atoms, parse
from dutiful.testing import check_agent

LAWS = (
    'G("go to" -> N not "go to")',
    "G(open -> X not close) and (not take U open or G not take)",
    '"go to" and G(take -> N G not take)',
    "take and F put",
    "G(other -> last)",
)


def names(episode, law):
    """The atoms of the actions that were carried out."""
    words = sorted(atoms(parse(law)) - {OTHER}, key=len, reverse=True)
    seen = [step.observation for step in episode.steps[1:]] + [episode.final]
    done = [step.action.text for step, after in zip(episode.steps, seen, strict=True) if not after.info.get("refused")]
    return [next((word for word in words if text.startswith(word)), OTHER) for text in done], seen


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(LAWS), st.integers(0, 50), st.integers(0, 5))
def test_whoever_acts_at_random_keeps_the_formula(law, number, seed):
    world = build("text/home", "world")
    agent = build(f"act+ltl?formula={law}", model=build("scripted?error=1", "model"))
    episode = solve(agent, world.tasks()[number], world, seed=seed, limits=Limits(steps=15))
    assert episode.error is None, episode.error
    trace, seen = names(episode, law)
    seen = [episode.steps[0].observation, *seen]
    lawless = next((n for n, observation in enumerate(seen) if observation.info.get("lawless")), len(seen))
    automaton = Automaton(parse(law), (*sorted(atoms(parse(law)) - {OTHER}), OTHER))
    assert automaton.run(trace[:lawless], complete=False) is None


def test_without_the_control_the_same_agent_breaks_it():
    world = build("text/home", "world")
    law = LAWS[0]
    broken = 0
    for number in range(10):
        agent = build("act", model=build("scripted?error=1", "model"))
        trace, _ = names(solve(agent, world.tasks()[number], world, limits=Limits(steps=15)), law)
        broken += Automaton(parse(law), ("go to", OTHER)).run(trace, complete=False) is not None
    assert broken


def test_what_is_not_allowed_is_refused_in_any_words():
    world = Governed(build("text/home", "world"), Automaton(parse('N G not "go to"'), ("go to", OTHER)))
    first = world.reset(world.tasks()[0])
    going = next(choice for choice in first.choices if choice.startswith("go to"))
    seen = world.step(Action(going))
    assert seen.choices and not any(choice.startswith("go to") for choice in seen.choices)
    refused = world.step(Action(f"Go to {going[6:]}."))
    assert "go to is not allowed" in refused.info["refused"] and refused.choices == seen.choices


def test_a_snapshot_keeps_where_the_formula_stands():
    world = Governed(build("text/home", "world"), Automaton(parse('G("go to" -> N not "go to")'), ("go to", OTHER)))
    seen = world.reset(world.tasks()[0])
    state = world.snapshot()
    after = world.step(Action(next(choice for choice in seen.choices if choice.startswith("go to"))))
    assert after.choices and not any(choice.startswith("go to") for choice in after.choices)
    assert world.restore(state) == seen


def test_formulas_that_cannot_be_kept_or_read_are_refused():
    with pytest.raises(SpecError, match="cannot be kept"):
        Ltl("F a and G b")
    with pytest.raises(SpecError, match="breaks at"):
        build("act+ltl?formula=G(")


def test_the_battery():
    check_agent("ltl?formula=G(open -> X not open)", "text/home")


@pytest.mark.parametrize("slot", ["json", "line", "command"])
def test_tools_are_held_by_their_names(slot):
    world = build("tools/lookup?kinds=sum", "world")
    free = solve(build(f"act+{slot}", model=build("scripted", "model")), world.tasks()[0], world)
    assert free.passed and [step.action.tool for step in free.steps] == ["lookup", "lookup", "calculator", "finish"]
    law = "G(lookup -> X not lookup) and F finish"
    held = solve(build(f"act+{slot}+ltl?formula={law}", model=build("scripted", "model")), world.tasks()[0], world)
    assert held.error is None and not held.passed
    assert all("not allowed" in step.observation.info["refused"] for step in held.steps[2:])


def test_only_legal_tools_are_shown():
    world = Governed(
        build("tools/lookup", "world"), Automaton(parse("G(finish -> last) and F calculator"), ("calculator", "finish"))
    )
    world.reset(world.tasks()[0])
    assert [tool.name for tool in world.tools()] == ["calculator"], "whatever is not named is `other`, which is not listed here"
    world.step(Action('{"tool": "calculator", "arguments": {"expression": "1 + 1"}}'))
    assert [tool.name for tool in world.tools()] == ["calculator", "finish"]
