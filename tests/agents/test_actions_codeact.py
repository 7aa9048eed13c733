"""CodeAct: a block of Python is one turn, variables stay, and what goes wrong is an observation."""

import errands
import pytest
from test_actions import failures, follow, saying

import dutiful
from dutiful import Limits
from dutiful.agents.actions.programmed import CUT, Programmed
from dutiful.core import parts
from dutiful.core.errors import WorldFailure
from dutiful.core.records import Action
from dutiful.kit.notations import EXAMPLE, NOTATIONS, SHOWN
from dutiful.testing import check_agent

pytest.importorskip("pydantic_monty")

LOOP = """\
prices = {}
for city in cities():
    prices[city] = price(city, seats=2)
cheapest = min(prices, key=lambda city: prices[city])
cheapest"""


def programmed(world=None, **more):
    place = Programmed(world or errands.Errands(), **more)
    place.reset(place.tasks()[0])
    return place


def seen(place, code):
    return place.step(Action(code)).text


def test_a_loop_over_tools_in_one_block_is_one_turn():
    episode = follow("codeact", errands.Errands(), saying(f"```python\n{LOOP}\n```", "finish(cheapest)"))
    assert episode.passed and len(episode.steps) == 2
    assert episode.steps[1].observation.text == "'Rome, Italy'"


def test_variables_survive_between_turns():
    place = programmed()
    assert seen(place, "x = price('Oslo', 2)") == "The block ended without printing anything."
    assert seen(place, "x + 1") == "141"
    place.close()


def test_without_state_they_do_not():
    place = programmed(stateless=True)
    seen(place, "x = 1")
    assert "NameError" in seen(place, "x") and "140" in seen(place, "price('Oslo', 2)")
    place.close()


def test_output_and_the_last_value_are_shown():
    place = programmed()
    assert seen(place, "for city in cities():\n    print(len(city))\nlen(cities())") == "4\n11\n6\n11\n4"
    place.close()


def test_what_a_tool_refuses_is_an_error_that_the_block_may_catch():
    place = programmed()
    refused = place.step(Action("a = 1\nprice('Olso', 2)\na = 2"))
    assert "line 2" in refused.text and "no flights to 'Olso'" in refused.text and "refused" in refused.info
    assert seen(place, "a") == "1"
    caught = place.step(Action("try:\n    price('Olso', 2)\nexcept Exception as problem:\n    print('none:', problem)"))
    assert caught.text.startswith("none: no flights to 'Olso'") and "refused" not in caught.info
    assert "no parameter 'argument 3'" in seen(place, "price('Oslo', 2, 3)")
    assert "twice" in seen(place, "price('Oslo', city='Oslo', seats=2)")
    place.close()


def test_without_tracebacks_an_error_is_not_shown():
    place = programmed(tracebacks=False)
    assert seen(place, "print(7)\nprice('Olso', 2)") == "7\nThe block ended with an error."
    place.close()


def test_an_infinite_loop_is_killed_and_reported_and_the_episode_goes_on():
    place = programmed(seconds=0.3)
    seen(place, "kept = 5")
    stopped = place.step(Action("while True:\n    pass"))
    assert "stopped after 0.3 seconds" in stopped.text and "refused" in stopped.info and not stopped.done
    assert seen(place, "kept") == "5"
    place.close()


@pytest.mark.parametrize("code", ["import subprocess", "import socket\nsocket.socket()", "open('/etc/passwd').read()"])
def test_a_forbidden_import_is_reported_as_an_observation(code):
    place = programmed()
    refused = place.step(Action(code))
    assert "Error" in refused.text and "refused" in refused.info and not refused.done
    place.close()


def test_words_that_are_no_python_are_a_format_failure_or_an_observation():
    episode = follow("codeact", errands.Errands(), saying("let me think about that"), limits=Limits(steps=1))
    assert failures(episode) == 2 and "SyntaxError" in episode.final.text and episode.error is None
    episode = follow("codeact", errands.Errands(), saying("```python\nx = = 1\n```"), limits=Limits(steps=1))
    assert not failures(episode) and "SyntaxError" in episode.final.text


