"""What the engine works on: an answer to score or to write. A job puts rows into batches and takes their logits.

Jobs run in the engine's thread. `ids` are the prompt's tokens; `slot` the sequence that holds them in the KV cache.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from dutiful.core.errors import ModelFailure
from dutiful.models.embedded.scoring import Trie, log_normaliser, rounds

if TYPE_CHECKING:
    from dutiful.core.model import Sampling
    from dutiful.models.embedded.llama import Context
    from dutiful.models.embedded.steering import Steering
    from dutiful.models.embedded.tokenizer import Tokenizer


class Scored(NamedTuple):
    """Log-probabilities of the options, the one taken, and how many tokens were reused and decoded."""

    scores: list[float]
    taken: int
    cached: int
    decoded: int


class Written(NamedTuple):
    """A written answer. `logprob` is the model's own, unmasked; `tokens` counts the one that ends the turn too."""

    text: str
    finish: str
    logprob: float
    cached: int
    tokens: int


class Mask(Protocol):
    """Which tokens may come next, as `Generate` asks it."""

    def allowed(self, logits: np.ndarray, greedy: bool) -> np.ndarray:
        """The ids that may come next, at least one; only the best of them where `greedy` and it is cheap to know."""
        ...

    def accept(self, token: int) -> None:
        """The token was written."""
        ...


class Job:
    """Base. `cells` is the most that it needs in the KV cache; `sequences` how many it wants beside its slot."""

    cells: int
    sequences = 0

    def __init__(self, ids: Sequence[int]):
        self.ids = np.asarray(ids, np.int32)
        self.future: Future[Any] = Future()
        self.slot = -1
        self.read = self.cached = 0
        self.extra: list[int] = []

    def begin(self, context: Context, slot: int, cached: int, extra: list[int]) -> None:
        """Starts on a slot whose first `cached` tokens are the prompt's, with further sequences to use."""
        self.slot, self.read, self.cached, self.extra = slot, cached, cached, extra

    def fill(self, context: Context, at: int, room: int) -> int:
        """Puts rows into the batch from row `at`, at most `room`; returns how many."""
        raise NotImplementedError

    def take(self, context: Context, logits: np.ndarray) -> bool:
        """The logits of the rows it wanted in the last batch; returns whether the job is finished."""
        raise NotImplementedError

    def held(self, context: Context) -> np.ndarray:
        """The tokens that the slot holds at the end."""
        raise NotImplementedError

    def _read_prompt(self, context: Context, at: int, room: int, sequences: Sequence[int]) -> int:
        """Rows of the prompt; the logits of its last token are wanted."""
        n = min(room, len(self.ids) - self.read)
        rows = slice(at, at + n)
        context.token[rows] = self.ids[self.read : self.read + n]
        context.pos[rows] = np.arange(self.read, self.read + n)
        context.n_seq[rows] = len(sequences)
        context.seqs[rows, : len(sequences)] = sequences
        context.wanted[rows] = 0
        self.read += n
        if n and self.read == len(self.ids):
            context.wanted[at + n - 1] = 1
        return n


