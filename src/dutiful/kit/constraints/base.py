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
    """What a check came to. `evidence`: what was counted or found. `spans`: (start, end) of the characters that break it."""

    passed: bool
    evidence: str
    spans: tuple[tuple[int, int], ...] = ()


class Rule(msgspec.Struct, frozen=True):
    """Base of all types. Fields are the parameters (int, float, str, bool, tuples of those), without defaults.

    kind: the name of the type. family: length, lexical, format, structure, punctuation, case, language, position, arithmetic
    or compound. category, subtype: MulDimIF's axes: content, format, language or length, and a sub-type of it.
    wordings: templates over the parameters, `{n}`; a list is shown as "a, b and c". wordings_zh: the same in Chinese, where the
    type makes sense for Chinese texts; a list is shown as "甲、乙和丙", and values that have a Chinese name in `names_zh` by it.
    languages: of the texts that it makes sense for. steers: whether `finish` tells anything (else only at the end, by `check`).
    same_as: the type of IFEval or IFBench (package if-verifiable) that asks the same, "ifeval:length_constraints:number_words".
    """

    kind: ClassVar[str]
    family: ClassVar[str]
    category: ClassVar[str]
    subtype: ClassVar[str]
    wordings: ClassVar[tuple[str, ...]]
    wordings_zh: ClassVar[tuple[str, ...]] = ()
    names_zh: ClassVar[dict[str, str]] = {}
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
        """One with parameters drawn as a user might ask; never such that nothing can meet it. Default: there are none to draw."""
        if cls.__struct_fields__:
            raise NotImplementedError
        return cls()

    def opposes(self, other: Rule) -> str:
        """Why no text can meet both, or "". Asked in both directions, so it is enough that one of the two types knows."""
        return ""

    def wording(self, index: int = 0, language: str = "en") -> str:
        """The requirement in a user's words: one of `wordings`, or in "zh" of `wordings_zh`, filled in.

        Raises ValueError for a language that the type has no wordings in.
        """
        found = {"en": self.wordings, "zh": self.wordings_zh}.get(language, ())
        if not found:
            raise ValueError(
                f"{self.kind} has no wordings in {language!r}; there are some in: en{', zh' * bool(self.wordings_zh)}"
            )
        params = self.params()
        if language == "zh":
            params = {name: self.names_zh.get(str(value), value) for name, value in params.items()}
        return found[index % len(found)].format(**{name: shown(value, language) for name, value in params.items()})

    def peer(self) -> dict[str, Any]:
        """What the type `same_as` takes for these parameters: the keyword arguments of its `build_description`."""
        return {}

    def params(self) -> dict[str, Any]:
        """The parameters by name."""
        return msgspec.structs.asdict(self)

    def constraint(self, index: int = 0, language: str = "en") -> Constraint:
        """The record that stands in a task."""
        return Constraint(self.kind, msgspec.to_builtins(self), self.wording(index, language))


def shown(value: Any, language: str = "en") -> str:
    """A parameter as it stands in a wording: a list as "a, b and c", or "a、b和c" in Chinese."""
    if isinstance(value, tuple):
        items = [str(item) for item in cast("tuple[object, ...]", value)]
        comma, last = ("、", "和") if language == "zh" else (", ", " and ")
        return comma.join(items[:-1]) + last + items[-1] if len(items) > 1 else "".join(items)
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
