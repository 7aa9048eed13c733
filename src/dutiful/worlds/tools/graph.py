"""The tool graph of a domain: tools, and links from a field of one's result to a parameter of another, of the same kind."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import NamedTuple

from dutiful.worlds.tools.language import Domain, Function


class Node(NamedTuple):
    """A tool with the kinds of its parameters and of its result's fields. `many`: the result is a list of such records."""

    name: str
    doc: str
    takes: Mapping[str, str]
    gives: Mapping[str, str]
    many: bool
    writes: bool


class Link(NamedTuple):
    """The result field `field` of `source` may feed the parameter `parameter` of `target`: both are of `kind`."""

    source: str
    field: str
    target: str
    parameter: str
    kind: str


class Graph(NamedTuple):
    """Nodes by name, and all links between different tools."""

    nodes: Mapping[str, Node]
    links: tuple[Link, ...]


def graph(domain: Domain) -> Graph:
    """The tool graph of a domain. A field that only repeats a parameter of its own tool links to nothing,
    nor does one whose kind says so (`Kind.links`)."""
    nodes = {f.name: Node(f.name, f.doc, f.takes, f.gives, f.many, f.writes) for f in domain.functions.values()}
    links = [
        Link(source.name, field, target.name, parameter, kind)
        for source in nodes.values()
        for field, kind in source.gives.items()
        if kind not in source.takes.values() and domain.kinds[kind].links
        for target in nodes.values()
        if target is not source
        for parameter, wanted in target.takes.items()
        if wanted == kind
    ]
    return Graph(nodes, tuple(links))


class Index:
    """What the sampler asks of a domain, worked out once."""

    def __init__(self, domain: Domain):
        self.domain = domain
        functions = list(domain.functions.values())
        self.readers = [f for f in functions if not f.writes]
        self.writers = [f for f in functions if f.writes]
        self.givers: dict[str, list[tuple[Function, str]]] = {}
        for function in self.readers:
            for field, kind in function.gives.items():
                if kind not in function.takes.values() and domain.kinds[kind].links:
                    self.givers.setdefault(kind, []).append((function, field))


@functools.cache
def index(name: str) -> Index:
    """The index of a domain, made once a process."""
    from dutiful.worlds.tools.domains import load

    return Index(load(name))
