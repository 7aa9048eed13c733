"""The subjects of the checks: calls to models, tools, stop words, loops that call a model."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from dutiful.kit.agentlint import frameworks
from dutiful.kit.agentlint.project import Function, Module, Project
from dutiful.kit.agentlint.symbols import Symbols
from dutiful.kit.agentlint.values import Value, own


class Tool(NamedTuple):
    """A tool of an agent. `said` and `names` are None where nothing asks for a description or a name beside the code.

    `node` is where it is declared, `function` the code that runs, `declared` the parameters that the model is told of.
    """

    title: str
    node: ast.AST
    function: Function | ast.Lambda | None
    names: list[Value] | None
    said: list[Value] | None
    declared: list[Value] | None = None


class Subjects:
    """What a project has of each. `model_calls`: call -> framework."""

    def __init__(self, project: Project):
        self.project = project
        self.symbols = Symbols(project)
        self.model_calls: dict[ast.Call, str] = {}
        for call in self.symbols.every_call:
            if framework := self._asks(call):
                self.model_calls[call] = framework
        self._asking: dict[ast.AST, bool] = {}
        self.tools = list(self._tools())

    # models

    def _asks(self, call: ast.Call) -> str:
        callees = self.symbols.callees(call)
        for name in sorted(callees):
            if framework := frameworks.framework_of(name):
                return framework
            if re.fullmatch(r"(requests|httpx)(\.\w+)*\.post", name) and self._addresses_model(call):
                return "plain HTTP"
        return ""

    def _addresses_model(self, call: ast.Call) -> bool:
        given = [*call.args[:1], *(k.value for k in call.keywords if k.arg == "url")]
        if any(isinstance(v.value, str) and frameworks.HOSTS.search(v.value) for g in given for v in self.symbols.resolve(g)):
            return True
        bodies = [each for k in call.keywords if k.arg == "json" for each in self.symbols.expand(k.value)]
        keys = {v.value for body in bodies if isinstance(body, ast.Dict) for key in body.keys for v in self.symbols.resolve(key)}
        return bool(keys & {"messages", "prompt"}) and "model" in keys

    def asks(self, node: ast.AST) -> bool:
        """Whether running a node asks a model, directly or through the project's functions."""
        return any(self._call_asks(each) for each in (node, *own(node)) if isinstance(each, ast.Call))

    def _call_asks(self, call: ast.Call) -> bool:
        return call in self.model_calls or any(self._function_asks(target) for target in self.symbols.targets(call))

    def _function_asks(self, function: Function) -> bool:
        if function not in self._asking:
            self._asking[function] = False  # a function that calls itself
            self._asking[function] = self.asks(function)
        return self._asking[function]

    def models(self) -> Iterator[tuple[ast.Call, str]]:
        """The constructors of models, and the calls that name one, each with the dotted name."""
        for call in self.symbols.every_call:
            for name in sorted(self.symbols.callees(call)):
                if re.fullmatch(frameworks.MODELS, name) or frameworks.framework_of(name) or name == "transformers.pipeline":
                    yield call, name
                    break

    def argument(self, call: ast.Call, *names: str, place: int | None = None) -> list[ast.expr]:
        """What is given to a call under one of the names, or at a place; `**` of known dictionaries is looked into."""
        found = [k.value for k in call.keywords if k.arg in names]
        for keyword in call.keywords:
            if keyword.arg is None:
                for each in self.symbols.expand(keyword.value):
                    found += self.entries(each, *names)
        if not found and place is not None and place < len(call.args):
            found.append(call.args[place])
        return found

    def entries(self, node: ast.expr, *names: str) -> list[ast.expr]:
        """The values of a dictionary (or of a call to `dict`) under one of the names."""
        if isinstance(node, ast.Dict):
            found: list[ast.expr] = []
            for key, value in zip(node.keys, node.values, strict=True):
                if key is None:
                    found += [e for each in self.symbols.expand(value) for e in self.entries(each, *names)]
                elif any(v.value in names for v in self.symbols.resolve(key)):
                    found.append(value)
            return found
        if isinstance(node, ast.Call) and self.project.qualified(node.func) == "dict":
            return [k.value for k in node.keywords if k.arg in names]
        return []

    # stop words

    def stops(self) -> Iterator[Value]:
        """The literals given as stop words or triggers: arguments, assignments and entries of those names."""
        seen: set[ast.expr] = set()
        for module in self.project.modules:
            for node in ast.walk(module.tree):
                for given in _stop_expressions(node):
                    items = self.symbols.items(given) or [given]
                    for value in (v for item in items for v in self.symbols.resolve(item)):
                        if isinstance(value.value, str) and value.value.strip() and value.node not in seen:
                            seen.add(value.node)
                            yield value

    # tools

    def _tools(self) -> Iterator[Tool]:
        seen: set[ast.AST] = set()
        for tool in (*self._class_tools(), *self._decorated(), *self._constructed(), *self._registered()):
            if tool.node not in seen:
                seen.add(tool.node)
                yield tool

    def _class_tools(self) -> Iterator[Tool]:
        classes = list(self.project.classes())
        for _, node in classes:
            bases = self.project.bases(node)
            if not any(re.fullmatch(frameworks.TOOL_BASES, base) for base in bases[1:]):
                continue
            name = self.project.names[node]
            if any(name in self.project.bases(other)[1:] for _, other in classes) and self._abstract(node):
                continue
            method = next((m for each in frameworks.TOOL_METHODS if (m := self.project.method(name, each))), None)
            names = [v for value in self.project.attribute(name, "name") for v in self.symbols.resolve(value)]
            said = [v for value in self.project.attribute(name, "description") for v in self.symbols.resolve(value)]
            inputs = [e for value in self.project.attribute(name, "inputs") for e in self.symbols.expand(value)]
            declared = [v for e in inputs if isinstance(e, ast.Dict) for key in e.keys for v in self.symbols.resolve(key)]
            known = any(isinstance(e, ast.Dict) for e in inputs)
            opaque = self._given_at_start(node)
            yield Tool(node.name, node, method, None if opaque else names, None if opaque else said, declared if known else None)

    def _abstract(self, node: ast.ClassDef) -> bool:
        """A base class of tools: its method raises, is abstract or empty."""
        methods = [each for each in node.body if isinstance(each, Function) and each.name in frameworks.TOOL_METHODS]
        return all(not any(isinstance(n, ast.Return) and n.value for n in own(method)) for method in methods)

    def _given_at_start(self, node: ast.ClassDef) -> bool:
        """Whether name and description are parameters of the constructor."""
        start = self.project.method(self.project.names[node], "__init__")
        return start is not None and any(a.arg in ("name", "description") for a in (*start.args.args, *start.args.kwonlyargs))

    def _decorated(self) -> Iterator[Tool]:
        for _, node in self.project.functions():
            for decorator in node.decorator_list:
                call = decorator if isinstance(decorator, ast.Call) else None
                name = self.project.qualified(call.func if call else decorator)
                if not re.fullmatch(frameworks.TOOL_DECORATORS, name):
                    continue
                given = self.argument(call, "description") if call else []
                said = [v for g in given for v in self.symbols.resolve(g)]
                documented = ast.get_docstring(node)
                if not given:
                    said = (
                        [Value(documented or "", node.body[0].value)] if documented and isinstance(node.body[0], ast.Expr) else []
                    )
                names = [v for g in (self.argument(call, "name", place=0) if call else []) for v in self.symbols.resolve(g)]
                titled = [v for v in names if isinstance(v.value, str)] or [Value(node.name, ast.Constant(node.name))]
                yield Tool(node.name, node, node, titled, said, _documented(documented))
                break

    def _constructed(self) -> Iterator[Tool]:
        for call in self.symbols.every_call:
            if not any(re.fullmatch(frameworks.TOOL_MAKERS, name) for name in self.symbols.callees(call)):
                continue
            named = any("StructuredTool.from_function" in name for name in self.symbols.callees(call))
            places = {"func": 0, "name": 2, "description": 3} if named else {"name": 0, "func": 1, "description": 2}
            functions = [f for g in self.argument(call, "func", "coroutine", place=places["func"]) for f in self.code(g)]
            names = [v for g in self.argument(call, "name", place=places["name"]) for v in self.symbols.resolve(g)]
            said = [v for g in self.argument(call, "description", place=places["description"]) for v in self.symbols.resolve(g)]
            function = functions[0] if functions else None
            if named and isinstance(function, Function):
                names = names or [Value(function.name, call.func)]
                said = said or ([Value(text, call.func)] if (text := ast.get_docstring(function)) else [])
            title = next((str(v.value) for v in names if v.value), "tool")
            yield Tool(title, call, function, names, said)

    def code(self, node: ast.expr) -> list[Function | ast.Lambda]:
        """The functions that an expression can stand for."""
        found: list[Function | ast.Lambda] = []
        for each in self.symbols.expand(node):
            if isinstance(each, ast.Lambda):
                found.append(each)
                continue
            names = {self.project.qualified(each)}
            if isinstance(each, ast.Attribute):
                names |= {f"{owner}.{each.attr}" for owner in self.symbols.types(each.value)}
            for name in sorted(filter(None, names)):
                entry = self.project.definitions.get(name)
                owner, _, last = name.rpartition(".")
                if entry and not isinstance(entry[1], ast.ClassDef):
                    found.append(entry[1])
                elif not entry and (method := self.project.method(owner, last)):
                    found.append(method)
        return found

    def _registered(self) -> Iterator[Tool]:
        """Plain functions: in a dictionary or a list called tools, and in the schemas that a client is given."""
        by_name: dict[str, Function | ast.Lambda] = {}
        registers = [(m, n) for m in self.project.modules for n in ast.walk(m.tree) if _registers(n)]
        found: list[Tool] = []
        for _, node in registers:
            value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            if isinstance(value, ast.Dict):
                for key, entry in zip(value.keys, value.values, strict=True):
                    for tool in self._entry(key, entry):
                        found.append(tool)
                        if tool.function is not None:
                            by_name.update({str(v.value): tool.function for v in tool.names or ()})
            elif isinstance(value, ast.List | ast.Tuple):
                for entry in value.elts:
                    found += self._entry(None, entry)
        described = list(self._schemas(by_name))
        covered = {tool.function for tool in described if tool.function is not None}
        yield from described
        documented = self._reads_docstrings()
        for tool in found:
            if tool.function in covered:
                continue
            if tool.said is None and documented and isinstance(tool.function, Function):
                text = ast.get_docstring(tool.function)
                tool = tool._replace(said=[Value(text, ast.Constant(text))] if text else [])  # noqa: PLW2901
            yield tool

    def _reads_docstrings(self) -> bool:
        """Whether the project tells the model the docstrings of its tools."""
        nodes = [n for m in self.project.modules for n in ast.walk(m.tree)]
        called = {self.project.qualified(n.func) for n in nodes if isinstance(n, ast.Call)}
        return any(isinstance(n, ast.Attribute) and n.attr == "__doc__" for n in nodes) or "inspect.getdoc" in called

    def _entry(self, key: ast.expr | None, entry: ast.expr) -> Iterator[Tool]:
        named = [v for v in self.symbols.resolve(key) if isinstance(v.value, str)]
        if functions := self.code(entry):
            function = functions[0]
            title = str(named[0].value) if named else function.name if isinstance(function, Function) else "lambda"
            node = function if isinstance(function, Function) else entry
            yield Tool(title, node, function, named or [Value(title, entry)], None)
            return
        for each in self.symbols.expand(entry):
            parts = each.values if isinstance(each, ast.Dict) else each.elts if isinstance(each, ast.Tuple) else []
            functions = [f for part in parts if isinstance(part, ast.Name | ast.Attribute | ast.Lambda) for f in self.code(part)]
            if not functions:
                continue
            names = named or [v for e in self.entries(each, "name") for v in self.symbols.resolve(e)]
            if isinstance(each, ast.Dict):
                said = [v for e in self.entries(each, "description", "desc", "help", "doc") for v in self.symbols.resolve(e)]
            else:
                texts = [v for part in parts for v in self.symbols.resolve(part) if isinstance(v.value, str)]
                names, said = (names, texts) if names else (texts[:1], texts[1:])
            title = str(names[0].value) if names else "tool"
            yield Tool(title, each, functions[0], names, said)

    def _schemas(self, by_name: dict[str, Function | ast.Lambda]) -> Iterator[Tool]:
        """The descriptions in the notations of the two clients."""
        for module in self.project.modules:
            for node in ast.walk(module.tree):
                if not isinstance(node, ast.Dict):
                    continue
                inner = next(iter(self.entries(node, "function")), None) if self._is(node, "type", "function") else None
                flat = bool(self.entries(node, "input_schema"))
                body = inner if isinstance(inner, ast.Dict) else node if flat else None
                if body is None:
                    continue
                names = [v for e in self.entries(body, "name") for v in self.symbols.resolve(e)]
                said = [v for e in self.entries(body, "description") for v in self.symbols.resolve(e)]
                title = next((str(v.value) for v in names if v.value), "tool")
                function = by_name.get(title) or self._by_name(module, title)
                declared = [v for schema in self.entries(body, "parameters", "input_schema") for v in self._properties(schema)]
                known = any(isinstance(s, ast.Dict) for s in self.entries(body, "parameters", "input_schema"))
                yield Tool(title, node, function, names, said, declared if known else None)

    def _properties(self, schema: ast.expr) -> Iterator[Value]:
        for each in self.symbols.expand(schema):
            for properties in self.entries(each, "properties"):
                for mapping in self.symbols.expand(properties):
                    for key in mapping.keys if isinstance(mapping, ast.Dict) else ():
                        yield from self.symbols.resolve(key)

    def _is(self, node: ast.Dict, key: str, value: str) -> bool:
        return any(v.value == value for e in self.entries(node, key) for v in self.symbols.resolve(e))

    def _by_name(self, module: Module, name: str) -> Function | None:
        found = [f for _, f in self.project.functions() if f.name == name]
        near = [f for f in found if self.project.home[f] is module]
        return next(iter(near or found), None)


