"""Edits of what has to do with tools: what is said of them (ITEI), what they return (TRE), stop words (ALS), packages (EPDD)."""

from __future__ import annotations

import ast
import copy
import re

from dutiful.claims.agentable.draft import FUNCTIONS, Draft, constant

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
