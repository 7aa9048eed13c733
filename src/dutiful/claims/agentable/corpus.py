"""Small agents, each with one defect injected at a known line, and twins that were edited at the same place without harm.

The agents are our own (dev.txt, heldout.txt): programs in two frameworks' styles and in plain Python. A mutation operator
changes the syntax tree of one agent at a place that it finds by the names in the agent's heading (never through the checker),
marks the node that carries the defect, and the file is written out again: the line of the marked node is the label.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
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


class Program(NamedTuple):
    """A program of the corpus. `defect` is "" for a clean one; (file, line) is where it was injected or edited.

    An injection that lays several statements open ends at the line `end`.
    """

    name: str
    agent: str
    split: str
    style: str
    defect: str
    edit: str
    sources: dict[str, str]
    file: str = ""
    line: int = 0
    end: int = 0


def agents(split: str) -> list[Agent]:
    """The agents of a split: "dev" or "heldout"."""
    found: list[Agent] = []
    for block in re.split(r"^=== ", (HERE / f"{split}.txt").read_text(), flags=re.MULTILINE)[1:]:
        heading, _, body = block.partition("\n")
        name, style, *pairs = (part.strip() for part in heading.split("|"))
        facts = dict(pair.split("=", 1) for pair in pairs)
        pieces = re.split(r"^--- (.+)\n", body, flags=re.MULTILINE)[1:]
        files = dict(zip(pieces[::2], pieces[1::2], strict=True))
        tools = tuple(facts["tools"].split(","))
        found.append(Agent(name, style, split, facts["model"], tools, facts["parse"], facts["loop"], files))
    return found


def programs(split: str) -> Iterator[Program]:
    """Of every agent: itself, one mutant a defect, and one harmless edit a defect."""
    for number, agent in enumerate(agents(split)):
        yield Program(f"{agent.name}/clean", agent.name, split, agent.style, "", "", Draft(agent).sources())
        for defect, (wrong, harmless) in OPERATORS.items():
            for edits, injected in ((wrong, defect), (harmless, "")):
                yield _applied(agent, defect, edits, number, injected)


def _applied(agent: Agent, defect: str, edits: Sequence[Edit], number: int, injected: str) -> Program:
    """The first edit that fits, beginning with one that changes from agent to agent; some edits are for held-out agents only."""
    fitting = [e for e in edits if agent.split == "heldout" or e.__name__ not in HELDOUT_ONLY]
    for turn in range(len(fitting)):
        edit = fitting[(number + turn) % len(fitting)]
        draft = Draft(agent, number)
        if edit(draft):
            file, line, end = draft.label()
            name = f"{agent.name}/{defect}/{edit.__name__}"
            return Program(name, agent.name, agent.split, agent.style, injected, edit.__name__, draft.sources(), file, line, end)
    raise ValueError(f"no edit for {defect} fits the agent {agent.name!r}")


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


# ADAL

WRONG = {
    "dev": ("text-embedding-3-small", "gpt-3.5-turbo-instruct", "code-davinci-002", "gpt2", "whisper-1"),
    "heldout": ("text-embedding-ada-002", "davinci-002", "bigcode/starcoder2-15b", "omni-moderation-latest",
                "sentence-transformers/all-mpnet-base-v2", "meta-llama/Llama-2-7b-hf", "codellama/CodeLlama-13b-Python-hf", "dall-e-3",  # noqa: E501
                "BAAI/bge-reranker-large", "google/flan-t5-base", "mistralai/Mistral-7B-v0.3", "EleutherAI/pythia-1.4b"),
}  # fmt: skip
FIT = {
    "dev": ("gpt-4.1-mini", "claude-sonnet-4-0", "Qwen/Qwen2.5-7B-Instruct", "o4-mini"),
    "heldout": ("gpt-4o-2024-08-06", "codellama/CodeLlama-34b-Instruct-hf", "mistralai/Mistral-7B-Instruct-v0.3", "gemini-1.5-pro",  # noqa: E501
                "bigcode/starcoder2-15b-instruct-v0.1", "deepseek-chat", "meta-llama/Llama-3.1-8B-Instruct"),
}  # fmt: skip


def _renamed(draft: Draft, names: Sequence[str]) -> bool:
    node = next((n for n in draft.nodes() if isinstance(n, ast.Constant) and n.value == draft.agent.model), None)
    if node is None:
        return False
    node.value = draft.pick(names)
    return draft.mark(node)


def another_purpose(draft: Draft) -> bool:
    return _renamed(draft, WRONG[draft.agent.split])


def another_chat_model(draft: Draft) -> bool:
    return _renamed(draft, FIT[draft.agent.split])


# LARD


def _settings(draft: Draft) -> Iterator[tuple[ast.Call, list[ast.keyword]]]:
    """Calls and constructors of models with their keywords; `dict(...)` of settings counts as the call."""
    for node in draft.nodes():
        if isinstance(node, ast.Call):
            names = {k.arg for k in node.keywords}
            text = ast.unparse(node.func)
            if {"model", "model_id", "model_name", "messages", "temperature"} & names or re.search(  # noqa: SIM102
                r"(Model|Chat\w+|OpenAI|Anthropic)$", text
            ):
                if re.search(r"create$|^dict$|Model$|Chat\w+$|^OpenAI$|^Anthropic$", text):
                    yield node, node.keywords


def _number(draft: Draft, names: Sequence[str], values: Sequence[float]) -> bool:
    """Sets a number among the settings of a model: of a call's keywords or of a dictionary of settings."""
    for _, keywords in _settings(draft):
        for keyword in keywords:
            if keyword.arg in names and isinstance(keyword.value, ast.Constant):
                keyword.value = constant(draft.pick(values))  # type: ignore[arg-type]
                return draft.mark(keyword.value)
    for node in draft.nodes():
        if isinstance(node, ast.Dict):
            for place, key in enumerate(node.keys):
                if isinstance(key, ast.Constant) and key.value in names and isinstance(node.values[place], ast.Constant):
                    node.values[place] = constant(draft.pick(values))  # type: ignore[arg-type]
                    return draft.mark(node.values[place])
    return False


