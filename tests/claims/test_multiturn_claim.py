"""058: the stand-in reads the prompt; the generator's gold and its answers are worked out by different code."""

import pytest

from dutiful import agent, solve, world
from dutiful.claims.measuring import RESULTS
from dutiful.claims.multiturn import Reader, needy, of
from dutiful.judges.entangled import scored
from dutiful.models.scripted import Scripted
from dutiful.testing import check_claim
from dutiful.worlds.chat.entangled import LEVELS


def turns(who, kind, reader, split="test", n=30):
    place = world(f"chat/entangled?task={kind}")
    played = (solve(agent(who, model=Scripted(reply=reader)), task, place) for task in place.tasks(split)[:n])
    return [turn for episode in played for turn in scored(episode)]


def test_the_claim():
    check_claim("multiturn", RESULTS)


@pytest.mark.parametrize("kind", [kind for level in LEVELS.values() for kind in level])
@pytest.mark.parametrize("split", ["train", "test"])
def test_the_reader_and_the_gold_agree_on_every_turn(kind, split):
    assert all(turn.score == 1 for turn in turns("act", kind, Reader(), split))


@pytest.mark.parametrize("kind", LEVELS["retrieve"])
def test_a_window_of_two_turns_loses_what_it_does_not_show(kind):
    short = turns("act+window?k=2", kind, Reader(), n=10)
    assert sum(turn.score for turn in needy(short)) <= 0.6 * len(needy(short))
    assert all(turn.score == 1 for turn in of(short, "single"))


def test_who_tells_all_remembers_and_betrays():
    told = turns("act", "privacy", Reader(tells=True))
    assert not any(turn.score for turn in of(told, "private"))
    assert all(turn.score == 1 for turn in of(told, "answerable"))
