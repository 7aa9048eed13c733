"""A text protocol: states with prefixes and contents, and a formula over them. An agent's behaviour as data.

    protocol = load("react")
    protocol.split("Thought: I know it.\nAnswer: 4")        [Segment("Thought", ...), Segment("Answer", "4")]
    protocol.check([Segment("Thought", "..."), Segment("Answer", "4")])      None, or the first violation

A transcript is a list of segments: each is a state's prefix at the start of a line, a space, and the content, which ends with
its stop string. `source` says who writes a state. Contents:

    text          anything up to the stop string, at most `limit` characters
    options       one of a list                       pattern       what a regular expression matches as a whole
    schema        JSON that fits a schema             seen          words that occur in an earlier observation
    tool          the name of one of the tools        arguments     JSON that fits the tool named last
    action        an action, in whatever notation the agent has for one

Source: arXiv 2310.08535.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec

from dutiful.core.world import Tool
from dutiful.kit import calls
from dutiful.kit.ltlf.automaton import Automaton
from dutiful.kit.ltlf.formula import atoms
from dutiful.kit.ltlf.parse import parse

Content = Literal["text", "options", "pattern", "schema", "seen", "tool", "arguments", "action"]
FEW_WORDS, RECENT = 8, 240
"""Words that a `seen` content has at most, and words of the latest observations that it is taken from."""


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A state. `says`: what is written there, as the model is told. `answer`: its content ends the run, and goes to the world."""

    name: str
    prefix: str
    source: Literal["model", "environment"] = "model"
    content: Content = "text"
    says: str = ""
    answer: bool = False
    options: tuple[str, ...] = ()
    pattern: str = ""
    schema: dict[str, Any] = {}
    stop: str = "\n"
    limit: int = 160


class Segment(NamedTuple):
    """One state of a transcript with its content; the state "" is text under no prefix."""

    state: str
    content: str


class Context(NamedTuple):
    """What contents depend on: the tools there are, the one named last, and what was observed so far.

    `seen` may hold what was to be read at the start; it does for observations until there is one.
    """

    tools: tuple[Tool, ...] = ()
    tool: str = ""
    seen: str = ""
    observed: bool = False

    def after(self, state: State, content: str) -> Context:
        """The context once a state is written."""
        if state.content == "tool":
            return self._replace(tool=content)
        if state.source == "environment":
            return self._replace(seen=f"{self.seen} {content}" if self.observed else content, observed=True)
        return self


class Wrong(NamedTuple):
    """The first violation of a transcript: its position, and why."""

    position: int
    why: str

    def __str__(self) -> str:
        return f"position {self.position + 1}: {self.why}"


