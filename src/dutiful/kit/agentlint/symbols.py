"""The types of expressions, and what a call calls."""

from __future__ import annotations

import ast
from collections import defaultdict

from dutiful.kit.agentlint.frameworks import external_attributes, passes_on
from dutiful.kit.agentlint.project import Function, Project
from dutiful.kit.agentlint.values import DEPTH, Values, returns


class Symbols(Values):
    """Questions about the expressions of a project."""

    def __init__(self, project: Project):
        self.project = project
        self._types: dict[ast.AST, set[str]] = {}
        self._during: dict[ast.AST, set[str]] = {}
        self._callees: dict[ast.Call, set[str]] = {}
        self._targets: dict[ast.Call, list[Function]] = {}
        self._busy: set[ast.AST] = set()
        self.calls: dict[ast.AST, list[ast.Call]] = defaultdict(list)
        """Call sites by function."""
        self.every_call = [n for module in project.modules for n in ast.walk(module.tree) if isinstance(n, ast.Call)]
        for call in self.every_call:
            for target in self.targets(call):
                self.calls[target].append(call)
        self._types.clear()  # what was asked while the call sites were not all known
        self._callees.clear()
        self._targets.clear()

    def types(self, node: ast.AST, depth: int = DEPTH) -> set[str]:
        """The dotted names of the classes that an expression can be an instance of."""
        if node in self._types:
            return self._types[node]
        if node in self._busy or depth <= 0:
            return set()
        if node in self._during:
            return self._during[node]
        self._busy.add(node)
        try:
            found = self._during[node] = self._typed(node, depth - 1)
        finally:
            self._busy.discard(node)
        if not self._busy:  # what was found on the way may be short of what a loop adds: only the outermost answer is kept
            self._types[node] = found
            self._during.clear()
        return found

    def _typed(self, node: ast.AST, depth: int) -> set[str]:  # noqa: PLR0911
        match node:
            case ast.Await() | ast.NamedExpr() | ast.Starred():
                return self.types(node.value, depth)
            case ast.BinOp(op=ast.BitOr()):
                return self.types(node.left, depth) | self.types(node.right, depth)
            case ast.IfExp():
                return self.types(node.body, depth) | self.types(node.orelse, depth)
            case ast.BoolOp():
                return {name for each in node.values for name in self.types(each, depth)}
            case ast.Call():
                return self._made(node, depth)
            case ast.Name():
                return self._named(node, depth)
            case ast.Attribute():
                return self._attribute(node, depth)
            case _:
                return set()

    def _made(self, node: ast.Call, depth: int) -> set[str]:
        found: set[str] = set()
        for name in self.callees(node, depth):
            head, _, last = name.rpartition(".")
            defined = self.project.definitions.get(name)
            if defined and not isinstance(defined[1], ast.ClassDef):
                found |= self.annotated(defined[1].returns)
                found |= {each for value in returns(defined[1]) for each in self.types(value, depth)}
            elif passes_on(last) and head:
                found |= {head}
            elif last[:1].isupper():
                found |= {name}
            elif last.startswith("from_") or last in ("model", "init_chat_model"):
                found |= {head if last.startswith("from_") else name}
        return found

    def _named(self, node: ast.Name, depth: int) -> set[str]:
        module = self.project.home[node]
        owner = module.owner(node)
        function = module.function(node)
        if node.id in ("self", "cls") and owner is not None and function is not None:
            return {self.project.names[owner]}
        found: set[str] = set()
        for each in module.lookup(node.id, node):
            if isinstance(each.value, ast.arg):
                found |= self.annotated(each.value.annotation)
        for value in self.sources(node):
            found |= self.types(value, depth)
        return found

    def _attribute(self, node: ast.Attribute, depth: int) -> set[str]:
        found: set[str] = set()
        for owner in self.types(node.value, depth):
            for value in self.project.attribute(owner, node.attr):
                found |= self.types(value, depth)
            entry = self.project.definitions.get(owner)
            bases = self.project.bases(entry[1]) if entry and isinstance(entry[1], ast.ClassDef) else [owner]
            for base in bases:
                found |= self._declared(base, node.attr) | external_attributes(base, node.attr)
            if not entry:
                found.add(f"{owner}.{node.attr}")  # a part of a client: OpenAI.chat
        for value in self._global(self.project.qualified(node)):
            found |= self.types(value, depth)
        return found

    def _declared(self, owner: str, name: str) -> set[str]:
        """The annotation of a class's attribute, or of a property's return."""
        entry = self.project.definitions.get(owner)
        if not entry or not isinstance(entry[1], ast.ClassDef):
            return set()
        for each in entry[1].body:
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name) and each.target.id == name:
                return self.annotated(each.annotation)
            if isinstance(each, Function) and each.name == name and each.decorator_list:
                return self.annotated(each.returns)
        return set()

    def annotated(self, node: ast.expr | None) -> set[str]:
        """The classes that an annotation names."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return set()
        if isinstance(node, ast.BinOp):
            return self.annotated(node.left) | self.annotated(node.right)
        if isinstance(node, ast.Subscript):
            return self.annotated(node.slice) if self.project.qualified(node.value).endswith("Optional") else set()
        name = self.project.qualified(node) if node is not None else ""
        return {name} if name and name.rpartition(".")[2][:1].isupper() else set()

    def callees(self, call: ast.Call, depth: int = DEPTH) -> set[str]:
        """The dotted names of what a call may call: functions, classes, methods as Class.method."""
        if call in self._callees:
            return self._callees[call]
        found = self._called_names(call, depth)
        if not self._busy:
            self._callees[call] = found
        return found

    def _called_names(self, call: ast.Call, depth: int) -> set[str]:
        function = call.func
        name = self.project.qualified(function)
        found = {name} if name else set[str]()
        if isinstance(function, ast.Attribute):
            if isinstance(function.value, ast.Call) and self.project.qualified(function.value.func) == "super":
                owner = self.project.home[function].owner(function)
                owners = set(self.project.bases(owner)[1:]) if owner else set[str]()
            else:
                owners = self.types(function.value, depth)
            found |= {f"{owner}.{function.attr}" for owner in owners}
        elif isinstance(function, ast.Name) and not name:
            found |= {f"{owner}.__call__" for owner in self.types(function, depth)}
            for value in self.sources(function):
                if isinstance(value, ast.Name | ast.Attribute) and (called := self.project.qualified(value)):
                    found.add(called)
        elif not name:
            found |= {f"{owner}.__call__" for owner in self.types(function, depth)}
        if isinstance(function, ast.Attribute):
            for value in (v for owner in self.types(function.value, depth) for v in self.project.attribute(owner, function.attr)):
                if called := self.project.qualified(value):
                    found.add(called)
                found |= {f"{owner}.__call__" for owner in self.types(value, depth)}
        return found

    def targets(self, call: ast.Call) -> list[Function]:
        """The project's functions that a call may call; of a class, its `__init__`."""
        if call in self._targets:
            return self._targets[call]
        found = self._target_functions(call)
        if not self._busy:
            self._targets[call] = found
        return found

    def _target_functions(self, call: ast.Call) -> list[Function]:
        found: list[Function] = []
        for name in sorted(self.callees(call)):
            entry = self.project.definitions.get(name)
            if entry and not isinstance(entry[1], ast.ClassDef):
                found.append(entry[1])
                continue
            owner, _, method = (f"{name}.__init__" if entry else name).rpartition(".")
            if (made := self.project.method(owner, method)) is not None:
                found.append(made)
        return found
