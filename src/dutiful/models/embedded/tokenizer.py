"""Prompts as tokens: the chat template, which span every token belongs to, and back to text.

The roles of a chat are marked by special tokens. They are put in by the template alone: the text of a span is always
tokenised as plain text, so text that spells a marker out is read as the letters it is made of, and no text can forge a role.

Every span is tokenised on its own, and so is the template around it. Hence each token belongs to exactly one span, no span
changes the tokens of another, and a prompt that grows by whole messages grows by appending tokens.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, NamedTuple

from dutiful.core.errors import ModelFailure
from dutiful.core.prompt import Prompt, role_of
from dutiful.models.embedded.llama import Weights, load

TEMPLATE = -1
"""Stands for the template where a token belongs to no span."""


class Tokens(NamedTuple):
    """Token ids, and for each of them the place in the prompt of the span that it comes from, or -1 for the template's."""

    ids: list[int]
    spans: list[int]


class Tokenizer:
    """The tokenizer of a GGUF file; `weights` is its path (only the vocabulary is loaded) or the loaded weights.

    eot: the token that ends a message, and so an answer. pieces: the bytes of every token; special ones have none.
    """

    def __init__(self, weights: str | Path | Weights):
        self.weights = weights if isinstance(weights, Weights) else load(weights, vocab_only=True)
        lib, vocab = self.weights.library.lib, self.weights.vocab
        self.size: int = lib.llama_vocab_n_tokens(vocab)
        self.bos: int = lib.llama_vocab_bos(vocab) if lib.llama_vocab_get_add_bos(vocab) else -1
        self.ends = frozenset(t for t in range(self.size) if lib.llama_vocab_is_eog(vocab, t))
        self.control = [t for t in range(self.size) if lib.llama_vocab_is_control(vocab, t)]
        opening, closing = self._marker("<|im_start|>"), self._marker("<|im_end|>")
        self.chatml = opening is not None and closing is not None
        if closing is None:
            closing = next((t for t in (lib.llama_vocab_eot(vocab), lib.llama_vocab_eos(vocab)) if t >= 0), None)
        if closing is None:
            raise ModelFailure(f"{self.weights.path} names no token that ends an answer; use a GGUF of a chat model")
        self.eot = closing
        self._opening = opening
        # The caches are over the weights, not over self, so that a tokenizer is freed as soon as it is let go.
        self._ids = functools.lru_cache(maxsize=16384)(functools.partial(_tokenize, self.weights))
        self._frame = functools.lru_cache(maxsize=256)(functools.partial(_render, self.weights))

    def _marker(self, text: str) -> int | None:
        """The special token of a marker, if the vocabulary has one."""
        ids = _tokenize(self.weights, text, special=True)
        return ids[0] if len(ids) == 1 and ids[0] in self.control else None

    @functools.cached_property
    def pieces(self) -> list[bytes]:
        """The bytes that each token stands for, of length `size`; none for special tokens."""
        ffi, lib = self.weights.library.ffi, self.weights.library.lib
        room = ffi.new("char[]", 512)
        pieces: list[bytes] = []
        for token in range(self.size):
            n = lib.llama_token_to_piece(self.weights.vocab, token, room, 512, 0, False)
            pieces.append(ffi.buffer(room, n)[:] if n > 0 else b"")
        return pieces

    @functools.cached_property
    def table(self) -> dict[bytes, tuple[int, ...]]:
        """Every beginning of a token, with the ids of the tokens that are exactly these bytes: for masks."""
        table: dict[bytes, tuple[int, ...]] = {}
        for token, piece in enumerate(self.pieces):
            if piece:
                table[piece] = (*table.get(piece, ()), token)
        for piece in list(table):
            for end in range(1, len(piece)):
                table.setdefault(piece[:end], ())
        return table

    @functools.cached_property
    def continuations(self) -> list[int]:
        """The tokens that begin inside a character of several bytes."""
        return [token for token, piece in enumerate(self.pieces) if piece and 0x80 <= piece[0] < 0xC0]

    @functools.cached_property
    def guide(self) -> Any:
        """The tokenizer as llguidance sees it: for masks."""
        from llguidance import LLTokenizer, TokenizerWrapper

        return LLTokenizer(TokenizerWrapper(_Vocabulary(self)), eos_token=self.eot)

    def tokenize(self, text: str) -> tuple[int, ...]:
        """The tokens of a plain text; markers in it are letters like any other."""
        return self._ids(text)

    def detokenize(self, ids: list[int] | tuple[int, ...]) -> str:
        """The text of tokens; special tokens are left out, bytes that are no UTF-8 become U+FFFD."""
        return b"".join(self.pieces[token] for token in ids).decode("utf-8", "replace")

    def encode(self, prompt: Prompt, open: bool = True) -> Tokens:
        """The prompt in the model's chat template, ready for an answer if `open`; raises ModelFailure.

        Neighbouring spans of one role are one message, joined by a line break, as in `Prompt.messages`. With `open` the
        assistant's next message is begun. An open prompt, the answer's tokens and `eot` begin the tokens of the prompt
        that has the answer's span and later messages appended.
        """
        return self._chatml(prompt, open) if self.chatml else self._other(prompt, open)

    def _chatml(self, prompt: Prompt, open: bool) -> Tokens:
        assert self._opening is not None
        ids, spans = ([self.bos], [TEMPLATE]) if self.bos >= 0 else ([], [])
        before = ""

        def put(tokens: tuple[int, ...], span: int = TEMPLATE) -> None:
            ids.extend(tokens)
            spans.extend([span] * len(tokens))

        line, close = self._ids("\n"), (self.eot, *self._ids("\n"))
        for place, span in enumerate(prompt):
            role = role_of(span)
            if role == before:
                put(line)
            else:
                if before:
                    put(close)
                put((self._opening, *self._ids(f"{role}\n")))
                before = role
            put(self._ids(span.text), place)
        if before:
            put(close)
        if open:
            put((self._opening, *self._ids("assistant\n")))
        return Tokens(ids, spans)

    def _other(self, prompt: Prompt, open: bool) -> Tokens:
        """By the template that the GGUF carries: it is filled with placeholders, which the spans then replace."""
        ids, spans = ([self.bos], [TEMPLATE]) if self.bos >= 0 else ([], [])
        groups: list[tuple[str, list[int]]] = []
        for place, span in enumerate(prompt):
            if groups and groups[-1][0] == role_of(span):
                groups[-1][1].append(place)
            else:
                groups.append((role_of(span), [place]))
        frame = self._frame(tuple(role for role, _ in groups), open)
        for n, text in enumerate(frame):
            begin = _tokenize(self.weights, text, special=True) if text else ()
            if n == 0 and begin[:1] == (self.bos,):
                begin = begin[1:]
            ids.extend(begin)
            spans.extend([TEMPLATE] * len(begin))
            for nth, place in enumerate(groups[n][1] if n < len(groups) else ()):
                line = self._ids("\n") if nth else ()
                tokens = self._ids(prompt[place].text)
                ids.extend((*line, *tokens))
                spans.extend([TEMPLATE] * len(line) + [place] * len(tokens))
        return Tokens(ids, spans)