def too_hot(draft: Draft) -> bool:
    if draft.agent.style == "http":
        return False
    return _number(draft, ("temperature",), (2.5, 7, 20))  # type: ignore[arg-type]


def no_tokens(draft: Draft) -> bool:
    return draft.agent.style != "http" and _number(draft, ("max_tokens",), (0,))  # type: ignore[arg-type]


def _client_call(draft: Draft) -> ast.Call | None:
    return next((c for c, _ in _settings(draft) if ast.unparse(c.func).endswith(".create")), None)


def unknown_parameter(draft: Draft) -> bool:
    call = _client_call(draft)
    if call is None:
        return False
    call.keywords.append(ast.keyword(draft.pick(("max_length", "prompt", "stop_words")), constant(100)))
    return draft.mark(call)


def missing_parameter(draft: Draft) -> bool:
    call = _client_call(draft)
    gone = next((k for k in call.keywords if k.arg in ("messages", "model", "max_tokens")), None) if call else None
    if call is None or gone is None or (gone.arg == "max_tokens" and "messages.create" not in ast.unparse(call.func)):
        return False
    call.keywords.remove(gone)
    return draft.mark(call)


def unknown_role(draft: Draft) -> bool:
    if _client_call(draft) is None:
        return False
    for node in draft.nodes():
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if (
                    isinstance(key, ast.Constant)
                    and key.value == "role"
                    and isinstance(value, ast.Constant)
                    and value.value == "user"
                ):
                    value.value = draft.pick(("human", "bot"))
                    return draft.mark(value)
    return False


def headless_http(draft: Draft) -> bool:
    """Over plain HTTP there is no client whose signature could be broken: a client is put in its place, wrongly called."""
    if draft.agent.style != "http":
        return False
    call = next(
        n
        for n in draft.nodes()
        if isinstance(n, ast.Call) and ast.unparse(n.func) in ("requests.post", "httpx.post", "session.post")
    )
    tree = next(t for t in draft.trees.values() if any(n is call for n in ast.walk(t)))
    tree.body.insert(0, ast.ImportFrom("openai", [ast.alias("OpenAI")], 0))
    call.func = ast.parse("OpenAI().chat.completions.create", mode="eval").body
    call.args, call.keywords = [], [ast.keyword("model", constant(draft.agent.model)), ast.keyword("timeout", constant(30))]
    return draft.mark(call)


