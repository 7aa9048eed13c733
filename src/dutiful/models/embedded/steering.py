"""Steered decoding: no token after which the text could no longer meet its requirements, and no end before it meets them.

    text = ""
    until the turn ends:
        at the end of a sentence, where none more has room:      end, or write the witness and end
        where a word of the witness is nearly the favourite:     write it
        else the first candidate, by probability or as drawn, with finish(text + piece) not None and short enough to fit
        where 64 were refused:                                   write the witness

The witness is `finish(text)`, a continuation that is known to do. It always fits into the tokens that are left, so a text
that can be met within them is met. `finish` is called about once a token: the witness is kept from the call that let it in.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dutiful.core.errors import ModelFailure

if TYPE_CHECKING:
    from dutiful.core.model import Steered
    from dutiful.models.embedded.tokenizer import Tokenizer

CANDIDATES = 64
"""How many tokens are tried before the witness is written."""
URGE = 3.0
"""A word of the witness is written where its logit is at most this far, in nats, below the favourite's."""
SHORT = 24
"""Tokens: where the model would end too early, a witness up to this long is written; else it has to go on."""
SLACK = 24
"""Tokens: with less to spare than this, the witness is written at the end of a sentence, not in the middle of a later one."""
CLOSE = 6.0
"""Nats by which marks that end a sentence are favoured where the favourite is refused and no sentence more has room."""

STEPS = 16
"""Words of a witness that are considered."""

SENTENCE_END = re.compile(r"(?:[.!?][\"')*]*|[。！？\n])\s*\Z")
ANY = " thing"
"""A word as good as any."""
PROBES = ("so it is as it was then and now.", "SO IT IS AS IT WAS THEN AND NOW.")
"""Sentences that ask `finish` whether one more has room."""
WORD = re.compile(r"[^\W_]+")


class State(NamedTuple):
    """The text so far, bytes after it that are no whole character yet, and what would meet the requirements from here."""

    text: str
    pending: bytes
    witness: str


