"""Source files as a graph of symbols: imports, bindings, classes with their bases, functions with their call sites."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

Function = ast.FunctionDef | ast.AsyncFunctionDef
Scope = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
SCOPES = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Binding(NamedTuple):
    """What a name is bound to. `how`: "is" (the value itself), "each" (an element of it), "part" (a piece of it), "def"."""

    value: ast.AST
    how: str


class Module:
    """One parsed file. `name` is dotted; `parent` leads from a node to the one around it."""

    def __init__(self, path: str, source: str, name: str):
        self.path, self.source, self.name = path, source, name
        self.tree = ast.parse(source)
        self.parent: dict[ast.AST, ast.AST] = {}
        self.imports: dict[str, str] = {}
        self.bindings: defaultdict[tuple[ast.AST, str], list[Binding]] = defaultdict(list)
        for node in ast.walk(self.tree):
            for child in ast.iter_child_nodes(node):
                self.parent[child] = node
        for node in ast.walk(self.tree):
            self._index(node)

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around a node, nearest first."""
        while node in self.parent:
            node = self.parent[node]
            yield node

    def scope(self, node: ast.AST) -> Scope:
        """The scope in which a node stands."""
        return next(each for each in self.around(node) if isinstance(each, SCOPES))

    def function(self, node: ast.AST) -> Function | None:
        """The function around a node."""
        found = (each for each in self.around(node) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))
        return next(found, None)

    def owner(self, node: ast.AST) -> ast.ClassDef | None:
        """The class around a node."""
        return next((each for each in self.around(node) if isinstance(each, ast.ClassDef)), None)

    def lookup(self, name: str, at: ast.AST) -> list[Binding]:
        """What a name is bound to where it stands: by the innermost scope that binds it; bodies of classes are seen from inside only."""  # noqa: E501
        inner = True
        for scope in self.around(at):
            if not isinstance(scope, SCOPES):
                continue
            if not (isinstance(scope, ast.ClassDef) and not inner) and (scope, name) in self.bindings:
                return self.bindings[scope, name]
            inner = False
        return []

    def _index(self, node: ast.AST) -> None:  # noqa: PLR0912
        match node:
            case ast.Import():
                for alias in node.names:
                    self.imports[alias.asname or alias.name.partition(".")[0]] = (
                        alias.name if alias.asname else alias.name.partition(".")[0]
                    )
            case ast.ImportFrom():
                package = node.module or ""
                if node.level:
                    parts = self.name.split(".")
                    keep = len(parts) - node.level + self.path.endswith("__init__.py")
                    package = ".".join([*parts[: max(0, keep)], *([node.module] if node.module else [])])
                for alias in node.names:
                    self.imports[alias.asname or alias.name] = f"{package}.{alias.name}".lstrip(".")
            case ast.Assign():
                for target in node.targets:
                    self._bind(target, node.value, "is")
            case ast.AnnAssign() if node.value:
                self._bind(node.target, node.value, "is")
            case ast.NamedExpr():
                self._bind(node.target, node.value, "is")
            case ast.AugAssign() if isinstance(node.op, ast.Add):
                self._bind(node.target, node.value, "is")
            case ast.For() | ast.AsyncFor() | ast.comprehension():
                self._bind(node.target, node.iter, "each")
            case ast.withitem() if node.optional_vars:
                self._bind(node.optional_vars, node.context_expr, "is")
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self.bindings[self.scope(node), node.name].append(Binding(node, "def"))
            case ast.arg():
                self.bindings[self.scope(node), node.arg].append(Binding(node, "def"))
            case _:
                pass

    def _bind(self, target: ast.expr, value: ast.expr, how: str) -> None:
        if isinstance(target, ast.Name):
            self.bindings[self.scope(target), target.id].append(Binding(value, how))
        elif isinstance(target, ast.Tuple | ast.List):
            paired = isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts) and how == "is"
            for place, each in enumerate(target.elts):
                inner = each.value if isinstance(each, ast.Starred) else each
                if paired and isinstance(value, ast.Tuple | ast.List):
                    self._bind(inner, value.elts[place], how)
                else:
                    self._bind(inner, value, "part")