def cooler(draft: Draft) -> bool:
    return _number(draft, ("temperature",), (0.15, 0.65, 0.9))  # type: ignore[arg-type]


def more_tokens(draft: Draft) -> bool:
    return _number(draft, ("max_tokens",), (250, 900))  # type: ignore[arg-type]


def another_setting(draft: Draft) -> bool:
    for call, keywords in _settings(draft):
        if ast.unparse(call.func) != "dict" and not re.search(r"(^OpenAI|^Anthropic)$", ast.unparse(call.func)):
            keywords.append(ast.keyword("top_p", constant(0.9)))
            return draft.mark(call)
    return False


def slower_http(draft: Draft) -> bool:
    node = next((k for n in draft.nodes() if isinstance(n, ast.Call) for k in n.keywords if k.arg == "timeout"), None)
    if node is None or draft.agent.style != "http":
        return False
    node.value = constant(45)
    return draft.mark(node.value)


# LPE


def _try(draft: Draft) -> ast.Try | None:
    return next((n for n in ast.walk(draft.function(draft.agent.parse)) if isinstance(n, ast.Try)), None)


def untried(draft: Draft) -> bool:
    node = _try(draft)
    if node is None:
        return False
    draft.replace(node, node.body + node.orelse)
    return draft.mark(node.body[0], node.body[-1])


def tried_for_another(draft: Draft) -> bool:
    node = _try(draft)
    if node is None:
        return False
    node.handlers[0].type = ast.Name(draft.pick(("ConnectionError", "OSError", "TimeoutError")))
    node.handlers[:] = node.handlers[:1]
    return draft.mark(node.body[0], node.body[-1])


def unchecked(draft: Draft) -> bool:
    function = draft.function(draft.agent.parse)
    for block in [function.body, *(n.body for n in ast.walk(function) if isinstance(n, ast.For | ast.While))]:
        for place, statement in enumerate(block[:-1]):
            if isinstance(statement, ast.If) and isinstance(statement.body[-1], ast.Return | ast.Raise | ast.Continue):
                target = block[place + 1]
                del block[place]
                return draft.mark(target, block[-1])
    return False


def passed_on(draft: Draft) -> bool:
    """The handler stays, and raises the same error again."""
    node = _try(draft)
    if node is None:
        return False
    node.handlers[0].body = [ast.Raise()]
    node.handlers[0].name = None
    node.handlers[:] = node.handlers[:1]
    return draft.mark(node.body[0], node.body[-1])


def tried_for_all(draft: Draft) -> bool:
    node = _try(draft)
    if node is None:
        return False
    node.handlers[0].type = ast.Name("Exception")
    return draft.mark(node.body[0])


def checked_and_tried(draft: Draft) -> bool:
    function = draft.function(draft.agent.parse)
    if _try(draft) is not None:
        return False
    body = function.body[1:] if ast.get_docstring(function) else function.body
    handler = ast.ExceptHandler(ast.Name("Exception"), None, [ast.Return(constant(""))])
    first = body[0]
    function.body = [*function.body[: len(function.body) - len(body)], ast.Try(list(body), [handler], [], [])]
    return draft.mark(first)


# MNFT


def endless_for(draft: Draft) -> bool:
    node = next((n for n in ast.walk(draft.function(draft.agent.loop)) if isinstance(n, ast.For)), None)
    if node is None or not isinstance(node.target, ast.Name):
        return False
    used = any(isinstance(n, ast.Name) and n.id == node.target.id for each in node.body for n in ast.walk(each))
    if used or not ast.unparse(node.iter).startswith("range"):
        return False
    loop = ast.While(constant(True), node.body, [])
    draft.replace(node, [loop])
    return draft.mark(loop)


def endless_while(draft: Draft) -> bool:
    node = next((n for n in ast.walk(draft.function(draft.agent.loop)) if isinstance(n, ast.While)), None)
    if node is None:
        return False
    if isinstance(node.test, ast.Constant):
        gone = next(s for s in node.body if isinstance(s, ast.If) and isinstance(s.test, ast.Compare))
        node.body.remove(gone)
    else:
        node.test = constant(True)
    return draft.mark(node)


