"""A model that plays planner, thinker, coder and reviewer on the gold plan, and takes one tool for another at a measured rate."""

from __future__ import annotations

import functools
import json
import random
import re
import zlib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from dutiful.core.errors import ModelFailure
from dutiful.core.model import Choice, Completion, Format, Model, Sampling
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Source
from dutiful.core.world import World
from dutiful.kit import programs
from dutiful.kit.calls import Call
from dutiful.kit.notations import Written, value_of
from dutiful.kit.programs import Program
from dutiful.models.caller import exchanges
from dutiful.models.scripted import Scripted

STORED = Path(__file__).with_name("experts_curve.json")
"""The rate of confusion by the number of tools, as the embedded model has it (`python -m dutiful.claims.poact_curve`)."""
ALIKE = 3
"""A tool is taken for one of so many that are visible and named most like it."""
FINISH = "finish"
_ROLE = re.compile(r"You are the (\w+)\b")
_TOOL = re.compile(r"^(\w+)\((\w*)[^\n]*?\): ", re.MULTILINE)


class Hop(NamedTuple):
    """One call of a chain: what it is for, the statements up to the next call, the value that leads on."""

    need: str
    statements: tuple[programs.Statement, ...]
    leads: Any

    @property
    def call(self) -> programs.Call:
        first = self.statements[0]
        assert isinstance(first, programs.Call)
        return first

    @property
    def label(self) -> str:
        """What stands before its value where it was printed."""
        return f"{self.call.into}:"


