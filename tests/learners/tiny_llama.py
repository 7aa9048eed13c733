"""A random llama of two small layers, with the first tokens of the default model's vocabulary: for tests of training."""

from pathlib import Path

import numpy as np

WIDTH, INNER, HEADS, KEY_HEADS, LAYERS = 64, 96, 4, 2, 2
VOCABULARY = 4096


def write_tiny_llama(source: Path, target: Path, seed: int = 0) -> Path:
    """Writes a GGUF file in float32 with the tokenizer of `source`, cut short: its merges are in the order of its tokens."""
    from gguf import GGUFReader, GGUFValueType, GGUFWriter

    reader, draw = GGUFReader(source), np.random.default_rng(seed)
    sizes = {
        "block_count": LAYERS,
        "embedding_length": WIDTH,
        "feed_forward_length": INNER,
        "attention.head_count": HEADS,
        "attention.head_count_kv": KEY_HEADS,
        "rope.dimension_count": WIDTH // HEADS,
        "vocab_size": VOCABULARY,
    }
    writer = GGUFWriter(target, "llama")
    for key, field in reader.fields.items():
        if key.startswith("GGUF.") or key == "general.architecture":
            continue
        value = sizes.get(key.removeprefix("llama."), 0 if key == "general.file_type" else field.contents())
        if key in {"tokenizer.ggml.tokens", "tokenizer.ggml.token_type"}:
            value = value[:VOCABULARY]
        elif key == "tokenizer.ggml.merges":
            kept = set(reader.fields["tokenizer.ggml.tokens"].contents()[:VOCABULARY])
            value = [merge for merge in value if merge.replace(" ", "", 1) in kept and set(merge.split(" ")) <= kept]
        of = field.types[-1] if field.types[0] == GGUFValueType.ARRAY else None
        writer.add_key_value(key, value, field.types[0], of)

    def matrix(name: str, out: int, into: int, scale: float) -> None:
        writer.add_tensor(name, draw.normal(0, scale, (out, into)).astype(np.float32))

    matrix("token_embd.weight", VOCABULARY, WIDTH, 0.3)
    key_width = WIDTH // HEADS * KEY_HEADS
    for layer in range(LAYERS):
        for name, out, into in (
            ("attn_q", WIDTH, WIDTH),
            ("attn_k", key_width, WIDTH),
            ("attn_v", key_width, WIDTH),
            ("attn_output", WIDTH, WIDTH),
            ("ffn_gate", INNER, WIDTH),
            ("ffn_up", INNER, WIDTH),
            ("ffn_down", WIDTH, INNER),
        ):
            matrix(f"blk.{layer}.{name}.weight", out, into, into**-0.5)
        for name in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.{layer}.{name}.weight", np.ones(WIDTH, np.float32))
    writer.add_tensor("output_norm.weight", np.ones(WIDTH, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return target
