"""059: the stand-in reads the prompt, and the harness finds what was planted in it."""

from dutiful import agent, solve, world
from dutiful.claims.measuring import RESULTS
from dutiful.claims.verbalizer import Asked, Follower, Net, figures
from dutiful.models.scripted import Scripted
from dutiful.testing import check_claim


def played(reply, n=96):
    place = world("chat/verbalizer")
    return [solve(agent("act", model=Scripted(reply=reply)), task, place) for task in place.tasks("test")[:n]]


def test_the_claim():
    check_claim("verbalizer", RESULTS)


def test_the_reader_knows_every_answer():
    for episode in played(lambda prompt: Asked(prompt).map[Asked(prompt).answer()], 800):
        assert episode.passed, episode.task


def test_the_follower_without_obedience_is_wrong_on_exactly_the_unnatural_words():
    found = figures(played(Follower(0.0)))
    assert found["accuracy natural"].interval.value == 1 and found["accuracy unnatural"].interval.value == 0


def test_a_net_without_order_knows_tasks_and_no_map():
    found = figures(played(Net(tasks=400, epochs=100)))
    assert found["accuracy natural"].interval.value > 0.7
    assert found["accuracy unnatural"].interval.value < 0.3
