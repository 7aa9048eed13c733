"""A model that follows a script, or a world's expert with a stated error rate: for tests, ours and yours."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence

import msgspec

from dutiful.core.errors import ModelFailure
from dutiful.core.model import Choice, Choices, Completion, Format, JsonSchema, Model, Sampling
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt, role_of
from dutiful.core.records import Usage
from dutiful.core.world import World


class Scripted(Model):
    """Deterministic, no weights. Three ways, the first that is given:

    `reply` (Python only): a function of the prompt. `script`: answers separated by `|`, said in turn, over and over.
    Else the expert of the world that the episode runs in, which errs with probability `error`: then it takes any of
    the options uniformly, the right one too. `seconds` is a latency to wait on every call. Tokens are counted as words.
    """

    card = Card(kind="model", name="scripted", summary="a script, or a world's expert with a stated error rate; no weights")

    def __init__(self, error: float = 0.0, script: str = "", seconds: float = 0.0, reply: Callable[[Prompt], str] | None = None):
        if not 0 <= error <= 1:
            raise ValueError(f"scripted: error is {error}, expected a rate from 0 to 1")
        self.error, self.script, self.seconds, self.reply = error, script, seconds, reply
        self._world: World | None = None
        self._random = random.Random(0)
        self._said = 0

    def bind(self, world: World, seed: int) -> Scripted:
        bound = Scripted(self.error, self.script, self.seconds, self.reply)
        bound._world, bound._random = world, random.Random(seed)
        return bound

    def _answer(self, prompt: Prompt, options: Sequence[str]) -> str:
        if self.seconds:
            time.sleep(self.seconds)
        if self.reply:
            return self.reply(prompt)
        if self.script:
            lines = self.script.split("|")
            self._said += 1
            return lines[(self._said - 1) % len(lines)]
        if self._world is None:
            raise ModelFailure("the scripted model plays the expert of a world, and there is none: give it a script")
        if options and self._random.random() < self.error:
            return self._random.choice(options)
        return self._world.expert().text

    def generate(self, prompt: Prompt, sampling: Sampling = Sampling(), constraint: Format | None = None) -> Completion:
        options = constraint.options if isinstance(constraint, Choices) else ()
        text = self._answer(prompt, options)
        if isinstance(constraint, JsonSchema) and not self.reply and not self.script:
            text = msgspec.json.encode({"action": text}).decode()
        words = _cut(text, sampling.stop).split(" ")
        said = " ".join(words[: sampling.max_tokens])
        return Completion(said, _usage(prompt, said), "stop" if len(words) <= sampling.max_tokens else "length")

    def choose(self, prompt: Prompt, options: Sequence[str], sampling: Sampling = Sampling()) -> Choice:
        text = self._answer(prompt, options)
        if text not in options:
            raise ModelFailure(f"the script says {text!r}, which is none of {list(options)}")
        return Choice(options.index(text), "scripted", usage=_usage(prompt, text))


def _cut(text: str, stop: Sequence[str]) -> str:
    ends = [text.index(end) for end in stop if end in text]
    return text[: min(ends)] if ends else text


def _usage(prompt: Prompt, text: str) -> Usage:
    """Words for tokens; what was there before the last answer counts as read from the cache."""
    words = [span.text.count(" ") + 1 for span in prompt]
    last = max((i for i, span in enumerate(prompt) if role_of(span) == "assistant"), default=-1)
    return Usage(sum(words), sum(words[: last + 1]), text.count(" ") + 1, 1)