def counted_for_ever(draft: Draft) -> bool:
    """`itertools.count()` in the place of a range."""
    node = next((n for n in ast.walk(draft.function(draft.agent.loop)) if isinstance(n, ast.For)), None)
    if node is None or not ast.unparse(node.iter).startswith("range"):
        return False
    node.iter = ast.parse("itertools.count()", mode="eval").body
    tree = next(t for t in draft.trees.values() if any(n is node for n in ast.walk(t)))
    tree.body.insert(0, ast.Import([ast.alias("itertools")]))
    return draft.mark(node)


def _keyword(draft: Draft, *names: str) -> tuple[ast.Call, ast.keyword] | None:
    calls = (n for n in draft.nodes() if isinstance(n, ast.Call))
    return next(((n, k) for n in calls for k in n.keywords if k.arg in names), None)


def unlimited(draft: Draft) -> bool:
    found = _keyword(draft, "max_iterations", "max_steps")
    if not found:
        return False
    found[1].value = constant(None) if found[1].arg == "max_iterations" else constant(draft.pick((100000, 10**9)))  # type: ignore[arg-type]
    return draft.mark(found[1].value)


def unhandled(draft: Draft) -> bool:
    found = _keyword(draft, "handle_parsing_errors")
    if not found:
        return False
    found[0].keywords.remove(found[1])
    return draft.mark(found[0])


def fewer_steps(draft: Draft) -> bool:
    found = _keyword(draft, "max_iterations", "max_steps")
    if not found:
        return False
    found[1].value = constant(4)
    return draft.mark(found[1].value)


def counted_while(draft: Draft) -> bool:
    """A `while` with a counter in the place of a `for`."""
    node = next((n for n in ast.walk(draft.function(draft.agent.loop)) if isinstance(n, ast.For)), None)
    if node is None or not isinstance(node.target, ast.Name) or not ast.unparse(node.iter).startswith("range"):
        return False
    if any(isinstance(n, ast.Name) and n.id == node.target.id for each in node.body for n in ast.walk(each)):
        return False
    loop = ast.While(constant(True), [*ast.parse("tries += 1\nif tries > 7:\n    break").body, *node.body], [])
    draft.replace(node, [*ast.parse("tries = 0").body, loop])
    return draft.mark(loop)


def timed_while(draft: Draft) -> bool:
    node = next((n for n in ast.walk(draft.function(draft.agent.loop)) if isinstance(n, ast.While)), None)
    if node is None:
        return False
    tree = next(t for t in draft.trees.values() if any(n is node for n in ast.walk(t)))
    tree.body.insert(0, ast.Import([ast.alias("time")]))
    draft.replace(node, [*ast.parse("began = time.monotonic()").body, node])
    node.test = ast.parse("time.monotonic() - began < 60", mode="eval").body
    return draft.mark(node)


# ITEI


def _said(draft: Draft) -> list[tuple[ast.AST, ast.expr]]:
    """Where descriptions stand: (what holds it, the text)."""
    found: list[tuple[ast.AST, ast.expr]] = []
    for node in draft.nodes():
        if isinstance(node, ast.Dict):
            found += [
                (node, v)
                for k, v in zip(node.keys, node.values, strict=True)
                if isinstance(k, ast.Constant)
                and k.value == "description"
                and any(getattr(x, "value", "") in ("name", "function") for x in node.keys)
            ]
        elif isinstance(node, ast.Tuple) and len(node.elts) == 2 and isinstance(node.elts[0], ast.Name | ast.Attribute):
            if isinstance(node.elts[1], ast.Constant) and isinstance(node.elts[1].value, str):
                found.append((node, node.elts[1]))
        elif isinstance(node, ast.Call):
            found += [(node, k.value) for k in node.keywords if k.arg == "description" and _makes_tool(node)]
        elif isinstance(node, ast.ClassDef) and node.name in draft.agent.tools:
            for each in node.body:
                target = (
                    each.targets[0] if isinstance(each, ast.Assign) else each.target if isinstance(each, ast.AnnAssign) else None
                )
                if isinstance(target, ast.Name) and target.id == "description":
                    found.append((node, each.value))  # type: ignore[union-attr]
    return found


