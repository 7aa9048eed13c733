"""The report of chat/entangled."""

from dutiful import Limits, agent, model, solve, world
from dutiful.judges import EntangledReport
from dutiful.testing import check_judge


def episodes(spec, n=18):
    place = world("chat/entangled")
    return [solve(agent("act", model=model(spec)), task, place) for task in place.tasks("test")[:n]]


def test_battery():
    check_judge("entangled", good=episodes("scripted", 1)[0], bad=episodes("scripted?script=...", 1)[0])


def test_the_ideal_agent_has_one_everywhere():
    figures = {f.name: f for f in EntangledReport().report(episodes("scripted"))}
    assert all(figure.value == 1 for figure in figures.values())
    assert {"level track", "task items", "privacy/answerable", "turn 5", "single", "reaching back 3 turns or more"} <= set(
        figures
    )


def test_silence_keeps_secrets_and_no_more():
    figures = {f.name: f.value for f in EntangledReport().report(episodes("scripted?script=..."))}
    assert figures["privacy/private"] == figures["triggers/quiet"] == 1
    assert figures["privacy/answerable"] == figures["task memorization"] == figures["single"] == 0


def test_what_was_not_reached_is_not_met():
    place = world("chat/entangled?task=privacy")
    cut = solve(agent("act", model=model("scripted")), place.tasks("test")[0], place, limits=Limits(steps=2))
    figures = {f.name: f.value for f in EntangledReport().report([cut])}
    assert figures["privacy/private"] == figures["privacy/answerable"] == 0
    assert not EntangledReport().judge(cut).passed
