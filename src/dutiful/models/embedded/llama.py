"""A small binding to llama.cpp's public C interface (llama.h), by cffi in ABI mode: no compiler, no build step.

The shared library comes out of an installed package: xllamacpp, whose extension module exports the whole interface, else
llama-cpp-python, else a system libllama. Structs passed by value must match the library to the byte, and their layout
changes between builds, so `library` compares the library's default parameters with the ones this layout was written for,
and refuses a build that it does not know. The declarations are only those that are used, written from the header of build
11549 (2026-10).
"""

from __future__ import annotations

import collections
import contextlib
import ctypes.util
import functools
import importlib.metadata
import importlib.util
import os
import threading
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from dutiful.core.errors import MissingExtra, ModelFailure

KNOWN = "xllamacpp==2026.10.11549"
"""The build that the declarations below were written for."""

DECLARATIONS = """
struct llama_model_params {
    void *devices; void *tensor_buft_overrides;
    int32_t n_gpu_layers, split_mode, load_mode, lazy_mode, main_gpu;
    const float *tensor_split; void *progress_callback; void *progress_callback_user_data; void *kv_overrides;
    bool vocab_only, check_tensors, use_extra_bufts, no_host, no_alloc, load_mtp;
};
struct llama_context_params {
    uint32_t n_ctx, n_batch, n_ubatch, n_seq_max, n_rs_seq, n_outputs_max, n_outputs_max_per_seq;
    int32_t n_threads, n_threads_batch;
    int32_t ctx_type, rope_scaling_type, pooling_type, attention_type, flash_attn_type;
    float rope_freq_base, rope_freq_scale, yarn_ext_factor, yarn_attn_factor, yarn_beta_fast, yarn_beta_slow;
    uint32_t yarn_orig_ctx; float defrag_thold;
    void *cb_eval; void *cb_eval_user_data;
    int32_t type_k, type_v; size_t moe_cache_size;
    void *abort_callback; void *abort_callback_data;
    bool embeddings, offload_kqv, no_perf, op_offload, swa_full, kv_unified;
    void *samplers; size_t n_samplers; void *ctx_other;
};
struct llama_batch {
    int32_t n_tokens; int32_t *token; float *embd; int32_t *pos; int32_t *n_seq_id; int32_t **seq_id; int8_t *logits;
};
struct llama_chat_message { const char *role; const char *content; };

void llama_backend_init(void);
void ggml_backend_load_all(void);
void llama_log_set(void (*callback)(int32_t level, const char *text, void *data), void *data);

struct llama_model_params llama_model_default_params(void);
void *llama_model_load_from_file(const char *path, struct llama_model_params params);
void llama_model_free(void *model);
void *llama_model_get_vocab(void *model);
int32_t llama_model_n_ctx_train(void *model);
int32_t llama_model_n_embd(void *model);
int32_t llama_model_desc(void *model, char *text, size_t size);
const char *llama_model_chat_template(void *model, const char *name);

int32_t llama_vocab_n_tokens(void *vocab);
int32_t llama_vocab_bos(void *vocab);
int32_t llama_vocab_eos(void *vocab);
int32_t llama_vocab_eot(void *vocab);
bool llama_vocab_get_add_bos(void *vocab);
bool llama_vocab_is_eog(void *vocab, int32_t token);
bool llama_vocab_is_control(void *vocab, int32_t token);
int32_t llama_tokenize(void *vocab, const char *text, int32_t size, int32_t *tokens, int32_t room, bool add, bool special);
int32_t llama_token_to_piece(void *vocab, int32_t token, char *text, int32_t size, int32_t lstrip, bool special);
int32_t llama_chat_apply_template(const char *template_, const struct llama_chat_message *messages, size_t n, bool open,
                                  char *text, int32_t size);

struct llama_context_params llama_context_default_params(void);
void *llama_init_from_model(void *model, struct llama_context_params params);
void llama_free(void *context);
void *llama_get_memory(void *context);
bool llama_memory_seq_rm(void *memory, int32_t seq, int32_t begin, int32_t end);
void llama_memory_seq_cp(void *memory, int32_t source, int32_t target, int32_t begin, int32_t end);
void llama_memory_clear(void *memory, bool data);
int32_t llama_decode(void *context, struct llama_batch batch);
float *llama_get_logits(void *context);

void *llama_adapter_lora_init(void *model, const char *path);
void llama_adapter_lora_free(void *adapter);
int32_t llama_set_adapters_lora(void *context, void **adapters, size_t n, float *scales);
"""

# What the defaults of a library of this layout are. Neighbouring fields of different values make a shift show.
MODEL_DEFAULTS = dict(
    n_gpu_layers=-1, split_mode=1, load_mode=-1, lazy_mode=1, main_gpu=0,
    vocab_only=False, check_tensors=False, use_extra_bufts=True, no_host=False, no_alloc=False,
)  # fmt: skip
CONTEXT_DEFAULTS = dict(
    n_ctx=512, n_batch=2048, n_ubatch=512, n_seq_max=1, pooling_type=-1, attention_type=-1, flash_attn_type=-1,
    yarn_orig_ctx=0, type_k=1, type_v=1, embeddings=False, offload_kqv=True, no_perf=True, op_offload=True,
)  # fmt: skip


