"""The embedded model: a real language model that runs offline on two cores."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dutiful.core.errors import ModelFailure, SpecError
from dutiful.core.model import Choice, Completion, Format, Model, Sampling, Steered
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Usage

if TYPE_CHECKING:
    import numpy as np

    from dutiful.models.embedded.engine import Engine
    from dutiful.models.embedded.tokenizer import Tokenizer

ADAPTERS = Path(__file__).parent / "adapters"
"""The adapters that ship with the library, NAME.gguf."""


class Embedded(Model):
    """A GGUF model in this process, through llama.cpp. Thread-safe: the requests of many episodes share its batches.

    weights: path of a GGUF file; empty is the default model, SmolLM2-135M-Instruct (`weights.find` says where from).
    adapter: a LoRA adapter as GGUF: the name of one that ships, or a path. Models with different adapters share the base
    in memory. context: tokens that fit, prompt and answer together. threads: 0 is one for each physical core. slots: how
    many prefixes are kept in the KV cache.

    Nothing is loaded before the first question. Answers repeat, except that the rounding of 8-bit products depends on who
    else is in the batch: nearly equal candidates may change places between a crowded run and a lonely one.
    """

    card = Card(
        kind="model",
        name="embedded",
        summary="a real language model offline on two cores: exact scores, prefix reuse, masks, adapters",
        capabilities=frozenset({"logprobs", "choose", "embed", "grammar", "json", "steer", "cache", "adapters"}),
        needs=("embedded", "embed"),
        source="SmolLM2-135M-Instruct through llama.cpp",
        licence="Apache-2.0 (weights), MIT (llama.cpp)",
    )

    def __init__(self, weights: str = "", adapter: str = "", context: int = 4096, threads: int = 0, slots: int = 16):
        if context < 64 or slots < 1 or slots > 48 or threads < 0:
            raise SpecError(
                f"embedded: context={context}, slots={slots}, threads={threads}; expected a context from 64, "
                "slots from 1 to 48 and threads from 0"
            )
        self.weights, self.adapter, self.context, self.threads, self.slots = weights, adapter, context, threads, slots
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._tokenizer: Tokenizer | None = None
        self._closed = False

    @property
    def engine(self) -> Engine:
        """The running engine; loads the weights when first asked for. Raises ModelFailure or MissingExtra."""
        with self._lock:
            if self._closed:
                raise ModelFailure(f"{self.spec} is closed")
            if self._engine is None:
                from dutiful.models.embedded import weights
                from dutiful.models.embedded.engine import Engine
                from dutiful.models.embedded.llama import load
                from dutiful.models.embedded.tokenizer import Tokenizer

                path = weights.find(self.weights)
                loaded = load(path)
                if self.context > loaded.trained:
                    raise SpecError(f"embedded: context={self.context}, but {path.name} was trained for {loaded.trained} tokens")
                adapter = str(_adapter(self.adapter)) if self.adapter else ""
                engine = Engine(str(path), self.context, self.slots, self.threads or _cores(), adapter)
                self._tokenizer = Tokenizer(loaded)
                self._engine = engine
            return self._engine

    @property
    def tokenizer(self) -> Tokenizer:
        """The tokenizer of the weights."""
        _ = self.engine
        assert self._tokenizer is not None
        return self._tokenizer

    def generate(self, prompt: Prompt, sampling: Sampling = Sampling(), constraint: Format | None = None) -> Completion:
        """`logprob` is the sum over the written tokens, the end of the turn included, without the mask."""
        from dutiful.models.embedded.jobs import Generate, Written

        began = time.monotonic()
        engine, tokenizer = self.engine, self.tokenizer
        ids = tokenizer.encode(prompt).ids
        mask = None
        self._fits(ids, 1)
        if sampling.max_tokens < 1:
            raise ModelFailure(f"max_tokens is {sampling.max_tokens}, expected at least 1")
        room, steering = self.context - len(ids), None
        if isinstance(constraint, Steered):
            from dutiful.models.embedded.steering import Steering

            steering = Steering(constraint, tokenizer, min(room, sampling.max_tokens), [s.encode() for s in sampling.stop if s])
        elif constraint is not None:
            from dutiful.models.embedded.masks import mask_of

            mask = mask_of(constraint, tokenizer)
        done: Written = engine.submit(Generate(ids, tokenizer, sampling, mask, room, steering))
        usage = Usage(len(ids), done.cached, done.tokens, 1, time.monotonic() - began)
        return Completion(done.text, usage, done.finish, done.logprob)

    def choose(self, prompt: Prompt, options: Sequence[str], sampling: Sampling = Sampling()) -> Choice:
        """`scores` are log-likelihoods of each option and the end of the turn; the best, or drawn by softmax(scores / T).

        Written tokens are those of the options, where they begin alike counted once.
        """
        import numpy as np

        from dutiful.models.embedded.jobs import Score, Scored, draw

        began = time.monotonic()
        if not options:
            raise ModelFailure("there is nothing to choose from: no options")
        engine, tokenizer = self.engine, self.tokenizer
        ids = tokenizer.encode(prompt).ids
        answers = [tokenizer.tokenize(option) for option in options]
        self._fits(ids, max(map(len, answers)) + 1)

        def pick(scores: np.ndarray) -> int:
            if sampling.temperature <= 0:
                return int(scores.argmax())
            return draw(scores, sampling, np.random.default_rng(sampling.seed))

        done: Scored = engine.submit(Score(ids, answers, tokenizer.eot, pick))
        usage = Usage(len(ids), done.cached, done.decoded, 1, time.monotonic() - began)
        return Choice(done.taken, "logprobs", tuple(done.scores), usage)

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """(n, 384) float32, rows of unit length: MiniLM-L6-v2, a sentence encoder of its own."""
        from dutiful.models.embedded.encoder import encoder

        return encoder().embed(texts)

    def versions(self) -> dict[str, Any]:
        """Engine, weights and adapter, the files by SHA-256. The number of threads and slots changes no answer on purpose."""
        from dutiful.models.embedded import weights
        from dutiful.models.embedded.llama import library

        versions: dict[str, Any] = {
            "spec": self.spec,
            "engine": library().version,
            "weights": weights.sha256(weights.find(self.weights)),
        }
        if self.adapter:
            versions["adapter"] = weights.sha256(_adapter(self.adapter))
        return versions

    def close(self) -> None:
        with self._lock:
            engine, self._engine, self._closed = self._engine, None, True
        if engine:
            engine.close()

    def _fits(self, ids: Sequence[int], answer: int) -> None:
        if len(ids) + answer > self.context:
            raise ModelFailure(
                f"the prompt does not fit: {len(ids)} tokens and an answer of at least {answer}, the context is "
                f"{self.context}; shorten it (a window memory: +window?k=3) or raise context="
            )


def _adapter(name: str) -> Path:
    """The file of an adapter by name or path."""
    shipped = ADAPTERS / f"{name}.gguf"
    path = shipped if shipped.is_file() else Path(name).expanduser()
    if not path.is_file():
        names = ", ".join(sorted(file.stem for file in ADAPTERS.glob("*.gguf"))) or "none"
        raise SpecError(f"embedded: no adapter {name!r}: there is no such file, and those that ship are: {names}")
    return path


def _cores() -> int:
    """Physical cores that this process may run on: llama.cpp's threads spin, so two on one core slow each other down."""
    try:
        mine = os.sched_getaffinity(0)
        topology = "/sys/devices/system/cpu/cpu{}/topology/thread_siblings_list"
        return len({Path(topology.format(cpu)).read_text() for cpu in mine}) or 1
    except (AttributeError, OSError):
        return os.cpu_count() or 1
