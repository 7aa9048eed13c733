"""A requirement on an answer as a type: what is asked for, how it is worded, and how code tells whether it is met.

A `Rule` is one requirement with its parameters, a record: `WordsAtMost(n=80)`. It stands in a task as a `Constraint` (kind,
parameters, wording), and `rule(constraint)` gives it back. A type says four things:

- `check(text)`: is it met, and where is it broken;
- `finish(text)`: how could a text that breaks off here still meet it: a continuation after which `check` passes, "" when it
  passes already, None when no continuation can help. So `finish` is at once the prefix check (None: dead), the stopping check
  ("": may end) and the proof (the witness). It is what steers decoding;
- `mend(text, random)`: the text changed as little as can be, so that it is met;
- `wordings`: how a user asks for it. The first is the plainest; all of them can be parsed back.
"""

from __future__ import annotations

import random as randomness
from typing import Any, ClassVar, NamedTuple, Self, cast

import msgspec

from dutiful.core.errors import SpecError, UnknownPart
from dutiful.core.records import Constraint


class Finding(NamedTuple):
    """What a check came to. `evidence` says what was counted or found; `spans` are (start, end) of the characters that break it."""

    passed: bool
    evidence: str
    spans: tuple[tuple[int, int], ...] = ()


class Rule(msgspec.Struct, frozen=True):
    """Base of all types. Fields are the parameters (int, float, str, bool, tuples of those), without defaults where there is none.

    kind: the name of the type. family: length, lexical, format, structure, punctuation, case, language, position, arithmetic
    or compound. category, subtype: MulDimIF's axes: content, format, language or length, and a sub-type of it.
    wordings: templates over the parameters, `{n}`; a list is shown as "a, b and c".
    languages: of the texts that it makes sense for. steers: whether `finish` tells anything (else only at the end, by `check`).
    same_as: the type of IFEval or IFBench (package if-verifiable) that asks the same, "ifeval:length_constraints:number_words".
    """

    kind: ClassVar[str]
    family: ClassVar[str]
    category: ClassVar[str]
    subtype: ClassVar[str]
    wordings: ClassVar[tuple[str, ...]]
    languages: ClassVar[tuple[str, ...]] = ("en",)
    steers: ClassVar[bool] = True
    same_as: ClassVar[str] = ""

    def check(self, text: str) -> Finding:
        """Whether the text meets it, in under 1 ms for a page. An empty text meets nothing but an upper bound."""
        raise NotImplementedError

    def finish(self, text: str) -> str | None:
        """The shortest continuation at hand after which it is met: "" if it is met, None if none can help.

        May be called after every token, so it must be cheap. A type with `steers = False` leaves it as it is here.
        """
        return "" if self.check(text).passed else None

    def mend(self, text: str, random: randomness.Random) -> str:
        """The text changed as little as can be so that it is met. Default: finished; raises ValueError where that cannot be."""
        end = self.finish(text)
        if end is None:
            raise ValueError(f"{self.kind} cannot mend {text[:60]!r}")
        return text + end

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        """One with parameters drawn as a user might ask; never such that nothing can meet it."""
        raise NotImplementedError

    def opposes(self, other: Rule) -> str:
        """Why no text can meet both, or "". Asked in both directions, so it is enough that one of the two types knows."""
        return ""

    def wording(self, index: int = 0) -> str:
        """The requirement in a user's words: one of `wordings`, filled in."""
        return self.wordings[index % len(self.wordings)].format(**{k: shown(v) for k, v in self.params().items()})

    def peer(self) -> dict[str, Any]:
        """What the type `same_as` takes for these parameters: the keyword arguments of its `build_description`."""
        return {}

    def params(self) -> dict[str, Any]:
        """The parameters by name."""
        return msgspec.structs.asdict(self)

    def constraint(self, index: int = 0) -> Constraint:
        """The record that stands in a task."""
        return Constraint(self.kind, msgspec.to_builtins(self), self.wording(index))


def shown(value: Any) -> str:
    """A parameter as it stands in a wording: a list as "a, b and c"."""
    if isinstance(value, tuple):
        items = [str(item) for item in cast("tuple[object, ...]", value)]
        return ", ".join(items[:-1]) + f" and {items[-1]}" if len(items) > 1 else "".join(items)
    return str(value)


class Registry(dict[str, type[Rule]]):
    """The types by kind."""

    def rule(self, constraint: Constraint) -> Rule:
        """The rule that a constraint names; raises UnknownPart, or SpecError for parameters that do not fit."""
        if constraint.kind not in self:
            raise UnknownPart("constraint", constraint.kind, self)
        try:
            return msgspec.convert(constraint.params, self[constraint.kind])
        except (msgspec.ValidationError, ValueError) as error:
            raise SpecError(f"constraint {constraint.kind} with {constraint.params}: {error}") from error
