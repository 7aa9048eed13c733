"""From what a server said to what was asked for."""

from __future__ import annotations

import difflib
import itertools
import json
import math
import random
import re
from collections.abc import Callable, Sequence
from typing import Any

from dutiful.core.model import Sampling

KEY = "answer"


def no_reply(answer: dict[str, Any]) -> str:
    """What is wrong with an answer that is no chat completion; "" if nothing."""
    if answer.get("error"):
        return "is an error in the guise of a success"
    choices = answer.get("choices")
    if not (isinstance(choices, list) and choices and isinstance(choices[0], dict)):
        return "has no choices"
    return "" if isinstance(choices[0].get("message"), dict) else "has no message"


def no_rows(n: int) -> Callable[[dict[str, Any]], str]:
    """A check that an answer holds the vectors of n texts."""

    def check(answer: dict[str, Any]) -> str:
        rows = answer.get("data")
        if not (isinstance(rows, list) and all(isinstance(row, dict) and row.keys() >= {"index", "embedding"} for row in rows)):
            return "has no vectors"
        same = len(rows) == n and len({len(row["embedding"]) for row in rows}) == 1
        return "" if same else f"has not one vector for each of {n} texts"

    return check


def read_reply(answer: dict[str, Any]) -> tuple[str, str, float | None]:
    """Text, finish reason and log-probability of a chat completion that `no_reply` has passed.

    A tool call's arguments are the text; a refusal in words is words.
    """
    choice = answer["choices"][0]
    message, finish = choice["message"], str(choice.get("finish_reason") or "stop")
    calls, content = message.get("tool_calls"), message.get("content")
    try:
        if calls:
            return str(calls[0]["function"]["arguments"]), "length" if finish == "length" else "stop", None
        logprob = math.fsum(token["logprob"] for token in choice["logprobs"]["content"])
    except (KeyError, IndexError, TypeError):
        logprob = None
    if isinstance(content, list):
        content = "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return str(content or message.get("refusal") or ""), finish, logprob


def options_schema(options: Sequence[str]) -> dict[str, Any]:
    """The JSON schema of an object whose one property is one of the options."""
    value = {"type": "string", "enum": list(dict.fromkeys(options))}
    return {"type": "object", "properties": {KEY: value}, "required": [KEY], "additionalProperties": False}


def read_option(text: str, options: Sequence[str], bare: bool = False) -> int | None:
    """The place of the option in an answer that follows `options_schema` or, when `bare`, is the option; else None."""
    if bare:
        return options.index(text) if text in options else None
    try:
        value = json.loads(text)[KEY]
    except (ValueError, TypeError, KeyError, IndexError):
        return None
    return options.index(value) if value in options else None


def is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def unfenced(text: str) -> str:
    """JSON out of a Markdown fence; anything else as it is."""
    fenced = re.fullmatch(r"\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*", text, re.DOTALL)
    return fenced.group(1) if fenced and is_json(fenced.group(1)) else text


def nearest(text: str, options: Sequence[str]) -> int | None:
    """The place of the option nearest to a free answer; None for an answer without words.

    In turn: the same words; the longest option that the answer holds, if it holds none but that and parts of it; the
    greatest share of characters in common (difflib's ratio).
    """
    said, plain = _words(text), [_words(option) for option in options]
    if not said:
        return None
    if said in plain:
        return plain.index(said)
    held = [i for i, option in enumerate(plain) if option and f" {option} " in f" {said} "]
    if held:
        longest = max(held, key=lambda i: len(plain[i]))
        if all(plain[i] in plain[longest] for i in held):
            return longest
    return max(range(len(plain)), key=lambda i: difflib.SequenceMatcher(None, said, plain[i]).ratio())


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def draw(scores: Sequence[float], sampling: Sampling) -> int:
    """The best of some log-probabilities (temperature 0; the first of equals), or one drawn by softmax(scores / temperature).

    With top_p below 1 it is drawn from the smallest set of the best that holds that much of the probability.
    """
    ranked = sorted(range(len(scores)), key=lambda i: -scores[i])
    if sampling.temperature <= 0:
        return ranked[0]
    weights = [math.exp((scores[i] - scores[ranked[0]]) / sampling.temperature) for i in ranked]
    held = list(itertools.accumulate(weights))
    kept = sum(mass < sampling.top_p * held[-1] for mass in held) + 1
    return random.Random(sampling.seed).choices(ranked[:kept], weights[:kept])[0]


def cut(text: str, stop: Sequence[str]) -> str:
    """The text up to the first of the stop strings."""
    return text[: min((place for mark in stop if mark and (place := text.find(mark)) >= 0), default=len(text))]