def _makes_tool(node: ast.Call) -> bool:
    return (
        any(k.arg == "func" for k in node.keywords)
        or re.search(r"(^|\.)tool$|from_function$", ast.unparse(node.func)) is not None
    )


def empty_description(draft: Draft) -> bool:
    found = _said(draft)
    if not found:
        return False
    text = found[draft.number % len(found)][1]
    if not isinstance(text, ast.Constant):
        return False
    text.value = draft.pick(("", " "))
    return draft.mark(text)


def no_description(draft: Draft) -> bool:
    found = _said(draft)
    if not found:
        return False
    holder, text = found[draft.number % len(found)]
    if isinstance(holder, ast.Dict):
        place = holder.values.index(text)
        del holder.keys[place], holder.values[place]
    elif isinstance(holder, ast.Tuple):
        holder.elts.remove(text)
    elif isinstance(holder, ast.Call):
        if "from_function" in ast.unparse(holder.func):
            return False
        holder.keywords[:] = [k for k in holder.keywords if k.value is not text]
        decorated = draft.parents().get(holder)
        if isinstance(decorated, FUNCTIONS):
            return draft.mark(decorated)
    elif isinstance(holder, ast.ClassDef):
        holder.body[:] = [s for s in holder.body if getattr(s, "value", None) is not text]
    return draft.mark(holder)


def no_docstring(draft: Draft) -> bool:
    for name in draft.agent.tools:
        node = next(
            n for n in draft.nodes() if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and n.name == name
        )
        if isinstance(node, FUNCTIONS) and any("tool" in ast.unparse(d) for d in node.decorator_list) and ast.get_docstring(node):
            node.body = node.body[1:]
            return draft.mark(node)
    return False


def other_parameter(draft: Draft) -> bool:
    """A declared parameter that the code does not take."""
    for node in draft.nodes():
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "properties" and isinstance(value, ast.Dict):
                    return _rename(draft, value)
        if (
            isinstance(node, ast.Assign)
            and ast.unparse(node.targets[0]) == "inputs"
            and isinstance(node.value, ast.Dict)
            and node.value.keys
        ):
            return _rename(draft, node.value)
    return False


def _rename(draft: Draft, mapping: ast.Dict) -> bool:
    key = mapping.keys[0]
    if not isinstance(key, ast.Constant):
        return False
    key.value = f"{key.value}_text"
    return draft.mark(key)


def reworded(draft: Draft) -> bool:
    found = _said(draft)
    if not found:
        return False
    text = found[draft.number % len(found)][1]
    if not isinstance(text, ast.Constant):
        return False
    text.value = f"Use it when asked. {text.value}"
    return draft.mark(text)


def longer_docstring(draft: Draft) -> bool:
    for name in draft.agent.tools:
        node = next(
            n for n in draft.nodes() if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and n.name == name
        )
        text = node.body[0].value if isinstance(node.body[0], ast.Expr) else None
        if isinstance(text, ast.Constant):
            text.value = f"{text.value}\n"
            return draft.mark(text)
    return False


# TRE


def last_return_lost(draft: Draft) -> bool:
    tool = draft.tool()
    last = tool.body[-1]
    if not isinstance(last, ast.Return) or last.value is None:
        return False
    tool.body[-1] = ast.Assign([ast.Name("result")], last.value)
    return draft.mark(tool)


def bare_return(draft: Draft) -> bool:
    found = [n for n in ast.walk(draft.tool()) if isinstance(n, ast.Return)]
    node = found[draft.number % len(found)]
    node.value = None if draft.number % 2 else constant(None)
    return draft.mark(node)


def emptied(draft: Draft) -> bool:
    tool = draft.tool()
    tool.body = [*tool.body[: 1 if ast.get_docstring(tool) else 0], ast.Pass()]
    return draft.mark(tool)


def printed(draft: Draft) -> bool:
    """The answer is printed in the last branch, not returned."""
    tool = draft.tool()
    last = tool.body[-1]
    if isinstance(last, ast.Return) and last.value is not None:
        tool.body[-1] = ast.Expr(ast.Call(ast.Name("print"), [last.value], []))
        return draft.mark(tool)
    return False


