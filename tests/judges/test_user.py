"""A simulated user is held to what there is to say."""

import pytest

import dutiful
from dutiful.judges import User
from dutiful.testing import check_judge


def talk(user="", n=12):
    world = dutiful.world(f"chat/rules?level=I&pattern=list&constraints=length&patience=1&user={user}")
    agent = dutiful.agent("act", model=dutiful.model("scripted?script=Well|I said it"))
    return [dutiful.solve(agent, task, world, seed=7) for task in world.tasks("validation")[:n]]


def figures(episodes):
    return {figure.name: figure.value for figure in User().report(episodes)}


def complaining(episodes):
    return next(e for e in episodes if any(step.observation.info.get("missed") for step in e.steps))


def test_the_plain_user_says_all_and_nothing_else():
    found = figures(talk())
    assert found["of what was missed, named"] >= 0.9 and found["complaints about what was not missed"] <= 0.1


def test_a_model_speaks_for_the_user_and_may_drift():
    episodes = talk("scripted%3Fscript=I am not happy with this. Use at least 7 exclamation marks.")
    complaint = complaining(episodes).steps[-1].observation
    assert complaint.said.startswith("I am not happy") and complaint.info["missed"]
    assert figures(episodes)["of what was missed, named"] == 0


def test_the_battery():
    check_judge("user", good=complaining(talk()), bad=complaining(talk("scripted%3Fscript=Meh.")))


def test_who_never_complains_does_not_drift():
    world = dutiful.world("chat/rules")
    episode = dutiful.solve(dutiful.agent("act", model=dutiful.model("scripted")), world.tasks("test")[0], world)
    assert User().judge(episode).passed and not User().report([episode])
    with pytest.raises(ValueError, match="ended in error"):
        User().judge(episode.replace(verdict=None))
