"""Token masks: which tokens may come next, so that an answer can only be one of the allowed texts.

For a list of options the mask is a walk over the options' bytes, and any way of cutting an option into tokens is allowed. For
a JSON schema or a grammar llguidance does the parsing. A mask gives the ids that are allowed: a few of them, mostly, so that
neither a vocabulary-wide array is built nor one is read.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from dutiful.core.errors import MissingExtra, ModelFailure
from dutiful.core.model import Choices, Grammar, JsonSchema

if TYPE_CHECKING:
    from dutiful.models.embedded.jobs import Mask
    from dutiful.models.embedded.tokenizer import Tokenizer


def mask_of(constraint: Choices | JsonSchema | Grammar, tokenizer: Tokenizer) -> Mask:
    """The mask of a constraint, at its start; raises ModelFailure when the constraint cannot be read."""
    if isinstance(constraint, Choices):
        return OptionsMask(constraint.options, tokenizer)
    return GrammarMask(constraint, tokenizer)


class OptionsMask:
    """Only the options can be written, in any tokenisation.

    The sorted options that begin with the bytes so far are neighbours: `low` to `high`. From there a walk over the bytes
    of each goes on for as long as they begin a token; an option that shares bytes with the one before it starts where
    these were walked already.
    """

    def __init__(self, options: tuple[str, ...], tokenizer: Tokenizer):
        if not options:
            raise ModelFailure("a constraint to no options at all allows nothing")
        self.options = sorted({option.encode() for option in options})
        self.table, self.pieces, self.end = tokenizer.table, tokenizer.pieces, tokenizer.eot
        # With a token for every single byte there is a way to every option, and no way leads nowhere.
        for option in self.options:
            if missing := [byte for byte in option if not self.table.get(bytes((byte,)))]:
                raise ModelFailure(f"the vocabulary has no token for byte {missing[0]:#04x} of the option {option.decode()!r}")
        self.low, self.high, self.at = 0, len(self.options), 0

    def ids(self) -> list[int]:
        """The ids allowed next."""
        options, table, at = self.options, self.table, self.at
        low = self.low
        found = [self.end] if len(options[low]) == at else []
        before = b""
        for option in options[low : self.high]:
            start = at + 1
            # Bytes shared with the option before were walked: what they allow is in the list already.
            limit = min(len(option), len(before))
            while start <= limit and option[at:start] == before[at:start]:
                start += 1
            if start > at + 1 and option[at : start - 1] not in table:
                before = option
                continue
            for end in range(start, len(option) + 1):
                ids = table.get(option[at:end])
                if ids is None:
                    break
                found.extend(ids)
            before = option
        return found

    def allowed(self, logits: np.ndarray, greedy: bool) -> np.ndarray:
        return np.array(self.ids())

    def accept(self, token: int) -> None:
        piece = self.pieces[token]
        prefix = self.options[self.low][: self.at] + piece
        self.at += len(piece)
        self.low = bisect_left(self.options, prefix, self.low, self.high)
        self.high = bisect_left(self.options, True, self.low, self.high, key=lambda option: option[: self.at] > prefix)


class GrammarMask:
    """Only what a JSON schema or a Lark grammar describes can be written (llguidance)."""

    def __init__(self, constraint: JsonSchema | Grammar, tokenizer: Tokenizer):
        try:
            from llguidance import LLMatcher
        except ImportError as error:
            raise MissingExtra("a JSON or grammar constraint", "embedded", "llguidance") from error
        if isinstance(constraint, JsonSchema):
            # One way to write the space between values, else a small model fills its answer with it.
            style: Any = {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": "}
            grammar = LLMatcher.grammar_from_json_schema(msgspec.json.encode(constraint.schema).decode(), overrides=style)
        else:
            grammar = LLMatcher.grammar_from_lark(constraint.text)
        self.matcher: Any = LLMatcher(tokenizer.guide, grammar, log_level=0)
        self._check("the constraint cannot be read")

    def allowed(self, logits: np.ndarray, greedy: bool) -> np.ndarray:
        if greedy:  # the model's own favourite is mostly legal, and one token is checked faster than all are found
            best = int(logits.argmax())
            if self.matcher.validate_tokens([best]) == 1:
                return np.array([best])
        bits = np.frombuffer(self.matcher.compute_bitmask(), np.uint8)
        ids = np.flatnonzero(np.unpackbits(bits, bitorder="little")[: len(logits)])
        if not len(ids):
            self._check("the constraint allows nothing more")
            raise ModelFailure("the constraint allows nothing more")
        return ids

    def accept(self, token: int) -> None:
        self.matcher.consume_token(token)
        self._check("the constraint broke")

    def _check(self, what: str) -> None:
        if self.matcher.is_error():
            raise ModelFailure(f"{what}: {self.matcher.get_error()}")
