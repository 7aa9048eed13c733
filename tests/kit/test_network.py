"""The small network: numpy and torch compute the same, what is named is treated alike, files are whole or refused."""

import numpy as np
import pytest

from dutiful.agents.policy import EXTRA, PLACES, lexicon, sentence, sizes
from dutiful.core.errors import StoreError
from dutiful.kit.network import Batch, Network, Trainer, fresh, load, logits, save, shapes

SENTENCES = ["go to the red ball", "put the grey box next to the door, then open a key", "pick up the yellow key on your left"]


def batch(n=12, seed=0):
    draw = np.random.default_rng(seed)
    words = np.stack([sentence(text) for text in SENTENCES])
    codes, places = draw.integers(0, 48, (n, 169)), draw.integers(0, PLACES, (n, 169))
    extra = draw.standard_normal((n, EXTRA)).astype(np.float32)
    return Batch(words, draw.integers(0, len(words), n), codes, places, draw.integers(0, 48, n), extra)


def network(seed=1):
    params, draw = fresh(sizes(), seed), np.random.default_rng(seed)
    params = {name: value + 0.05 * draw.standard_normal(value.shape).astype(np.float32) for name, value in params.items()}
    return Network(params, sizes(), lexicon())


def scores(net, b):
    reads = [net.read(words) for words in b.words]
    rows = zip(b.sentence, b.codes, b.places, b.carried, b.extra, strict=True)
    return np.stack([net.scores(reads[s], codes, places, int(held), extra) for s, codes, places, held, extra in rows])


def test_numpy_and_torch_agree():
    torch = pytest.importorskip("torch")
    net, b = network(), batch()
    in_torch = logits({name: torch.from_numpy(value) for name, value in net.p.items()}, sizes(), lexicon(), b).numpy()
    assert np.allclose(scores(net, b), in_torch, atol=1e-4)
    assert in_torch.std() > 0.1, "all scores are alike: the comparison says nothing"


def test_a_colour_that_was_never_learned_is_met_like_any_other():
    """Renaming a colour in the sentence and on the map alike changes nothing, whatever the weights are."""
    net, b = network(), batch(1)
    red, grey = np.arange(28, 46, 6), np.arange(28, 46, 6) + 5
    swapped = b.codes[0].copy()
    for here, there in zip(red, grey, strict=True):
        swapped[b.codes[0] == here], swapped[b.codes[0] == there] = there, here
    plain = net.scores(net.read(sentence("go to the red ball")), b.codes[0], b.places[0], 1, b.extra[0])
    other = net.scores(net.read(sentence("go to the grey ball")), swapped, b.places[0], 1, b.extra[0])
    same_map = net.scores(net.read(sentence("go to the grey ball")), b.codes[0], b.places[0], 1, b.extra[0])
    doors = np.isin(b.codes[0], np.arange(10, 28))
    assert not np.allclose(plain, same_map, atol=1e-3)
    if not doors.any():
        assert np.allclose(plain, other, atol=1e-4)


def test_a_network_comes_back_from_its_file(tmp_path):
    net = network()
    save(tmp_path / "net.npz", net.p, net.sizes)
    params, found = load(tmp_path / "net.npz")
    assert found == net.sizes and {n: v.shape for n, v in params.items()} == shapes(found)
    assert all(np.allclose(params[name], net.p[name], atol=2e-3) for name in params)
    assert [path.name for path in tmp_path.iterdir()] == ["net.npz"]


def test_damaged_files_are_refused(tmp_path):
    path = tmp_path / "net.npz"
    save(path, fresh(sizes()), sizes())
    whole = path.read_bytes()
    for damaged in (b"", b"no numbers", whole[: len(whole) // 2]):
        path.write_bytes(damaged)
        with pytest.raises(StoreError, match=r"net\.npz is no network"):
            load(path)
    np.savez(path, **{"/sizes": np.array([1, 2])})
    with pytest.raises(StoreError, match=r"net\.npz is no network"):
        load(path)


def test_training_lowers_the_loss_and_its_average_follows():
    torch = pytest.importorskip("torch")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    trainer, b = Trainer(fresh(sizes()), sizes(), lexicon()), batch(64)
    labels = (b.carried % 6).astype(np.uint8)
    losses = [trainer.step(b, labels, 3e-3) for _ in range(60)]
    torch.set_num_threads(before)
    assert losses[-1] < 0.5 * losses[0]
    assert (trainer.scores(b).argmax(1) == labels).mean() > 0.8
