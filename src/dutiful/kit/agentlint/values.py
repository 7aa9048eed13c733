"""What an expression can be, where that is a literal: through names, f-strings, containers and functions, with a recursion limit."""  # noqa: E501

from __future__ import annotations

import ast
import contextlib
import itertools
from collections.abc import Generator, Iterator, Sequence
from typing import NamedTuple

from dutiful.kit.agentlint.project import Function, Project

HOLE = "\0"
"""Stands in a text for a part that is not known before the program runs."""
DEPTH, MANY, STEPS = 12, 24, 3000
"""How deep references are followed, how many values of one expression are kept, and how many looks one question may take."""

Literal = str | int | float | bool | None


class Value(NamedTuple):
    """A value that an expression can have, and the node that it was written at. Texts may have HOLEs."""

    value: Literal
    node: ast.expr


class Values:
    """What expressions can be. `Symbols` adds the types, and what is called."""

    project: Project
    calls: dict[ast.AST, list[ast.Call]]
    _asked: int = 0
    _looks: int = 0

    def types(self, node: ast.AST, depth: int = DEPTH) -> set[str]:
        """The dotted names of the classes that an expression can be an instance of."""
        raise NotImplementedError

    def targets(self, call: ast.Call) -> list[Function]:
        """The project's functions that a call may call."""
        raise NotImplementedError

    def resolve(self, node: ast.AST | None, depth: int = DEPTH) -> list[Value]:
        """The literal values that an expression can have; nothing where none is known."""
        if node is None or depth <= 0 or not isinstance(node, ast.expr):
            return []
        with self._question() as allowed:
            return list(itertools.islice(self._resolve(node, depth - 1), MANY)) if allowed else []

    @contextlib.contextmanager
    def _question(self) -> Generator[bool]:
        """Counts the looks of the outermost question, so that none takes for ever in a large project."""
        self._looks = 0 if not self._asked else self._looks + 1
        self._asked += 1
        try:
            yield self._looks < STEPS
        finally:
            self._asked -= 1

    def _resolve(self, node: ast.expr, depth: int) -> Iterator[Value]:  # noqa: PLR0912
        match node:
            case ast.Constant(value=str() | int() | float() | None):
                yield Value(node.value, node)  # type: ignore[arg-type]
            case ast.JoinedStr():
                yield from self._texts(node, [p.value if isinstance(p, ast.FormattedValue) else p for p in node.values], depth)
            case ast.BinOp(op=ast.Add()):
                yield from self._texts(node, [node.left, node.right], depth)
            case ast.BinOp(op=ast.Mod()):
                yield from (Value(_holes(v.value, "%"), node) for v in self.resolve(node.left, depth) if isinstance(v.value, str))
            case ast.BinOp(op=ast.Pow() | ast.Mult()):
                yield from self._product(node, depth)
            case ast.UnaryOp(op=ast.USub()):
                for value in self.resolve(node.operand, depth):
                    if isinstance(value.value, int | float):
                        yield Value(-value.value, node)
            case ast.IfExp():
                yield from itertools.chain(self.resolve(node.body, depth), self.resolve(node.orelse, depth))
            case ast.BoolOp():
                yield from itertools.chain.from_iterable(self.resolve(each, depth) for each in node.values)
            case ast.Call():
                yield from self._called(node, depth)
            case ast.NamedExpr() | ast.Await():
                yield from self.resolve(node.value, depth)
            case ast.Subscript():
                yield from self._looked_up(node, depth)
            case ast.Name() | ast.Attribute():
                for each in self.sources(node):
                    yield from self.resolve(each, depth)
            case _:
                pass

    def _texts(self, node: ast.expr, parts: Sequence[ast.expr], depth: int) -> Iterator[Value]:
        """All joined texts; a part that is not known is a HOLE, where some part is a text."""
        options: list[list[str]] = []
        for part in parts:
            found = [str(v.value) for v in self.resolve(part, depth) if isinstance(v.value, str | int | float)]
            options.append(found or [HOLE])
        if not isinstance(node, ast.JoinedStr) and all(option == [HOLE] for option in options):
            return
        for pieces in itertools.islice(itertools.product(*options), MANY):
            yield Value("".join(pieces), node)

    def _product(self, node: ast.BinOp, depth: int) -> Iterator[Value]:
        for a, b in itertools.product(self.resolve(node.left, depth), self.resolve(node.right, depth)):
            if isinstance(a.value, int | float) and isinstance(b.value, int | float) and abs(b.value) < 100:
                yield Value(a.value**b.value if isinstance(node.op, ast.Pow) else a.value * b.value, node)

    def _called(self, node: ast.Call, depth: int) -> Iterator[Value]:  # noqa: PLR0912
        name, function = self.project.qualified(node.func), node.func
        if name in ("os.getenv", "os.environ.get") and len(node.args) > 1:
            yield from self.resolve(node.args[1], depth)
        elif name in ("str", "textwrap.dedent") and node.args:
            yield from self.resolve(node.args[0], depth)
        elif name == "float" and node.args:
            for value in self.resolve(node.args[0], depth):
                if str(value.value).lower().lstrip("+-") in ("inf", "infinity"):
                    yield Value(float("inf"), node)
        elif isinstance(function, ast.Attribute) and function.attr in (
            "strip",
            "rstrip",
            "lstrip",
            "lower",
            "upper",
            "format",
            "join",
        ):
            for value in self.resolve(function.value, depth):
                if not isinstance(value.value, str):
                    continue
                if function.attr == "join":
                    items = self.items(node.args[0], depth) if node.args else []
                    pieces = [
                        next((str(v.value) for v in self.resolve(i, depth) if isinstance(v.value, str)), HOLE) for i in items
                    ]
                    yield Value(value.value.join(pieces or [HOLE, HOLE]), node)
                elif function.attr == "format":
                    yield Value(_holes(value.value, "{"), node)
                else:
                    yield Value(getattr(value.value, function.attr)(), value.node)
        else:
            for target in self.targets(node):
                for returned in returns(target):
                    yield from self.resolve(returned, depth)

    def _looked_up(self, node: ast.Subscript, depth: int) -> Iterator[Value]:
        keys = {v.value for v in self.resolve(node.slice, depth)}
        for each in self.expand(node.value):
            if isinstance(each, ast.Dict):
                for key, value in zip(each.keys, each.values, strict=True):
                    if key is None or not keys or {v.value for v in self.resolve(key, depth)} & keys:
                        yield from self.resolve(value, depth)
            elif isinstance(each, ast.List | ast.Tuple) and len(keys) == 1 and isinstance(place := next(iter(keys)), int):
                yield from self.resolve(each.elts[place] if -len(each.elts) <= place < len(each.elts) else None, depth)

    def expand(self, node: ast.AST | None, depth: int = DEPTH) -> list[ast.expr]:
        """The expressions that a name can stand for, names followed."""
        if depth <= 0 or not isinstance(node, ast.expr):
            return []
        with self._question() as allowed:
            return self._expand(node, depth) if allowed else [node]

    def _expand(self, node: ast.expr, depth: int) -> list[ast.expr]:
        if isinstance(node, ast.Name | ast.Attribute):
            found = [each for source in self.sources(node) for each in self.expand(source, depth - 1)]
            return found or [node]
        if isinstance(node, ast.IfExp):
            return [*self.expand(node.body, depth - 1), *self.expand(node.orelse, depth - 1)]
        if isinstance(node, ast.Call) and (targets := self.targets(node)):
            return [e for t in targets for r in returns(t) for e in self.expand(r, depth - 1)] or [node]
        return [node]

    def items(self, node: ast.AST | None, depth: int = DEPTH) -> list[ast.expr]:
        """The elements of a list, tuple or set, followed through names, sums and comprehensions over known ones."""
        if depth <= 0:
            return []
        found: list[ast.expr] = []
        for each in self.expand(node, depth):
            match each:
                case ast.List() | ast.Tuple() | ast.Set():
                    for item in each.elts:
                        found += self.items(item.value, depth - 1) if isinstance(item, ast.Starred) else [item]
                case ast.BinOp(op=ast.Add()):
                    found += [*self.items(each.left, depth - 1), *self.items(each.right, depth - 1)]
                case ast.ListComp() | ast.GeneratorExp() | ast.SetComp():
                    found.append(each.elt)
                case ast.Dict():
                    found += [key for key in each.keys if key is not None]
                case ast.Call() if self.project.qualified(each.func) in ("list", "tuple", "sorted", "set") and each.args:
                    found += self.items(each.args[0], depth - 1)
                case ast.Call(func=ast.Attribute(attr="values" | "keys" | "items"), args=[]) if isinstance(
                    each.func, ast.Attribute
                ):
                    for mapping in self.expand(each.func.value, depth - 1):
                        if isinstance(mapping, ast.Dict):
                            found += mapping.values if each.func.attr == "values" else [k for k in mapping.keys if k is not None]
                case _:
                    pass
        return found

    def sources(self, node: ast.Name | ast.Attribute) -> list[ast.expr]:
        """What was assigned to a name or an attribute, wherever that is in the project; arguments for a parameter."""
        module = self.project.home[node]
        if isinstance(node, ast.Name):
            found = module.lookup(node.id, node)
            if not found and node.id in module.imports:
                return self._global(self.project.canonical(module.imports[node.id]))
            values: list[ast.expr] = []
            for each in found:
                if isinstance(each.value, ast.arg):
                    values += self.arguments(each.value)
                elif each.how == "each":
                    values += self.items(each.value, 6)
                elif each.how == "is" and isinstance(each.value, ast.expr):
                    values.append(each.value)
            return values
        owned = [value for owner in self.types(node.value) for value in self.project.attribute(owner, node.attr)]
        return owned or self._global(self.project.qualified(node))

    def _global(self, name: str) -> list[ast.expr]:
        """What is assigned to a dotted name at the top of one of the project's modules, or in a class."""
        head, _, tail = name.rpartition(".")
        if module := self.project.by_name.get(head):
            return [
                b.value for b in module.bindings.get((module.tree, tail), ()) if isinstance(b.value, ast.expr) and b.how == "is"
            ]
        return self.project.attribute(head, tail) if head else []

    def arguments(self, parameter: ast.arg) -> list[ast.expr]:
        """What is given for a parameter at the call sites that are known, and its default."""
        module = self.project.home[parameter]
        function = module.scope(parameter)
        if not isinstance(function, Function | ast.Lambda):
            return []
        spec = function.args
        names = [*spec.posonlyargs, *spec.args]
        values: list[ast.expr] = []
        if parameter in names:
            place = names.index(parameter)
            back = place - len(names)
            values += [spec.defaults[back]] if -back <= len(spec.defaults) else []
        elif parameter in spec.kwonlyargs:
            place = -1
            default = spec.kw_defaults[spec.kwonlyargs.index(parameter)]
            values += [default] if default is not None else []
        else:
            return []
        for call in self.calls.get(function, ()):
            shift = 1 if isinstance(function, Function) and is_method(self.project, function) else 0
            given = [k.value for k in call.keywords if k.arg == parameter.arg]
            if not given and 0 <= place - shift < len(call.args) and not any(isinstance(a, ast.Starred) for a in call.args):
                given = [call.args[place - shift]]
            values += given
        return values


def returns(function: Function | ast.Lambda) -> list[ast.expr]:
    """The expressions that a function returns; those of functions inside it are not its own."""
    if isinstance(function, ast.Lambda):
        return [function.body]
    return [node.value for node in own(function) if isinstance(node, ast.Return) and node.value is not None]


def own(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function's body, without those of functions and classes inside it."""
    queue: list[ast.AST] = list(ast.iter_child_nodes(function))
    while queue:
        node = queue.pop(0)
        yield node
        if not isinstance(node, Function | ast.ClassDef | ast.Lambda):
            queue = [*ast.iter_child_nodes(node), *queue]


def is_method(project: Project, function: Function) -> bool:
    """Whether a function takes the instance (or the class) first."""
    inside = isinstance(project.home[function].parent.get(function), ast.ClassDef)
    return inside and not any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in function.decorator_list)


def _holes(text: str, kind: str) -> str:
    """A template with its places filled by HOLEs."""
    import re

    return re.sub(r"%\(?\w*\)?[sdrfi]" if kind == "%" else r"\{[^{}]*\}", HOLE, text)
