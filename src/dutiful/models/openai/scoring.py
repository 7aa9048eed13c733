"""Exact log-probabilities of options, from servers that can give them.

The score of an option is the log-probability that it is the whole answer: the sum over its own tokens, as the server's
tokenizer cuts them after the chat template, and the token that ends the message. What a server returns is checked against
the tokens that were asked for; where they differ, or anything is missing, there is no score rather than an estimate.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from dutiful.core.errors import ModelFailure
from dutiful.core.prompt import Message
from dutiful.core.records import NOTHING, Json, Usage
from dutiful.models.openai.client import Client

Chat = list[dict[str, str]]
PROBE: Chat = [{"role": "user", "content": "Say a."}]


class Scores(NamedTuple):
    values: tuple[float, ...]
    usage: Usage


class Inexact(ModelFailure):
    """The server answered, but not with what exact scores are made of."""


class LlamaServer:
    """llama.cpp's server: each option is forced by a grammar of token ids, and the log-probabilities of what was forced are
    read. The server gives them as they were before grammar and bias, so they are the model's own. One request an option;
    the server's cache reads the prompt once.
    """

    whole: Json = {"top_k": 0, "min_p": 0.0}
    """Sampling fields that keep the server from cutting the distribution, as its defaults do."""

    def __init__(self, client: Client, model: str, opening: str, ending: str):
        self.client, self.model, self.opening, self.ending = client, model, opening, ending
        self.tokens = functools.lru_cache(maxsize=8192)(self._tokens)

    @classmethod
    def probe(cls, client: Client, model: str) -> LlamaServer | None:
        """The scorer, if the server is one of these: learns what its chat template writes around an answer."""
        closed = _say(client, "/apply-template", {"messages": PROBE, "add_generation_prompt": False}, "prompt")
        opened = _say(client, "/apply-template", {"messages": PROBE, "add_generation_prompt": True}, "prompt")
        # A last answer is left open to be gone on with; one that is followed shows how answers end.
        followed = {"messages": [*PROBE, _assistant("a"), *PROBE], "add_generation_prompt": False}
        said = _say(client, "/apply-template", followed, "prompt")
        if not (isinstance(closed, str) and isinstance(opened, str) and isinstance(said, str)):
            return None
        opening, ending = opened.removeprefix(closed), said.removeprefix(opened + "a")
        plain = opened != closed and opened.startswith(closed) and said.startswith(opened + "a") and ending
        return cls(client, model, opening, ending) if plain else None

    def grammar(self, options: Sequence[str]) -> str:
        """The grammar (GBNF) of exactly one of the options."""
        marks = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
        return "root ::= " + " | ".join(f'"{option.translate(marks)}"' for option in options)

    def _tokens(self, option: str) -> tuple[int, ...]:
        """The option's own tokens and the one that ends the message."""
        before = self._tokenize(self.opening)
        whole = self._tokenize(self.opening + option + self.ending)
        after = self._tokenize(self.ending)
        if whole[: len(before)] != before or whole[len(whole) - len(after) :] != after or not before or not after:
            raise Inexact(f"the tokenizer joins {option!r} with what stands around it")
        return (*whole[len(before) : len(whole) - len(after)], after[0])

    def _tokenize(self, text: str) -> tuple[int, ...]:
        answer = self.client.post("/tokenize", {"content": text, "add_special": False, "parse_special": True}, root=True)
        return _ids(answer)

    def score(self, messages: Chat, options: Sequence[str]) -> Scores:
        """The scores of the options as answers to the messages; raises Inexact."""
        values, usage = [], NOTHING
        for option in options:
            *tokens, end = self.tokens(option)
            if not tokens:
                raise Inexact("an empty option has no tokens")
            body = {
                "model": self.model,
                "messages": messages,
                "max_tokens": len(tokens) + 1,
                "temperature": 0.0,
                "logprobs": True,
                "top_logprobs": 1,
                "grammar": f"root ::= {' '.join(f'<[{token}]>' for token in tokens)}",
                "logit_bias": {str(end): 1000.0},  # of the tokens that may end an answer, the template's own
                "cache_prompt": True,
            }
            answer = self.client.post("/chat/completions", body)
            try:
                content = answer["choices"][0]["logprobs"]["content"]
                ids, logprobs = [item["id"] for item in content], [float(item["logprob"]) for item in content]
            except (KeyError, IndexError, TypeError, ValueError) as error:
                raise Inexact("no log-probabilities in the answer") from error
            if ids != [*tokens, end]:
                raise Inexact(f"forced {[*tokens, end]} for {option!r}, got {ids}")
            values.append(_sum(logprobs))
            usage += usage_of(answer)
        return Scores(tuple(values), usage)


