"""A model that finds the right next call at a stated rate among plausible ones, for experiments on search."""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence

from dutiful.core.errors import ModelFailure
from dutiful.core.model import Choice, Completion, Format, Model, Sampling
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Source
from dutiful.core.world import World
from dutiful.kit import calls
from dutiful.kit.calls import Call
from dutiful.models.scripted import Scripted

GIVE_UP = Call("give_up", {})


class Proposer(Model):
    """Deterministic, no weights; knows the expert of a world with tools. Each turn, one of these:

    - What was seen last is an error: it gives up, where the world lets it.
    - Else with probability `right` the expert's next call, otherwise another plausible one: the same arguments (or those of
      them that it takes) given to another tool, all alike likely.
    - Told what was tried here before, it draws in the same way among what is left, if it `obeys`; else as if it were not told.

    So it sees that something went wrong only where a tool says so, and then knows no better than to give up: a policy that
    mends its errors where it stands needs no search. The draws follow from the episode's seed and the number of the question, so
    that the same question asked again may be answered otherwise, as of a model that samples. Calls are canonical JSON.
    """

    card = Card(
        kind="model",
        name="proposer",
        summary="the right next call at a stated rate, else a plausible one; gives up at an error; no weights",
        capabilities=frozenset({"deterministic"}),
    )

    def __init__(self, right: float = 0.6, obeys: bool = True):
        if not 0 <= right <= 1:
            raise ValueError(f"proposer: right={right}, expected a rate from 0 to 1")
        self.right, self.obeys = right, obeys
        self._world: World | None = None
        self._seed = self._asked = 0

    def bind(self, world: World, seed: int) -> Proposer:
        bound = Proposer(self.right, self.obeys)
        bound._world, bound._seed = world, seed
        return bound

    def generate(self, prompt: Prompt, sampling: Sampling = Sampling(), constraint: Format | None = None) -> Completion:
        if self._world is None or not self._world.can("tools"):
            raise ModelFailure(f"the proposer calls tools, and {self._world!r} has none")
        self._asked += 1
        draw = random.Random(f"{self._seed}/{self._asked}/{zlib.crc32(prompt.text.encode())}")
        call = self._next(self._world, prompt, draw)
        return Scripted(reply=lambda _: calls.text(call)).generate(prompt, sampling.replace(max_tokens=1 << 20))

    def _next(self, world: World, prompt: Prompt, draw: random.Random) -> Call:
        seen = [span.text for span in prompt if span.source is Source.WORLD and not span.text.startswith("-> ")]
        if seen and seen[-1].startswith("Error") and any(tool.name == GIVE_UP.tool for tool in world.tools()):
            return GIVE_UP
        right = calls.of(world.expert(), world.tools())
        others = self._plausible(right, world)
        tried = {span.text.removeprefix("- ") for span in prompt if span.source is Source.MODEL and span.role == "user"}
        if tried and self.obeys:
            others = [call for call in others if calls.text(call) not in tried]
            if calls.text(right) in tried:
                return draw.choice(others) if others else right
        return right if not others or draw.random() < self.right else draw.choice(others)

    @staticmethod
    def _plausible(right: Call, world: World) -> list[Call]:
        """The other calls that the same arguments would allow."""
        found: list[Call] = []
        for tool in world.tools():
            known = calls.parameters(tool)
            given = {name: value for name, value in right.arguments.items() if name in known}
            needed = tool.parameters.get("required", ())
            if tool.name not in (right.tool, GIVE_UP.tool) and given and all(name in given for name in needed):
                found.append(Call(tool.name, given))
        return found

    def choose(self, prompt: Prompt, options: Sequence[str], sampling: Sampling = Sampling()) -> Choice:
        raise ModelFailure("the proposer writes calls and chooses nothing: use it in a world with tools")
