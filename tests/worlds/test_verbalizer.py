"""chat/verbalizer: the words change, the items do not."""

from collections import Counter

import pytest

from dutiful import SpecError, agent, model, solve, world
from dutiful.testing import check_world
from dutiful.worlds.chat.verbalizer import PROBLEMS, items, verbalizers


def test_battery():
    check_world("chat/verbalizer", tasks=9)
    check_world("chat/verbalizer?group=unnatural&choices=true", tasks=9)
    check_world("chat/verbalizer?words=yes,no")


def test_every_item_comes_under_every_verbalizer_and_answers_balance():
    tasks = list(world("chat/verbalizer").tasks("test")[:320])
    sentences = Counter((task.setup["tags"]["problem"], task.instruction.text.splitlines()[1]) for task in tasks)
    assert set(sentences.values()) == {8} and len(sentences) == 40
    assert Counter(task.setup["tags"]["answer"] for task in tasks) == {0: 160, 1: 160}
    assert Counter(task.setup["tags"]["group"] for task in tasks) == {"natural": 80, "neutral": 160, "unnatural": 80}


def test_unnatural_words_are_the_natural_ones_exchanged():
    for name in PROBLEMS:
        natural = [words for _, words in verbalizers(name, "natural")]
        assert [words for _, words in verbalizers(name, "unnatural")] == [(b, a) for a, b in natural]


def test_splits_share_no_sentence():
    for name in PROBLEMS:
        seen = [{text.partition(" Person:")[0] for text, _ in items(name, split)} for split in ("train", "validation", "test")]
        assert all(seen) and not seen[0] & seen[1] and not seen[0] & seen[2] and not seen[1] & seen[2]


def test_the_answer_counts_by_its_first_word_and_not_by_a_part_of_a_word():
    place = world("chat/verbalizer?words=no,yes")
    task = place.tasks("test")[0]  # the first answer, so the word is "no"
    for answer, right in (("no", True), ('"No."', True), ("nothing", False), ("yes", False), ("It is no", False)):
        assert solve(agent("act", model=model(f"scripted?script={answer}")), task, place).passed is right, answer


def test_offered_words_are_chosen_from():
    place = world("chat/verbalizer?choices=true")
    task = place.tasks("test")[2]
    assert place.reset(task).choices == tuple(task.setup["tags"]["words"])
    episode = solve(agent("act+text?choices=false", model=model("scripted")), task, place)
    assert episode.passed and episode.steps[0].calls[0].verb == "choose"
    assert "You can" not in episode.prompts()[0][-1].text


def test_words_that_cannot_be_told_apart_are_refused():
    for words in ("yes", "yes,yes", "oh yes,no"):
        with pytest.raises(SpecError, match="two different words"):
            world(f"chat/verbalizer?words={words}")
    with pytest.raises(SpecError, match="natural, neutral"):
        world("chat/verbalizer?group=odd")
