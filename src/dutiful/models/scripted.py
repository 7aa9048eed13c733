"""A model that follows a script, or a world's expert with a stated error rate: for tests, ours and yours."""

from __future__ import annotations

import random
import time
import zlib
from collections.abc import Callable, Sequence
from urllib.parse import quote

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
    the options uniformly, the right one too. So among n options it is wrong with probability `error * (n - 1) / n`, and
    it errs only where there are options: in `choose`, `Choices`, or the enum of a JSON schema, never in free text. Asked to
    choose among what is no action (yes or no), it draws.
    The draws follow from the episode's seed and its first prompt, so that the tasks of one seed do not err in step.
    `seconds` is a latency to wait on every call. Tokens are counted as words. A grammar or a steering (`Grammar`, `Steered`)
    changes nothing of what it says.
    """

    card = Card(kind="model", name="scripted", summary="a script, or a world's expert with a stated error rate; no weights")

    def __init__(self, error: float = 0.0, script: str = "", seconds: float = 0.0, reply: Callable[[Prompt], str] | None = None):
        if not 0 <= error <= 1:
            raise ValueError(f"scripted: error is {error}, expected a rate from 0 to 1")
        self.error, self.script, self.seconds, self.reply = error, script, seconds, reply
        self._world: World | None = None
        self._seed = 0
        self._random: random.Random | None = None
        self._said = 0

    @property
    def spec(self) -> str:
        if self.reply is None:
            return super().spec
        named = Scripted(self.error, self.script, self.seconds)
        reply = f"{self.reply.__module__}:{getattr(self.reply, '__qualname__', type(self.reply).__name__)}"
        return f"{named.spec}{'&' if '?' in named.spec else '?'}reply={quote(reply, safe='/:,;@ _.-')}"

    def bind(self, world: World, seed: int) -> Scripted:
        bound = Scripted(self.error, self.script, self.seconds, self.reply)
        bound._world, bound._seed = world, seed
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
        if options and self.error and self._draw(prompt).random() < self.error:
            return self._draw(prompt).choice(options)
        return self._world.expert().text

    def _draw(self, prompt: Prompt) -> random.Random:
        if self._random is None:
            self._random = random.Random(f"{self._seed}/{zlib.crc32(prompt.text.encode())}")
        return self._random

    def generate(self, prompt: Prompt, sampling: Sampling = Sampling(), constraint: Format | None = None) -> Completion:
        text = self._answer(prompt, _options(constraint))
        if isinstance(constraint, JsonSchema) and not self.reply and not self.script and not _is_object(text):
            text = msgspec.json.encode({"action": text}).decode()
        words = _cut(text, sampling.stop).split(" ")
        said = " ".join(words[: sampling.max_tokens])
        return Completion(said, _usage(prompt, said), "stop" if len(words) <= sampling.max_tokens else "length")

    def choose(self, prompt: Prompt, options: Sequence[str], sampling: Sampling = Sampling()) -> Choice:
        text = self._answer(prompt, options)
        if text not in options and not self.reply and not self.script:
            text = self._draw(prompt).choice(options)
        if text not in options:
            raise ModelFailure(f"the script says {text!r}, which is none of {list(options)}")
        return Choice(options.index(text), "scripted", usage=_usage(prompt, text))


def _cut(text: str, stop: Sequence[str]) -> str:
    ends = [text.index(end) for end in stop if end in text]
    return text[: min(ends)] if ends else text


def _is_object(text: str) -> bool:
    """Whether a text is a JSON object: what an expert says in JSON is not quoted again."""
    try:
        return isinstance(msgspec.json.decode(text), dict)
    except msgspec.DecodeError:
        return False


def _options(constraint: Format | None) -> Sequence[str]:
    """What a constraint leaves to choose from, where that can be listed."""
    if isinstance(constraint, Choices):
        return constraint.options
    if isinstance(constraint, JsonSchema):
        return constraint.schema.get("properties", {}).get("action", {}).get("enum", ())
    return ()


def _usage(prompt: Prompt, text: str) -> Usage:
    """Words for tokens; what was there before the last answer counts as read from the cache."""
    words = [span.text.count(" ") + 1 for span in prompt]
    last = next((i for i in range(len(prompt) - 1, -1, -1) if role_of(prompt[i]) == "assistant"), -1)
    return Usage(sum(words), sum(words[: last + 1]), text.count(" ") + 1, 1)