class Experts(Model):
    """Deterministic, no weights: knows the gold program of a world whose programs are chains, and what each call is for.

    - Planner: the steps, or those that are still to do. Thinker: DONE once the step's value was printed (so it goes with
      `codeact` alone), else what is needed.
    - Coder, and whoever is asked without a role: the next `block` calls of the program (0: all) as Python that prints what leads
      on, or the next call in the world's notation; the answer is a message of its own. What is done is read in the prompt. Told
      to say what it needs next, it does.
    - Where the prompt shows n tools, each written call is with probability rate(n) * `confusion` made of another: one of the 3
      that are visible and named most alike, given the same value. Not shown the right tool, it always takes another. An error, or
      a result without the field that leads on, is seen, and the call written anew; a wrong value in the right field is not.
    - Reviewer: whether the step called the gold tools for its sub-goal. It says no to a bad step with probability `recall`, to a
      good one so often that of its noes the share `precision` is right where good and bad steps are as many.

    rate(n) is the embedded model's, stored in experts_curve.json. The draws follow from the episode's seed, the number of the
    question and the prompt. Words are tokens.
    """

    card = Card(
        kind="model",
        name="experts",
        system="122",
        summary="plans, thinks, writes and reviews on the gold plan; takes a tool for one like it at a measured rate; no weights",
        capabilities=frozenset({"deterministic"}),
    )

    def __init__(self, confusion: float = 1.0, recall: float = 0.8, precision: float = 0.9, block: int = 1):
        if confusion < 0 or not 0 <= recall <= 1 or not 0 < precision <= 1 or recall * (1 - precision) > precision or block < 0:
            raise ValueError(
                f"experts: confusion={confusion}, recall={recall}, precision={precision}, block={block}; expected 0 or more, "
                "shares from 0 to 1 with recall * (1 - precision) <= precision, and 0 or more calls a block"
            )
        self.confusion, self.recall, self.precision, self.block = confusion, recall, precision, block
        self._world: World | None = None
        self._seed = self._asked = 0

    def bind(self, world: World, seed: int) -> Experts:
        bound = Experts(self.confusion, self.recall, self.precision, self.block)
        bound._world, bound._seed = world, seed
        return bound

    def generate(self, prompt: Prompt, sampling: Sampling = Sampling(), constraint: Format | None = None) -> Completion:
        draw, found = self._draw(prompt), _ROLE.match(prompt[0].text)
        hops = self._hops()
        role = found[1] if found else "coder"
        if role == "planner":
            text = plan(prompt, hops)
        elif role == "thinker":
            text = think(prompt, hops)
        elif isinstance(self._world, Written) and self._world.notation.name != "python":
            text = self._world.notation.write(self._call(prompt, hops, draw), self._world.tools())
        else:
            text = self._code(prompt, hops, draw)
        return Scripted(reply=lambda _: text).generate(prompt, sampling.replace(max_tokens=1 << 20))

    def choose(self, prompt: Prompt, options: Sequence[str], sampling: Sampling = Sampling()) -> Choice:
        if not prompt[0].text.startswith("You are the reviewer") or not {"yes", "no"} <= set(options):
            raise ModelFailure("the experts choose nothing but a reviewer's verdict: use them in a world with tools")
        alarm = self.recall if not serves(prompt, self._hops()) else self.recall * (1 - self.precision) / self.precision
        said = "no" if self._draw(prompt).random() < alarm else "yes"
        return Scripted(reply=lambda _: said).choose(prompt, options, sampling)

    def _draw(self, prompt: Prompt) -> random.Random:
        self._asked += 1
        return random.Random(f"{self._seed}/{self._asked}/{zlib.crc32(prompt.text.encode())}")

    def _hops(self) -> list[Hop]:
        inner: Any = self._world
        while inner is not None and not hasattr(inner, "needs"):
            inner = getattr(inner, "inner", None)
        if inner is None:
            raise ModelFailure(
                f"the experts need a world that says what each call is for, such as tools/registry: {self._world!r}"
            )
        return chain(inner.program(), inner.needs())

    def _code(self, prompt: Prompt, hops: Sequence[Hop], draw: random.Random) -> str:
        done = printed(prompt, hops)
        if done == len(hops):
            return f"{FINISH}(answer={programs.code(hops[-1].leads)})"
        last = done + self.block if self.block else len(hops)
        code = "\n".join(self._block(hop, prompt, draw) for hop in hops[done:last])
        if "what you need next" not in prompt[0].text:
            return code
        then = f" Then I need {hops[last].need}." if last < len(hops) else ""
        return f"This is for {hops[done].need}.{then}\n```python\n{code}\n```"

    def _block(self, hop: Hop, prompt: Prompt, draw: random.Random) -> str:
        tool, parameter = self._taken(hop.call.tool, next(iter(hop.call.arguments)), prompt, draw)
        (value,) = hop.call.arguments.values()
        call = hop.call.replace(tool=tool, arguments={parameter: value})
        lines = programs.to_python(Program((call, *hop.statements[1:]))).splitlines()[:-1]
        return "\n".join([*lines, f"print({hop.label!r}, {programs.code(hop.leads)})"])

    def _call(self, prompt: Prompt, hops: Sequence[Hop], draw: random.Random) -> Call:
        """The call that comes next, with the value that the one before led to."""
        left, value = list(hops), None
        for exchange in exchanges(prompt):
            found = led(left[0], exchange.seen) if left else None
            if found is not None:
                value = found
                left.pop(0)
        if not left:
            return Call(FINISH, {"answer": value})
        ((name, given),) = left[0].call.arguments.items()
        tool, parameter = self._taken(left[0].call.tool, name, prompt, draw)
        return Call(tool, {parameter: value if isinstance(given, programs.Ref) else given})

    def _taken(self, right: str, parameter: str, prompt: Prompt, draw: random.Random) -> tuple[str, str]:
        """The tool that is called for the right one, and its parameter."""
        shown = visible(prompt)
        others = alike(right, [name for name in shown if name not in (right, FINISH)])
        sure = right in shown and draw.random() >= self.confusion * rate(len(shown) - (FINISH in shown))
        if sure or not others:
            return right, parameter
        taken = draw.choice(others)
        return taken, shown[taken] or parameter


