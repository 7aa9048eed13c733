"""Steps of a task, drawn backwards: a call, what feeds its parameters, what feeds those; each carried out as it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from dutiful.core.records import Json
from dutiful.kit import programs
from dutiful.worlds.tools.draws import (
    Every,
    Field,
    Literal,
    Pick,
    Reject,
    Source,
    Step,
    Values,
    can_repeat,
    chosen,
    kept,
    makes,
    picking,
    plain,
    repeats,
)
from dutiful.worlds.tools.graph import Index
from dutiful.worlds.tools.language import Function, Row, State, ToolError


class Walk:
    """One walk over the tool graph. `state` is a scratch copy and is written to; `body` is the program so far."""

    def __init__(self, index: Index, state: State, random: Random, split: str, loop: bool, branch: bool, procedure: bool = False):
        self.index, self.state, self.random, self.split = index, state, random, split
        self.tables = dict(state.tables)
        self.loop, self.branch, self.procedure = loop, branch or procedure, procedure
        self.steps: list[Step] = []
        self.body: list[programs.Statement] = []
        self.literals: list[Any] = []
        self.numbers = 0

    def build(self, function: Function, budget: int, used: frozenset[str], share: float = 0.5, may_fail: bool = False) -> Step:
        """A call of a function that takes `budget` calls with all that feeds it; carried out. `may_fail`: it may be refused."""
        used = used | {function.name}
        wanted = [p for p in function.takes if p not in function.optional or self.random.random() < 0.5]
        shares = self.distribute(budget - 1, [p for p in wanted if self.index.givers.get(function.takes[p])])
        sources: dict[str, Source] = {}
        for name in wanted:
            sources[name] = self.source(function, name, shares.get(name, 0), used, share, any(map(repeats, sources.values())))
        return self.make(function, sources, may_fail)

    def make(self, function: Function, sources: dict[str, Source], may_fail: bool = False) -> Step:
        """The call itself: carried out, and written into the program."""
        self.numbers += 1
        plural = function.many or any(map(repeats, sources.values()))
        step = Step(function, sources, f"{plain(function)}_{self.numbers}", [], plural)
        try:
            self.carry_out(step)
        except ToolError:
            if not may_fail:
                raise Reject("a tool refuses") from None
        self.emit(step)
        self.steps.append(step)
        return step

    def distribute(self, calls: int, parameters: Sequence[str]) -> dict[str, int]:
        """Parts the calls that are left among the parameters that a tool can feed: often all to one."""
        if calls and not parameters:
            raise Reject("calls are left, and nothing to feed")
        shares = dict.fromkeys(parameters, 0)
        if calls and self.random.random() < 0.7:
            shares[self.random.choice(list(parameters))] = calls
        else:
            for _ in range(calls):
                shares[self.random.choice(list(parameters))] += 1
        return shares

    def source(self, function: Function, name: str, budget: int, used: frozenset[str], share: float, several: bool) -> Source:
        """Where an argument comes from: another tool with `budget` calls, an earlier step, or the user's words."""
        kind = function.takes[name]
        spec = self.index.domain.kinds[kind]
        if not budget:
            shared = [
                Field(step, field)
                for step in self.steps
                if step.row is not None and spec.links
                for field, found in step.function.gives.items()
                if found == kind and step.row.get(field) and (not step.function.writes or makes(step.function, field))
            ]
            if shared and self.random.random() < share:
                return self.random.choice(shared)
            spread = self.loop and not several and spec.links and (function.many or can_repeat(function, name))
            if spread and spec.draw and self.random.random() < 0.3:
                return self.values(kind)
            if spec.draw is None:
                raise Reject(f"nobody says a {kind}")
            value = spec.draw(self.random, self.tables, self.split)
            self.literals.append(value)
            return Literal(kind, value)
        givers = [
            (giver, field)
            for giver, field in self.index.givers[kind]
            if giver.name not in used and (giver.table != function.table or function.many or function.key in function.takes)
        ]
        whole = self.loop and not several and can_repeat(function, name) and self.random.random() < 0.7
        if whole:
            givers = [(giver, field) for giver, field in givers if giver.many]
        if not givers:
            raise Reject(f"no tool is left that gives a {kind}")
        giver, field = self.random.choice(givers)
        step = self.build(giver, budget, used)
        if whole and self.loop and step.plural and not step.inner:
            return self.every(step, field)
        if step.plural:
            self.pick(step)
        return Field(step, field)

    def values(self, kind: str) -> Values:
        """Two or three different values for a loop."""
        draw = self.index.domain.kinds[kind].draw
        assert draw is not None
        drawn = dict.fromkeys(draw(self.random, self.tables, self.split) for _ in range(self.random.choice((2, 3)) + 1))
        if len(drawn) < 2:
            raise Reject("one value is no loop")
        self.loop = False
        values = tuple(list(drawn)[:3])
        self.literals.extend(values)
        return Values(kind, values)

    def every(self, step: Step, field: str) -> Every:
        """Everything that a step gave, or what has a certain value in a field."""
        self.loop = False
        where = None
        kinds = self.index.domain.kinds
        rows = step.rows
        parted = [
            f for f, kind in step.function.gives.items() if "enum" in kinds[kind].schema and len({row[f] for row in rows}) > 1
        ]
        if parted and self.random.random() < 0.6:
            by = self.random.choice(parted)
            where = (by, self.random.choice(sorted({row[by] for row in rows})))
            rows = [row for row in rows if row[by] == where[1]]
        found = [row[field] for row in rows]
        if not 2 <= len(found) <= 5 or len(set(found)) < len(found):
            raise Reject("no loop over so few, so many, or the same twice")
        return Every(step, field, where)

    def pick(self, step: Step) -> None:
        """Chooses which of a list is meant, so that it is one and no other."""
        if step.row is not None:
            return
        if len(step.rows) < 2:
            raise Reject("nothing to pick from")
        step.pick = step.inner or self.choice(step, step.rows, ("lowest", "highest", "only"))
        if step.inner and sum(row[step.inner.by] == chosen(step.rows, step.inner)[step.inner.by] for row in step.rows) > 1:
            raise Reject("two are the best of all")
        step.row = chosen(step.rows, step.pick)
        if step.pick.most == "only":
            self.literals.append(step.pick.value)
        self.body.append(picking(step.pick, programs.Ref(step.name), self.picked(step)))

    def choice(self, step: Step, rows: list[Row], ways: Sequence[str]) -> Pick:
        kinds, picks = self.index.domain.kinds, list[Pick]()
        for field, name in step.function.gives.items():
            values, kind = [row[field] for row in rows], kinds[name]
            if kind.order:
                picks += [
                    Pick(field, most)
                    for most, best in (("lowest", min(values)), ("highest", max(values)))
                    if values.count(best) == 1
                ]
            elif (kind.ask or "enum" in kind.schema) and "only" in ways:
                picks += [Pick(field, "only", value) for value in values if values.count(value) == 1][:1]
        picks = [pick for pick in picks if pick.most in ways]
        if not picks:
            raise Reject("nothing tells them apart")
        return self.random.choice(picks)

    @staticmethod
    def picked(step: Step) -> str:
        """The variable of the one that is meant."""
        return f"{step.name}_chosen" if step.pick else step.name

    def carry_out(self, step: Step) -> None:
        """Makes the call (or the calls) on the state; every change must change something."""
        before = dict(self.state.tables)
        for given in self.argument_sets(step):
            earlier = dict(self.state.tables)
            result = step.function.body(self.state, {**step.function.optional, **given})
            if step.function.writes and earlier == self.state.tables:
                raise Reject("nothing would change")
            if step.function.many and step.plural and any(isinstance(s, Values) for s in step.arguments.values()):
                if len(result) < 2:
                    raise Reject("nothing to pick from in one of the rounds")
                step.inner = step.inner or self.choice(step, result, ("lowest", "highest"))
                best = chosen(result, step.inner)
                if sum(row[step.inner.by] == best[step.inner.by] for row in result) > 1:
                    raise Reject("two are the best of a round")
                step.rows.append(best)
            elif step.function.many:
                step.rows.extend(result)
            else:
                step.rows.append(result)
        if not step.rows or (step.function.writes and before == self.state.tables):
            raise Reject("nothing came of it")
        if not step.plural:
            step.row = step.rows[0]

    def argument_sets(self, step: Step) -> list[Json]:
        """The arguments of every round: one, or one for each item."""
        rounds: list[Json] = [{}]
        for name, source in step.arguments.items():
            if isinstance(source, Literal):
                values: Sequence[Any] = (source.value,)
            elif isinstance(source, Values):
                values = source.values
            elif isinstance(source, Every):
                values = [row[source.field] for row in kept(source)]
            else:
                assert source.step.row is not None
                values = (source.step.row[source.field],)
            rounds = [{**given, name: value} for given in rounds for value in values]
        return rounds

    def emit(self, step: Step) -> None:
        """Writes the step into the program."""
        arguments: Json = {}
        loop: tuple[str, Any] | None = None
        for name, source in step.arguments.items():
            if isinstance(source, Literal):
                arguments[name] = source.value
            elif isinstance(source, Field):
                arguments[name] = programs.Ref(self.picked(source.step), (source.field,))
            elif isinstance(source, Values):
                arguments[name], loop = programs.Ref(name), (name, list(source.values))
            else:
                over = programs.Ref(source.step.name)
                if source.where:
                    by, value = source.where
                    over = programs.Ref(f"{source.step.name}_kept")
                    self.body.append(programs.Where(programs.Ref(source.step.name), by, "==", value, over.name))
                arguments[name], loop = programs.Ref("item", (source.field,)), ("item", over)
        if loop is None:
            self.body.append(programs.Call(step.function.name, arguments, step.name))
        elif step.function.writes:
            self.body.append(programs.Each(*loop, (programs.Call(step.function.name, arguments),)))
        else:
            found = f"{step.name}_found"
            inner: list[programs.Statement] = [programs.Call(step.function.name, arguments, found)]
            if step.inner:
                inner.append(picking(step.inner, programs.Ref(found), f"{step.name}_best"))
                found = f"{step.name}_best"
            self.body.append(programs.Each(*loop, (*inner, programs.Collect(programs.Ref(found), step.name))))
