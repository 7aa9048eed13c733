"""The records: immutable, typed, equal by value, written and read in microseconds.

A record read back equals the record written, exactly. Free-form fields (`setup`, `info`, `params`, `arguments`)
hold JSON values only: None, bool, int, float, str, list, dict with string keys. `FORMAT` is the version of what is
stored; `read_episode` reads every version there has been.
"""

from __future__ import annotations

import enum
import operator
from typing import TYPE_CHECKING, Any

import msgspec

from dutiful.core.errors import StoreError

if TYPE_CHECKING:
    import numpy as np

FORMAT = 1
"""Version of the stored episode. Fields may be added freely; anything else raises this number."""

Json = dict[str, Any]


class Source(enum.IntEnum):
    """Where a span of a prompt comes from; a larger number is trusted more.

    Set by the program when the span is made, never read from the text, so no text can claim another source.
    """

    SYSTEM = 6
    USER = 5
    DEMO = 4
    PLAN = 3
    MEMORY = 2
    WORLD = 1
    MODEL = 0


class Record(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Base of all records."""

    def replace(self, **changes: Any):
        """A copy with some fields changed."""
        return msgspec.structs.replace(self, **changes)


class Array(Record, frozen=True):
    """An array as a value: `numpy.asarray(array)` gives it back, without a copy, read-only."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes

    @classmethod
    def of(cls, array: np.ndarray) -> Array:
        """The record of a numpy array of any shape and numeric type."""
        return cls(array.dtype.str, array.shape, array.tobytes())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        import numpy as np

        array = np.frombuffer(self.data, dtype=np.dtype(self.dtype)).reshape(self.shape)
        return array.astype(dtype) if dtype is not None and array.dtype != dtype else array.copy() if copy else array


class Span(Record, frozen=True):
    """A piece of a prompt with its source. `role` is the chat role, when it is not the usual one of the source."""

    source: Source
    text: str
    role: str = ""


class Constraint(Record, frozen=True):
    """A requirement on an answer that code can check (`kit.constraints`)."""

    kind: str
    params: Json = {}
    wording: str = ""


class Instruction(Record, frozen=True):
    """What is to be followed: words, perhaps pictures (height, width, 3; uint8), perhaps checkable constraints."""

    text: str
    images: tuple[Array, ...] = ()
    constraints: tuple[Constraint, ...] = ()


class Task(Record, frozen=True):
    """One thing to do in one world. JSON all through: it can be stored, shared and rerun.

    `world` is the world's spec; `setup` is what that world needs to lay the task out again.
    """

    id: str
    world: str
    split: str
    seed: int
    instruction: Instruction
    setup: Json = {}


class Observation(Record, frozen=True):
    """What an agent gets to see. `choices` are the admissible actions, when the world knows them.

    `text` is what the world shows (source WORLD: nobody vouches for it), `said` what the user says at this turn (source USER).
    `state` is an array for policies that read one; `image` is (height, width, 3) uint8. `info` may hold `refused`
    (why the last action did nothing) and what a world wants kept in the log; agents are not shown it.
    """

    text: str = ""
    choices: tuple[str, ...] = ()
    done: bool = False
    reward: float = 0.0
    image: Array | None = None
    state: Array | None = None
    info: Json = {}
    said: str = ""


class Action(Record, frozen=True):
    """What an agent does. `text` is canonical; the rest is filled where actions are typed, pixels or continuous."""

    text: str
    thought: str = ""
    tool: str = ""
    arguments: Json = {}
    point: tuple[float, float] | None = None
    vector: tuple[float, ...] = ()


class Usage(Record, frozen=True):
    """What was spent. Tokens read anew are `prompt_tokens - cached_tokens`; `cost` is in US dollars."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    calls: int = 0
    seconds: float = 0.0
    cost: float = 0.0

    def __add__(self, other: Usage) -> Usage:
        return Usage(*map(operator.add, msgspec.structs.astuple(self), msgspec.structs.astuple(other)))

    @property
    def tokens(self) -> int:
        """Tokens the model had to process: read anew, and written."""
        return self.prompt_tokens - self.cached_tokens + self.completion_tokens


NOTHING = Usage()


class Call(Record, frozen=True):
    """One question to the model. The prompt is kept as a difference: the first `kept` spans of the call before, then `spans`.

    `verb` is "generate" or "choose"; `text` is what came back; `how` says how a choice was made ("logprobs", "constrained",
    "text", "scripted"); `scores` are the options' log-probabilities where they were at hand.
    """

    verb: str
    kept: int
    spans: tuple[Span, ...]
    text: str
    usage: Usage = NOTHING
    how: str = ""
    scores: tuple[float, ...] = ()


class Step(Record, frozen=True):
    """One turn: what was seen, what was done, what it took. `seconds` is the whole turn, model and world."""

    observation: Observation
    action: Action
    calls: tuple[Call, ...] = ()
    usage: Usage = NOTHING
    seconds: float = 0.0
    format_failures: int = 0


class Criterion(Record, frozen=True):
    """One requirement of a verdict, with the evidence that it rests on."""

    name: str
    passed: bool
    score: float
    evidence: str


class Verdict(Record, frozen=True):
    """Was it followed (`passed`), how far (`score`, 0 to 1), and what that rests on. Without evidence it is not one."""

    score: float
    passed: bool
    criteria: tuple[Criterion, ...] = ()

    @classmethod
    def of(cls, *criteria: Criterion) -> Verdict:
        """All criteria must pass; the score is their mean."""
        if not criteria:
            raise ValueError("a verdict needs at least one criterion")
        return cls(sum(c.score for c in criteria) / len(criteria), all(c.passed for c in criteria), criteria)


class Figure(Record, frozen=True):
    """One number about many episodes, with its 95% interval, over `n` of them (or of what `name` says)."""

    name: str
    value: float
    low: float
    high: float
    n: int


class Failure(Record, frozen=True):
    """Why an episode could not be carried through: an error of the harness, never a failure of the agent."""

    kind: str
    message: str
    trace: str = ""


class Episode(Record, frozen=True):
    """What happened when an agent solved a task: log, memory, training sample and what the viewer shows.

    `ended` is "done", "limit:NAME" or "error". `final` is the observation after the last action. `verdict` is None
    exactly when `error` is set. `started` is seconds since the epoch.
    """

    task: Task
    agent: str
    model: str
    seed: int
    steps: tuple[Step, ...] = ()
    final: Observation | None = None
    verdict: Verdict | None = None
    usage: Usage = NOTHING
    error: Failure | None = None
    ended: str = "done"
    started: float = 0.0
    seconds: float = 0.0
    version: int = FORMAT

    @property
    def passed(self) -> bool:
        """Whether the task was carried out; an episode in error has no answer and raises ValueError."""
        if self.verdict is None:
            raise ValueError(f"the episode of task {self.task.id!r} ended in error and has no verdict")
        return self.verdict.passed

    def prompts(self) -> list[tuple[Span, ...]]:
        """The full prompt of every call, in order, rebuilt from the differences."""
        prompt: tuple[Span, ...] = ()
        prompts: list[tuple[Span, ...]] = []
        for step in self.steps:
            for call in step.calls:
                prompt = prompt[: call.kept] + call.spans
                prompts.append(prompt)
        return prompts


class Example(Record, frozen=True):
    """A training sample: spans with their sources, and which of them carry loss. `origin` says where it was made."""

    spans: tuple[Span, ...]
    loss: tuple[bool, ...]
    origin: Json = {}


_encoder = msgspec.msgpack.Encoder()
_episodes = msgspec.msgpack.Decoder(Episode)


def write_episode(episode: Episode) -> bytes:
    """The stored form of an episode (msgpack)."""
    return _encoder.encode(episode)


def read_episode(data: bytes) -> Episode:
    """An episode from its stored form, of this format or an earlier one; raises StoreError if it is damaged or newer."""
    try:
        episode = _episodes.decode(data)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise StoreError(f"a stored episode is damaged ({error}); restore the store from a copy or rerun it") from error
    if episode.version > FORMAT:
        raise StoreError(f"the episode has format {episode.version}, this version reads up to {FORMAT}: upgrade dutiful")
    return episode