class Protocol(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """States, a formula over their names, and example transcripts, each after a line `Instruction: ...`."""

    summary: str
    formula: str
    states: tuple[State, ...]
    source: str = ""
    examples: tuple[str, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, State]:
        """The states by name."""
        return {state.name: state for state in self.states}

    @cached_property
    def automaton(self) -> Automaton:
        """The automaton of the formula over the states; raises ValueError for a formula that no transcript keeps."""
        automaton = Automaton(parse(self.formula, list(self.by_name)), self.by_name)
        if automaton.empty:
            raise ValueError(f"no transcript can keep the formula {self.formula!r}")
        return automaton

    def also(self, formula: str) -> Protocol:
        """The protocol with a further condition."""
        return msgspec.structs.replace(self, formula=f"({self.formula}) and ({formula})") if formula else self

    def check(self, segments: Sequence[Segment], context: Context | None = None, complete: bool = True) -> Wrong | None:
        """The first violation of a transcript, in its order or in a content; `context` where contents are to be checked."""
        broken = self.automaton.run([segment.state for segment in segments], complete)
        for position, (name, content) in enumerate(segments[: broken.position] if broken else segments):
            state = self.by_name[name]
            if context is not None:
                if state.source == "model" and not fits(state, content, context):
                    return Wrong(position, f"{content[:80]!r} does not do for {name} ({state.content})")
                context = context.after(state, content)
        if broken is None:
            return None
        expected = " or ".join(broken.allowed) or "the end"
        return Wrong(broken.position, f"{broken.state or 'the end, or text under no prefix'} where {expected} should be")

    def split(self, text: str, inside: str = "") -> list[Segment]:
        """A text cut at the prefixes that begin its lines; what stands before the first belongs to `inside`.

        A prefix within a content that ends with a stop string of its own is content.
        """
        segments: list[Segment] = []
        at, name = 0, inside
        while True:
            stop = self.by_name[name].stop if name else "\n"
            ends = len(text)
            if stop != "\n" and (found := text.find(stop, at)) >= 0:
                found += len(stop)
            else:
                found = at
            begin = self._prefixes.search(text, found)
            ends = begin.start() if begin else len(text)
            content = text[at:ends].strip().removesuffix(stop).strip()
            if content or name != inside:
                segments.append(Segment(name, content))
            if not begin:
                return segments
            at, name = begin.end(), self._named[begin[1]]

    @cached_property
    def _named(self) -> dict[str, str]:
        return {state.prefix: state.name for state in self.states}

    @cached_property
    def _prefixes(self) -> re.Pattern[str]:
        prefixes = sorted(self._named, key=len, reverse=True)
        return re.compile(rf"^[ \t]*({'|'.join(map(re.escape, prefixes))})", re.MULTILINE)

    def write(self, segments: Iterable[Segment]) -> str:
        """A transcript as text."""
        lines: list[str] = []
        for name, content in segments:
            state = self.by_name.get(name)
            stop = state.stop if state and state.stop != "\n" else ""
            lines.append(f"{state.prefix if state else ''} {content}{stop}".strip())
        return "\n".join(lines)

    def describe(self) -> str:
        """What a model is told: what the lines are."""
        mine = (state for state in self.states if state.source == "model")
        said = "\n".join(f"{state.prefix} {state.says or state.name.lower()}" for state in mine)
        given = [state.prefix for state in self.states if state.source == "environment"]
        return f"Write lines that begin with one of these:\n{said}" + (f"\nYou are given {', '.join(given)}" if given else "")

    def example(self, number: int) -> tuple[str, list[Segment]]:
        """The instruction and the segments of an example."""
        first, _, rest = self.examples[number].strip().partition("\n")
        return first.removeprefix("Instruction:").strip(), self.split(rest)


def options(state: State, context: Context) -> tuple[str, ...] | None:
    """The contents that a state may have, where they can be listed; None where they cannot."""
    if state.content == "options":
        return state.options
    if state.content == "tool":
        return tuple(tool.name for tool in context.tools)
    if state.content == "seen":
        words = context.seen.split()[-RECENT:]
        spans = {" ".join(words[i : i + n]) for i in range(len(words)) for n in range(1, min(FEW_WORDS, len(words) - i) + 1)}
        return tuple(sorted({form for span in spans for form in (span, span.strip(".,;:!?\"'()")) if form}))
    return None


def fits(state: State, content: str, context: Context) -> bool:
    """Whether a content is one that the state may have."""
    if (listed := options(state, context)) is not None:
        return content in listed
    if state.content == "pattern":
        return re.fullmatch(state.pattern, content) is not None
    if state.content in ("schema", "arguments"):
        return not misfit(content, schema_of(state, context))
    return bool(content) and (state.content == "action" or len(content) <= state.limit)


def schema_of(state: State, context: Context) -> dict[str, Any]:
    """The JSON schema of a state's content."""
    if state.content == "schema":
        return state.schema
    tool = next((tool for tool in context.tools if tool.name == context.tool), None)
    return tool.parameters if tool else {"type": "object"}


def misfit(content: str, schema: dict[str, Any]) -> str:
    """Why a text is no JSON of this schema (an object's names and types are looked at); "" where it is."""
    try:
        value = msgspec.json.decode(content)
    except msgspec.DecodeError as error:
        return f"is no JSON ({error})"
    if schema.get("type") != "object":
        return calls.mismatch(value, schema)
    if not isinstance(value, dict):
        return "is no object"
    try:
        calls.check(calls.Call("it", value), [Tool("it", "", schema)])  # pyright: ignore[reportUnknownArgumentType]
    except ValueError as error:
        return str(error)
    return ""


def shipped() -> list[str]:
    """The names of the protocols that come along."""
    folder = resources.files("dutiful.kit.ltlf") / "protocols"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


def load(formula: str) -> Protocol:
    """A protocol: one that comes along, by name; a TOML file's; or a formula alone, whose states have their usual meaning.

    Raises ValueError.
    """
    if formula in shipped():
        return read((resources.files("dutiful.kit.ltlf") / "protocols" / f"{formula}.toml").read_text("utf-8"))
    if formula.endswith(".toml"):
        if not Path(formula).is_file():
            raise ValueError(f"there is no file {formula!r}; the protocols that come along are {', '.join(shipped())}")
        return read(Path(formula).read_text("utf-8"))
    if re.fullmatch(r"[\w.-]+", formula):
        raise ValueError(f"no protocol is called {formula!r}; there are {', '.join(shipped())}, or write a formula")
    names = sorted(atoms(parse(formula)))
    return Protocol(f"own: {formula}", formula, tuple(USUAL.get(name, State(name, f"{name}:")) for name in names))


def read(text: str) -> Protocol:
    """A protocol from its TOML; raises ValueError, with the first violation where an example breaks the formula."""
    try:
        protocol = msgspec.convert(tomllib.loads(text), Protocol)
    except msgspec.ValidationError as error:
        raise ValueError(f"the protocol cannot be read: {error}") from error
    if len(protocol.by_name) < len(protocol.states) or len({state.prefix for state in protocol.states}) < len(protocol.states):
        raise ValueError("two states of the protocol share a name or a prefix")
    for number in range(len(protocol.examples)):
        if wrong := protocol.check(protocol.example(number)[1]):
            raise ValueError(f"example {number + 1} breaks the formula at {wrong}")
    return protocol


USUAL = {
    "Action": State("Action", "Action:", content="action", says="the next action"),
    "Observation": State("Observation", "Observation:", source="environment"),
    "Answer": State("Answer", "Answer:", says="the final answer", answer=True),
}
"""States that a formula alone may name; any other name is a state of free text whose prefix is the name."""
