"""Calls out of foreign code into functions of the host: plain values in, plain values out, faults as exceptions there."""

from __future__ import annotations

import builtins
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from dutiful.core.errors import DutifulError, EpisodeEvent


class Called(NamedTuple):
    """A call and what came of it: a plain result, or the name of a builtin exception and its message."""

    name: str
    arguments: Sequence[Any]
    named: Mapping[str, Any]
    result: Any
    fault: tuple[str, str] | None


class Calls:
    """Answers the calls of one run, and writes them down. With `recorded`, answers from there instead, one after the other.

    What ends an episode (`EpisodeEvent`) or the program is kept in `stopped`: every later call fails, and the host raises it
    when the code has come to its end, so that no `except` in foreign code can go on past a limit.
    """

    def __init__(self, functions: Mapping[str, Callable[..., Any]], recorded: Sequence[Called] | None = None):
        self.functions, self.recorded = functions, recorded
        self.made: list[Called] = []
        self.stopped: BaseException | None = None

    def call(self, name: str, arguments: Sequence[Any], named: Mapping[str, Any]) -> Called:
        """The call, answered; raises DutifulError where the code makes another call than the recorded one."""
        answer = self._anew if self.recorded is None else self._again
        called = answer(name, arguments, named)
        self.made.append(called)
        return called

    def _again(self, name: str, arguments: Sequence[Any], named: Mapping[str, Any]) -> Called:
        assert self.recorded is not None
        if len(self.made) < len(self.recorded):
            called = self.recorded[len(self.made)]
            if (called.name, list(called.arguments), dict(called.named)) == (name, list(arguments), dict(named)):
                return called
        raise DutifulError(f"run again, the code called {name} where it did not before: it depends on time or on chance")

    def _anew(self, name: str, arguments: Sequence[Any], named: Mapping[str, Any]) -> Called:
        try:
            arguments, named = plain([*arguments], name), plain(dict(named), name)
        except TypeError as fault:
            return Called(name, (), {}, None, ("TypeError", str(fault)))
        if self.stopped is not None:
            return Called(name, arguments, named, None, ("RuntimeError", "the episode is over"))
        try:
            return Called(name, arguments, named, plain(self.functions[name](*arguments, **named), f"the result of {name}"), None)
        except (EpisodeEvent, KeyboardInterrupt, SystemExit, GeneratorExit) as event:
            self.stopped = event
            return Called(name, arguments, named, None, ("RuntimeError", "the episode is over"))
        except Exception as fault:
            return Called(name, arguments, named, None, _fault(fault))


def plain(value: Any, what: str) -> Any:
    """The value as JSON carries it (a tuple becomes a list, half a character "?"); TypeError otherwise."""
    try:
        return json.loads(json.dumps(value, ensure_ascii=False).encode(errors="replace"))
    except (TypeError, ValueError, RecursionError) as fault:
        raise TypeError(
            f"{what}: only numbers, texts, lists and dicts pass, and {str(fault)[0].lower()}{str(fault)[1:]}"
        ) from None


def _fault(fault: Exception) -> tuple[str, str]:
    kind = type(fault).__name__
    text = str(fault.args[0]) if isinstance(fault, KeyError) and fault.args else str(fault)
    return (kind, text) if getattr(builtins, kind, None) is type(fault) else ("RuntimeError", f"{kind}: {text}")


def exception(fault: tuple[str, str]) -> Exception:
    """The exception that a fault names."""
    return getattr(builtins, fault[0])(fault[1])
