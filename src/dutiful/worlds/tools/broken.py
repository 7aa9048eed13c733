"""Tools that look right and lead nowhere: gone, out of scope, down, or without an effect or an answer."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from dutiful.core.records import Json
from dutiful.worlds.tools.language import Domain, Function, ToolError

HOW = {
    "{}_v2": "gone",
    "admin_{}": "scope",
    "{}_live": "down",
    "quick_{}": "empty",
}
"""The name of a broken tool, made of that of the one it looks like, and what is wrong with it."""


def names(domain: Domain, needed: Sequence[str], n: int, random: Random) -> dict[str, list[str]]:
    """n broken tools: name -> [the tool that it looks like, what is wrong]; those that look like needed ones first."""
    others = [name for name in domain.functions if name not in needed]
    near, far = [[(name, how) for name in part for how in HOW] for part in (needed, others)]
    random.shuffle(near)
    random.shuffle(far)
    return {how.format(name): [name, HOW[how]] for name, how in [*near, *far][:n]}


def answer(function: Function, how: str, given: Json) -> Any:
    """What a broken tool gives; raises ToolError where it fails."""
    if how == "gone":
        raise ToolError(404, "this endpoint is gone")
    if how == "scope":
        raise ToolError(403, "your key lacks the scope 'admin'")
    if how == "down":
        raise ToolError(503, "the service is down until further notice")
    return [] if function.many else {"status": "queued" if function.writes else "no data"}
