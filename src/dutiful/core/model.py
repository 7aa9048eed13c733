"""Model: where words come from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from dutiful.core.parts import Part
from dutiful.core.prompt import Prompt
from dutiful.core.records import NOTHING, Json, Record, Usage

if TYPE_CHECKING:
    import numpy as np

    from dutiful.core.world import World


class Sampling(Record, frozen=True):
    """How to sample. Temperature 0 is greedy; `stop` strings end the text and are not part of it."""

    max_tokens: int = 128
    temperature: float = 0.0
    top_p: float = 1.0
    stop: tuple[str, ...] = ()
    seed: int = 0


class Choices(Record, frozen=True):
    """Decode exactly one of these texts."""

    options: tuple[str, ...]


class JsonSchema(Record, frozen=True):
    """Decode JSON that fits a schema."""

    schema: Json


class Grammar(Record, frozen=True):
    """Decode a text of a context-free grammar, in Lark's notation; the start rule is `start`."""

    text: str


class Steered(Record, frozen=True):
    """Decode a text that can still be finished.

    `finish(text)` is a continuation with which it meets its requirements: "" where it does, None where none can help. A model
    never writes what makes it None, and stops only where it is "". `name` says which requirements.
    """

    finish: Callable[[str], str | None]
    name: str


Format = Choices | JsonSchema | Grammar | Steered


class Completion(Record, frozen=True):
    """What a model wrote. `finish` is "stop" or "length"; `logprob` is the sum over the written tokens, where known."""

    text: str
    usage: Usage = NOTHING
    finish: str = "stop"
    logprob: float | None = None


class Choice(Record, frozen=True):
    """Which option a model takes, and `how` it was asked.

    "logprobs": `scores` are the exact log-probabilities of each option as the whole answer. "constrained": a decoding
    that can only end in an option. "text": the nearest option to a free answer. "scripted": no model at all.
    """

    index: int
    how: str
    scores: tuple[float, ...] = ()
    usage: Usage = NOTHING


class Model(Part):
    """Thread-safe: many episodes ask at once. Capabilities: "logprobs", "embed", "grammar", "json", "steer", "cache"."""

    context: int = 1 << 20
    """Tokens that fit, prompt and answer together."""
    priced: bool = True
    """Whether `Usage.cost` is to be trusted; a model of unknown price cannot run under a cost limit."""

    def bind(self, world: World, seed: int) -> Model:
        """The model as one episode sees it. Scripted models look at the world here; others return themselves."""
        return self

    def generate(self, prompt: Prompt, sampling: Sampling = Sampling(), constraint: Format | None = None) -> Completion:
        """Continues the prompt with the assistant's next message; raises ModelFailure."""
        raise NotImplementedError

    def choose(self, prompt: Prompt, options: Sequence[str], sampling: Sampling = Sampling()) -> Choice:
        """The option that is the best answer (temperature 0), or one drawn by probability; raises ModelFailure."""
        raise NotImplementedError

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """Capability "embed": (n, d) float32, rows of unit length."""
        self._cannot("embed")

    def versions(self) -> dict[str, Any]:
        """What must be the same for the same answers: engine, weights, adapter. Kept with a run, and in cache keys."""
        return {"spec": self.spec}

    def close(self) -> None:
        """Lets go of memory, threads and connections; may be called twice."""
