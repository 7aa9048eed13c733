"""Weights of the llama family between GGUF files and torch modules, and LoRA adapters as GGUF files.

GGUF holds the rows of the query and key projections in another order than the torch modules do: the rotary embedding turns
neighbouring rows together there, and rows half a head apart here. `permute` goes from here to there. Rows alone move, so of
a low-rank update B A only B is touched. Format: the GGUF specification of the ggml project.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from dutiful.core.errors import SpecError

if TYPE_CHECKING:
    import numpy as np

PROJECTIONS = {
    "q_proj": "attn_q",
    "k_proj": "attn_k",
    "v_proj": "attn_v",
    "o_proj": "attn_output",
    "gate_proj": "ffn_gate",
    "up_proj": "ffn_up",
    "down_proj": "ffn_down",
}
"""The linear layers of a block: the name in torch, the name in GGUF."""

_NORMS = {"input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm"}


class Shape(NamedTuple):
    """What a llama looks like; widths in numbers, `theta` is the base of the rotary embedding."""

    layers: int
    width: int
    inner: int
    heads: int
    key_heads: int
    vocabulary: int
    context: int
    theta: float
    epsilon: float


class Weights:
    """A GGUF file of the llama family; raises SpecError for another architecture, or for no whole GGUF file.

    `name` is what the header calls it, `shape` what it looks like.
    """

    def __init__(self, path: Path):
        self.path, self._reader = path, _open(path)
        if (architecture := self._value("general.architecture")) != "llama":
            raise SpecError(f"{path.name}: architecture {architecture!r}; training knows the llama family only")
        self.name: str = self._value("general.name", path.stem)
        heads = self._value("llama.attention.head_count")
        embedding = next((tensor for tensor in self._reader.tensors if tensor.name == "token_embd.weight"), None)
        if embedding is None:
            raise SpecError(f"{path.name} has no tensor 'token_embd.weight'; is it an adapter?")
        self.shape = Shape(
            layers=self._value("llama.block_count"),
            width=self._value("llama.embedding_length"),
            inner=self._value("llama.feed_forward_length"),
            heads=heads,
            key_heads=self._value("llama.attention.head_count_kv", heads),
            vocabulary=int(embedding.shape[1]),
            context=self._value("llama.context_length"),
            theta=self._value("llama.rope.freq_base", 10000.0),
            epsilon=self._value("llama.attention.layer_norm_rms_epsilon"),
        )

    def _value(self, key: str, default: Any = None) -> Any:
        field = self._reader.fields.get(key)
        if field is None and default is None:
            raise SpecError(f"{self.path.name}: the GGUF header lacks {key!r}; is the file whole?")
        return default if field is None else field.contents()

    def tensors(self) -> Iterator[tuple[str, np.ndarray]]:
        """The tensors under their names in transformers' Llama, dequantised to float32, one by one.

        Matrices are (out, in). The output head is there only when it is not tied to the embedding.
        """
        from gguf import dequantize  # type: ignore[attr-defined]

        names = {
            "token_embd.weight": "model.embed_tokens.weight",
            "output_norm.weight": "model.norm.weight",
            "output.weight": "lm_head.weight",
        }
        for layer in range(self.shape.layers):
            block, module = f"blk.{layer}", f"model.layers.{layer}"
            for theirs, ours in PROJECTIONS.items():
                part = "self_attn" if ours.startswith("attn") else "mlp"
                names[f"{block}.{ours}.weight"] = f"{module}.{part}.{theirs}.weight"
            for theirs, ours in _NORMS.items():
                names[f"{block}.{ours}.weight"] = f"{module}.{theirs}.weight"
        for tensor in self._reader.tensors:
            if tensor.name not in names:
                raise SpecError(f"{self.path.name}: {tensor.name!r} is no tensor of a plain llama; training cannot use it")
            weights = dequantize(tensor.data, tensor.tensor_type).astype("float32")
            if tensor.name.endswith("attn_q.weight"):
                weights = unpermute(weights, self.shape.heads)
            elif tensor.name.endswith("attn_k.weight"):
                weights = unpermute(weights, self.shape.key_heads)
            yield names[tensor.name], weights


def permute(rows: np.ndarray, heads: int) -> np.ndarray:
    """Rows of a query or key projection (or of its B), (out, n), from torch's order into GGUF's."""
    out, n = rows.shape
    return rows.reshape(heads, 2, out // heads // 2, n).swapaxes(1, 2).reshape(out, n)


def unpermute(rows: np.ndarray, heads: int) -> np.ndarray:
    """The way back: rows (out, n) from GGUF's order into torch's."""
    out, n = rows.shape
    return rows.reshape(heads, out // heads // 2, 2, n).swapaxes(1, 2).reshape(out, n)


def write_adapter(
    path: Path,
    updates: Mapping[tuple[int, str], tuple[np.ndarray, np.ndarray]],
    shape: Shape,
    alpha: float,
    about: Mapping[str, str] | None = None,
) -> None:
    """Writes a LoRA adapter in float16: of layer and projection ("q_proj", ...), the pair A (rank, in) and B (out, rank).

    llama.cpp adds (alpha / rank) B A to the weights that it names. `about` goes into the header under `dutiful.*`. The file
    takes the place of an earlier one only when it is whole. Raises ValueError for a number that float16 does not hold.
    """
    import numpy as np
    from gguf import GGUFWriter

    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    writer = GGUFWriter(partial, "llama")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", alpha)
    for key, text in (about or {}).items():
        writer.add_string(f"dutiful.{key}", text)
    for (layer, name), (a, b) in updates.items():
        if name in {"q_proj", "k_proj"}:
            b = permute(b, shape.heads if name == "q_proj" else shape.key_heads)  # noqa: PLW2901
        for letter, matrix in (("a", a), ("b", b)):
            if not (largest := float(np.abs(matrix).max())) < 65504:
                raise ValueError(f"lora_{letter} of {name} in layer {layer} reaches {largest:g}, which float16 does not hold")
            tensor = np.ascontiguousarray(matrix, dtype=np.float16)
            writer.add_tensor(f"blk.{layer}.{PROJECTIONS[name]}.weight.lora_{letter}", tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    partial.replace(path)


def read_adapter(path: Path, shape: Shape) -> tuple[float, dict[tuple[int, str], tuple[np.ndarray, np.ndarray]]]:
    """The way back: alpha and the pairs of an adapter, in torch's order; raises SpecError when it is no such adapter."""
    reader = _open(path)
    alpha = reader.fields.get("adapter.lora.alpha")
    theirs = {ours: name for name, ours in PROJECTIONS.items()}
    found: dict[tuple[int, str], dict[str, np.ndarray]] = {}
    for tensor in reader.tensors:
        pieces = tensor.name.split(".")
        if alpha is None or len(pieces) != 5 or pieces[2] not in theirs or pieces[4] not in {"lora_a", "lora_b"}:
            raise SpecError(f"{path.name}: {tensor.name!r} is none of a low-rank adapter of a llama's projections")
        name, matrix = theirs[pieces[2]], tensor.data.astype("float32")
        if pieces[4] == "lora_b" and name in {"q_proj", "k_proj"}:
            matrix = unpermute(matrix, shape.heads if name == "q_proj" else shape.key_heads)
        found.setdefault((int(pieces[1]), name), {})[pieces[4]] = matrix
    if not found or alpha is None:
        raise SpecError(f"{path.name} holds no low-rank adapter")
    return float(alpha.contents()), {key: (pair["lora_a"], pair["lora_b"]) for key, pair in found.items()}


def read_about(path: Path) -> dict[str, str]:
    """What `write_adapter` was told about an adapter."""
    fields = _open(path).fields
    return {key.removeprefix("dutiful."): fields[key].contents() for key in fields if key.startswith("dutiful.")}


def _open(path: Path) -> Any:
    from gguf import GGUFReader

    try:
        return GGUFReader(path)
    except (ValueError, OSError, IndexError) as error:
        raise SpecError(f"{path} is no whole GGUF file ({error}); fetch it again") from error