class Score(Job):
    """Scores options: prompt and trie in as few batches as they fit in, one for a prompt that is mostly cached.

    pick: from the scores to the place of the option taken, whose tokens then stay in the slot.
    """

    def __init__(self, ids: Sequence[int], options: Sequence[tuple[int, ...]], end: int, pick: Callable[[np.ndarray], int]):
        super().__init__(ids)
        self.options, self.end, self.pick = options, end, pick
        self.sequences = Trie(options, end).leaves
        self.cells = len(self.ids) + sum(map(len, options))
        self.scores = np.zeros(len(options))
        self.decoded = 0

    def begin(self, context: Context, slot: int, cached: int, extra: list[int]) -> None:
        super().begin(context, slot, cached, extra)
        context.fork(slot, extra, 0, cached)
        if len(extra) < self.sequences:
            self.rounds = rounds(self.options, self.end, len(extra))
        else:
            self.rounds = [(list(range(len(self.options))), Trie(self.options, self.end))]
        self._start_round()
        self.last: np.ndarray | None = None

    def _start_round(self) -> None:
        self.part, self.trie = self.rounds.pop(0)
        edges = sorted((row, token, place) for place, path in zip(self.part, self.trie.paths, strict=True) for row, token in path)
        self.edges = np.array(edges, np.int64).reshape(-1, 3)
        self.sent = 0  # nodes of the trie that went into a batch
        self.seen = 0  # rows whose logits came back

    def fill(self, context: Context, at: int, room: int) -> int:
        n = self._read_prompt(context, at, room, (self.slot, *self.extra)) if self.read < len(self.ids) else 0
        if self.read < len(self.ids):
            return n
        for node in self.trie.nodes[self.sent : self.sent + room - n]:
            row = at + n
            context.token[row], context.pos[row], context.wanted[row] = node.token, len(self.ids) + node.depth, 1
            context.n_seq[row] = node.high - node.low
            context.seqs[row, : node.high - node.low] = self.extra[node.low : node.high]
            self.sent += 1
            n += 1
        return n

    def take(self, context: Context, logits: np.ndarray) -> bool:
        if self.last is None and len(logits):
            self.last = logits[0].copy() if self.rounds else logits[0]
        self._add(logits)
        while self.seen == len(self.trie) + 1:
            self.decoded += len(self.trie)
            if not self.rounds:
                self.taken = self.pick(self.scores)
                return True
            for sequence in self.extra:
                context.forget(sequence, len(self.ids))
            self._start_round()
            assert self.last is not None
            self._add(self.last[None])
        return False

    def _add(self, logits: np.ndarray) -> None:
        """Adds what these rows of logits say to the scores of the options that pass through them."""
        low, high = np.searchsorted(self.edges[:, 0], (self.seen, self.seen + len(logits)))
        rows, tokens, places = self.edges[low:high].T
        values = logits[rows - self.seen, tokens] - log_normaliser(logits)[rows - self.seen]
        np.add.at(self.scores, places, values)
        self.seen += len(logits)

    def held(self, context: Context) -> np.ndarray:
        if self.taken not in self.part:  # its tokens went with their round
            return self.ids
        option = self.options[self.taken]
        node = self.trie.nodes[self.trie.paths[self.part.index(self.taken)][-1][0] - 1] if option else None
        if node is None:
            return self.ids
        context.fork(self.extra[node.low], [self.slot], len(self.ids), len(self.ids) + len(option))
        return np.concatenate([self.ids, np.asarray(option, np.int32)])

    def result(self) -> Scored:
        return Scored(self.scores.tolist(), self.taken, self.cached, self.decoded)


