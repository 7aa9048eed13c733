"""Where the words of a model go: from the call to what parses them, through variables, attributes and functions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from dutiful.kit.agentlint.project import Function
from dutiful.kit.agentlint.subjects import Subjects
from dutiful.kit.agentlint.values import is_method, returns

RESPONSE, DATA, MATCH = "response", "data", "match"
"""What the words are: the client's answer or a text, something parsed out of it, a match that may be None."""
_DECODES = re.compile(
    r"(json|orjson|ujson|simplejson|demjson3?|json5)\.(loads|decode)|yaml\.(safe_)?load|ast\.literal_eval|tomllib\.loads|msgspec\.\w+\.decode"
)
_MATCHES = re.compile(r"re\.(search|match|fullmatch)")
_METHODS = frozenset(
    [
        "strip",
        "lstrip",
        "rstrip",
        "lower",
        "upper",
        "replace",
        "removeprefix",
        "removesuffix",
        "casefold",
        "title",
        "capitalize",
        "decode",
        "encode",
        "json",
        "get",
        "pop",
        "copy",
        "read",
    ]
)
_SPLITS = frozenset(
    ("split rsplit splitlines partition rpartition findall ").split()  # noqa: SIM905
)
_PLAIN = frozenset(
    ("str repr list dict tuple sorted reversed iter next ").split()  # noqa: SIM905
)
_OPEN = {
    "choices",
    "message",
    "content",
    "output",
    "text",
    "messages",
    "response",
    "candidates",
    "generations",
    "generated_text",
    "output_text",
}


class Sink(NamedTuple):
    """An expression that parses words of a model, what it may raise, and the names that a check of it would mention."""

    node: ast.expr
    raises: frozenset[str]
    names: frozenset[str]
    what: str