def branch_lost(draft: Draft) -> bool:
    """The last return goes into a branch of its own."""
    tool = draft.tool()
    last = tool.body[-1]
    if not isinstance(last, ast.Return) or not tool.args.args:
        return False
    named = tool.args.args[-1].arg
    if named == "self":
        return False
    tool.body[-1] = ast.If(ast.Compare(ast.Name(named), [ast.IsNot()], [constant(None)]), [last], [])
    return draft.mark(tool)


def named_result(draft: Draft) -> bool:
    tool = draft.tool()
    last = tool.body[-1]
    if not isinstance(last, ast.Return) or last.value is None:
        return False
    new = ast.Return(ast.Name("outcome"))
    tool.body[-1:] = [ast.Assign([ast.Name("outcome")], last.value), new]
    return draft.mark(new)


def both_branches(draft: Draft) -> bool:
    tool = draft.tool()
    last = tool.body[-1]
    if not isinstance(last, ast.Return) or last.value is None:
        return False
    new = ast.If(ast.Name("__debug__"), [last], [ast.Return(copy.deepcopy(last.value))])
    tool.body[-1] = new
    return draft.mark(new)


def raised(draft: Draft) -> bool:
    tool = draft.tool()
    check = ast.parse("if not isinstance(1, int):\n    raise ValueError('no')").body[0]
    tool.body.insert(1 if ast.get_docstring(tool) else 0, check)
    return draft.mark(check)


# ALS


def _stops(draft: Draft) -> ast.List | ast.Tuple | None:
    for node in draft.nodes():
        value = node.value if isinstance(node, ast.keyword | ast.Assign | ast.AnnAssign) else None
        target = ast.unparse(node.targets[0]) if isinstance(node, ast.Assign) else ""
        name = (
            node.arg
            if isinstance(node, ast.keyword)
            else target
            if isinstance(node, ast.Assign)
            else ast.unparse(node.target)
            if isinstance(node, ast.AnnAssign)
            else ""
        )
        if re.search(r"stop|pause|halt|trigger", (name or "").lower()) and isinstance(value, ast.List | ast.Tuple):
            return value
    return None


def _told(draft: Draft) -> str:
    """A piece of what the tool returns."""
    texts = [
        part.value
        for node in ast.walk(draft.tool())
        if isinstance(node, ast.Return) and node.value
        for part in ast.walk(node.value)
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and len(part.value.strip()) > 3
    ]
    return max(texts, key=len).strip() if texts else ""


def _title(draft: Draft) -> str:
    tool = draft.tool()
    holder = draft.parents().get(tool)
    if isinstance(holder, ast.ClassDef) and holder.name in draft.agent.tools:
        for each in holder.body:
            target = each.targets[0] if isinstance(each, ast.Assign) else each.target if isinstance(each, ast.AnnAssign) else None
            if isinstance(target, ast.Name) and target.id == "name" and isinstance(each.value, ast.Constant):  # type: ignore[union-attr]
                return str(each.value.value)  # type: ignore[union-attr]
        return ""
    return tool.name


def _add(draft: Draft, node: ast.expr) -> bool:
    stops = _stops(draft)
    if stops is None:
        return False
    stops.elts.append(node)
    return draft.mark(node)


