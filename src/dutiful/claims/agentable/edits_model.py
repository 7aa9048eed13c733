"""Edits of what has to do with the model: its name (ADAL), its call (LARD), its words (LPE), the loop around it (MNFT)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from dutiful.claims.agentable.draft import Draft, constant

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
