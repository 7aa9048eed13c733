"""A frozen llama in torch with low-rank pairs beside its projections: the part of LoRA that does the sums.

    W x  ->  W x + (alpha / rank) B A x        W frozen, A (rank, in) drawn at random, B (out, rank) zero at the start

Source: Hu et al. 2021 (arXiv 2106.09685).
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from dutiful.core.errors import MissingExtra, SpecError
from dutiful.kit.gguf import PROJECTIONS, Weights, read_adapter

if TYPE_CHECKING:
    import torch


class Sample(NamedTuple):
    """An example as tokens; `loss` are the places of the tokens that are to be learned, never the first."""

    ids: list[int]
    loss: list[int]


class Adapter:
    """The frozen model in torch, and the low-rank pairs beside its projections.

    targets: of PROJECTIONS. layers: how many blocks from the top are adapted, 0 for all. precision: of the frozen weights
    and of the products, "auto" for `faster()`; the pairs themselves are float32. The seed draws A.
    """

    def __init__(
        self,
        base: Weights,
        rank: int = 8,
        alpha: float = 16.0,
        targets: Sequence[str] = tuple(PROJECTIONS),
        layers: int = 0,
        precision: str = "float32",
        seed: int = 0,
    ):
        try:
            import torch
            from transformers import LlamaConfig, LlamaForCausalLM
        except ImportError as error:
            raise MissingExtra("lora", "train", error.name or "") from error
        shape, self.alpha = base.shape, alpha
        self.precision = faster() if precision == "auto" else precision
        config = LlamaConfig(
            vocab_size=shape.vocabulary,
            hidden_size=shape.width,
            intermediate_size=shape.inner,
            num_hidden_layers=shape.layers,
            num_attention_heads=shape.heads,
            num_key_value_heads=shape.key_heads,
            max_position_embeddings=shape.context,
            rms_norm_eps=shape.epsilon,
            rope_parameters={"rope_type": "default", "rope_theta": shape.theta},
        )
        tensors = {name: torch.from_numpy(array) for name, array in base.tensors()}  # type: ignore[reportUnknownMemberType]
        config.tie_word_embeddings = "lm_head.weight" not in tensors
        with torch.random.fork_rng(devices=[]):  # type: ignore[reportUnknownMemberType]  # building draws numbers that loading throws away
            model: Any = LlamaForCausalLM(config)
        model.load_state_dict(tensors, strict=not config.tie_word_embeddings)
        self.model = model.requires_grad_(False).to(getattr(torch, self.precision)).eval()
        self.pairs: dict[tuple[int, str], Any] = {}
        draw, blocks = torch.Generator().manual_seed(seed), self.model.model.layers
        for number in range(shape.layers - layers if layers else 0, shape.layers):
            for name in targets:
                block = blocks[number].self_attn if PROJECTIONS[name].startswith("attn") else blocks[number].mlp
                pair = low_rank(getattr(block, name), rank, alpha / rank, draw)
                setattr(block, name, pair)
                self.pairs[number, name] = pair

    @property
    def parameters(self) -> dict[str, torch.nn.Parameter]:
        """What is trained, by name; float32 whatever the precision."""
        return {f"{n}.{name}.{ab}": getattr(pair, ab) for (n, name), pair in self.pairs.items() for ab in ("a", "b")}

    def load(self, path: Path, base: Weights) -> None:
        """Begins where an earlier adapter ended; raises SpecError when it adapts other layers or is of another rank or scale."""
        import torch

        alpha, pairs = read_adapter(path, base.shape)
        have = {key: (tuple(pair.a.shape), tuple(pair.b.shape)) for key, pair in self.pairs.items()}
        if alpha != self.alpha or have != {key: (a.shape, b.shape) for key, (a, b) in pairs.items()}:
            rank = next(iter(pairs.values()))[0].shape[0]
            raise SpecError(
                f"{path.name} has rank={rank}, alpha={alpha:g} and {len(pairs)} layers, which differ from what is to be taught: "
                "give the learner the same, or an agent whose model has no adapter"
            )
        with torch.no_grad():
            for key, (a, b) in pairs.items():
                self.pairs[key].a.copy_(torch.from_numpy(a))  # type: ignore[reportUnknownMemberType]
                self.pairs[key].b.copy_(torch.from_numpy(b))  # type: ignore[reportUnknownMemberType]

    def matrices(self) -> dict[tuple[int, str], Any]:
        """The pairs (A, B) as numpy arrays, for `write_adapter`."""
        return {key: (pair.a.detach().numpy(), pair.b.detach().numpy()) for key, pair in self.pairs.items()}

    def logits(self, samples: Sequence[Sample]) -> torch.Tensor:
        """Logits that foretell each token of `loss`, (positions, vocabulary), samples one after another.

        Padding stands at the end, where the causal mask alone keeps it from what comes before: no other mask is needed.
        """
        import torch

        ids = torch.zeros(len(samples), max(len(one.ids) for one in samples), dtype=torch.long)
        for row, one in enumerate(samples):
            ids[row, : len(one.ids)] = torch.tensor(one.ids)
        rows = torch.tensor([row for row, one in enumerate(samples) for _ in one.loss])
        columns = torch.tensor([place - 1 for one in samples for place in one.loss])
        hidden = self.model.model(input_ids=ids, use_cache=False).last_hidden_state
        return self.model.lm_head(hidden[rows, columns]).float()

    def loss(self, samples: Sequence[Sample]) -> torch.Tensor:
        """Mean cross-entropy over the tokens to be learned."""
        import torch

        wanted = torch.tensor([one.ids[place] for one in samples for place in one.loss])
        return torch.nn.functional.cross_entropy(self.logits(samples), wanted)


def low_rank(base: torch.nn.Linear, rank: int, scale: float, draw: torch.Generator) -> torch.nn.Module:
    """A frozen linear layer with a pair beside it: `a` (rank, in) uniform in +-1/sqrt(in), `b` (out, rank) zero."""
    import torch

    class LowRank(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.base = base
            bound = 1 / math.sqrt(base.in_features)
            self.a = torch.nn.Parameter(torch.empty(rank, base.in_features).uniform_(-bound, bound, generator=draw))
            self.b = torch.nn.Parameter(torch.zeros(base.out_features, rank))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            linear = torch.nn.functional.linear
            return self.base(x) + linear(linear(x, self.a.to(x.dtype)), scale * self.b.to(x.dtype))

    return LowRank()


def faster() -> str:
    """ "bfloat16" where the processor multiplies it at least half as fast again as float32, else "float32"."""
    import torch

    def seconds(dtype: torch.dtype) -> float:
        x, w = torch.ones(1024, 576, dtype=dtype), torch.ones(1536, 576, dtype=dtype)
        times: list[float] = []
        for _ in range(8):
            began = time.perf_counter()
            torch.nn.functional.linear(x, w)
            times.append(time.perf_counter() - began)
        return min(times)

    return "bfloat16" if seconds(torch.bfloat16) * 1.5 < seconds(torch.float32) else "float32"
