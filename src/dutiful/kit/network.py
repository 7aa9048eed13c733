"""A small network that reads a sentence and a map, and prefers an action: inference in numpy, training in torch.

    words      each word is looked up; two convolutions over the sentence tell each what stands around it
    naming     which words name which things is given, not learned (`Lexicon`), and words that name are looked up as their
               kind of word alone: so nothing can be learned of one colour or thing that does not hold for all, and
               combinations that no sentence of the training named are met like any other
    cells      relu(class of the cell + what the words that name it are told) . fit: one row for each code a cell can have
    map        relu(cells + places), three 3x3 convolutions without padding (13 -> 7 cells a side), the second one scaled
               and shifted by the sentence
    head       one hidden layer over the map, what is carried, the sentence and a few extra features

The parameters are one dictionary of float32 arrays; both forms compute the same (the tests compare them).
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dutiful.core.errors import StoreError
from dutiful.core.records import Record

if TYPE_CHECKING:
    import torch

Params = dict[str, npt.NDArray[np.float32]]
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.integer[Any]]


class Sizes(Record, frozen=True):
    """The sizes of a network. `side` is that of the map in cells; the three convolutions leave `side - 6`."""

    words: int
    classes: int
    places: int
    extra: int
    actions: int
    side: int = 13
    length: int = 48
    word: int = 32
    slots: int = 8
    row: int = 32
    features: int = 16
    channels: int = 32
    hidden: int = 192


class Lexicon(NamedTuple):
    """What is given: `kind` (vocabulary,) the number under which a word is looked up, 0 for no word; `names` (vocabulary,
    codes) 1 where a word names what a code stands for; `classes` (codes,) the class of each code."""

    kind: Ints
    names: Floats
    classes: Ints


class Batch(NamedTuple):
    """What a network reads: `words` (m, length), zero for none; `sentence` (n,) says which of the m each sample follows;
    `codes` and `places` (n, side * side); `carried` (n,) a code; `extra` (n, extra) float32."""

    words: Ints
    sentence: Ints
    codes: Ints
    places: Ints
    carried: Ints
    extra: Floats


def shapes(s: Sizes) -> dict[str, tuple[int, ...]]:
    """The shape of every parameter."""
    slots, left = s.slots * s.word, s.side - 6
    head = left * left * s.channels + s.features + slots + s.extra
    return {
        "word": (s.words, s.word),
        "at": (s.length, s.word),
        "read1.w": (5 * s.word, s.word),
        "read1.b": (s.word,),
        "read2.w": (5 * s.word, s.word),
        "read2.b": (s.word,),
        "fill.w": (s.word, s.slots),
        "told.w": (s.word, s.row),
        "class": (s.classes, s.row),
        "fit.w": (s.row, s.features),
        "fit.b": (s.features,),
        "place": (s.places, s.row),
        "scale.w": (slots, s.row),
        "scale.b": (s.row,),
        "put.w": (s.row, s.features),
        "conv1.w": (9 * s.features, s.channels),
        "conv1.b": (s.channels,),
        "conv2.w": (9 * s.channels, s.channels),
        "conv2.b": (s.channels,),
        "film.w": (slots, 2 * s.channels),
        "conv3.w": (9 * s.channels, s.channels),
        "conv3.b": (s.channels,),
        "head1.w": (head, s.hidden),
        "head1.b": (s.hidden,),
        "head2.w": (s.hidden, s.actions),
        "head2.b": (s.actions,),
    }


def fresh(sizes: Sizes, seed: int = 0) -> Params:
    """Parameters to begin with: He's scaling for what a relu follows, ones where a scale is neutral."""
    draw, params = np.random.default_rng(seed), Params()
    for name, shape in shapes(sizes).items():
        if name.endswith(".b"):
            params[name] = np.full(shape, 1.0 if name == "scale.b" else 0.0, np.float32)
        else:
            widths: dict[str, float] = {"word": 1.0, "class": 1.0, "place": 1.0, "at": 0.3, "film.w": 0.01}
            width = widths.get(name, math.sqrt(2.0 / shape[0]))
            params[name] = (draw.standard_normal(shape) * width).astype(np.float32)
    return params


def save(path: Path, params: Params, sizes: Sizes) -> None:
    """Writes a network as a compressed .npz of half floats; the file appears whole or not at all."""
    part = path.with_suffix(".part.npz")
    half = {name: value.astype(np.float16) for name, value in params.items()}
    fields = {name: getattr(sizes, name) for name in Sizes.__struct_fields__}
    np.savez_compressed(part, **{"/sizes": np.array(list(fields.values()))}, **half)  # type: ignore[arg-type]
    part.replace(path)


