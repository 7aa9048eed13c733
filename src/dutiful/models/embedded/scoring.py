"""Exact log-likelihoods of several answers to one prompt, from one pass over a trie of their tokens.

The score of an option with tokens o_1 .. o_n is log p(o_1 | prompt) + ... + log p(end of turn | prompt, o_1 .. o_n).
Options that begin alike share their first tokens, so these are decoded once: a node of the trie is one row of the batch
that belongs to the sequences of all options below it. What an option scores does not depend on the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class Node(NamedTuple):
    """A token to decode: its place after the prompt (0 is the first), and the sequences `low` to `high` that it is part of."""

    token: int
    depth: int
    low: int
    high: int


class Trie:
    """The tokens of distinct options, in the order in which a batch takes them: each after the one before it.

    nodes: the rows to decode; row 0 of the logits is the prompt's last token, row i + 1 is node i. leaves: how many
    sequences it takes. paths: for every option the (row, token) pairs whose log-probabilities add up to its score.
    """

    def __init__(self, options: Sequence[tuple[int, ...]], end: int):
        order = sorted(range(len(options)), key=lambda i: options[i])
        # An option that begins the next one rides on that one's sequence: sorting puts it directly before.
        leaf: list[int] = []
        for i, n in enumerate(order):
            new = i > 0 and not _begins(options[order[i - 1]], options[n])
            leaf.append(leaf[-1] + new if leaf else 0)
        self.leaves = leaf[-1] + 1 if leaf else 0
        spans: dict[tuple[int, ...], list[int]] = {}
        for i, n in enumerate(order):
            for depth in range(len(options[n])):
                span = spans.setdefault(options[n][: depth + 1], [leaf[i], leaf[i]])
                span[1] = leaf[i]
        prefixes = sorted(spans, key=len)
        rows = {prefix: row + 1 for row, prefix in enumerate(prefixes)}
        rows[()] = 0
        self.nodes = [Node(p[-1], len(p) - 1, spans[p][0], spans[p][1] + 1) for p in prefixes]
        self.paths = [
            [*((rows[option[:depth]], token) for depth, token in enumerate(option)), (rows[option], end)] for option in options
        ]

    def __len__(self) -> int:
        return len(self.nodes)


def _begins(short: tuple[int, ...], long: tuple[int, ...]) -> bool:
    return long[: len(short)] == short


def rounds(options: Sequence[tuple[int, ...]], end: int, sequences: int) -> list[tuple[list[int], Trie]]:
    """The options cut into tries of at most so many sequences, with the places of the options that each holds."""
    order = sorted(range(len(options)), key=lambda i: options[i])
    parts = [sorted(order[begin : begin + sequences]) for begin in range(0, len(order), sequences)]
    return [(part, Trie([options[i] for i in part], end)) for part in parts]


def log_normaliser(logits: np.ndarray) -> np.ndarray:
    """log sum exp of every row: (rows, vocabulary) -> (rows,) float64. Four rows at a time stay in the processor's cache."""
    out = np.empty(len(logits))
    for begin in range(0, len(logits), 4):
        rows = logits[begin : begin + 4]
        top = rows.max(axis=1, keepdims=True)
        out[begin : begin + 4] = np.log(np.exp(rows - top).sum(axis=1, dtype=np.float32)) + top[:, 0]
    return out
