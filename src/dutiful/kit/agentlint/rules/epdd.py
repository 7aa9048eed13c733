"""EPDD: what a tool needs against what the project has."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from dutiful.kit.agentlint.findings import Finding
from dutiful.kit.agentlint.rules.base import Analysed


class Wanted(NamedTuple):
    """A requirement and where it is written. `of` is the folder or file that it holds for, "" for the project."""

    package: str
    versions: str
    file: str
    line: int
    of: str


def check(analysed: Analysed) -> Iterator[Finding]:
    """Pairs of requirements for one package that no version meets; raises ImportError without the package `packaging`."""
    wanted = list(_wanted(analysed))
    for own in (w for w in wanted if w.of):
        for shared in (w for w in wanted if not w.of and w.package == own.package):
            if not _together(own.versions, shared.versions):
                evidence = f"it needs {own.package}{own.versions}, the project has {shared.package}{shared.versions}"
                yield Finding("EPDD", own.file, own.line, own.of, evidence, f"{shared.file}:{shared.line}")
    yield from _imported(analysed, [w for w in wanted if not w.of])


def _wanted(analysed: Analysed) -> Iterator[Wanted]:
    for path, text in sorted(analysed.project.texts.items()):
        name, folder = PurePosixPath(path).name, str(PurePosixPath(path).parent)
        if name == "pyproject.toml":
            yield from _pyproject(path, text, "" if folder == "." else folder)
        elif re.fullmatch(r"[\w.-]*requirements[\w.-]*\.(txt|in)", name):
            of = "" if folder == "." and re.fullmatch(r"requirements([-_.](base|prod|main|core))?\.(txt|in)", name) else path
            yield from _lines(path, text.splitlines(), of)
    for module in analysed.project.modules:
        yield from _inline(module.path, module.source)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call):
                yield from _installs(analysed, module.path, node)


def _lines(path: str, lines: list[str], of: str, first: int = 1) -> Iterator[Wanted]:
    for number, line in enumerate(lines, first):
        if found := _parsed(line):
            yield Wanted(*found, path, number, of)


def _parsed(line: str) -> tuple[str, str] | None:
    """(package, versions) of a requirement, None for what is none."""
    from packaging.requirements import InvalidRequirement, Requirement

    text = line.partition(" #")[0].strip()
    if not text or text.startswith(("#", "-")):
        return None
    try:
        found = Requirement(text)
    except InvalidRequirement:
        return None
    if found.marker is not None and not found.marker.evaluate():
        return None
    return re.sub(r"[-_.]+", "-", found.name).lower(), str(found.specifier)


def _pyproject(path: str, text: str, of: str) -> Iterator[Wanted]:
    import tomllib

    try:
        listed = tomllib.loads(text).get("project", {}).get("dependencies", [])
    except tomllib.TOMLDecodeError:
        return
    for each in listed:
        line = next((n for n, shown in enumerate(text.splitlines(), 1) if str(each) in shown), 1)
        if found := _parsed(str(each)):
            yield Wanted(*found, path, line, of)


def _inline(path: str, source: str) -> Iterator[Wanted]:
    """The requirements in a script's own header (`# /// script`)."""
    inside = False
    for number, line in enumerate(source.splitlines(), 1):
        if line.startswith("# ///"):
            inside = line.strip() == "# /// script"
        elif inside:
            for quoted in re.findall(r"[\"']([^\"']+)[\"']", line.partition("=")[2] if "dependencies" in line else line):
                if "requires-python" not in line and (found := _parsed(quoted)):
                    yield Wanted(*found, path, number, path)


def _installs(analysed: Analysed, path: str, call: ast.Call) -> Iterator[Wanted]:
    """Requirements that code installs as it runs: `pip install ...` as a list or as a text."""
    if (
        not re.fullmatch(r"subprocess\.\w+|os\.system|os\.popen|pip\.main", analysed.project.qualified(call.func))
        or not call.args
    ):
        return
    resolve = analysed.subjects.symbols.resolve
    pieces = [v for item in analysed.subjects.symbols.items(call.args[0]) for v in resolve(item)] or resolve(call.args[0])
    words = [(word, v.node) for v in pieces if isinstance(v.value, str) for word in v.value.split()]
    if "install" not in (texts := [word for word, _ in words]):
        return
    for word, node in words[texts.index("install") + 1 :]:
        if found := _parsed(word.strip("'\"")):
            yield Wanted(*found, path, node.lineno, path)


def _imported(analysed: Analysed, shared: list[Wanted]) -> Iterator[Finding]:
    """What the packages that a tool imports need themselves, where they are installed here at the version that the project has."""  # noqa: E501
    from importlib import metadata

    from packaging.specifiers import SpecifierSet

    tools = {analysed.project.home[tool.node] for tool in analysed.subjects.tools}
    for module in (m for m in analysed.project.modules if m in tools):
        for node in ast.walk(module.tree):
            listed = node.names if isinstance(node, ast.Import) else []
            roots = [a.name for a in listed] if listed else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for root in (
                {r.partition(".")[0] for r in roots} - set(sys.stdlib_module_names) - set(analysed.project.by_name) - {""}
            ):
                name = root.replace("_", "-").lower()
                try:
                    distribution = metadata.distribution(name)
                except metadata.PackageNotFoundError:
                    continue
                pins = [w.versions for w in shared if w.package == name]
                if pins and distribution.version not in SpecifierSet(pins[0]):
                    continue
                for package, versions in filter(None, map(_parsed, distribution.requires or ())):
                    for other in (w for w in shared if w.package == package and not _together(versions, w.versions)):
                        evidence = (
                            f"{name}, which it imports, needs {package}{versions}; the project has {package}{other.versions}"
                        )
                        place = f"{other.file}:{other.line}"
                        yield Finding("EPDD", module.path, getattr(node, "lineno", 1), module.name, evidence, place)


def _together(a: str, b: str) -> bool:
    """Whether some version meets both: the versions named, and those just below and above, are tried."""
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

    both = SpecifierSet(a) & SpecifierSet(b)
    tried: set[Version] = {Version("0"), Version("999999")}
    for each in both:
        version = Version(each.version.removesuffix(".*"))
        release = list(version.release)
        tried |= {
            version,
            Version(f"{version}.0.1"),
            Version(f"{version}.999999"),
            Version(".".join(map(str, [*release[:-1], release[-1] + 1]))),
        }
        for place in range(len(release)):
            if release[place] > 0:
                below = [*release[:place], release[place] - 1, 999999]
                tried.add(Version(".".join(map(str, below))))
    return any(both.contains(version, prereleases=True) for version in tried)
