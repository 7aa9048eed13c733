"""TEXT and COMMAND: calls as lines of words."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dutiful.core.world import Tool
from dutiful.kit import calls
from dutiful.kit.calls import Call
from dutiful.kit.notations.values import DECODER, place, read_value, schemas, write_value

_LABEL = re.compile(r"^\s*(?:action|answer|call)\s*:\s*", re.IGNORECASE)
_FENCE = re.compile(r"^\s*```")
_HEAD = re.compile(r"[A-Za-z_][\w.:-]*")
_NAMED = re.compile(r"([A-Za-z_][\w-]*)\s*=(?!=)\s*")
_SINGLE = re.compile(r"'([^']*)'\s*(?=,|$)")
_PLAIN = re.compile(r"[^\s,\"'\[{][^,\n]*")


def write_text(call: Call, tools: Sequence[Tool]) -> str:
    known = schemas(tools, call.tool)
    words, names = [call.tool], list(known)
    in_order = 0
    for name in names:
        if name not in call.arguments:
            break
        in_order += 1
    placed = names[:in_order]
    for name in placed:
        words.append(_item(call.arguments[name], known[name]))
    for name, value in call.arguments.items():
        if name not in placed:
            words.append(f"{name}={_item(value, known.get(name, {}))}")
    return ", ".join(words)


def _item(value: Any, schema: Mapping[str, Any]) -> str:
    word = write_value(value, schema)
    if not isinstance(value, str):
        return word
    bare = _PLAIN.fullmatch(word) and word == word.strip() and len(word.splitlines()) == 1 and not _NAMED.match(word)
    return word if bare else json.dumps(value)


def read_text(said: str, tools: Sequence[Tool]) -> list[Call]:
    found = [_line(line, tools) for line in _lines(said, tools)]
    if not found:
        raise ValueError("no line is a call: the name of a tool, then its arguments, with commas between")
    return found


def _lines(said: str, tools: Sequence[Tool]) -> list[str]:
    """The lines that begin with a tool; where none does, the first line that begins like one."""
    lines = [_LABEL.sub("", line).strip().strip("`") for line in said.split("\n") if line.strip() and not _FENCE.match(line)]
    heads, names = [line.partition(",")[0].strip() for line in lines], {tool.name for tool in tools}
    return [line for line, head in zip(lines, heads, strict=True) if head in names] or [
        line for line, head in zip(lines, heads, strict=True) if _HEAD.fullmatch(head)
    ][:1]


def _line(line: str, tools: Sequence[Tool]) -> Call:
    name, _, rest = line.partition(",")
    known = schemas(tools, name.strip())
    call, given = Call(name.strip(), {}), 0
    for named, word, quoted in _items(rest):
        parameter = named or place(given, list(known))
        given += not named
        schema = known.get(parameter, {})
        fits = quoted and not calls.mismatch(word, schema)
        call.arguments[parameter] = word if fits else read_value(word, schema)
    return call


def _items(rest: str) -> Iterator[tuple[str, str, bool]]:
    """(name or "", word, whether it stood in quotes) of each argument of a line."""
    at = 0
    while at < len(rest):
        at += len(rest[at:]) - len(rest[at:].lstrip())
        named = _NAMED.match(rest, at)
        at = named.end() if named else at
        name = named[1] if named else ""
        word, end, quoted = _word(rest, at)
        if word or quoted or name or end < len(rest):
            yield name, word, quoted
        at = end + 1


def _word(rest: str, at: int) -> tuple[str, int, bool]:
    """The word at a place, where it ends, whether it stood in quotes. Brackets and quotes hold commas."""
    if rest[at : at + 1] in ("[", "{", '"'):
        try:
            value, end = DECODER.raw_decode(rest, at)
        except (ValueError, RecursionError):
            pass
        else:
            over = len(rest[end:]) - len(rest[end:].lstrip())
            if end + over == len(rest) or rest[end + over] == ",":
                return (value, end + over, True) if isinstance(value, str) else (rest[at:end], end + over, False)
    if single := _SINGLE.match(rest, at):
        return single[1], single.end(), True
    comma = rest.find(",", at)
    end = comma if comma >= 0 else len(rest)
    return rest[at:end].strip(), end, False


def write_command(call: Call, tools: Sequence[Tool]) -> str:
    known = schemas(tools, call.tool)
    words = [call.tool]
    for name, value in call.arguments.items():
        word = write_value(value, known.get(name, {}))
        words += [f"--{name}={shlex.quote(word)}"] if word.startswith("--") else [f"--{name}", shlex.quote(word)]
    return " ".join(words)


def read_command(said: str, tools: Sequence[Tool]) -> list[Call]:
    names = {tool.name for tool in tools}
    lines = re.findall(r"[^\n]*\n|[^\n]+", said)
    heads = [_first(line) for line in lines]
    starts = [i for i, head in enumerate(heads) if head in names] or [i for i, head in enumerate(heads) if head][:1]
    found, at, why = list[Call](), 0, "no line is a command: the name of a tool, then --parameter value for each argument"
    for start in starts:
        if start < at:
            continue
        for at in range(start + 1, len(lines) + 1):  # a quoted value may go over several lines
            try:
                words = shlex.split(_LABEL.sub("", "".join(lines[start:at])).strip("` \n\t"))
            except ValueError as problem:
                why, words = f"the command cannot be read ({problem})", []
                continue
            break
        else:
            words, at = [], start + 1
        if words:
            found.append(_command(words, tools))
    if not found:
        raise ValueError(why)
    return found


def _first(line: str) -> str:
    head = re.match(r"[`\s]*([A-Za-z_][\w.:-]*)[`\s]*(?=\s--|$)", _LABEL.sub("", line))
    return head[1] if head else ""


def _command(words: Sequence[str], tools: Sequence[Tool]) -> Call:
    known = schemas(tools, words[0])
    call, rest = Call(words[0], {}), list(words[1:])
    while rest:
        word = rest.pop(0)
        if not word.startswith("--") or word == "--":
            raise ValueError(f"{word!r} stands without a --parameter before it")
        name, equals, value = word[2:].partition("=")
        schema = known.get(name, {})
        if not equals:
            if rest and not rest[0].startswith("--"):
                value = rest.pop(0)
            elif schema.get("type") == "boolean":
                value = "true"
            else:
                raise ValueError(f"--{name} has no value")
        call.arguments[name] = read_value(value, schema)
    return call