def load(path: Path) -> tuple[Params, Sizes]:
    """A network from its file; raises StoreError for a file that is damaged or none of ours."""
    try:
        with np.load(path) as file:
            arrays = {name: file[name] for name in file.files}
        sizes = Sizes(*(int(value) for value in arrays.pop("/sizes")))
        params = {name: value.astype(np.float32) for name, value in arrays.items()}
    except FileNotFoundError:
        raise
    except Exception as error:
        raise StoreError(f"{path} is no network, or a damaged one ({type(error).__name__}: {error})") from error
    if {name: value.shape for name, value in params.items()} != shapes(sizes):
        raise StoreError(f"{path} is no network of ours: its arrays have other shapes than its sizes say")
    return params, sizes


def _patches(side: int) -> npt.NDArray[np.intp]:
    """(cells, 9): for each cell that is left, the numbers of the nine around it, row by row."""
    at = np.arange(side * side).reshape(side, side)
    rows = [at[i : side - 2 + i, j : side - 2 + j].reshape(-1) for i in range(3) for j in range(3)]
    return np.stack(rows, 1)


class Read(NamedTuple):
    """A sentence, read once an episode: `cells` (codes, features) and `places` (places, features) are the rows of the map."""

    slots: Floats
    cells: Floats
    places: Floats
    scale: Floats
    shift: Floats


