"""Tasks in words: from every step spelled out to what is merely wished for.

exact   the tools by name, step by step
plain   what is to be done, in one or a few sentences
loose   what is wished for: the words for the deed are left out, and must be inferred
Sentences around the goals are kept apart by split.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

import msgspec

from dutiful.worlds.tools.draws import Branch, Every, Field, Goal, Literal, Pick, Question, Source, Step, Values
from dutiful.worlds.tools.language import Domain, Function, Kind

LEVELS = ("exact", "plain", "loose")

FRAMES: Mapping[str, tuple[str, ...]] = {
    "train": ("{}.", "Please {}.", "I need you to {}.", "Could you {}?", "Your task: {}."),
    "validation": ("Would you {}?", "Kindly {}."),
    "test": ("I would like you to {}.", "Can you {} for me?", "Here is what I want: {}."),
}
JOINTS: Mapping[str, tuple[str, ...]] = {
    "train": (", then ", " and then ", "; after that ", ", and also "),
    "validation": ("; next, ",),
    "test": ("; once that is done, ", ", and afterwards "),
}
ASKS: Mapping[str, tuple[str, ...]] = {
    "train": ("tell me {}", "find out {}", "let me know {}"),
    "validation": ("report {}",),
    "test": ("say {}", "look up {}"),
}
_PLACE = re.compile(r"\{(\w+)\}")
_OPTIONAL = re.compile(r"\[([^\]]*)\]")


class Words:
    """The words for what was drawn in one domain."""

    def __init__(self, domain: Domain, random: Random, split: str, steps: Sequence[Step]):
        self.domain, self.random, self.split, self.steps = domain, random, split, list(steps)
        self.met: dict[str, set[str]] = {}  # noun -> the records of that kind that came up

    def say(self, goals: Sequence[Goal], level: str) -> str:
        """The instruction."""
        if level == "exact":
            return self.exact(goals)
        said = [self.goal(goal, level) for goal in goals]
        if level == "loose":
            whole = " ".join(_sentence(each) for each in said)
            return whole
        frame = "{}." if isinstance(goals[0], Branch) and not goals[0].procedure else self.random.choice(FRAMES[self.split])
        return _capital(frame.format(self.random.choice(JOINTS[self.split]).join(said)))

    def goal(self, goal: Goal, level: str) -> str:
        if isinstance(goal, Question):
            asked = self.question(goal)
            asked = asked.replace(" there are", " are there") if goal.how == "count" and level == "loose" else asked
            return f"{asked}?" if level == "loose" else self.random.choice(ASKS[self.split]).format(asked)
        if isinstance(goal, Branch) and goal.procedure:
            it = self.source(next(iter(goal.left.step.arguments.values())))
            return self.random.choice(goal.procedure.do).format(it=it)
        if isinstance(goal, Branch):
            kind = self.kind(goal.left)
            right = kind.said.format(goal.right) if "enum" not in kind.schema else f'"{goal.right}"'
            how = {"==": "is", "<": "is below", ">": "is above"}[goal.test]
            return (
                f"if {self.source(goal.left)} {how} {right}, {self.deed(goal.then, level)}; "
                f"otherwise {self.deed(goal.otherwise, level)}"
            )
        return self.deed(goal.step, level)

    def deed(self, step: Step, level: str) -> str:
        function = step.function
        template = self.random.choice(function.hint if level == "loose" and function.hint else function.do)
        return self.fill(template, step)

    def fill(self, template: str, step: Step, each: str = "") -> str:
        """A template with what the arguments are called; what stands in [brackets] goes with arguments that are not given.

        each: what stands before an argument that takes several values.
        """

        def kept(match: re.Match[str]) -> str:
            inner = match.group(1)
            return inner if all(name in step.arguments for name in _PLACE.findall(inner)) else ""

        def filled(match: re.Match[str]) -> str:
            source = step.arguments[match.group(1)]
            return f"{each if isinstance(source, Values) else ''}{self.source(source)}"

        return _PLACE.sub(filled, _OPTIONAL.sub(kept, template))

    def kind(self, field: Field) -> Kind:
        return self.domain.kinds[field.step.function.gives[field.field]]

    def label(self, function: Function, field: str) -> str:
        kind = self.domain.kinds[function.gives[field]]
        return kind.label or field.removesuffix("_id").replace("_", " ")

    def source(self, source: Source) -> str:
        """What an argument is called."""
        if isinstance(source, Literal):
            kind = self.domain.kinds[source.kind]
            self.met.setdefault(kind.label, set()).add(str(source.value))
            return kind.said.format(source.value)
        if isinstance(source, Values):
            self.met.setdefault(self.domain.kinds[source.kind].label, set()).update(map(str, source.values))
            return _list([self.domain.kinds[source.kind].said.format(value) for value in source.values])
        if isinstance(source, Every):
            where = ""
            if source.where:
                where = f' whose {self.label(source.step.function, source.where[0])} is "{source.where[1]}"'
            many = f"the {self.plural(source.step)}{where}"
            if source.field == source.step.function.key:
                return f"each of {many}"
            return f"the {self.label(source.step.function, source.field)} of each of {many}"
        if source.field == source.step.function.key:
            return self.record(source.step)
        label, row = self.label(source.step.function, source.field), source.step.row
        whole = f"the {label} of {self.record(source.step)}"
        self.met.setdefault(label, set()).add(str(row and row[source.field]))
        return whole

    def record(self, step: Step) -> str:
        """The one record that a step gave, or that is meant of several; "that order" once it came up, alone of its kind."""
        noun, key = self.domain.tables[step.function.table].noun, str(step.row and step.row.get(step.function.key))
        named = isinstance(step.arguments.get(step.function.key), Literal) and not step.plural
        if self.met.get(noun) == {key} and not named:
            return f"that {noun}"
        said = self.described(step)
        self.met.setdefault(noun, set()).add(key)
        return said

    def described(self, step: Step) -> str:
        function = step.function
        if function.writes:
            return f"the new {self.domain.tables[function.table].noun}"
        if not step.plural:
            return self.fill(function.np, step)
        assert step.pick is not None
        if function.many:
            return self.best(step, step.pick, self.fill(function.np, step, "any of "))
        return f"the one{self.which(step, step.pick)} among {self.several(step)}"

    def best(self, step: Step, pick: Pick, np: str) -> str:
        order = self.domain.kinds[step.function.gives[pick.by]].order
        adjective = order[pick.most == "highest"] if order and pick.most != "only" else ""
        if adjective and adjective not in ("lowest", "highest"):
            return f"the {adjective} {np}"
        return f"the {np}{self.which(step, pick)}"

    def which(self, step: Step, pick: Pick) -> str:
        label = self.label(step.function, pick.by)
        return f' whose {label} is "{pick.value}"' if pick.most == "only" else f" with the {pick.most} {label}"

    def several(self, step: Step) -> str:
        """Everything that a step gave."""
        if step.function.many and not step.inner:
            return f"the {self.plural(step)}"
        if step.inner:
            return self.best(step, step.inner, self.fill(step.function.np, step, "each of "))
        return self.fill(step.function.np, step)

    def plural(self, step: Step) -> str:
        return self.fill(step.function.plural, step)

    def question(self, goal: Question) -> str:
        step, label = goal.step, self.label(goal.step.function, goal.field)
        if goal.how == "count":
            return f"how many {self.plural(step)} there are"
        if goal.how == "total":
            return f"the sum of the {label} of {self.several(step)}"
        if goal.how == "column":
            one = "" if step.inner or any(isinstance(s, Every) for s in step.arguments.values()) else "each of "
            return f"the {label} of {one}{self.several(step)} (as a list)"
        return f"the {label} of {self.record(step)}"

    # every step by name

    def exact(self, goals: Sequence[Goal]) -> str:
        branches = {id(step): goal for goal in goals if isinstance(goal, Branch) for step in (goal.then, goal.otherwise)}
        lines: list[str] = []
        told: set[int] = set()
        for step in self.steps:
            branch = branches.get(id(step))
            if branch is None:
                lines.append(self.order(step))
            elif id(branch) not in told:
                told.add(id(branch))
                left = f"the {branch.left.field} of {self.one(branch.left.step)}"
                how = {"==": "is", "<": "is below", ">": "is above"}[branch.test]
                lines.append(
                    f"if {left} {how} {_json(branch.right)}, {self.order(branch.then)}; otherwise {self.order(branch.otherwise)}"
                )
        for goal in goals:
            if isinstance(goal, Question):
                lines.append(f"answer with {self.told(goal)}")
        return " ".join(f"{number}. {_capital(line)}." for number, line in enumerate(lines, 1))

    def order(self, step: Step) -> str:
        given = [f"{name} = {self.origin(source)}" for name, source in step.arguments.items()]
        whole = f"call {step.function.name}" + (f" with {', '.join(given)}" if given else "")
        if step.inner:
            whole += f", each time keeping the result with the {step.inner.most} {step.inner.by}"
        return f"{whole}, giving {step.name}"

    def origin(self, source: Source) -> str:
        if isinstance(source, Literal):
            return _json(source.value)
        if isinstance(source, Values):
            return f"each of {', '.join(_json(value) for value in source.values)}"
        if isinstance(source, Every):
            where = f" where {source.where[0]} is {_json(source.where[1])}" if source.where else ""
            return f"the {source.field} of each of {source.step.name}{where}"
        return f"the {source.field} of {self.one(source.step)}"

    def one(self, step: Step) -> str:
        if step.pick is None:
            return step.name
        if step.pick.most == "only":
            return f"the {step.name} whose {step.pick.by} is {_json(step.pick.value)}"
        return f"the {step.name} with the {step.pick.most} {step.pick.by}"

    def told(self, goal: Question) -> str:
        if goal.how == "count":
            return f"how many {goal.step.name} there are"
        if goal.how == "total":
            return f"the sum of the {goal.field} of {goal.step.name}"
        if goal.how == "column":
            return f"the list of the {goal.field} of {goal.step.name}"
        return f"the {goal.field} of {self.one(goal.step)}"


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _list(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sentence(text: str) -> str:
    return _capital(text) if text.endswith("?") else f"{_capital(text)}."
