"""An agent of the corpus, and what a mutation operator edits: its syntax trees, with the node marked that carries the defect."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Agent(NamedTuple):
    """An agent: its heading and its files by path."""

    name: str
    style: str
    split: str
    model: str
    tools: tuple[str, ...]
    parse: str
    loop: str
    files: dict[str, str]


class Draft:
    """An agent while it is edited. `mark` names the node that carries the defect, `put` a line of a file that is no Python."""

    def __init__(self, agent: Agent, number: int = 0):
        self.agent, self.number = agent, number
        self.trees = {path: ast.parse(text) for path, text in agent.files.items() if path.endswith(".py")}
        self.others = {path: text for path, text in agent.files.items() if path not in self.trees}
        self.headers: dict[str, str] = {}
        self.marked: ast.AST | None = None
        self.last: ast.AST | None = None
        self.at: tuple[str, int] | None = None

    def mark(self, node: ast.AST, last: ast.AST | None = None) -> bool:
        self.marked, self.last = node, last or node
        return True

    def put(self, path: str, text: str, line: int) -> bool:
        self.others[path], self.at = text, (path, line)
        return True

    def pick(self, values: Sequence[str]) -> str:
        return values[self.number % len(values)]

    def sources(self) -> dict[str, str]:
        """The files, written out anew from their trees."""
        written = {p: self.headers.get(p, "") + ast.unparse(ast.fix_missing_locations(t)) + "\n" for p, t in self.trees.items()}
        return written | self.others

    def label(self) -> tuple[str, int, int]:
        """Where the marked node stands in the written file, and where the last marked one ends."""
        if self.at:
            return *self.at, self.at[1]
        for node in self.nodes():
            targets = node.targets if isinstance(node, ast.Assign) else []
            for each in (n for n in targets if isinstance(n, ast.Name)):
                each.ctx = ast.Store()
            if isinstance(node, ast.Name) and not hasattr(node, "ctx"):
                node.ctx = ast.Load()
        path, tree = next((p, t) for p, t in self.trees.items() if any(node is self.marked for node in ast.walk(t)))
        again = ast.parse(self.sources()[path])
        assert ast.dump(again) == ast.dump(tree), f"{self.agent.name}: {path} is written otherwise than it was edited"
        written: list[Any] = [
            new for old, new in zip(ast.walk(tree), ast.walk(again), strict=True) if old in (self.marked, self.last)
        ]
        return (
            path,
            written[0].lineno,
            max(node.end_lineno for node in written) if self.marked is not self.last else written[0].lineno,
        )

    def nodes(self) -> Iterator[ast.AST]:
        for tree in self.trees.values():
            yield from ast.walk(tree)

    def function(self, name: str) -> Function:
        return next(n for n in self.nodes() if isinstance(n, FUNCTIONS) and n.name == name)

    def tool(self) -> Function:
        """The code of a tool that returns in several ways, if there is one."""
        found: list[Function] = []
        for name in self.agent.tools:
            node = next(
                n for n in self.nodes() if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and n.name == name
            )
            inside = [n for n in ast.walk(node) if isinstance(n, FUNCTIONS) and n.name not in ("__init__", "name")]
            found.append(inside[0])
        return found[self.number % len(found)]

    def parents(self) -> dict[ast.AST, ast.AST]:
        return {child: node for node in self.nodes() for child in ast.iter_child_nodes(node)}

    def replace(self, old: ast.AST, new: Sequence[ast.stmt]) -> None:
        """Puts statements in the place of one."""
        for node in self.nodes():
            for block in (getattr(node, name, None) for name in ("body", "orelse", "finalbody")):
                if isinstance(block, list) and old in block:
                    place = block.index(old)
                    block[place : place + 1] = new
                    return
        raise ValueError("the statement is in no block")


Edit = Callable[[Draft], bool]


def constant(value: object) -> ast.Constant:
    return ast.Constant(value)  # type: ignore[arg-type]