def _tokenize(weights: Weights, text: str, special: bool = False) -> tuple[int, ...]:
    data = text.encode("utf-8", "replace")
    ffi = weights.library.ffi
    room = ffi.new("int32_t[]", len(data) + 8)
    n = weights.library.lib.llama_tokenize(weights.vocab, data, len(data), room, len(data) + 8, False, special)
    if n < 0:
        raise ModelFailure(f"{weights.path}: its tokenizer does not read {text[:60]!r}")
    return tuple(room[0:n])


def _render(weights: Weights, roles: tuple[str, ...], open: bool) -> list[str]:
    """The pieces of template before, between and after the messages of these roles."""
    ffi, lib = weights.library.ffi, weights.library.lib
    template = lib.llama_model_chat_template(weights.model, ffi.NULL)
    if template == ffi.NULL:
        raise ModelFailure(f"{weights.path} carries no chat template; use a GGUF of a chat model")
    hole = "\ue000\ue001"
    keep = [ffi.new("char[]", text.encode()) for role in roles for text in (role, hole)]
    messages = ffi.new("struct llama_chat_message[]", [(keep[2 * i], keep[2 * i + 1]) for i in range(len(roles))])
    room = ffi.new("char[]", 4096 + 512 * len(roles))
    n = lib.llama_chat_apply_template(template, messages, len(roles), open, room, len(room))
    frame = ffi.string(room, n).decode().split(hole) if 0 <= n < len(room) else []
    if len(frame) != len(roles) + 1:
        raise ModelFailure(f"the chat template of {weights.path} is not one that llama.cpp knows; use a GGUF with a known one")
    return frame


class _Vocabulary:
    """A tokenizer in the shape that llguidance reads: the raw bytes of every token, and a call that cuts bytes into tokens."""

    def __init__(self, tokenizer: Tokenizer):
        special = set(tokenizer.control) | tokenizer.ends
        # Special tokens must not be empty, and must not look like text: the byte FF occurs in no UTF-8.
        self.tokens = [b"\xff<%d>" % i if i in special or not p else p for i, p in enumerate(tokenizer.pieces)]
        self.special_token_ids = sorted(special)
        self.eos_token_id, self.bos_token_id = tokenizer.eot, None
        self._cut = functools.partial(_cut, tokenizer.tokenize)

    def __call__(self, text: bytes | str) -> list[int]:
        return self._cut(text)


def _cut(tokenize: Any, text: bytes | str) -> list[int]:
    return list(tokenize(text if isinstance(text, str) else text.decode("utf-8", "replace")))