class Library(NamedTuple):
    """The loaded shared library. `version` names the package and its version; `log` keeps its last warnings."""

    ffi: Any
    lib: Any
    version: str
    log: collections.deque[str]
    keep: tuple[Any, ...]


def candidates() -> Iterator[tuple[str, str]]:
    """(version, path) of every shared library that may carry the interface, best first."""
    for package, pattern in (("xllamacpp", "*.so"), ("xllamacpp", "*.pyd"), ("llama_cpp", "lib/libllama.*")):
        spec = importlib.util.find_spec(package)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            for path in sorted(Path(folder).glob(pattern)):
                name = {"llama_cpp": "llama-cpp-python"}.get(package, package)
                with contextlib.suppress(importlib.metadata.PackageNotFoundError):
                    yield f"{name}=={importlib.metadata.version(name)}", str(path)
    if system := ctypes.util.find_library("llama"):
        yield f"system {system}", system


@functools.lru_cache(maxsize=1)
def library() -> Library:
    """The library of this process, loaded and checked once; raises ModelFailure when none is fit."""
    try:
        import cffi
    except ImportError as error:
        raise MissingExtra("embedded", "embedded", "cffi") from error
    ffi = cffi.FFI()
    ffi.cdef(DECLARATIONS)
    # OpenMP reads this when it is loaded. Threads that wait by spinning starve each other where other work wants the cores:
    # a step that takes half a second then takes fifteen. A user's own setting stays.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    refused: list[str] = []
    for version, path in candidates():
        try:
            lib: Any = ffi.dlopen(path)
            _check(lib)
        except (OSError, AttributeError, ModelFailure) as error:
            refused.append(f"{version}: {error}")
            continue
        log: collections.deque[str] = collections.deque(maxlen=20)

        @ffi.callback("void(int32_t, const char *, void *)")
        def heard(level: int, text: Any, data: Any, log: collections.deque[str] = log) -> None:
            if level in {3, 4}:  # warnings and errors; the rest is chatter
                log.append(_text(ffi, text).strip())

        lib.llama_log_set(heard, ffi.NULL)
        with contextlib.suppress(AttributeError):
            lib.ggml_backend_load_all()
        lib.llama_backend_init()
        return Library(ffi, lib, version, log, (heard,))
    if not refused:
        raise MissingExtra("embedded", "embedded", "xllamacpp")
    raise ModelFailure(f"no installed llama.cpp can be used ({'; '.join(refused)}): pip install '{KNOWN}'")


def _text(ffi: Any, data: Any) -> str:
    return ffi.string(data).decode("utf-8", "replace")


def _check(lib: Any) -> None:
    """Raises ModelFailure when the library's default parameters, read in our layout, are not what they should be."""
    for params, known in (
        (lib.llama_model_default_params(), MODEL_DEFAULTS),
        (lib.llama_context_default_params(), CONTEXT_DEFAULTS),
    ):
        if wrong := [f"{name} is {getattr(params, name)}" for name, value in known.items() if getattr(params, name) != value]:
            raise ModelFailure(f"its parameters have an unknown layout ({wrong[0]}), this was written for {KNOWN}")


class Weights:
    """A GGUF file in memory, shared by all that asked `load` for it; freed with the last of them."""

    def __init__(self, path: str, vocab_only: bool = False):
        self.path, self.library = path, library()
        ffi, lib = self.library.ffi, self.library.lib
        params = lib.llama_model_default_params()
        params.vocab_only = vocab_only
        self.library.log.clear()
        self.model = lib.llama_model_load_from_file(str(path).encode(), params)
        if self.model == ffi.NULL:
            why = next(iter(self.library.log), "it is no GGUF file that this llama.cpp reads")
            raise ModelFailure(
                f"the weight file {path} cannot be loaded: {why}; if it is damaged or cut short, delete it and run "
                "`dutiful models fetch`"
            )
        weakref.finalize(self, lib.llama_model_free, self.model).atexit = False
        self.vocab = lib.llama_model_get_vocab(self.model)

    @property
    def trained(self) -> int:
        """The longest context that the model was trained for, in tokens."""
        return self.library.lib.llama_model_n_ctx_train(self.model)

    @property
    def description(self) -> str:
        """Architecture, size and quantisation in a few words."""
        text = self.library.ffi.new("char[]", 256)
        self.library.lib.llama_model_desc(self.model, text, 256)
        return _text(self.library.ffi, text)


_loaded: weakref.WeakValueDictionary[tuple[str, bool], Weights] = weakref.WeakValueDictionary()
_loading = threading.Lock()


