"""A small network that reads a text and writes a short one, and can copy words it has never seen.

    h = transformer(e(words) + position)          e(word): the mean of the hashed letter n-grams of the word
    p(word) = g softmax(W s) + (1 - g) sum_{i: word_i = word} softmax_i(s . K h_i)          s: a GRU's state, g: a gate of it

Trained by cross-entropy on the words of the target, generated greedily. About 1 million weights with the defaults, a few minutes
on a core for some thousand short samples. Needs torch (extra [train]). The mixture of writing and copying is the pointer
generator's (See et al. 2017, arXiv 1704.04368).
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dutiful.core.errors import MissingExtra

END = "</s>"


def _torch() -> Any:
    try:
        import torch
    except ImportError as error:
        raise MissingExtra("the copying network", "train", "torch") from error
    return torch


def grams(word: str, buckets: int) -> list[int]:
    """The hashed letter n-grams (2 to 4) of a word, and the word itself; the same in every process."""
    marked = f"<{word}>"
    found = {marked} | {marked[at : at + n] for n in (2, 3, 4) for at in range(len(marked) - n + 1)}
    return sorted(zlib.crc32(gram.encode()) % buckets for gram in found)


class Copier:
    """`fit` pairs of texts (words parted by blanks), `write` a text for each. `words`: how many words a target may have."""

    def __init__(
        self,
        dim: int = 96,
        layers: int = 2,
        heads: int = 4,
        buckets: int = 8192,
        longest: int = 256,
        words: int = 24,
        seed: int = 0,
    ):
        torch = _torch()
        torch.manual_seed(seed)
        nn = torch.nn
        self.dim, self.buckets, self.longest, self.words, self.seed = dim, buckets, longest, words, seed
        self.vocabulary: list[str] = []
        layer = nn.TransformerEncoderLayer(dim, heads, 4 * dim, dropout=0.1, batch_first=True, norm_first=True)
        self.net: Any = nn.ModuleDict(
            dict(
                grams=nn.EmbeddingBag(buckets, dim, mode="mean"),
                places=nn.Embedding(longest, dim),
                reader=nn.TransformerEncoder(layer, layers, nn.LayerNorm(dim), enable_nested_tensor=False),
                writer=nn.GRUCell(2 * dim, dim),
                pointer=nn.Linear(dim, dim),
                gate=nn.Linear(2 * dim, 1),
            )
        )

    def _vectors(self, words: Sequence[str]) -> Any:
        torch = _torch()
        rows = [grams(word, self.buckets) for word in words]
        offsets = np.cumsum([0, *map(len, rows[:-1])])
        return self.net["grams"](torch.tensor([gram for row in rows for gram in row]), torch.tensor(offsets))

    def _read(self, texts: Sequence[Sequence[str]]) -> tuple[Any, Any, list[list[int]], list[str]]:
        """Hidden states (batch, length, dim), which places are empty, the number of every place's word, and the words."""
        torch = _torch()
        known = {word: number for number, word in enumerate(self.vocabulary)}
        longest = max(map(len, texts))
        for word in (word for text in texts for word in text):
            known.setdefault(word, len(known))
        numbers = [[known[word] for word in text] + [0] * (longest - len(text)) for text in texts]
        empty = torch.tensor([[at >= len(text) for at in range(longest)] for text in texts])
        table = self._vectors(list(known))
        hidden = table[torch.tensor(numbers)] + self.net["places"](torch.arange(longest))
        return self.net["reader"](hidden, src_key_padding_mask=empty), empty, numbers, list(known)

    def _start(self, hidden: Any, empty: Any) -> Any:
        kept = (~empty).unsqueeze(-1).float()
        return (hidden * kept).sum(1) / kept.sum(1)

    def _step(self, state: Any, last: Any, context: Any, memory: tuple[Any, Any, Any, int], table: Any) -> tuple[Any, Any, Any]:
        """One word further: the new state, its context, and log p over all words."""
        torch = _torch()
        hidden, empty, numbers, count = memory
        state = self.net["writer"](torch.cat([last, context], 1), state)
        scores = torch.einsum("bd,bld->bl", state, self.net["pointer"](hidden)) / self.dim**0.5
        weights = torch.softmax(scores.masked_fill(empty, -torch.inf), 1)
        context = torch.einsum("bl,bld->bd", weights, hidden)
        gate = torch.sigmoid(self.net["gate"](torch.cat([state, context], 1)))
        spread = torch.zeros(len(state), count)
        written = torch.softmax(state @ table[: len(self.vocabulary)].T, 1)
        spread = torch.cat([gate * written, spread[:, len(self.vocabulary) :]], 1)
        return state, context, torch.log(spread.scatter_add(1, numbers, (1 - gate) * weights) + 1e-9)

    def fit(
        self,
        pairs: Sequence[tuple[str, str]],
        epochs: int = 4,
        batch: int = 32,
        rate: float = 1e-3,
        common: int = 10,
        watch: Callable[[int, float], object] = lambda step, loss: None,
    ) -> Copier:
        """Trains with AdamW and a cosine rate; `watch` gets the step and its loss. Of a text that is too long the end is read.

        Words of fewer than `common` targets can be copied only; one that is not in its text either is not learned.
        """
        torch = _torch()
        texts = [(source.split()[-self.longest :], [*target.split()[: self.words], END]) for source, target in pairs]
        counts = Counter(word for _, target in texts for word in set(target))
        self.vocabulary = sorted({END} | {word for word, count in counts.items() if count >= common})
        steps = epochs * -(-len(texts) // batch)
        optimiser = torch.optim.AdamW(self.net.parameters(), lr=rate)
        falling = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
        draw = np.random.default_rng(self.seed)
        self.net.train()
        number = 0
        for _ in range(epochs):
            order: list[int] = draw.permutation(len(texts)).tolist()
            for start in range(0, len(order), batch):
                chosen = [texts[place] for place in order[start : start + batch]]
                loss = self._loss([source for source, _ in chosen], [target for _, target in chosen])
                optimiser.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
                optimiser.step()
                falling.step()
                number += 1
                watch(number, float(loss.detach()))
        self.net.eval()
        return self

    def _loss(self, sources: Sequence[Sequence[str]], targets: Sequence[Sequence[str]]) -> Any:
        torch = _torch()
        hidden, empty, places, words = self._read(sources)
        known = {word: number for number, word in enumerate(words)}
        table = self._vectors(words)
        longest = max(map(len, targets))
        wanted = torch.tensor([[known.get(word, -1) for word in target] + [-1] * (longest - len(target)) for target in targets])
        memory = (hidden, empty, torch.tensor(places), len(words))
        state, context = self._start(hidden, empty), torch.zeros(len(sources), self.dim)
        last = torch.zeros(len(sources), self.dim)
        losses: list[Any] = []
        for at in range(longest):
            state, context, logs = self._step(state, last, context, memory, table)
            losses.append(torch.nn.functional.nll_loss(logs, wanted[:, at], ignore_index=-1, reduction="sum"))
            last = table[wanted[:, at].clamp(min=0)]
        return sum(losses) / (wanted >= 0).sum()

    def write(self, texts: Sequence[str], batch: int = 64) -> list[str]:
        """A text for each, greedily."""
        return [text for start in range(0, len(texts), batch) for text in self._write(texts[start : start + batch])]

    def _write(self, texts: Sequence[str]) -> list[str]:
        torch = _torch()
        with torch.no_grad():
            hidden, empty, places, words = self._read([text.split()[-self.longest :] for text in texts])
            table = self._vectors(words)
            memory = (hidden, empty, torch.tensor(places), len(words))
            state, context = self._start(hidden, empty), torch.zeros(len(texts), self.dim)
            last, said = torch.zeros(len(texts), self.dim), [list[str]() for _ in texts]
            for _ in range(self.words + 1):
                state, context, logs = self._step(state, last, context, memory, table)
                best = logs.argmax(1)
                last = table[best]
                chosen: list[int] = best.tolist()
                for row, number in zip(said, chosen, strict=True):
                    if not row or row[-1] != END:
                        row.append(words[number])
                if all(row[-1] == END for row in said):
                    break
        return [" ".join(word for word in row if word != END) for row in said]
