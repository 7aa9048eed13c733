"""The hidden evaluator: what a workspace's code does is asked inside of the box, and compared with what is expected outside.

    check(files, [Probe("adds", "from sums import add\nshow(add(2, 3))", (5,))])  ->  [Criterion("adds", passed=True, ...)]

The code under test sees questions, never an answer; and it could at best rewrite what it says itself.
"""

from __future__ import annotations

import functools
import json
import math
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from dutiful.core.errors import WorldFailure
from dutiful.core.records import Criterion
from dutiful.kit.box import Box, Finished
from dutiful.worlds.code.tree import Tree, lay

PYTHON = "/usr/bin/python3"
SECONDS = 2.0
"""What one probe may take."""


class Probe(NamedTuple):
    """Code that shows values (`inside.py` says with what), and those that it should show."""

    name: str
    code: str
    expected: tuple[Any, ...]


class Answer(NamedTuple):
    """What a probe showed, and what ended it early ("time-out" where it hung)."""

    shown: tuple[Any, ...]
    error: str = ""


def ask(files: Tree, codes: Sequence[str], seconds: float = SECONDS) -> list[Answer]:
    """The answers of all probes, from one box. Each may take `seconds` of the processor: a busy machine changes nothing."""
    clock = 5 * seconds + 5
    order = json.dumps(dict(probes=list(codes), cpu=max(1, math.ceil(seconds)), clock=clock))
    most = 2 * clock + len(codes) * seconds + 10
    with tempfile.TemporaryDirectory(prefix="dutiful-code-") as name:
        lay(files, Path(name))
        finished = Box(name, seconds=most, read_only=True).run([PYTHON, "-I", "-S", "-c", _inside()], stdin=order)
    ready, *lines = finished.stdout.splitlines() or [""]
    if ready != "ready" and finished.ended == "done":
        raise WorldFailure(f"the evaluator did not start in the box (exit code {finished.code}): {finished.stderr[-2000:]}")
    missing = [Answer((), _ending(finished))] * (len(codes) - len(lines))
    return [*map(_answer, lines[: len(codes)]), *missing]


@functools.cache
def _inside() -> str:
    return Path(__file__).with_name("inside.py").read_text()


def _ending(finished: Finished) -> str:
    return "time-out" if finished.ended == "time" else f"the evaluator was ended: {finished.ended}"


def _answer(line: str) -> Answer:
    try:
        found = json.loads(line)
        return Answer(tuple(found["shown"]), found["error"])
    except (ValueError, KeyError, TypeError):
        return Answer((), "the answer is garbled")


def check(files: Tree, probes: Sequence[Probe], seconds: float = SECONDS) -> list[Criterion]:
    """A criterion for each probe: everything shown, as expected, and no error. The evidence says what was shown instead."""
    answers = ask(files, [probe.code for probe in probes], seconds)
    return [_criterion(probe, answer) for probe, answer in zip(probes, answers, strict=True)]


def _criterion(probe: Probe, answer: Answer) -> Criterion:
    passed = not answer.error and equal(list(answer.shown), json.loads(json.dumps(probe.expected)))
    shown = answer.error or f"shows {json.dumps(answer.shown)[:300]}"
    evidence = shown if passed else f"{shown}; expected {json.dumps(probe.expected)[:300]}"
    return Criterion(probe.name, passed, float(passed), evidence)


def equal(a: Any, b: Any) -> bool:
    """Equality of JSON values; numbers to nine digits, and a truth value is no number."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return a == b or math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(equal, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(equal(value, b[key]) for key, value in a.items())
    return bool(a == b)
