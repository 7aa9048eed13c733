"""A scripted planner that gets distracted: the longer the prompt, the likelier it overlooks what it should see. For claim 068."""

from __future__ import annotations

import functools
import itertools
import math
import re
import zlib
from bisect import bisect_left
from collections.abc import Sequence
from random import Random

from dutiful.core.errors import ModelFailure
from dutiful.core.model import Choice, Completion, Format, Model, Sampling
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt, role_of
from dutiful.core.records import Source, Usage
from dutiful.core.world import World
from dutiful.kit.strips import Atom
from dutiful.kit.wrapped import Wrapped
from dutiful.worlds.text.puzzles.world import Puzzle

CURVE = ((65, 1.0), (109, 1.0), (197, 1.0), (370, 0.5833), (715, 0.5), (1235, 0.2857))
"""(tokens of the prompt, share found): measured on the embedded model by `python bench/needle.py`, bench/results/needle.json."""


def found(tokens: int) -> float:
    """The measured share at a length: straight lines over the logarithm of the length, level outside of what was measured."""
    lengths, shares = [math.log(length) for length, _ in CURVE], [share for _, share in CURVE]
    at = math.log(max(tokens, 1))
    if at <= lengths[0] or at >= lengths[-1]:
        return shares[0] if at <= lengths[0] else shares[-1]
    after = bisect_left(lengths, at)
    weight = (at - lengths[after - 1]) / (lengths[after] - lengths[after - 1])
    return shares[after - 1] * (1 - weight) + shares[after] * weight


@functools.cache
def _tokenizer():
    """The tokenizer of the embedded model, in whose tokens the curve was measured."""
    from dutiful.models.embedded.tokenizer import Tokenizer
    from dutiful.models.embedded.weights import find

    return Tokenizer(find())


@functools.lru_cache(maxsize=1 << 16)
def _tokens(text: str) -> int:
    return len(_tokenizer().tokenize(text))


def length(prompt: Prompt) -> int:
    """Tokens of a prompt in the chat template: those of each span, which the tokenizer reads by itself, counted once."""
    line, roles = _tokens("\n"), [role_of(span) for span in prompt]
    begun = [role for before, role in itertools.pairwise(["", *roles]) if role != before]
    frame = sum(2 + line + _tokens(f"{role}\n") for role in begun) + (len(roles) - len(begun)) * line
    first = (_tokenizer().bos >= 0) + 1 + _tokens("assistant\n")
    return first + frame + sum(_tokens(span.text) for span in prompt)


def retrievals(options: Sequence[str]) -> list[str]:
    """The options that ask a memory for what it hides."""
    return [option for option in options if option.startswith("retrieve(")]


class DistractedReader(Model):
    """Plays a puzzle's oracle, and is right with probability `found(tokens of the prompt)`, whatever it is asked.

    An action: the oracle's, or else any other admissible one, all retrievals together being one. A subgoal: the next condition of
    the goal that the oracle's plan brings about, when that is another than before, or else it goes on. A password: it must stand
    in the prompt; where it does not, what is hidden is retrieved, the oldest first, and where nothing can be, it guesses. A
    summary says what is met and no more. `attentive` readers are always right. The draws follow from the episode's seed and the
    instruction.
    """

    card = Card(
        kind="model",
        name="distracted",
        summary="a scripted planner that overlooks more the longer its prompt is, by a measured curve",
        needs=("embedded",),
    )

    def __init__(self, attentive: bool = False):
        self.attentive = attentive
        self._puzzle: Puzzle | None = None
        self._seed = 0
        self._random: Random | None = None
        self._aim: tuple[Atom, bool] | None = None

    def bind(self, world: World, seed: int) -> DistractedReader:
        bound = DistractedReader(self.attentive)
        while isinstance(world, Wrapped):
            world = world.inner
        if not isinstance(world, Puzzle):
            raise ModelFailure(f"{self.spec} plays puzzles, and {world.spec} is none")
        bound._puzzle, bound._seed = world, seed
        return bound

    @property
    def puzzle(self) -> Puzzle:
        if self._puzzle is None:
            raise ModelFailure(f"{self.spec} plays the oracle of a world, and there is none")
        return self._puzzle

    def _attends(self, prompt: Prompt, tokens: int) -> bool:
        if self._random is None:
            told = next((span.text for span in prompt if span.source is Source.USER), "")
            self._random = Random(f"{self._seed}/{zlib.crc32(told.encode())}")
        return self.attentive or self._random.random() < found(tokens)

    def choose(self, prompt: Prompt, options: Sequence[str], sampling: Sampling = Sampling()) -> Choice:
        tokens = length(prompt)
        attends, right = self._attends(prompt, tokens), self._right(prompt, options)
        assert self._random is not None
        others = [option for option in options if option != right and not option.startswith("retrieve(")]
        others += [self._random.choice(hidden)] if (hidden := retrievals(options)) else []
        taken = right if attends or not others else self._random.choice(others)
        return Choice(options.index(taken), "scripted", usage=Usage(tokens, 0, 1, 1))

    def _right(self, prompt: Prompt, options: Sequence[str]) -> str:
        words = [option for option in options if option.startswith("say ")]
        if not words:
            return self.puzzle.expert().text
        if told := re.search(r"the password is (\w+)", prompt.text):
            return f"say {told[1]}"
        hidden = retrievals(options)
        assert self._random is not None
        return hidden[0] if hidden else self._random.choice(words)

    def generate(self, prompt: Prompt, sampling: Sampling = Sampling(), constraint: Format | None = None) -> Completion:
        tokens, asked = length(prompt), prompt[-1].text
        if "Write one line" in asked:
            said = "It is met." if "Subgoal: " in asked else "Some steps were taken."
        else:
            said = self._subgoal() if self._attends(prompt, tokens) else "Action"
        return Completion(said, Usage(tokens, 0, length(Prompt()) or 1, 1))

    def _subgoal(self) -> str:
        """The next condition that the plan brings about, named when it is another than before: it was met, or something broke."""
        laid, state = self.puzzle.laid, self.puzzle.snapshot().state
        holds = laid.task.holds
        lacking = [(atom, truth) for atom, truth in laid.conditions if holds(state, *atom) is not truth]
        for number in laid.plan(state):
            state = laid.task.apply(state, number)
            met = next((condition for condition in lacking if holds(state, *condition[0]) is condition[1]), None)
            if met and met != self._aim:
                self._aim = met
                return f"Subgoal: {laid.words.fact(*met)}"
            if met:
                break
        return "Action"