class Network:
    """Inference, one sample at a time, in numpy: about 0.15 ms on one core.

    The products are cut into pieces of under 9,000 multiplications a row: numpy's linear algebra would else call threads
    together for each, which takes longer than the work.
    """

    def __init__(self, params: Params, sizes: Sizes, lexicon: Lexicon):
        self.p, self.sizes, self.lexicon = params, sizes, lexicon
        self.patches = [_patches(sizes.side - 2 * n).reshape(sizes.side - 2 * n - 2, -1, 9) for n in range(3)]
        inputs, hidden = params["head1.w"].shape
        self.piece = max(1, 8192 // hidden)
        padding = -inputs % self.piece
        self.head = np.pad(params["head1.w"], ((0, padding), (0, 0))).reshape(-1, self.piece, hidden)
        self.room = np.zeros(padding, np.float32)

    def read(self, words: Ints) -> Read:
        """Reads a sentence: word numbers (length,), zero for none."""
        p, s = self.p, self.sizes
        there = (words > 0)[:, None]
        vectors = p["word"][self.lexicon.kind[words]] * there
        told = vectors + p["at"] * there
        for n in ("1", "2"):
            padded = np.pad(told, ((2, 2), (0, 0)))
            wide = np.concatenate([padded[i : i + s.length] for i in range(5)], 1)
            told = told + np.maximum(wide @ p[f"read{n}.w"] + p[f"read{n}.b"], 0)
        logits = np.where(there, told @ p["fill.w"], -1e9)
        weights = np.exp(logits - logits.max(0))
        slots = ((weights / weights.sum(0)).T @ vectors).reshape(-1)
        named = self.lexicon.names[words].T @ (told @ p["told.w"])
        cells = np.maximum(p["class"][self.lexicon.classes] + named, 0) @ p["fit.w"] + p["fit.b"]
        places = (p["place"] * (slots @ p["scale.w"] + p["scale.b"])) @ p["put.w"]
        film = slots @ p["film.w"]
        return Read(slots, cells, places, 1 + film[: s.channels], film[s.channels :])

    def scores(self, read: Read, codes: Ints, places: Ints, carried: int, extra: Floats) -> Floats:
        """How much each action is preferred, (actions,): logits."""
        p, s = self.p, self.sizes
        x = np.maximum(read.cells[codes] + read.places[places], 0)
        for n, around in enumerate(self.patches, 1):
            x = x[around].reshape(*around.shape[:2], -1) @ p[f"conv{n}.w"] + p[f"conv{n}.b"]
            if n == 2:
                x = x * read.scale + read.shift
            x = np.maximum(x, 0).reshape(-1, s.channels)
        held = np.maximum(read.cells[carried], 0)
        h = np.concatenate([x.reshape(-1), held, read.slots, extra, self.room])
        h = (h.reshape(-1, 1, self.piece) @ self.head).sum(0)[0]
        return np.maximum(h + p["head1.b"], 0) @ p["head2.w"] + p["head2.b"]


def logits(p: dict[str, torch.Tensor], sizes: Sizes, lexicon: Lexicon, batch: Batch) -> torch.Tensor:
    """The same in torch, for batches: (n, actions)."""
    import torch
    import torch.nn.functional as F  # noqa: N812

    s = sizes

    def real(numbers: Floats) -> torch.Tensor:
        return torch.from_numpy(numbers)  # type: ignore[reportUnknownMemberType]

    def whole(numbers: Ints) -> torch.Tensor:
        return torch.from_numpy(np.ascontiguousarray(numbers, dtype=np.int64))  # type: ignore[reportUnknownMemberType]

    there = (whole(batch.words) > 0).unsqueeze(-1)
    vectors = p["word"][whole(lexicon.kind[batch.words])] * there
    told = vectors + p["at"] * there
    for n in ("1", "2"):
        padded = F.pad(told, (0, 0, 2, 2))
        wide = torch.cat([padded[:, i : i + s.length] for i in range(5)], 2)
        told = told + F.relu(wide @ p[f"read{n}.w"] + p[f"read{n}.b"])
    fill = (told @ p["fill.w"]).masked_fill(there == 0, -1e9)
    slots = (fill.softmax(1).transpose(1, 2) @ vectors).flatten(1)
    named = real(lexicon.names[batch.words]).transpose(1, 2) @ (told @ p["told.w"])
    cells = F.relu(p["class"][whole(lexicon.classes)] + named) @ p["fit.w"] + p["fit.b"]
    places = (p["place"] * (slots @ p["scale.w"] + p["scale.b"]).unsqueeze(1)) @ p["put.w"]
    film = slots @ p["film.w"]
    sentence = whole(batch.sentence)
    rows = cells.shape[1]
    flat, first = cells.flatten(0, 1), (sentence * rows).unsqueeze(1)
    there, where = whole(batch.codes) + first, whole(batch.places) + (sentence * s.places).unsqueeze(1)
    x = flat.index_select(0, there.flatten()) + places.flatten(0, 1).index_select(0, where.flatten())
    x = F.relu(x).view(len(sentence), -1, s.features).transpose(1, 2).reshape(len(sentence), s.features, s.side, s.side)
    for n, inner in ((1, s.features), (2, s.channels), (3, s.channels)):
        weight = p[f"conv{n}.w"].reshape(3, 3, inner, s.channels).permute(3, 2, 0, 1)
        x = F.conv2d(x, weight, p[f"conv{n}.b"])
        if n == 2:
            scale, shift = film[sentence].unsqueeze(-1).unsqueeze(-1).chunk(2, 1)
            x = x * (1 + scale) + shift
        x = F.relu(x)
    held = F.relu(flat[whole(batch.carried) + first.squeeze(1)])
    h = torch.cat([x.permute(0, 2, 3, 1).flatten(1), held, slots[sentence], real(batch.extra)], 1)
    return F.relu(h @ p["head1.w"] + p["head1.b"]) @ p["head2.w"] + p["head2.b"]


class Trainer:
    """Trains a network on labelled batches: cross-entropy, AdamW, and an average of the weights that is what gets used."""

    AVERAGE = 0.998
    """How much of the average stays at a step; over the first steps less, so that it is not held by where it began."""

    def __init__(self, params: Params, sizes: Sizes, lexicon: Lexicon, decay: float = 1e-4, clip: float = 1.0):
        import torch

        self.sizes, self.lexicon, self.clip, self.steps = sizes, lexicon, clip, 0
        self.params = {name: torch.tensor(value).requires_grad_() for name, value in params.items()}
        self.average = {name: torch.tensor(value) for name, value in params.items()}
        self.optimiser = torch.optim.AdamW(list(self.params.values()), lr=1e-3, weight_decay=decay)

    def step(self, batch: Batch, labels: Ints, lr: float) -> float:
        """One update; returns the loss before it, in nats."""
        import torch

        for group in self.optimiser.param_groups:
            group["lr"] = lr
        self.optimiser.zero_grad(set_to_none=True)
        scores = logits(self.params, self.sizes, self.lexicon, batch)
        loss = torch.nn.functional.cross_entropy(scores, torch.tensor(labels.astype(np.int64)))
        loss.backward()  # type: ignore[reportUnknownMemberType]
        torch.nn.utils.clip_grad_norm_(list(self.params.values()), self.clip)
        self.optimiser.step()  # type: ignore[reportUnknownMemberType]
        self.steps += 1
        keep = min(self.AVERAGE, self.steps / (self.steps + 10))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.values()), list(self.params.values()), 1 - keep)  # type: ignore[reportPrivateUsage]
        return float(loss.detach())

    def scores(self, batch: Batch) -> Floats:
        """The average's logits, (n, actions)."""
        import torch

        with torch.no_grad():
            return logits(self.average, self.sizes, self.lexicon, batch).numpy()

    def averaged(self) -> Params:
        """The averaged parameters, as arrays."""
        return {name: value.numpy().copy() for name, value in self.average.items()}

    def state(self) -> dict[str, Any]:
        """All that a checkpoint needs."""
        params = {name: value.detach() for name, value in self.params.items()}
        return dict(params=params, average=self.average, optimiser=self.optimiser.state_dict(), steps=self.steps)

    def resume(self, state: dict[str, Any]) -> None:
        """Goes on from a checkpoint's state."""
        import torch

        with torch.no_grad():
            for name, value in self.params.items():
                value.copy_(state["params"][name])
        self.average = {name: value.clone() for name, value in state["average"].items()}
        self.optimiser.load_state_dict(state["optimiser"])
        self.steps = state["steps"]