def stops_at_the_name(draft: Draft) -> bool:
    name = _title(draft)
    return bool(name) and _add(draft, constant(name[: max(4, len(name) // 2)]))


def stops_at_the_answer(draft: Draft) -> bool:
    text = _told(draft)
    return bool(text) and _add(draft, constant(text.split()[0] if len(text.split()[0]) > 3 else text))


def stops_two_levels_deep(draft: Draft) -> bool:
    """The stop word is an f-string of an f-string, both with names of their own."""
    text = _told(draft)
    stops = _stops(draft)
    if not text or stops is None:
        return False
    tree = next(t for t in draft.trees.values() if any(n is stops for n in ast.walk(t)))
    first = next(i for i, s in enumerate(tree.body) if not isinstance(s, ast.Import | ast.ImportFrom | ast.Expr))
    tree.body[first:first] = ast.parse(f"HEAD_WORD = {text.split()[0]!r}\nMARK_WORD = f'{{HEAD_WORD}}'").body
    return _add(draft, ast.parse("f'{MARK_WORD}'", mode="eval").body) if len(text.split()[0]) > 3 else False


def stops_elsewhere(draft: Draft) -> bool:
    return _add(draft, constant(draft.pick(("<|end|>", "\nQuestion:", "~~~~"))))


# EPDD


def _pinned(draft: Draft) -> tuple[str, str, str]:
    """(package, what cannot be met with it, what can) of a requirement of the project."""
    lines = [line for line in draft.others["requirements.txt"].splitlines() if line]
    line = lines[draft.number % len(lines)]
    package, operator, version = re.match(r"([\w.-]+)(>=|==|~=)([\d.]+)", line).groups()  # type: ignore[union-attr]
    major = int(version.split(".")[0])
    if major == 0 or operator != ">=":
        return package, f"<{version}", f">={version}" if operator != "==" else f"=={version}"
    return (
        package,
        draft.pick((f"<{major}", f"=={major - 1}.4.1", f"~={major - 1}.2")),
        draft.pick((f">={major}", f">={version}")),
    )


def _second_file(draft: Draft, versions: int) -> bool:
    found = _pinned(draft)
    return draft.put("tools_requirements.txt", f"# what the tools need\nrich>=13\n{found[0]}{found[versions]}\n", 3)


def second_requirements(draft: Draft) -> bool:
    return _second_file(draft, 1)


def fitting_requirements(draft: Draft) -> bool:
    return _second_file(draft, 2)


def _install(draft: Draft, versions: int) -> bool:
    found = _pinned(draft)
    tool = draft.tool()
    text = constant(f"{found[0]}{found[versions]}")
    call = ast.parse("subprocess.run([sys.executable, '-m', 'pip', 'install', '-q'], check=True)").body[0]
    call.value.args[0].elts.append(text)  # type: ignore[attr-defined]
    tree = next(t for t in draft.trees.values() if any(n is tool for n in ast.walk(t)))
    tool.body.insert(1 if ast.get_docstring(tool) else 0, call)
    tree.body[:0] = ast.parse("import subprocess\nimport sys").body
    return draft.mark(text)


def installed_by_the_tool(draft: Draft) -> bool:
    return _install(draft, 1)


def installed_and_fitting(draft: Draft) -> bool:
    return _install(draft, 2)


def _header(draft: Draft, versions: int) -> bool:
    found = _pinned(draft)
    tool = draft.tool()
    path = next(p for p, t in draft.trees.items() if any(n is tool for n in ast.walk(t)))
    draft.headers[path] = f'# /// script\n# dependencies = [\n#   "{found[0]}{found[versions]}",\n# ]\n# ///\n'
    draft.at = (path, 3)
    return True


def script_header(draft: Draft) -> bool:
    return _header(draft, 1)


def fitting_header(draft: Draft) -> bool:
    return _header(draft, 2)


OPERATORS: dict[str, tuple[tuple[Edit, ...], tuple[Edit, ...]]] = {
    "ADAL": ((another_purpose,), (another_chat_model,)),
    "LARD": ((too_hot, unknown_parameter, missing_parameter, no_tokens, unknown_role, headless_http),
             (cooler, more_tokens, another_setting, slower_http)),
    "LPE": ((untried, tried_for_another, passed_on, unchecked), (tried_for_all, checked_and_tried)),
    "MNFT": ((endless_for, endless_while, unlimited, unhandled, counted_for_ever), (fewer_steps, counted_while, timed_while)),
    "ITEI": ((empty_description, no_description, other_parameter, no_docstring), (reworded, longer_docstring)),
    "TRE": ((last_return_lost, bare_return, emptied, printed, branch_lost), (named_result, both_branches, raised)),
    "ALS": ((stops_at_the_name, stops_at_the_answer, stops_two_levels_deep), (stops_elsewhere,)),
    "EPDD": ((second_requirements, installed_by_the_tool, script_header), (fitting_requirements, installed_and_fitting, fitting_header)),  # noqa: E501
}  # fmt: skip
"""Defect -> (edits that inject it, edits of the same place that do no harm)."""
HELDOUT_ONLY = {
    "passed_on",
    "counted_for_ever",
    "unknown_role",
    "branch_lost",
    "stops_two_levels_deep",
    "script_header",
    "fitting_header",
}
"""Edits that no rule was tried on while it was written."""
