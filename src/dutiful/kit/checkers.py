"""Checkers that a language model wrote: read, run in the sandbox, and believed only as far as they bear one another out.

A reply is JSON, {"func": code of evaluate(response) -> bool, "cases": [{"input": ..., "output": ...}, ...]}. Many replies to one
instruction are pooled:

    keep a case       if at least one function returns its expected output
    keep a function   if its accuracy on the kept cases is at least `keep` (an error is wrong)
    keep the lot      if any function is left; each stands with its accuracy

Source: VIF-RAG (arXiv 2410.09584).
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any, NamedTuple

from dutiful.kit import sandbox
from dutiful.kit.rescue import json_value

_NETWORK = ("download", "requests", "urllib", "http", "socket", "wget")
_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
FUNCTION = "evaluate"


class Reply(NamedTuple):
    """One reply: the code of a checker, and (answer, expected verdict) for each case."""

    code: str
    cases: tuple[tuple[str, bool], ...]


class Checker(NamedTuple):
    """A checker that was kept, with its accuracy on the cases that were."""

    code: str
    accuracy: float


class Verified(NamedTuple):
    """What is left of the replies to one instruction. `why` says why nothing is."""

    checkers: tuple[Checker, ...]
    cases: tuple[tuple[str, bool], ...]
    why: str = ""


def read_reply(text: str) -> Reply | None:
    """A reply out of a model's words; None where there is no such JSON, or its code does not parse.

    Lines that name the network are dropped, expected outputs of all spellings become booleans, and cases that have none are left
    out.
    """
    found: Any = json_value(text, {}).value
    code = found.get("func")
    if not isinstance(code, str):
        return None
    code = "\n".join(line for line in code.split("\n") if not any(word in line.lower() for word in _NETWORK))
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError):
        return None
    if not any(isinstance(node, ast.FunctionDef) and node.name == FUNCTION for node in tree.body):
        return None
    given: Any = found.get("cases")
    cases: list[tuple[str, bool]] = []
    for case in given if isinstance(given, list) else ():  # type: ignore[misc]
        if isinstance(case, dict):
            fields: dict[str, Any] = case  # type: ignore[assignment]
            truth = boolean(fields.get("output"))
            if truth is not None and isinstance(fields.get("input"), str):
                cases.append((fields["input"], truth))
    return Reply(code, tuple(cases))


def boolean(value: Any) -> bool | None:
    """A verdict in whatever spelling ("True", "no", 1); None where it is none."""
    if isinstance(value, bool):
        return value
    return _WORDS.get(str(value).strip().lower())


def verdicts(code: str, answers: Sequence[str], seconds: float = 5.0) -> list[bool | None]:
    """What a checker says of answers, in the sandbox; None where it fails or says neither."""
    return [
        None if found.error else boolean(found.value) for found in sandbox.call(code, FUNCTION, [(a,) for a in answers], seconds)
    ]


def cross_validate(
    replies: Sequence[Reply], functions: int = 3, cases: int = 10, keep: float = 0.8, seconds: float = 5.0
) -> Verified:
    """The checkers of one instruction that bear one another out; `functions` and `cases` are the least it takes of either."""
    codes = list({ast.dump(ast.parse(reply.code)): reply.code for reply in replies}.values())
    pool = list(dict.fromkeys(case for reply in replies for case in reply.cases))
    if len(codes) < functions or len(pool) < cases:
        return Verified((), (), f"{len(codes)} functions and {len(pool)} cases, at least {functions} and {cases} needed")
    table = [verdicts(code, [answer for answer, _ in pool], seconds) for code in codes]
    kept = [place for place, (_, expected) in enumerate(pool) if any(row[place] is expected for row in table)]
    scored = [
        Checker(code, sum(row[p] is pool[p][1] for p in kept) / max(1, len(kept))) for code, row in zip(codes, table, strict=True)
    ]
    good = tuple(checker for checker in scored if kept and checker.accuracy >= keep)
    return Verified(
        good, tuple(pool[place] for place in kept), "" if good else f"no function reaches {keep:g} on {len(kept)} cases"
    )


def support(checkers: Sequence[Checker], answer: str, seconds: float = 5.0) -> float:
    """The share of checkers that pass an answer; an error is a fail."""
    return sum(verdicts(checker.code, [answer], seconds) == [True] for checker in checkers) / len(checkers) if checkers else 0.0