class Project:
    """The modules of a project. Symbols have dotted names; what is not defined here keeps the name that it is imported by."""

    def __init__(self, sources: Mapping[str, str], prefixes: Mapping[str, str] | None = None):
        self.modules: list[Module] = []
        self.broken: dict[str, str] = {}
        self.texts = {path: text for path, text in sources.items() if not path.endswith(".py")}
        self.definitions: dict[str, tuple[Module, Function | ast.ClassDef]] = {}
        self.by_name: dict[str, Module] = {}
        self.names: dict[ast.AST, str] = {}
        self.home: dict[ast.AST, Module] = {}
        self.assigned: dict[tuple[str, str], list[ast.expr]] = {}
        self._lines: dict[ast.ClassDef, list[str]] = {}
        for path, source in sorted(sources.items()):
            if path.endswith(".py"):
                try:
                    self._add(Module(path, source, dotted(path, (prefixes or {}).get(path, ""))))
                except (SyntaxError, ValueError) as error:
                    self.broken[path] = f"it cannot be parsed: {error}"

    def _add(self, module: Module) -> None:
        self.modules.append(module)
        self.by_name[module.name] = module
        for node in ast.walk(module.tree):
            self.home[node] = module
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                outer = [each.name for each in module.around(node) if isinstance(each, Function | ast.ClassDef)]
                name = ".".join([module.name, *reversed(outer), node.name])
                self.names[node] = name
                self.definitions.setdefault(name, (module, node))
                if isinstance(node, ast.ClassDef):
                    self._assignments(module, node)

    def functions(self) -> Iterator[tuple[Module, Function]]:
        """Every function and method."""
        for module, node in list(self.definitions.values()):
            if not isinstance(node, ast.ClassDef):
                yield module, node

    def classes(self) -> Iterator[tuple[Module, ast.ClassDef]]:
        """Every class."""
        for module, node in list(self.definitions.values()):
            if isinstance(node, ast.ClassDef):
                yield module, node

    def canonical(self, name: str) -> str:
        """A dotted name with re-exports followed: `package.Thing` -> `package.module.Thing`, where that is defined here."""
        for _ in range(8):
            if name in self.definitions:
                return name
            head, _, tail = name.rpartition(".")
            rest: list[str] = [tail]
            while head and head not in self.by_name:
                head, _, last = head.rpartition(".")
                rest.insert(0, last)
            module = self.by_name.get(head)
            if not module or rest[0] not in module.imports:
                return name
            again = ".".join([module.imports[rest[0]], *rest[1:]])
            if again == name:
                return name
            name = again
        return name

    def qualified(self, node: ast.AST) -> str:
        """The dotted name of a Name or an Attribute, "" where it has none (it hangs on a value)."""
        module = self.home[node]
        if isinstance(node, ast.Name):
            found = module.lookup(node.id, node)
            defined = [each.value for each in found if each.value in self.names]
            if defined:
                return self.names[defined[0]]
            if found:
                return ""
            return self.canonical(module.imports[node.id]) if node.id in module.imports else node.id
        if isinstance(node, ast.Attribute):
            base = self.qualified(node.value)
            return self.canonical(f"{base}.{node.attr}") if base else ""
        return ""

    def bases(self, node: ast.ClassDef) -> list[str]:
        """All classes above one, by dotted name, nearest first; the class itself comes first."""
        found, queue = [self.names[node]], [node]
        while queue:
            for base in queue.pop(0).bases:
                name = self.qualified(base.value if isinstance(base, ast.Subscript) else base)
                if name and name not in found:
                    found.append(name)
                    above = self.definitions.get(name)
                    if above and isinstance(above[1], ast.ClassDef):
                        queue.append(above[1])
        return found

    def method(self, owner: str, name: str) -> Function | None:
        """A method by the class's dotted name, inherited ones too."""
        entry = self.definitions.get(owner)
        for base in self.bases(entry[1]) if entry and isinstance(entry[1], ast.ClassDef) else [owner]:
            found = self.definitions.get(f"{base}.{name}")
            if found and not isinstance(found[1], ast.ClassDef):
                return found[1]
        return None

    def attribute(self, owner: str, name: str) -> list[ast.expr]:
        """What is assigned to an attribute of a class or of its instances (`self.name = ...`), inherited ones too."""
        entry = self.definitions.get(owner)
        if not entry or not isinstance(entry[1], ast.ClassDef):
            return []
        if entry[1] not in self._lines:
            self._lines[entry[1]] = self.bases(entry[1])
        found = (self.assigned[base, name] for base in self._lines[entry[1]] if (base, name) in self.assigned)
        return next(found, list[ast.expr]())

    def _assignments(self, module: Module, owner: ast.ClassDef) -> None:
        """Notes what a class assigns to its attributes."""
        for each in ast.walk(owner):
            targets = each.targets if isinstance(each, ast.Assign) else [each.target] if isinstance(each, ast.AnnAssign) else []
            value = each.value if isinstance(each, ast.Assign | ast.AnnAssign) else None
            for target in targets if value is not None else ():
                if isinstance(target, ast.Attribute):
                    own = isinstance(target.value, ast.Name) and target.value.id in ("self", "cls")
                    name = target.attr if own else ""
                else:
                    name = target.id if isinstance(target, ast.Name) and module.scope(target) is owner else ""
                if name and value is not None:
                    self.assigned.setdefault((self.names[owner], name), []).append(value)


def dotted(path: str, prefix: str = "") -> str:
    """The dotted name of a file's module: "tools/search.py" -> "tools.search"."""
    parts = list(PurePosixPath(path).with_suffix("").parts)
    if parts and parts[-1] == "__init__":
        parts.pop()
    return ".".join([*([prefix] if prefix else []), *parts]) or "__init__"
