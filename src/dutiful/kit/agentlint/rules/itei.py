"""ITEI: tools without name or description, and parameters that are declared otherwise than in the code."""

from __future__ import annotations

from collections.abc import Iterator

from dutiful.kit.agentlint.findings import Finding
from dutiful.kit.agentlint.project import Function
from dutiful.kit.agentlint.rules.base import Analysed
from dutiful.kit.agentlint.subjects import Tool
from dutiful.kit.agentlint.values import is_method


def check(analysed: Analysed) -> Iterator[Finding]:
    """What code can decide; whether a description tells what the code does needs a reader."""
    for tool in analysed.subjects.tools:
        for what, values in (("name", tool.names), ("description", tool.said)):
            if values is None:
                continue
            texts = [v for v in values if isinstance(v.value, str)]
            if not texts:
                yield analysed.finding("ITEI", tool.node, tool.title, f"the tool has no {what}")
            elif empty := next((v for v in texts if not str(v.value).strip()), None):
                node = empty.node if empty.node in analysed.project.home else tool.node
                yield analysed.finding("ITEI", node, tool.title, f"the tool's {what} is empty", also=tool.node)
        yield from _parameters(analysed, tool)


def _parameters(analysed: Analysed, tool: Tool) -> Iterator[Finding]:
    function = tool.function
    if tool.declared is None or not isinstance(function, Function) or function.args.kwarg is not None:
        return
    spec = function.args
    names = [a.arg for a in (*spec.posonlyargs, *spec.args)]
    names = names[1:] if is_method(analysed.project, function) else names
    optional = set(names[len(names) - len(spec.defaults) :] if spec.defaults else ())
    required = set(names) - optional | {a.arg for a, d in zip(spec.kwonlyargs, spec.kw_defaults, strict=True) if d is None}
    known = {*names, *(a.arg for a in spec.kwonlyargs)}
    injected = {"run_manager", "callbacks", "config", "state", "ctx", "context"}
    for value in tool.declared:
        if isinstance(value.value, str) and value.value not in known:
            node = value.node if value.node in analysed.project.home else tool.node
            evidence = f"it declares the parameter {value.value!r}, the code takes {', '.join(sorted(known)) or 'none'}"
            yield analysed.finding("ITEI", node, tool.title, evidence, also=function)
    declared = {v.value for v in tool.declared}
    if missing := sorted(required - declared - injected):  # noqa: SIM102
        if not any(v.value not in known for v in tool.declared):
            yield analysed.finding(
                "ITEI", tool.node, tool.title, f"the code needs {', '.join(missing)}, which it does not declare", also=function
            )
