"""Writing a transcript with a model: masked by a grammar, cut by a monitor, or free.

    masked   one answer a turn, under the grammar of everything that may follow: no other text can come out
    monitor  a free chunk is split at the prefixes; the longest beginning that is legal is kept, the rest cut, and where nothing
             is left the next prefix is written for the model, which goes on after it: for models that show no logits
    free     a free chunk is split at the prefixes, and taken as it is

Each returns the segments of a turn: up to where the environment comes, the transcript may end, or the agent fills a state.
Source: arXiv 2310.08535 (masked: v1; monitor: v3).
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from dutiful.core.errors import ModelFailure
from dutiful.core.model import Grammar, Model, Sampling
from dutiful.core.prompt import Prompt
from dutiful.core.records import Source, Span
from dutiful.kit.ltlf.grammar import grammar, turn_ends
from dutiful.kit.ltlf.protocol import Context, Protocol, Segment, State, fits, options, schema_of

SHOWN = 20
"""Contents of a list that a monitor tells the model."""
MOST = 2048
"""Tokens of one turn, after which a content that never ends is given up."""


class Run:
    """Where a transcript stands. `steps`: states it may have, after which only the shortest way to an end is legal."""

    def __init__(self, protocol: Protocol, steps: int, context: Context):
        self.protocol, self.left, self.context = protocol, steps, context
        self.node = protocol.automaton.start
        self.segments: list[Segment] = []
        self.begun = ""
        """The state whose prefix stands already, while its content is missing."""

    @property
    def allowed(self) -> tuple[str, ...]:
        """The states that may come now."""
        return self.protocol.automaton.allowed(self.node, self.left)

    @property
    def due(self) -> str:
        """The environment's state, where it is the environment's turn, else ""."""
        return next((name for name in self.allowed if self.protocol.by_name[name].source == "environment"), "")

    @property
    def finished(self) -> bool:
        """Whether the transcript may end here."""
        return self.protocol.automaton.accepting(self.node)

    @property
    def turn_ends(self) -> bool:
        """Whether the model may stop writing here."""
        return turn_ends(self.protocol, self.node, self.left)

    def take(self, name: str, content: str) -> None:
        """Goes on by a state, legal or not."""
        self.segments.append(Segment(name, content))
        if state := self.protocol.by_name.get(name):
            self.node = self.protocol.automaton.next(self.node, name)
            self.context = self.context.after(state, content)
        self.left = max(0, self.left - 1)

    def legal(self, segments: Sequence[Segment]) -> list[Segment]:
        """The longest beginning that may follow here; it ends after an action, which the agent fills in."""
        node, left, context, kept = self.node, self.left, self.context, list[Segment]()
        for name, content in segments:
            state = self.protocol.by_name.get(name)
            if state is None or state.source != "model" or name not in self.protocol.automaton.allowed(node, left):
                break
            if state.content == "action":
                return [*kept, Segment(name, "")]
            if not fits(state, content, context):
                break
            kept.append(Segment(name, content))
            node, left, context = self.protocol.automaton.next(node, name), max(0, left - 1), context.after(state, content)
        return kept


def masked(model: Model, prompt: Prompt, run: Run, sampling: Sampling, failed: Callable[[], None]) -> list[Segment]:
    """A turn under the grammar. An answer cut by its length is kept as far as it is legal, and gone on with later."""
    while True:
        said = model.generate(prompt, sampling, Grammar(grammar(run.protocol, run.node, run.left, run.context)))
        if kept := run.legal(run.protocol.split(said.text)):
            return kept
        if said.finish != "length":
            if run.turn_ends:
                return []
            raise ModelFailure(f"{model.spec} does not keep to a grammar: it says {said.text[:80]!r}")
        if sampling.max_tokens >= MOST:
            raise ModelFailure(f"a content does not end within {MOST} tokens: {said.text[:80]!r}")
        sampling = sampling.replace(max_tokens=2 * sampling.max_tokens)


def monitor(model: Model, prompt: Prompt, run: Run, sampling: Sampling, failed: Callable[[], None]) -> list[Segment]:
    """A chunk, as far as it is legal; where it is not at all, a state whose prefix is written for the model."""
    said = free(model, prompt, run, sampling, failed)
    kept = run.legal(said)
    if len(kept) < len(said) and not (kept and run.protocol.by_name[kept[-1].state].content == "action"):
        failed()
    if kept or (run.turn_ends and not said):
        return kept
    names = [name for name in run.allowed if run.protocol.by_name[name].source == "model"]
    if not names:
        return []
    prefixes = [run.protocol.by_name[name].prefix for name in names]
    name = names[model.choose(prompt, prefixes, sampling).index] if len(names) > 1 else names[0]
    return [Segment(name, _content(model, prompt, run, run.protocol.by_name[name], sampling))]


def free(model: Model, prompt: Prompt, run: Run, sampling: Sampling, failed: Callable[[], None]) -> list[Segment]:
    """A chunk up to where the model begins to speak for the environment."""
    given = tuple(state.prefix for state in run.protocol.states if state.source == "environment")
    said = model.generate(prompt, sampling.replace(stop=(*sampling.stop, *given))).text
    return run.protocol.split(said)


def _content(model: Model, prompt: Prompt, run: Run, state: State, sampling: Sampling) -> str:
    """The content after a prefix that is given: asked for, drawn once more, then the nearest that is legal, if any is."""
    if state.content == "action":
        return ""
    listed = options(state, run.context)
    only = f" It is one of: {', '.join(listed)}." if listed and len(listed) <= SHOWN else ""
    wish = Span(Source.SYSTEM, f"Go on after {state.prefix!r}, and write nothing else.{only}", role="user")
    asked = prompt + (Span(Source.MODEL, state.prefix), wish)
    said = ""
    for temperature in (sampling.temperature, max(sampling.temperature, 0.7)):
        drawn = sampling.replace(temperature=temperature, stop=(*sampling.stop, state.stop))
        (found, *_) = run.protocol.split(model.generate(asked, drawn).text, state.name) or [Segment(state.name, "")]
        said = found.content if state.content != "text" else found.content[: state.limit].strip()
        if found.state == state.name and fits(state, said, run.context):
            return said
    if listed:
        return difflib.get_close_matches(said, listed, n=1, cutoff=0.0)[0]
    if state.content in ("schema", "arguments"):
        fields: dict[str, Any] = schema_of(state, run.context).get("properties", {})
        if [field.get("type") for field in fields.values()] == ["string"]:  # words that are no JSON are the only value
            return msgspec.json.encode({next(iter(fields)): said.strip("\"' ")}).decode()
    return said or "..."


DECODERS = {"masked": masked, "monitor": monitor, "free": free}
"""How a transcript is written, by name."""