def chain(program: Program, needs: Sequence[str]) -> list[Hop]:
    """A program as hops; raises ModelFailure where it is not a chain of calls, each fed by one value."""
    *body, last = program.body
    starts = [place for place, statement in enumerate(body) if isinstance(statement, programs.Call)]
    groups = [tuple(body[a:b]) for a, b in zip(starts, [*starts[1:], len(body)], strict=True)]
    fits = all(isinstance(each, (programs.Call, programs.Best, programs.Where)) for each in body) and len(groups) == len(needs)
    single = all(len(group[0].arguments) == 1 for group in groups if isinstance(group[0], programs.Call))
    if not (fits and single and groups and starts[0] == 0 and isinstance(last, programs.Answer)):
        raise ModelFailure("the experts carry out chains: calls with one argument each, the best of a list passed on, an answer")
    leads = [next(iter(group[0].arguments.values())) for group in groups[1:] if isinstance(group[0], programs.Call)]
    return [Hop(*each) for each in zip(needs, groups, [*leads, last.value], strict=True)]


def plan(prompt: Prompt, hops: Sequence[Hop]) -> str:
    """The numbered plan: every hop, or what is still to do."""
    told = next((span.text.partition("Still to do: ")[2] for span in prompt if span.text.startswith("Still to do: ")), "")
    steps = told.split("; ") if told else [hop.need for hop in hops]
    return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))


def think(prompt: Prompt, hops: Sequence[Hop]) -> str:
    """DONE where the present step's value was seen, else the step."""
    now = next((span.text.partition("The present step: ")[2] for span in prompt if "The present step: " in span.text), "")
    hop = next((hop for hop in hops if hop.need == now), None)
    return "DONE" if hop and any(line.startswith(hop.label) for line in _seen(prompt)) else f"I need {now}."


def serves(prompt: Prompt, hops: Sequence[Hop]) -> bool:
    """Whether the step that a reviewer is shown calls the gold tools for its sub-goal, and no others."""
    goal = next((span.text.removeprefix("The step: ") for span in prompt if span.text.startswith("The step: ")), "")
    step = next((span.text for span in prompt if span.source is Source.MODEL), "")
    wanted = [hop.call.tool for hop in hops if hop.need == goal] or [hop.call.tool for hop in hops]
    return set(re.findall(r"\b(?:get|find|list)_\w+", step)) <= set(wanted)


def printed(prompt: Prompt, hops: Sequence[Hop]) -> int:
    """How many hops are done, by what was printed."""
    lines = _seen(prompt)
    return max((number for number, hop in enumerate(hops, 1) if any(line.startswith(hop.label) for line in lines)), default=0)


def led(hop: Hop, seen: str) -> Any:
    """The value that leads on from a hop, out of what its call returned; None where it is not there."""
    if seen.startswith("Error"):
        return None
    try:
        return programs.execute(Program((*hop.statements, programs.Answer(hop.leads))), lambda _: value_of(seen))
    except (LookupError, TypeError, ValueError):
        return None


def visible(prompt: Prompt) -> Mapping[str, str]:
    """The tools that a prompt lists, each with its first parameter."""
    return {found[1]: found[2] for span in prompt if span.source is Source.SYSTEM for found in _TOOL.finditer(span.text)}


def alike(name: str, others: Sequence[str]) -> list[str]:
    """The tools whose names share the largest part of their words with this one's; ties go by place."""
    words = set(name.split("_"))
    return sorted(others, key=lambda other: -len(words & (o := set(other.split("_")))) / len(words | o))[:ALIKE]


def _seen(prompt: Prompt) -> list[str]:
    return [line for span in prompt if span.source is Source.WORLD for line in span.text.splitlines()]


def rate(tools: int) -> float:
    """The stored rate of confusion among so many tools: linear between its points and from one tool on, flat beyond."""
    points = [(1, 0.0), *_points()]
    for (low, a), (high, b) in pairwise(points):
        if tools <= high:
            return a + (b - a) * max(0, tools - low) / (high - low)
    return points[-1][1]


@functools.cache
def _points() -> tuple[tuple[int, float], ...]:
    errors = json.loads(STORED.read_text())["errors"]["nearest"]
    return tuple(sorted((int(number), share) for number, share in errors.items()))


__all__ = ["Experts"]