class Flow:
    """Kinds of names and functions, to a fixed point."""

    def __init__(self, subjects: Subjects):
        self.subjects, self.project, self.symbols = subjects, subjects.project, subjects.symbols
        self.names: dict[tuple[ast.AST, str], str] = {}
        self.attributes: dict[tuple[str, str], str] = {}
        self.returned: dict[ast.AST, str] = {}
        for _ in range(12):
            before = (len(self.names), len(self.attributes), len(self.returned))
            self._spread()
            if before == (len(self.names), len(self.attributes), len(self.returned)):
                break

    def _spread(self) -> None:
        for module in self.project.modules:
            for node in ast.walk(module.tree):
                match node:
                    case ast.Assign():
                        for target in node.targets:
                            self._assign(target, self.kind(node.value))
                    case ast.AnnAssign() | ast.NamedExpr() if node.value is not None:
                        self._assign(node.target, self.kind(node.value))
                    case ast.For() | ast.comprehension():
                        self._assign(node.target, self.kind(node.iter))
                    case ast.withitem() if node.optional_vars:
                        self._assign(node.optional_vars, self.kind(node.context_expr))
                    case ast.Call():
                        self._pass(node)
                    case _:
                        pass
        for _, function in self.project.functions():
            kinds = [kind for value in returns(function) if (kind := self.kind(value))]
            if kinds and function not in self.returned:
                self.returned[function] = MATCH if MATCH in kinds else DATA if DATA in kinds else RESPONSE

    def _assign(self, target: ast.expr, kind: str) -> None:
        if not kind:
            return
        if isinstance(target, ast.Name):
            self.names.setdefault((self.project.home[target].scope(target), target.id), kind)
        elif isinstance(target, ast.Attribute):
            for owner in self.symbols.types(target.value):
                self.attributes.setdefault((owner, target.attr), kind)
        elif isinstance(target, ast.Tuple | ast.List):
            for each in target.elts:
                self._assign(each, kind)

    def _pass(self, call: ast.Call) -> None:
        """Words given to the project's functions."""
        given = [(place, None, self.kind(arg)) for place, arg in enumerate(call.args)]
        given += [(None, k.arg, self.kind(k.value)) for k in call.keywords]
        if not any(kind for _, _, kind in given):
            return
        for function in self.symbols.targets(call):
            names = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
            names = names[1:] if is_method(self.project, function) else names
            for place, name, kind in given:
                name = names[place] if place is not None and place < len(names) else name  # noqa: PLW2901
                if kind and name:
                    self.names.setdefault((function, name), kind)

    def kind(self, node: ast.AST | None) -> str:  # noqa: PLR0911
        """What of a model's words an expression is, "" for none."""
        match node:
            case ast.Name():
                return self._name(node)
            case ast.Attribute():
                owned = (self.attributes.get((owner, node.attr), "") for owner in self.symbols.types(node.value))
                return next(filter(None, owned), "") or self.kind(node.value)
            case ast.Subscript():
                inner = self.kind(node.value)
                return RESPONSE if inner == MATCH else inner
            case ast.Await() | ast.NamedExpr() | ast.Starred() | ast.FormattedValue():
                return self.kind(node.value)
            case ast.IfExp():
                return self.kind(node.body) or self.kind(node.orelse)
            case ast.BoolOp():
                kinds = [self.kind(each) for each in node.values]
                if isinstance(node.op, ast.Or) and not kinds[-1]:
                    return RESPONSE if any(kinds) else ""  # something of ours stands in where nothing was parsed
                return next(filter(None, kinds), "")
            case ast.BinOp(op=ast.Add()):
                return self.kind(node.left) or self.kind(node.right)
            case ast.GeneratorExp() | ast.ListComp():
                return self.kind(node.elt)
            case ast.JoinedStr():
                return next(filter(None, [self.kind(each) for each in node.values]), "") if len(node.values) == 1 else ""
            case ast.Call():
                return self._call(node)
            case _:
                return ""

    def _name(self, node: ast.Name) -> str:
        for scope in self.project.home[node].around(node):
            if (scope, node.id) in self.names:
                return self.names[scope, node.id]
            if isinstance(scope, Function) and (scope, node.id) in self.project.home[node].bindings:
                return ""
        return ""

    def _call(self, node: ast.Call) -> str:  # noqa: PLR0911
        if node in self.subjects.model_calls:
            return RESPONSE
        if kinds := [self.returned[target] for target in self.symbols.targets(node) if target in self.returned]:
            return kinds[0]
        name, function = self.project.qualified(node.func), node.func
        words = next(filter(None, (self.kind(arg) for arg in node.args)), "")
        if isinstance(function, ast.Attribute):
            inner = self.kind(function.value)
            if inner == MATCH:
                return RESPONSE
            if inner and function.attr in _SPLITS:
                return DATA
            if inner and function.attr in _METHODS:
                return inner
            if words and (
                _DECODES.fullmatch(name) or function.attr in ("model_validate_json", "parse_raw", "findall", "raw_decode")
            ):
                return DATA
            if words and (_MATCHES.fullmatch(name) or self._is_pattern(function)):
                return MATCH
            if words and function.attr == "join":
                return RESPONSE
            if words and name in ("re.sub", "re.split"):
                return DATA if name == "re.split" else RESPONSE
            return ""
        return words if name in _PLAIN else ""

    def _is_pattern(self, method: ast.Attribute) -> bool:
        """Whether a method looks with a compiled pattern."""
        if method.attr not in ("search", "match", "fullmatch"):
            return False
        made = (each for each in self.symbols.expand(method.value) if isinstance(each, ast.Call))
        return any(self.project.qualified(each.func) == "re.compile" for each in made)

    # parsing

    def sinks(self) -> Iterator[Sink]:
        """Every expression that parses words of a model and may raise."""
        for module in self.project.modules:
            for node in ast.walk(module.tree):
                found = self._sink(node)
                if found:
                    yield found

    def _sink(self, node: ast.AST) -> Sink | None:
        match node:
            case ast.Call() if node not in self.subjects.model_calls:
                return self._sink_call(node)
            case ast.Subscript(ctx=ast.Load()) if not isinstance(node.slice, ast.Slice):
                base, key = self.kind(node.value), self.kind(node.slice)
                if base == MATCH:
                    return Sink(node, frozenset({"TypeError"}), mentioned(node.value), "a part of a match that may be none")
                if base == DATA and not self._open(node) and not _safe_place(node):
                    return Sink(node, frozenset({"LookupError"}), mentioned(node), "a part that may be missing")
                if key and not base and isinstance(node.value, ast.Name | ast.Attribute):
                    return Sink(node, frozenset({"LookupError"}), mentioned(node.slice), "a look-up by the model's words")
            case ast.Assign(targets=[ast.Tuple() | ast.List()]) if self.kind(node.value) == DATA and _unpacks(node):
                return Sink(
                    node.value, frozenset({"ValueError"}), mentioned(node.value), "parts of which there may be more or fewer"
                )
            case _:
                pass
        return None

    def _sink_call(self, node: ast.Call) -> Sink | None:  # noqa: PLR0911
        name, function = self.project.qualified(node.func), node.func
        words = next((arg for arg in node.args if self.kind(arg)), None)
        method = function.attr if isinstance(function, ast.Attribute) else ""
        if words is not None:
            if _DECODES.fullmatch(name) or method in ("model_validate_json", "parse_raw", "raw_decode"):
                return Sink(node, frozenset({"ValueError"}), frozenset(), f"{name or method} of the model's words")
            if name in ("int", "float", "Decimal", "decimal.Decimal") or method in ("strptime", "fromisoformat"):
                return Sink(
                    node, frozenset({"ValueError"}), mentioned(words) | {"#number"}, f"{name or method} of the model's words"
                )
            if name in ("eval", "exec"):
                return Sink(node, frozenset({"Exception"}), frozenset(), f"{name} of the model's words")
            if name == "getattr" and len(node.args) == 2:
                return Sink(node, frozenset({"AttributeError"}), mentioned(words), "getattr by the model's words")
        if isinstance(function, ast.Attribute):
            inner = self.kind(function.value)
            if inner == MATCH and method in ("group", "groups", "groupdict", "start", "end", "span"):
                return Sink(node, frozenset({"AttributeError"}), mentioned(function.value), "a match that may be none")
            if inner and method in ("index", "rindex") and node.args:
                return Sink(node, frozenset({"ValueError"}), mentioned(function.value), "a text that may not be there")
        return None

    def _open(self, node: ast.Subscript) -> bool:
        """A look into the client's answer, which is no parsing."""
        base = node.value
        last = base.attr if isinstance(base, ast.Attribute) else ""
        return last in _OPEN


def _safe_place(node: ast.Subscript) -> bool:
    """The first or last piece of a split, and any of a partition, are always there."""
    base, key = node.value, node.slice
    while isinstance(key, ast.UnaryOp):
        key = key.operand
    if not (isinstance(base, ast.Call) and isinstance(base.func, ast.Attribute) and isinstance(key, ast.Constant)):
        return False
    first = key.value == 0 or (isinstance(node.slice, ast.UnaryOp) and key.value == 1)
    return base.func.attr in ("partition", "rpartition") or (base.func.attr in ("split", "rsplit") and bool(base.args) and first)


def _unpacks(node: ast.Assign) -> bool:
    value, target = node.value, node.targets[0]
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in ("partition", "rpartition"):
        return False
    starred = isinstance(target, ast.Tuple | ast.List) and any(isinstance(e, ast.Starred) for e in target.elts)
    return not starred and isinstance(value, ast.Call)


def mentioned(node: ast.AST) -> frozenset[str]:
    """The names in an expression that a check of it would have to mention."""
    return frozenset(each.id for each in ast.walk(node) if isinstance(each, ast.Name) and each.id != "self") | frozenset(
        each.attr
        for each in ast.walk(node)
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id == "self"
    )
