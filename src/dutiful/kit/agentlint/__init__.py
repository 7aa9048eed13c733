"""Defects in the code of agents that call language models, found by reading the code: eight types, one rule each.

lint("my_agent/")                 a Report: findings with file and line, or what could not be looked at
check({"agent.py": "..."})        the same of sources in memory

The files become a graph of symbols (imports, bindings, inheritance, call sites); calls to models, tools and stop words are found
in it; each rule slices what it needs. Nothing is run or imported. A project whose model calls go through something unknown
is "not analysed", never "clean". A finding on a line that says `# agentlint: DEFECT because ...` is left out.

Source: Agentable (arXiv 2412.18371), its rule part; the paper's questions to a model (does a description tell what the code
does? is an unknown model fit?) are not asked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from dutiful.core.errors import SpecError
from dutiful.kit.agentlint import frameworks
from dutiful.kit.agentlint.findings import DEFECTS, Finding, Report
from dutiful.kit.agentlint.project import Project
from dutiful.kit.agentlint.rules import RULES
from dutiful.kit.agentlint.rules.base import Analysed

__all__ = ["DEFECTS", "Finding", "Report", "check", "lint"]

_READ = (".py", ".toml", ".txt", ".in")
_SKIP = {"node_modules", "__pycache__", "venv", "build", "dist", "site-packages"}
_EXPLAINED = re.compile(r"#\s*agentlint:\s*([A-Z, ]+?)\s+because\s+\S")


def lint(path: str | Path, only: Collection[str] = ()) -> Report:
    """Checks a file, or a folder with all that is in it; raises SpecError where there is nothing to read."""
    root = Path(path)
    if not root.exists():
        raise SpecError(f"there is no {str(path)!r}: name a Python file or a folder of them")
    base = root if root.is_dir() else root.parent
    found = (
        sorted(root.rglob("*")) if root.is_dir() else [root, *sorted(base.glob("*requirements*.txt")), base / "pyproject.toml"]
    )
    files: dict[str, str] = {}
    for file in found:
        inside = file.relative_to(base)
        if file.suffix in _READ and file.is_file() and not any(p in _SKIP or p.startswith(".") for p in inside.parts[:-1]):  # noqa: SIM102
            if file.suffix == ".py" or "requirements" in file.name or file.name == "pyproject.toml":
                files[inside.as_posix()] = file.read_text(encoding="utf-8", errors="replace")
    if not any(name.endswith(".py") for name in files):
        raise SpecError(f"there is no Python file in {str(path)!r}")
    prefix, above = "", base.resolve()
    while (above / "__init__.py").exists():
        prefix, above = f"{above.name}.{prefix}".rstrip("."), above.parent
    return check(files, only, prefix)


def check(sources: Mapping[str, str], only: Collection[str] = (), prefix: str = "") -> Report:
    """Checks sources by path ("agent.py", "tools/search.py", "requirements.txt"). `prefix`: the package that they lie in.

    `only`: defects to look for, all if empty; raises SpecError for one there is not.
    """
    if unknown := set(only) - set(DEFECTS):
        raise SpecError(f"there is no defect {', '.join(sorted(unknown))}; there are: {', '.join(DEFECTS)}")
    project = Project(sources, dict.fromkeys(sources, prefix))
    analysed = Analysed(project)
    findings: list[Finding] = []
    missing = dict(project.broken)
    for defect, rule in RULES.items():
        if only and defect not in only:
            continue
        try:
            findings += rule(analysed)
        except ImportError as error:
            missing[defect] = f"the rule needs the package {error.name!r}: pip install {error.name}"
    kept = sorted({f for f in findings if not _explained(project, f)}, key=lambda f: (f.file, f.line, f.defect, f.evidence))
    used = tuple(sorted({*analysed.subjects.model_calls.values(), *_imported(project, frameworks.FRAMEWORKS).values()}))
    missing |= {
        file: f"it uses {name}, which the checker cannot read"
        for file, name in _imported(project, frameworks.UNSUPPORTED).items()
    }
    if not analysed.subjects.model_calls and not (used and analysed.subjects.tools):
        missing["."] = "no call to a model was recognised: the framework is unknown, or this is no agent"
    return Report(tuple(kept), len(sources), used, missing)


def _imported(project: Project, packages: Collection[str]) -> dict[str, str]:
    """Which files import which of the packages."""
    found: dict[str, str] = {}
    for module in project.modules:
        for name in module.imports.values():
            for package in packages:
                if name not in project.definitions and re.match(rf"{re.escape(package)}(_\w+)?(\.|$)", name):
                    found[module.path] = package
    return found


def _explained(project: Project, finding: Finding) -> bool:
    """Whether the line says why the finding is none."""
    source = next((m.source for m in project.modules if m.path == finding.file), project.texts.get(finding.file, ""))
    lines = source.splitlines()
    said = _EXPLAINED.search(lines[finding.line - 1]) if finding.line <= len(lines) else None
    return said is not None and finding.defect in said[1]
