"""The domains: a module each, which makes its `Domain` once it is asked for."""

from __future__ import annotations

import functools
import importlib

from dutiful.core.errors import UnknownPart
from dutiful.core.world import Tool
from dutiful.kit import calls
from dutiful.worlds.tools.language import Domain

NAMES = ("retail", "home", "travel", "phone")


@functools.cache
def load(name: str) -> Domain:
    """A domain by its name; raises UnknownPart."""
    if name not in NAMES:
        raise UnknownPart("domain of tools", name, (*NAMES, "all"))
    return importlib.import_module(f"{__name__}.{name}").make()


@functools.cache
def shown(name: str) -> dict[str, tuple[Tool, str]]:
    """The tools of a domain as agents see them, and the line that describes each; made once a process."""
    domain = load(name)
    tools = {function: domain.tool(domain.functions[function]) for function in domain.functions}
    return {function: (tool, calls.describe((tool,))) for function, tool in tools.items()}
