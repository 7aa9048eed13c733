"""Tasks by sampling the tool graph: goals first, then backwards to what feeds them, until the calls are spent.

1. `depth` calls are parted among one or more goals: a tool that changes something, a question, or a choice between two changes.
2. A goal's parameters are fed by a result of its kind: a tool that gives it takes the calls that are left for it, and so on;
   a parameter with none left takes the result of an earlier call (so that paths join) or a value that the user says.
3. Each call is carried out at once on the state, so that lists are not empty and a choice ("the cheapest") is unique; what fails
   is thrown away and drawn again.
The random walk over typed links, with joins, is TaskBench's (arXiv 2311.18760), drawn backwards from the goal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dutiful.kit import programs
from dutiful.worlds.tools.draws import Branch, Change, Field, Goal, Literal, Question, Reject, Sampled, Source, Step
from dutiful.worlds.tools.language import Procedure, State
from dutiful.worlds.tools.walk import Walk


class Sampler(Walk):
    """One draw. `state` is a scratch copy and is written to; raises Reject."""

    def draw(self, depth: int, answer: bool) -> Sampled:
        """A task of `depth` calls; its last goal is a question if `answer`."""
        parts = self.parts(depth)
        if self.branch and answer and len(parts) < 2:
            parts = [depth - 1, 1]
        free = parts[:-1] if answer else parts
        places = [number for number, budget in enumerate(free) if budget > 1] if self.branch else []
        if self.branch and not places:
            raise Reject("a branch takes two calls")
        at = self.random.choice(places) if places else -1
        goals: list[Goal] = []
        for number, budget in enumerate(parts):
            last = number == len(parts) - 1
            if number == at:
                goals.append(self.follow(budget) if self.procedure else self.choose(budget))
            elif last and answer:
                goals.append(self.ask(budget))
            else:
                goals.append(Change(self.change(budget)))
        if self.loop or self.branch:
            raise Reject("the loop or the branch found no place")
        return Sampled(goals, programs.Program(tuple(self.body)), self.steps)

    def parts(self, depth: int) -> list[int]:
        """The calls of each goal: one goal for up to three calls most of the time, more for more."""
        parts: list[int] = []
        while depth:
            most = min(depth, 4)
            part = most if self.random.random() < 0.7 else self.random.randint(1, most)
            parts.append(part)
            depth -= part
        self.random.shuffle(parts)
        return parts

    def change(self, budget: int) -> Step:
        """A tool that changes something."""
        return self.build(self.random.choice(self.index.writers), budget, frozenset())

    def ask(self, budget: int) -> Question:
        """A question on what a tool shows."""
        function = self.random.choice(self.index.readers)
        step = self.build(function, budget, frozenset())
        kinds = self.index.domain.kinds
        fields = [f for f, kind in function.gives.items() if kinds[kind].ask and f not in function.takes]
        how = "field"
        if step.plural:
            ways = ["column", "count"] if function.many and not step.inner else ["column"]
            ways += ["total"] if any(kinds[function.gives[f]].schema.get("type") in ("number", "integer") for f in fields) else []
            how = self.random.choice([*ways, "field"])
            if len(step.rows) < 2:
                raise Reject("too few to ask for")
        if how == "total":
            fields = [f for f in fields if function.gives[f] in ("money", "amount")]
        if how == "field" and step.plural:
            self.pick(step)
            fields = [f for f in fields if step.pick and f != step.pick.by]
        if not fields:
            raise Reject("nothing to ask for")
        field = self.random.choice(fields)
        ref = programs.Ref(step.name)
        if how == "field":
            value: Any = programs.Ref(self.picked(step), (field,))
            if step.row is None or step.row[field] in self.literals or step.row[field] in (None, ""):
                raise Reject("the answer stands in the question")
        else:
            value = {"column": programs.Column(ref, field), "total": programs.Total(ref, field), "count": programs.Count(ref)}[
                how
            ]
        self.body.append(programs.Answer(value))
        return Question(step, how, field)

    def choose(self, budget: int) -> Branch:
        """Reads something, and does one of two things as it turns out."""
        step = self.build(self.random.choice(self.index.readers), budget - 1, frozenset())
        if step.plural:
            self.pick(step)
        assert step.row is not None
        kinds = self.index.domain.kinds
        fields = [f for f, k in step.function.gives.items() if f not in step.arguments and kinds[k].decides]
        if not fields:
            raise Reject("nothing to decide by")
        field = self.random.choice(fields)
        kind, value = kinds[step.function.gives[field]], step.row[field]
        if step.pick and step.pick.most == "only" and step.pick.by == field:
            raise Reject("the field is given")
        if "enum" in kind.schema:
            test, right = "==", value if self.random.random() < 0.5 else self.random.choice(kind.schema["enum"])
        else:
            test, right = self.random.choice(("<", ">")), self.near(value)
        return self.fork(Field(step, field), test, right, self.either, self.either)

    def follow(self, budget: int) -> Branch:
        """A case that a procedure of the domain decides."""
        functions = self.index.domain.functions
        procedure = self.random.choice(self.index.domain.procedures)
        reader = functions[procedure.reads]
        step = self.build(reader, budget - 1, frozenset())
        if step.plural:
            raise Reject("a procedure is about one record")
        it = step.arguments[next(iter(reader.takes))]

        def way(said: tuple[str, Mapping[str, Any]]) -> Callable[[Step, Step | None], Step]:
            function = functions[said[0]]

            def source(name: str, value: Any) -> Source:
                if value == "$it":
                    return it
                return Field(step, value[1:]) if str(value).startswith("$") else Literal(function.takes[name], value)

            sources = {name: source(name, value) for name, value in said[1].items()}
            return lambda step, besides: self.make(function, sources, may_fail=besides is not None)

        left = Field(step, procedure.field)
        return self.fork(left, procedure.test, procedure.value, way(procedure.then), way(procedure.otherwise), procedure)

    def fork(
        self,
        left: Field,
        test: str,
        right: Any,
        then: Callable[[Step, Step | None], Step],
        otherwise: Callable[[Step, Step | None], Step],
        procedure: Procedure | None = None,
    ) -> Branch:
        """Goes the way that the test says, and tries the other, which is not carried out."""
        self.branch = False
        step = left.step
        assert step.row is not None
        holds = programs.TESTS[test](step.row[left.field], right)
        state, before = self.state, dict(self.state.tables)
        outer, self.body = self.body, []
        done = (then if holds else otherwise)(step, None)
        first, self.body = self.body, []
        self.steps.remove(done)
        self.state = State(before, state.specs)
        other = (otherwise if holds else then)(step, done)
        self.steps[-1], self.state = done, state
        second, self.body = self.body, outer
        done.row = None  # what only one way gives is not for later steps
        bodies = (tuple(first), tuple(second)) if holds else (tuple(second), tuple(first))
        self.body.append(programs.If(programs.Ref(self.picked(step), (left.field,)), test, right, *bodies))
        return Branch(left, test, right, *((done, other) if holds else (other, done)), procedure)

    def either(self, step: Step, besides: Step | None) -> Step:
        """One of two ways, which has to do with what a step gave; another one than `besides`, and then it may be refused."""
        given = {kind for kind in step.function.gives.values() if self.index.domain.kinds[kind].links}
        writers = [w for w in self.index.writers if given & set(w.takes.values()) and not (besides and w is besides.function)]
        if not writers:
            raise Reject("nothing to do about it")
        way = self.build(self.random.choice(writers), 1, frozenset(), share=1.0, may_fail=besides is not None)
        if not any(isinstance(source, Field) for source in way.arguments.values()):
            raise Reject("it has nothing to do with what was read")
        return way

    def near(self, value: float) -> float:
        """A round number below or above a value."""
        factor = self.random.choice((0.5, 0.75, 1.25, 1.5))
        found = round(value * factor)
        return found if found != value else found + 1