class EchoServer:
    """vLLM and its like: prompt and option go in as tokens, and come back ("echo") with their log-probabilities. One request."""

    whole: Json = {}

    def __init__(self, client: Client, model: str, ending: tuple[int, ...]):
        self.client, self.model, self.ending = client, model, ending

    @classmethod
    def probe(cls, client: Client, model: str) -> EchoServer | None:
        """The scorer, if the server tokenizes chats and echoes."""
        endings = []
        for word in ("a", "the"):
            scorer = cls(client, model, ())
            try:
                opened, said = scorer._tokenize(PROBE), scorer._tokenize([*PROBE, _assistant(word)])
            except Inexact:
                return None
            if said[: len(opened)] != opened:
                return None
            endings.append(said[len(opened) :])
        ending = _common_ending(*endings)
        scorer = cls(client, model, ending)
        try:
            return scorer if ending and scorer.score(PROBE, ["a"], curious=True) else None
        except Inexact:
            return None

    def grammar(self, options: Sequence[str]) -> str | None:
        """Such servers agree on no grammar field."""
        return None

    def _tokenize(self, messages: Chat) -> tuple[int, ...]:
        opened = messages[-1]["role"] != "assistant"
        body = {"model": self.model, "messages": messages, "add_generation_prompt": opened}
        return _ids({"tokens": _say(self.client, "/tokenize", body, "tokens")})

    def score(self, messages: Chat, options: Sequence[str], curious: bool = False) -> Scores:
        """The scores of the options as answers to the messages; raises Inexact."""
        before, prompts = self._tokenize(messages), []
        for option in options:
            whole, after = self._tokenize([*messages, _assistant(option)]), len(self.ending)
            if whole[: len(before)] != before or whole[-after:] != self.ending or len(whole) <= len(before) + after:
                raise Inexact(f"the tokenizer joins {option!r} with what stands around it")
            prompts.append([*whole[:-after], self.ending[0]])
        body = {"model": self.model, "prompt": prompts, "max_tokens": 1, "temperature": 0.0, "echo": True, "logprobs": 1}
        answer = self.client.post("/completions", body, curious=curious)
        try:
            choices = sorted(answer["choices"], key=lambda choice: choice["index"])
            echoed = [choice["logprobs"]["token_logprobs"] for choice in choices]
            if [len(row) >= len(prompt) for row, prompt in zip(echoed, prompts, strict=True)].count(False):
                raise Inexact("the server does not echo the prompt")
            values = tuple(_sum(row[len(before) : len(prompt)]) for row, prompt in zip(echoed, prompts, strict=True))
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise Inexact("no log-probabilities of the prompt in the answer") from error
        return Scores(values, usage_of(answer))


def find_scorer(client: Client, model: str) -> LlamaServer | EchoServer | None:
    """What gives exact scores at this server; None if nothing does. Nothing of a prompt is sent to find out."""
    return LlamaServer.probe(client, model) or EchoServer.probe(client, model)


def chat(messages: Sequence[Message]) -> Chat:
    """Messages as the protocol writes them. An answer cannot follow an answer: after one, the user asks to go on."""
    said = [{"role": message.role, "content": message.content} for message in messages]
    if said and said[-1]["role"] == "assistant":
        said.append({"role": "user", "content": "Go on."})
    return said


def usage_of(answer: dict[str, Any]) -> Usage:
    """Tokens that the server counted; zeros where it counts none."""
    usage = answer.get("usage") or {}
    details = usage.get("prompt_tokens_details") or {}
    prompt, cached, written = (
        number if isinstance(number, int) and number > 0 else 0
        for number in (usage.get("prompt_tokens"), details.get("cached_tokens"), usage.get("completion_tokens"))
    )
    return Usage(prompt, min(cached, prompt), written)


def _assistant(text: str) -> dict[str, str]:
    return {"role": "assistant", "content": text}


def _say(client: Client, path: str, body: dict[str, Any], key: str) -> Any:
    """A field of the answer; None where the server does not know the path or the question."""
    return client.post(path, body, root=True, curious=True).get(key)


def _common_ending(first: tuple[int, ...], second: tuple[int, ...]) -> tuple[int, ...]:
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(reversed(first), reversed(second), strict=False))
    return tuple(token for token, _ in same)[::-1]


def _ids(answer: dict[str, Any]) -> tuple[int, ...]:
    tokens = answer.get("tokens")
    if not (isinstance(tokens, list) and all(isinstance(token, int) for token in tokens)):
        raise Inexact("the server gives no tokens")
    return tuple(tokens)


def _sum(logprobs: Sequence[float]) -> float:
    total = math.fsum(logprobs)
    if not total <= 0:
        raise Inexact(f"log-probabilities that add up to {total}")
    return total