class Generate(Job):
    """Writes an answer token by token, greedily or by sampling, through a mask, steered, or without.

    `room` is what fits in the context.
    """

    def __init__(
        self,
        ids: Sequence[int],
        tokenizer: Tokenizer,
        sampling: Sampling,
        mask: Mask | None,
        room: int,
        steering: Steering | None = None,
    ):
        super().__init__(ids)
        self.tokenizer, self.sampling, self.mask, self.steering = tokenizer, sampling, mask, steering
        self.limit = min(sampling.max_tokens, room)
        self.cells = len(self.ids) + self.limit
        self.random = np.random.default_rng(sampling.seed)
        self.stops = [stop.encode() for stop in sampling.stop if stop]
        self.control = np.array([t for t in tokenizer.control if t not in tokenizer.ends], np.int64)
        self.written: list[int] = []
        self.bytes = b""
        self.logprob = 0.0
        self.finish = ""
        self.ended = False  # by a token that ends the turn

    def fill(self, context: Context, at: int, room: int) -> int:
        if self.read < len(self.ids):
            return self._read_prompt(context, at, room, (self.slot,))
        context.token[at], context.pos[at] = self.written[-1], len(self.ids) + len(self.written) - 1
        context.n_seq[at] = context.wanted[at] = 1
        context.seqs[at, 0] = self.slot
        return 1

    def take(self, context: Context, logits: np.ndarray) -> bool:
        if not len(logits):
            return False
        token = self._next(logits[0])
        if token in self.tokenizer.ends:
            self.finish, self.ended = "stop", True
            return True
        self.written.append(token)
        if self.mask:
            self.mask.accept(token)
        before = len(self.bytes)
        self.bytes += self.tokenizer.pieces[token]
        if self._stopped(before):
            return True
        if len(self.written) == self.limit:
            if self.limit < self.sampling.max_tokens:
                raise ModelFailure(
                    f"the answer does not fit: {len(self.ids)} tokens of prompt and {self.limit} of answer fill the context; "
                    "shorten the prompt or raise context="
                )
            self.finish = "length"
            return True
        return False

    def _next(self, logits: np.ndarray) -> int:
        normaliser = float(log_normaliser(logits[None])[0])
        greedy = self.sampling.temperature <= 0
        if self.mask:
            ids = self.mask.allowed(logits, greedy)
            values = logits[ids]
            token = int(ids[int(values.argmax()) if greedy else draw(values, self.sampling, self.random)])
        elif self.steering:
            logits[self.control] = -np.inf
            token = self.steering.next(logits, lambda: logits if greedy else race(logits, self.sampling, self.random))
        else:
            logits[self.control] = -np.inf  # a role marker is no part of an answer
            token = int(logits.argmax()) if greedy else draw(logits, self.sampling, self.random)
        self.logprob += float(logits[token]) - normaliser
        return token

    def _stopped(self, before: int) -> bool:
        """Cuts the text at the first stop string that it now holds."""
        found = [at for stop in self.stops if (at := self.bytes.find(stop, max(0, before - len(stop) + 1))) >= 0]
        if found:
            self.bytes, self.finish = self.bytes[: min(found)], "stop"
        return bool(found)

    def held(self, context: Context) -> np.ndarray:
        # The last token written was read back only if the one that ended the turn came after it.
        written = self.written if self.ended else self.written[:-1]
        return np.concatenate([self.ids, np.asarray(written, np.int32)])

    def result(self) -> Written:
        text = self.bytes.decode("utf-8", "replace")
        return Written(text, self.finish, self.logprob, self.cached, len(self.written) + self.ended)


def draw(values: np.ndarray, sampling: Sampling, random: np.random.Generator) -> int:
    """A place drawn with probability softmax(values / temperature), from the smallest set that holds `top_p` of it.

    The largest of weight / Exp(1) falls on each place with its probability. Unlike a walk along the cumulative sum, the same
    random numbers then give the same place when the values differ by rounding, unless two places nearly tie.
    """
    weights = np.exp((values - values.max()) / np.float32(sampling.temperature))
    race = weights / _exponentials(random, len(weights))
    if sampling.top_p < 1:
        order = _nucleus(weights, sampling.top_p)
        return int(order[race[order].argmax()])
    return int(race.argmax())


def race(values: np.ndarray, sampling: Sampling, random: np.random.Generator) -> np.ndarray:
    """Keys: the largest is at the place that `draw` draws, the next at the one it would draw without that, and so on.

    They are logarithms, so that adding to one is adding to its value over the temperature. Outside `top_p` they come last.
    """
    values = (values - values.max()) / np.float32(sampling.temperature)
    keys = values - np.log(_exponentials(random, len(values)))
    if sampling.top_p < 1:
        outside = np.ones(len(values), bool)
        outside[_nucleus(np.exp(values), sampling.top_p)] = False
        keys[outside] = values[outside] - np.float32(1e4)
    return keys


def _exponentials(random: np.random.Generator, n: int) -> np.ndarray:
    """n draws of Exp(1). At 32 bits one in 2^23 is exactly zero, which no weight could beat: it is taken for one step up."""
    return np.maximum(random.standard_exponential(n, np.float32), np.float32(2**-23))


def _nucleus(weights: np.ndarray, top_p: float) -> np.ndarray:
    """The places of the smallest set that holds `top_p` of the weight, heaviest first."""
    order = np.argsort(-weights, kind="stable")
    total = np.cumsum(weights[order], dtype=np.float64)
    return order[: int(np.searchsorted(total, top_p * total[-1])) + 1]
