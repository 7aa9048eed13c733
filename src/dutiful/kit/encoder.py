"""A small text encoder trained from scratch in a minute: words and letter trigrams, hashed, weighted and summed.

    v(text) = sum_g w_g e_g / |sum_g w_g e_g|            g over the words and letter trigrams of the text
    loss    = - log softmax_j( s v(query_i) . v(text_j) )_i      the other texts of the batch are the negatives

Encoder.trained(pairs).embed(["Cancel my booking"])   (1, d) float32, unit length: as `Model.embed`

For retrievers: `Dense(texts, encoder.embed)`. Needs torch (extra [train]). The loss is the multiple-negatives ranking loss
(Henderson et al. 2017, arXiv 1705.00652); letter trigrams after DSSM (Huang et al. 2013).
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dutiful.core.errors import MissingExtra
from dutiful.kit.retrieval import words


def _torch() -> Any:
    try:
        import torch
    except ImportError as error:
        raise MissingExtra("the text encoder", "train", "torch") from error
    return torch


def pieces(text: str, buckets: int) -> list[int]:
    """The hashed words and letter trigrams of a text, with repetitions; the same in every process."""
    found: list[int] = []
    for word in words(text):
        marked = f"<{word}>"
        grams = [marked, *(marked[at : at + 3] for at in range(len(marked) - 2))]
        found += [zlib.crc32(gram.encode()) % buckets for gram in grams]
    return found or [0]


class Encoder:
    """`buckets` rows of `dim` numbers: with the defaults 12.7 million weights, of which a text uses a few dozen."""

    def __init__(self, buckets: int = 1 << 17, dim: int = 96, seed: int = 0):
        torch = _torch()
        self.buckets, self.dim = buckets, dim
        draw = torch.Generator().manual_seed(seed)
        self._vectors = torch.nn.Parameter(torch.randn(buckets, dim, generator=draw) * dim**-0.5)
        self._weights = torch.nn.Parameter(torch.ones(buckets, 1))

    @classmethod
    def trained(
        cls,
        pairs: Sequence[tuple[str, str]],
        epochs: int = 5,
        batch: int = 32,
        rate: float = 0.02,
        scale: float = 20.0,
        seed: int = 0,
        **shape: int,
    ) -> Encoder:
        """An encoder taught that each query belongs to its text. Equal texts of one batch are no negatives of each other."""
        torch = _torch()
        torch.sparse.check_sparse_tensor_invariants.disable()  # or it warns that they are disabled
        encoder = cls(seed=seed, **shape)
        optimiser = torch.optim.Adagrad([encoder._vectors, encoder._weights], lr=rate)
        draw = np.random.default_rng(seed)
        for _ in range(epochs):
            order: list[int] = draw.permutation(len(pairs)).tolist()
            for start in range(0, len(order) - 1, batch):
                chosen = [pairs[place] for place in order[start : start + batch]]
                queries, texts = [query for query, _ in chosen], [text for _, text in chosen]
                scores = scale * encoder._encode(queries) @ encoder._encode(texts).T
                same = torch.tensor([[a == b and i != j for j, b in enumerate(texts)] for i, a in enumerate(texts)])
                loss = torch.nn.functional.cross_entropy(scores.masked_fill(same, -torch.inf), torch.arange(len(chosen)))
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
        return encoder

    def _encode(self, texts: Sequence[str]) -> Any:
        torch = _torch()
        rows = [pieces(text, self.buckets) for text in texts]
        flat = torch.tensor([piece for row in rows for piece in row])
        owner = torch.tensor([place for place, row in enumerate(rows) for _ in row])
        look: Any = torch.nn.functional.embedding  # sparse: a step touches the rows that it read
        weighted = look(flat, self._vectors, sparse=True) * look(flat, self._weights, sparse=True)
        summed = torch.zeros(len(rows), self.dim).index_add(0, owner, weighted)
        return torch.nn.functional.normalize(summed, dim=1)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) float32, rows of unit length."""
        with _torch().no_grad():
            return self._encode(texts).numpy()
