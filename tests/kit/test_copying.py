"""The copying network learns where to copy from, and copies words that it has never seen."""

import random

import pytest

torch = pytest.importorskip("torch")
from dutiful.kit.copying import Copier, grams  # noqa: E402


@pytest.fixture(autouse=True)
def alone():
    """One thread: of two, on a busy machine, each waits for the other at every step, fifty times as long as the work takes."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def pairs(n, seed, low, high):
    draw = random.Random(seed)
    for _ in range(n):
        a, b = (f"w{draw.randrange(low, high)}" for _ in "ab")
        yield f"first {a} then {b} .", f"it is {b}"


def test_it_copies_words_that_it_has_never_seen():
    copier = Copier(dim=32, layers=1, buckets=512, words=4).fit(list(pairs(400, 0, 100, 500)), epochs=3, rate=5e-3, common=100)
    unseen = list(pairs(40, 1, 600, 900))
    right = sum(said == target for said, (_, target) in zip(copier.write([source for source, _ in unseen]), unseen, strict=True))
    assert right >= 32
    assert "w700" not in copier.vocabulary


def test_it_repeats_with_its_seed():
    said = [Copier(dim=16, layers=1, seed=3).fit(list(pairs(40, 0, 1, 9)), epochs=1).write(["first w1 then w2 ."]) for _ in "ab"]
    assert said[0] == said[1]
    assert grams("ab", 100) == grams("ab", 100)