class Steering:
    """One answer under `Steered`. `room`: how many tokens it may have. `stops`: byte strings that end it."""

    def __init__(self, steered: Steered, tokenizer: Tokenizer, room: int, stops: Sequence[bytes] = ()):
        self.finish, self.name = steered.finish, steered.name
        self.tokenizer, self.left, self.stops = tokenizer, room, stops
        self._spell = functools.lru_cache(maxsize=256)(functools.partial(spell, tokenizer))
        self._steps = functools.lru_cache(maxsize=64)(functools.partial(_steps, self._spell, tokenizer))
        witness = self.finish("")
        if witness is None:
            raise ModelFailure(f"no answer can meet {self.name!r}: finish('') is None")
        self.state = self.planned = State("", b"", witness)
        self.plan: list[int] = []
        # A witness longer than the room from the start: the answer is steered all the same, and may break off.
        self.loose = len(self._spell(witness)) > room
        closing = (tokenizer.table.get(mark.encode(), ()) for mark in ".!?。")
        self.closing = np.array([ids[0] for ids in closing if ids], np.int64)

    def next(self, logits: np.ndarray, keys: Callable[[], np.ndarray]) -> int:
        """The token to write. `keys()`: a number for every token, by which they are tried, the largest first."""
        token = None if self.plan else self._choose(logits, keys)
        if token is None:
            token = self.plan.pop(0)
            if not self.plan:
                self.state = self.planned
        self.left -= 1
        return token

    def _choose(self, logits: np.ndarray, keys: Callable[[], np.ndarray]) -> int | None:  # noqa: PLR0911
        """A token, taken; None where there is a plan now."""
        witness = self.state.witness
        if self._done():
            return self._close()
        order = keys()
        if self.state.pending:  # a character that was begun is completed
            whole, order = order, np.full(len(order), -np.inf, order.dtype)
            order[self.tokenizer.continuations] = whole[self.tokenizer.continuations]
        first = int(order.argmax())
        after = None if first in self.tokenizer.ends else self._after(first)
        if witness and self._urge(logits, len(after.witness if after else witness)):
            return None
        if first in self.tokenizer.ends:
            if len(self._spell(witness)) <= SHORT:
                return self._close()
        elif after:
            return self._take(first, after)
        elif not self._more():
            order = order.copy()
            order[self.closing] += CLOSE
        for token in _best(order, CANDIDATES):
            if token in self.tokenizer.ends:
                if not witness:
                    return token
            elif token != first and (after := self._after(token)):
                return self._take(token, after)
        return self._close()

    def _done(self) -> bool:
        """Whether this is the end of the last sentence."""
        state = self.state
        if state.pending or not SENTENCE_END.search(state.text):
            return False
        late = bool(state.witness) and not self.loose and self.left - len(self._spell(state.witness)) < SLACK
        return late or not self._more()

    def _take(self, token: int, after: State) -> int:
        self.state = after
        return token

    def _close(self) -> int | None:
        """Ends the turn, or plans the whole witness, after which it can end."""
        state = self.state
        if not state.witness:
            return self.tokenizer.eot
        text = state.text + ("\ufffd" if state.pending else "") + state.witness
        rest = self.finish(text)
        if rest is None:
            raise ModelFailure(f"{self.name!r}: finish says {state.witness!r} for {state.text[-60:]!r}, and then None")
        self.plan, self.planned = list(self._spell(state.witness)), State(text, b"", rest)
        return None

    def _after(self, token: int) -> State | None:
        """The state after a token; None where the text could not be met any more, or not within the tokens left."""
        piece = self.tokenizer.pieces[token]
        data = self.state.pending + piece
        try:
            whole, pending = data.decode(), b""
        except UnicodeDecodeError as error:
            if error.reason != "unexpected end of data":
                return None
            whole, pending = data[: error.start].decode(), data[error.start :]
        text = self.state.text + whole
        # Bytes of half a character become U+FFFD if the witness has to follow them, so that is what is asked about.
        witness = self.finish(text + "\ufffd" if pending else text) if piece else None
        if witness is None or not self._fits(witness, self.left - 1) or self._stopped(text, witness):
            return None
        return State(text, pending, witness)

    def _fits(self, witness: str, left: int) -> bool:
        return self.loose or len(witness.encode()) <= left or len(self._spell(witness)) <= left

    def _stopped(self, text: str, witness: str) -> bool:
        """Whether a stop string would cut the text before it is met."""
        data = text.encode() if self.stops else b""
        if found := [at for stop in self.stops if (at := data.find(stop)) >= 0]:
            return self.finish(data[: min(found)].decode("utf-8", "replace")) != ""
        return any(stop in data + witness.encode() for stop in self.stops)

    def _urge(self, logits: np.ndarray, usual: int) -> bool:
        """Plans a word or mark of the witness that the model is nearly about to write, if it shortens the witness.

        usual: how long the witness is after the favourite. A word must do better, and better than any other word, so that
        what only fills is not urged.
        """
        state, least = self.state, float(logits.max()) - URGE
        if state.pending:
            return False
        for text, ids in self._steps(state.witness):
            if logits[ids[0]] < least or (text[0] == " " and state.text[-1:].strip() == ""):
                continue
            rest = self.finish(state.text + text)
            if rest is None or len(rest) > usual - (len(text) + 1) // 2 or not self._fits(rest, self.left - len(ids)):
                continue
            if text[0] == " " and len(self.finish(state.text + ANY) or state.witness) <= len(rest):
                continue
            if not self._stopped(state.text + text, rest):
                self.plan, self.planned = list(ids), State(state.text + text, b"", rest)
                return True
        return False

    def _more(self) -> bool:
        """Whether one more sentence has room: an ordinary one, one in capitals, or the last one again."""
        text = self.state.text
        gap = " " if text[-1:].strip() else ""
        last = re.split(r"(?<=[.!?])\s+|(?<=[。！？\n])", text.rstrip())[-1]
        return any(probe and self.finish(text + gap + probe) is not None for probe in (*PROBES, last))


def spell(tokenizer: Tokenizer, text: str) -> tuple[int, ...]:
    """Tokens whose bytes are exactly those of a text: the tokenizer's own, else the longest that fit; raises ModelFailure."""
    ids, data = tokenizer.tokenize(text), text.encode()
    if b"".join(tokenizer.pieces[i] for i in ids) == data:
        return ids
    found: list[int] = []
    while data:
        end = next((n for n in range(min(len(data), 32), 0, -1) if tokenizer.table.get(data[:n])), 0)
        if not end:
            raise ModelFailure(f"the vocabulary has no token for byte {data[0]:#04x} of {text!r}")
        found.append(tokenizer.table[data[:end]][0])
        data = data[end:]
    return tuple(found)


def _steps(spelled: Callable[[str], tuple[int, ...]], tokenizer: Tokenizer, witness: str) -> list[tuple[str, tuple[int, ...]]]:
    """What of a witness can be written first: the mark it begins with, or one of its words after a space; with their tokens."""
    first = tokenizer.pieces[spelled(witness)[0]].decode("utf-8", "replace")
    mark = (first.strip(" .!?,。") and not WORD.search(first)) or (first.isspace() and "\n" in first)
    words = dict.fromkeys(f" {word}" for word in WORD.findall(witness) if len(word) > 2)
    return [(word, spelled(word)) for word in ([first] if mark and "\ufffd" not in first else []) + list(words)[:STEPS]]


def _best(keys: np.ndarray, n: int) -> Iterator[int]:
    """The places of the n largest, largest first."""
    top = np.argpartition(keys, -n)[-n:]
    return iter(top[np.argsort(-keys[top], kind="stable")].tolist())