def load(path: str | Path, vocab_only: bool = False) -> Weights:
    """The weights at a path. One copy a process: models with different adapters stand on the same base.

    The table of loaded files holds them weakly: it is no state of its own.
    """
    key = (str(Path(path).resolve()), vocab_only)
    with _loading:
        weights = _loaded.get(key)
        if weights is None:
            weights = _loaded[key] = Weights(key[0], vocab_only)
        return weights


class Context:
    """A KV cache over loaded weights, with an adapter or without. One thread at a time.

    cells: tokens that the cache holds over all sequences together. sequences: how many there are. batch: the most tokens
    of one `decode`. The cache is unified: a cell may belong to several sequences, so a prefix is forked without a copy.
    """

    def __init__(self, weights: Weights, cells: int, sequences: int, batch: int = 512, threads: int = 2, adapter: str = ""):
        self.weights, self.batch, self.sequences = weights, batch, sequences
        self.library = weights.library
        ffi, lib = self.library.ffi, self.library.lib
        params = lib.llama_context_default_params()
        params.n_ctx, params.n_batch, params.n_ubatch, params.n_seq_max = cells, batch, batch, sequences
        params.n_threads = params.n_threads_batch = threads
        params.kv_unified = True
        params.flash_attn_type = 1  # it skips the cells of other sequences, the plain kernel multiplies them out
        self.library.log.clear()
        self.context = lib.llama_init_from_model(weights.model, params)
        if self.context == ffi.NULL:
            why = " ".join(self.library.log) or "out of memory?"
            raise ModelFailure(f"no context of {cells} tokens over {weights.path}: {why}")
        # The weights are an argument so that they outlive the context, whatever the collector does first.
        self._free = weakref.finalize(self, _free, lib, self.context, weights)
        self._free.atexit = False
        self._memory = lib.llama_get_memory(self.context)
        self.vocabulary = lib.llama_vocab_n_tokens(weights.vocab)
        self._lay_out(batch, sequences)
        if adapter:
            self._adapt(adapter)

    def _lay_out(self, batch: int, sequences: int) -> None:
        """The batch lives in numpy arrays, so that it is filled by slices and read by C in place."""
        ffi = self.library.ffi
        self.token, self.pos = np.zeros(batch, np.int32), np.zeros(batch, np.int32)
        self.n_seq, self.wanted = np.ones(batch, np.int32), np.zeros(batch, np.int8)
        self.seqs = np.zeros((batch, sequences), np.int32)
        self._rows = (self.seqs.ctypes.data + np.arange(batch, dtype=np.uint64) * self.seqs.strides[0]).astype(np.uint64)
        self._batch = ffi.new("struct llama_batch *")
        for name, array, kind in (
            ("token", self.token, "int32_t *"),
            ("pos", self.pos, "int32_t *"),
            ("n_seq_id", self.n_seq, "int32_t *"),
            ("seq_id", self._rows, "int32_t **"),
            ("logits", self.wanted, "int8_t *"),
        ):
            setattr(self._batch, name, ffi.cast(kind, array.ctypes.data))

    def _adapt(self, path: str) -> None:
        ffi, lib = self.library.ffi, self.library.lib
        self.library.log.clear()
        adapter = lib.llama_adapter_lora_init(self.weights.model, str(path).encode())
        if adapter == ffi.NULL:
            raise ModelFailure(f"the adapter {path} does not fit {self.weights.path}: {' '.join(self.library.log)}")
        if lib.llama_set_adapters_lora(self.context, ffi.new("void *[]", [adapter]), 1, ffi.new("float[]", [1.0])):
            raise ModelFailure(f"the adapter {path} cannot be set on {self.weights.path}: {' '.join(self.library.log)}")

    def decode(self, n: int) -> np.ndarray:
        """Runs the first n rows of the batch (token, pos, n_seq, seqs, wanted); returns (rows wanted, vocabulary) logits.

        The array is the library's own memory: it is good until the next call.
        """
        self._batch.n_tokens = n
        status = self.library.lib.llama_decode(self.context, self._batch[0])
        if status:
            raise ModelFailure(f"llama_decode answers {status} to a batch of {n} tokens: {' '.join(self.library.log)}")
        rows = int(self.wanted[:n].sum())
        if not rows:
            return np.zeros((0, self.vocabulary), np.float32)
        size = rows * self.vocabulary
        data = self.library.ffi.buffer(self.library.lib.llama_get_logits(self.context), size * 4)
        return np.frombuffer(data, np.float32, size).reshape(rows, self.vocabulary)

    def forget(self, sequence: int, begin: int = 0, end: int = -1) -> None:
        """Takes the tokens at positions begin to end out of a sequence."""
        self.library.lib.llama_memory_seq_rm(self._memory, sequence, begin, end)

    def fork(self, source: int, targets: Sequence[int], begin: int = 0, end: int = -1) -> None:
        """Puts the tokens at positions begin to end of one sequence into others too."""
        for target in targets:
            self.library.lib.llama_memory_seq_cp(self._memory, source, target, begin, end)

    def close(self) -> None:
        """Frees the cache; may be called twice."""
        self._free()


def _free(lib: Any, context: Any, weights: Weights) -> None:
    lib.llama_free(context)