_STOP = re.compile(
    r"(^|_)(stop|stops|stop_words?|stop_tokens?|stop_sequences?|stop_strings?|triggers?|trigger_words?)$", re.IGNORECASE
)


def _stop_expressions(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.keyword) and node.arg and _STOP.search(node.arg):
        yield node.value
    elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value is not None:
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            name = target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else ""
            if _STOP.search(name):
                yield node.value
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and _STOP.search(key.value):
                yield value
    elif (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("append", "extend")
        and node.args
    ):
        owner = node.func.value
        name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
        if _STOP.search(name):
            yield node.args[0]


def _registers(node: ast.AST) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    names = [t.id if isinstance(t, ast.Name) else t.attr if isinstance(t, ast.Attribute) else "" for t in targets]
    return any(
        re.search(
            r"(^|_)(tools?|toolbox|toolkit|functions|actions|registry|handlers|skills|commands)(_map|_by_name)?$", n.lower()
        )
        for n in names
    )


def _documented(text: str | None) -> list[Value] | None:
    """The parameters in the section "Args:" of a docstring, None where it has none."""
    section = re.search(r"^\s*(?:Args|Arguments|Parameters):\s*\n((?:[ \t]+\S.*\n?|\s*\n)+)", text or "", re.MULTILINE)
    if not section:
        return None
    names = re.findall(r"^[ \t]+(\w+)(?: \([^)]*\))?:", section[1], re.MULTILINE)
    return [Value(name, ast.Constant(name)) for name in names]