def test_of_several_blocks_the_first_is_run_and_a_reminder_follows():
    episode = follow("codeact", errands.Errands(), saying("```\n1 + 1\n```\nthen\n```\n2 + 2\n```", "finish('')"))
    assert episode.steps[1].observation.text.startswith("You wrote 2 blocks of code; only the first was run.")
    assert episode.steps[1].observation.text.endswith("\n2")


def test_observations_are_cut():
    place = programmed()
    text = seen(place, "print('a' * 1900)\nprint('b' * 5000)\nundefined")
    assert len(text) <= CUT and text.startswith("aaa") and text.endswith("NameError: name 'undefined' is not defined")
    place.close()


def test_the_block_ends_where_the_world_does():
    place = programmed()
    last = place.step(Action("finish('Rome, Italy')\nprice('Oslo', 2)"))
    assert last.done and "the episode is over" in last.text and place.verdict().passed
    place.close()


def test_every_call_inside_is_a_step_of_the_world():
    place = programmed(errands.Errands(max_steps=3))
    assert place.step(Action("while True:\n    cities()")).done
    assert place.inner.state[0] == 3
    place.close()


def test_a_world_that_breaks_is_an_error_of_the_harness():
    class Broken(errands.Errands):
        def step(self, action):
            raise OSError("the disk is full")

    place = programmed(Broken())
    with pytest.raises(WorldFailure, match="the disk is full"):
        place.step(Action("try:\n    cities()\nexcept Exception:\n    pass"))
    place.close()


def test_snapshots_hold_the_variables_and_the_world():
    place = programmed()
    seen(place, "x = [1]")
    state, before = place.snapshot(), place.inner.state
    seen(place, "x.append(2)\ncities()")
    place.restore(state)
    assert seen(place, "x") == "[1]" and place.inner.state == before
    place.close()


def test_the_expert_writes_the_whole_program_first_and_then_call_by_call():
    place = programmed()
    assert "for city in names:" in place.expert().text and place.expert().text.endswith("finish(answer=best['city'])")
    seen(place, "cities()")
    assert place.expert().text == "price(city='Oslo', seats=2)"
    place.close()
    episode = follow("codeact", errands.Errands())
    assert episode.passed and len(episode.steps) == 1


def test_it_is_shown_by_the_same_tool_text_and_the_same_one_example():
    first = {name: follow(name, errands.Errands(), limits=Limits(steps=1)).prompts()[0] for name in ("codeact", "line")}
    code, line = (first[name][0].text for name in ("codeact", "line"))
    tools = errands.Errands().rules
    assert code.startswith(tools) and line.startswith(tools)
    example = NOTATIONS["python"].write(SHOWN, [EXAMPLE])
    assert code.count(EXAMPLE.name) == line.count(EXAMPLE.name) == 1 and example in code
    assert "kept from turn to turn" in code
    assert "forgotten" in follow("codeact?stateless=true", errands.Errands(), limits=Limits(steps=1)).prompts()[0][0].text


@pytest.mark.parametrize("world", ["text/home", "grid/GoToLocal", "chat/rules", "tools?depth=4&loops=0.5&branches=0.5"])
def test_it_works_in_every_world(world):
    for task in range(2):
        episode = follow("codeact", world, task=task, limits=Limits(steps=60))
        assert episode.error is None and episode.passed, episode
    if world == "text/home":
        assert episode.steps[0].action.text.startswith("act(") and episode.steps[1].observation.choices


def test_without_tools_one_acts_by_name_and_an_action_that_is_admissible_is_done_as_it_stands():
    place = programmed(parts.world("text/home"))
    choices = place.step(Action("seen = act('look around the corner')\nprint(len(seen))")).choices
    other = programmed(parts.world("text/home"))
    assert place.step(Action(choices[0])) == other.step(Action(f"act({choices[0]!r})"))
    assert "You see what is printed" in place.how and 'act("...")' in place.how
    place.close()
    other.close()


def test_it_is_an_agent():
    assert check_agent("act+codeact", "text/home").ran == 9
    assert check_agent("react+codeact", "text/home").ran == 9


def test_a_spec_builds_it():
    spec = "act+codeact?stateless=true&tracebacks=false&seconds=2.0&backend=box"
    assert dutiful.agent(spec).spec == spec
    assert dutiful.agent("codeact").spec == "act+codeact"
