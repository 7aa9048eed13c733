"""Episodes as a person reads them, and progress as it is shown."""

import io
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import Corridor
from test_comparison import row

from dutiful import Action, Call, Limits, Observation, Step, Usage, agent, model, solve
from dutiful.lab import Tally, Terminal, render, render_step, render_verdict
from dutiful.lab.progress import clock, short


def episode(agent_spec="act", model_spec="scripted", limits=Limits(), world=None):
    world = world or Corridor(2)
    return solve(agent(agent_spec, model(model_spec)), world.tasks()[0], world, limits=limits)


def test_a_whole_episode():
    text = render(episode())
    assert text.startswith(
        '"walk to the end of the corridor"\nplaces:Corridor?steps=2, task walk-0 (test); act with scripted; seed 0'
    )
    assert "  1. Mark 0.\n  -> walk on   (one of 2)" in text and "read" in text and "reused" in text and "written" in text
    assert "     Mark 2.\nPASSED  score 1.00\n     yes at the end: at mark 2" in text
    assert "\x1b" not in text


def test_thoughts_limits_and_failures_are_shown():
    text = render(episode("react", "scripted?script=hm so|walk on", Limits(steps=1)))
    assert "thinks: hm so" in text and "FAILED  score 0.50, out of steps" in text and "no  at the end: at mark 1" in text
    text = render(episode("act+json", "scripted?script=what", Limits(tokens=200)))
    assert "words that were no action: 2" in text and "limit of tokens reached" in text


def test_an_error_is_shown_in_place_of_a_verdict():
    text = render(episode(world=Corridor(2, "raises")))
    assert "ERROR WorldFailure: KeyError: 'the floor is gone'" in text and "score" not in text


def test_probabilities_are_shown_where_scores_are_at_hand():
    scores = (math.log(0.6), math.log(0.2))
    call = Call("choose", 0, (), "on", Usage(10, 4, 1, 1), "logprobs", scores)
    text = render_step(3, Step(Observation("Dark.", ("on", "off")), Action("on"), (call,), Usage(10, 4, 1, 1), 0.5))
    assert text.splitlines() == [
        "  3. Dark.",
        "  -> on   (one of 2, p = 0.75)",
        "     0.50 s, tokens 6 read, 4 reused, 1 written",
    ]


def test_refusals_are_shown():
    step = Step(Observation("Dark.", info={"refused": "there is no lamp"}), Action("light the lamp"))
    assert "refused: there is no lamp" in render_step(1, step)


def test_colour_changes_no_words():
    from click import unstyle

    for shown in (episode(), episode(world=Corridor(2, "raises")), episode("react", "scripted?script=hm|back", Limits(steps=2))):
        assert "\x1b" in render(shown, colour=True)
        assert unstyle(render(shown, colour=True)) == render(shown)
    assert render_verdict(None).startswith("ERROR")


def test_long_lines_are_cut():
    text = render_step(1, Step(Observation("x" * 500), Action("go")), width=50)
    assert max(map(len, text.splitlines())) <= 56 and "..." in text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s"), (59.4, "59 s"), (59.6, "1:00"), (185, "3:05"), (7800, "2:10:00"), (3599.7, "1:00:00")]
)
def test_clock(seconds, text):
    assert clock(seconds) == text


@given(st.floats(0, 1e13))
def test_short_is_right_to_three_figures(count):
    text = short(count)
    unit = {"k": 1e3, "M": 1e6, "G": 1e9}.get(text[-1], 1)
    assert float(text.rstrip("kMG")) * unit == pytest.approx(count, rel=0.006, abs=0.51)
    assert len(text) <= 7 and "e" not in text


def test_what_the_user_says_is_shown_beside_what_the_world_shows():
    said = render_step(1, Step(Observation(said="Name a river."), Action("The Elbe.")))
    assert said.startswith("  1. Name a river.\n  -> The Elbe.")
    both = render_step(2, Step(Observation("- The Elbe is long.", said="Name a river."), Action("The Elbe.")))
    assert both.startswith("  2. - The Elbe is long.\n     user: Name a river.\n  -> The Elbe.")


def test_progress_without_a_terminal_is_plain_lines():
    stream = io.StringIO()
    shown, tally = Terminal(stream, every=0), Tally(4, [row(0, True)])
    shown.start("walks", tally)
    tally.add(row(1, None))
    shown.update(tally)
    shown.finish("interrupted", tally)
    lines = stream.getvalue().splitlines()
    assert lines[0] == "run walks: 4 episodes, 1 of them kept before"
    assert lines[1].startswith(
        "2/4 episodes, 0 s, 0 s left; success 100% [21%, 100%], 1 errors, tokens 80 read, 120 reused, 10 written"
    )
    assert lines[-1] == "interrupted: 2 of 4 episodes are kept; resume to go on"


def test_progress_on_a_terminal_is_a_bar():
    class Screen(io.StringIO):
        def isatty(self):
            return True

    stream = Screen()
    shown, tally = Terminal(stream), Tally(2, [])
    shown.start("walks", tally)
    for number in range(2):
        tally.add(row(number, True))
        shown.update(tally)
    shown.finish("finished", tally)
    assert "2/2" in stream.getvalue() and "success 100%" in stream.getvalue()
