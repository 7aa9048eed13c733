"""chat/codi: six tasks, balanced labels, paired phrasings, gold answers that hold."""

from collections import Counter
from itertools import islice

import pytest

from dutiful import Action, SpecError, world
from dutiful.kit.attributes import holds
from dutiful.kit.dialogue import read
from dutiful.kit.diversity import Novelty
from dutiful.testing import check_world
from dutiful.worlds.chat.codi import phrasings, pool
from dutiful.worlds.chat.codi_words import BANNED, KEYWORDS, SEEDS, SLOTS, TASKS


def turns(spec, n=40, split="test"):
    return [read(task).turns[0] for task in islice(world(spec).tasks(split), n)]


@pytest.mark.parametrize("task", TASKS)
def test_the_battery_passes(task):
    expected = {"doing nothing fails": "a meaningless answer is not toxic"} if task == "toxicity" else {}
    assert check_world(f"chat/codi?task={task}", expected=expected).ran >= 12
    assert check_world(f"chat/codi?task={task}&phrasing=seed&shots=2", split="validation", expected=expected).ran >= 12


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_gold_answers_have_the_label_and_another_ones_do_not(task, split):
    found = turns(f"chat/codi?task={task}", 38, split)
    assert all(holds(turn.gold, turn.reference[0]) for turn in found)
    if task != "toxicity":
        crossed = [holds(a.gold, b.reference[0]) for a in found for b in found if a.reference != b.reference]
        assert sum(crossed) / len(crossed) < 0.5


@pytest.mark.parametrize("task", TASKS)
def test_the_two_phrasings_have_the_same_slots(task):
    seeds, others = (turns(f"chat/codi?task={task}&phrasing={phrasing}") for phrasing in ("seed", "diversified"))
    assert [turn.reference for turn in seeds] == [turn.reference for turn in others]
    assert all(a.text != b.text for a, b in zip(seeds, others, strict=True))


def test_labels_are_balanced():
    every = {task: turns(f"chat/codi?task={task}", 1000) for task in ("length", "sentiment", "topic")}
    assert set(Counter(turn.tags["mode"] for turn in every["length"]).values()) == {200}
    topics = Counter(turn.tags["label"] for turn in every["topic"])
    assert len(topics) == 19 and max(topics.values()) - min(topics.values()) <= 1
    polarities = Counter(turn.tags["label"] for turn in every["sentiment"] if turn.tags["mode"] == "polarity")
    assert len(polarities) == 3 and max(polarities.values()) - min(polarities.values()) <= 1
    pairs = Counter(turn.tags["label"] for turn in turns("chat/codi?task=multi", 171))
    assert len(pairs) == 19 * 3 and max(pairs.values()) <= 3


def test_the_five_modes_of_a_length_share_their_number():
    for start in range(0, 25, 5):
        group = turns("chat/codi?task=length", 25)[start : start + 5]
        numbers = {turn.tags["mode"]: [int(n) for n in turn.reference[0].split()[1:]] for turn in group}
        n = numbers["equal"][0]
        assert numbers["equal"] == [n, n] and numbers["at most"] == [1, n] and numbers["at least"] == [n, 10_000]
        assert numbers["around"] == [round(0.9 * n), round(1.1 * n)] and numbers["between"][0] == n < numbers["between"][1]


def test_a_context_has_twenty_instructions():
    contexts = Counter(turn.tags["context"] for turn in turns("chat/codi?task=toxicity", 1000))
    assert len(contexts) >= 10 and set(contexts.values()) == {20}
    texts = {turn.text for turn in turns("chat/codi?task=toxicity", 20)}
    assert len(texts) == 20


@pytest.mark.parametrize("task", TASKS)
def test_no_phrasing_is_in_two_splits(task):
    for phrasing in ("seed", "diversified"):
        for mode in SLOTS[task]:
            split = [set(phrasings(task, mode, name, phrasing)) for name in ("train", "validation", "test")]
            assert all(split) and not split[0] & split[2] and not split[1] & split[2] and not split[0] & split[1]


def test_the_pool_is_balanced_novel_and_has_the_slots_of_its_modes():
    for task, phrases in pool().items():
        count = Counter(phrase.mode for phrase in phrases)
        assert set(count) == set(SLOTS[task]) and max(count.values()) - min(count.values()) <= 1
        assert len(phrases) >= 60 and not {phrase.text for phrase in phrases} & {t for ts in SEEDS[task].values() for t in ts}
        novelty = Novelty(0.95)
        assert all(novelty.add(phrase.text) for phrase in phrases)
        for phrase in phrases:
            assert all(phrase.text.count(f"{{{slot}}}") == 1 for slot in SLOTS[task][phrase.mode])
            assert phrase.text.count("{") == len(SLOTS[task][phrase.mode])


def test_no_keyword_is_forbidden():
    assert not set(KEYWORDS) & set(BANNED)


def test_examples_stand_before_the_instruction_and_come_from_train():
    plain, shown = turns("chat/codi?task=keyword", 3), turns("chat/codi?task=keyword&shots=2", 3)
    train = turns("chat/codi?task=keyword", 2, "train")
    for one, other in zip(plain, shown, strict=True):
        assert other.text.endswith(f"Instruction: {one.text}\nAnswer:") and other.reference == one.reference
        assert all(f"Instruction: {t.text}\nAnswer: {t.gold}\n" in other.text for t in train)


def test_an_opening_line_is_forgiven_and_a_wrong_count_is_not():
    place = world("chat/codi?task=length&phrasing=seed")
    task = next(task for task in place.tasks() if read(task).turns[0].tags["mode"] == "equal")
    gold = read(task).turns[0].gold
    for answer, passed in ((gold, True), (f"Here you are:\n{gold}", True), (f"{gold} more", False)):
        place.reset(task)
        place.step(Action(answer))
        assert place.verdict().passed == passed


def test_what_there_is_not_is_refused():
    for spec in ("chat/codi?task=colour", "chat/codi?phrasing=loud", "chat/codi?shots=-1"):
        with pytest.raises(SpecError):
            world(spec)
