"""RES-Q's submission environment: a patch for a task goes in, passed or failed with a reason comes out.

    with_solutions = Submissions(own_cases("test"))
    with_solutions.step(Submission("repo-test-stock-0-rename", patch))
    -> Result(id="repo-test-stock-0-rename", success=False, message="tests failed", feedback="FAIL take: ...")

    1. a fresh copy of the repository at its base commit, and the environment that its requirements name (built once, by key)
    2. the patch is applied; one that does not fit, or that touches the tests, fails: "patch failed"
    3. hidden tests under a time limit: "passed", "tests failed" or "time-out", with what they said
    4. `step_batch` does the same with many, in parallel; no two share a file

`read_records` reads the original's JSON; the repositories are local clones, for nothing is fetched here. Its tests are scripts,
which run in one process with the code they test: code that forges their result is not stopped there. Our own tasks are
asked from outside (`probes`). Source: arXiv 2406.16801.
"""

from __future__ import annotations

import ast
import hashlib
import io
import subprocess
import sys
import tarfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import msgspec

from dutiful.core.errors import SpecError, StoreError
from dutiful.core.records import Criterion
from dutiful.worlds.code import patches, repos
from dutiful.worlds.code.probes import PYTHON, check
from dutiful.worlds.code.repo import RESERVED, Repositories
from dutiful.worlds.code.tree import File, Refused, Tree, gather, tree
from dutiful.worlds.code.workspace import run

PACKAGES = ".environment"
"""Where the packages of an environment lie in the workspace."""
_SCRIPT = """
import importlib.util, sys, unittest
sys.path[:0] = ["/box", "/box/.environment"]
spec = importlib.util.spec_from_file_location("hidden_test", "/box/hidden_test.py")
module = importlib.util.module_from_spec(spec)
sys.modules["hidden_test"] = module
spec.loader.exec_module(module)
cases = unittest.defaultTestLoader.loadTestsFromModule(module)
plain = [getattr(module, name) for name in sorted(dir(module)) if name.startswith("test") and callable(getattr(module, name))]
cases.addTests(unittest.FunctionTestCase(each, description=each.__name__) for each in plain if not isinstance(each, type))
result = unittest.TextTestRunner(stream=sys.stdout, verbosity=0).run(cases)
print(f"ran {result.testsRun} tests, {'all' if result.wasSuccessful() else 'not all'} passed")
sys.exit(not result.wasSuccessful())
"""


class Submission(NamedTuple):
    """A patch for a task."""

    id: str
    patch: str


class Result(NamedTuple):
    """What came of it. `message` is "passed", "patch failed", "tests failed" or "time-out"; `feedback` is what the tests said."""

    id: str
    success: bool
    message: str
    feedback: str


class Case(NamedTuple):
    """A task as the environment needs it: what to change, and what looks at the result (files -> criteria)."""

    id: str
    instruction: str
    files: Tree
    solution: str
    evaluate: Callable[[Tree], Sequence[Criterion]]


class Modified(msgspec.Struct, frozen=True):
    """A file as the solution leaves it."""

    path: str
    content: str


class Datapoint(msgspec.Struct, frozen=True):
    """A record of the original data set, field by field; further fields are passed over."""

    id: str
    repo_url: str
    instruction: str
    base_commit: str
    test_script: str
    testbed_environment: str
    requirements_txt: str
    solution_commit: str
    solution_patch: str
    modified_files: list[Modified] = []
    language: str = "python"


class Submissions:
    """The environment. workers: how many submissions of a batch run at the same time."""

    def __init__(self, cases: Sequence[Case], workers: int = 2):
        self.cases, self.workers = {case.id: case for case in cases}, workers

    def step(self, submission: Submission) -> Result:
        """Grades one patch; raises SpecError for a task that there is not."""
        case = self.cases.get(submission.id)
        if case is None:
            raise SpecError(
                f"there is no task {submission.id!r} here; there are {len(self.cases)}, such as {next(iter(self.cases), '')!r}"
            )
        try:
            after = patched(case.files, submission.patch)
        except Refused as problem:
            return Result(case.id, False, "patch failed", str(problem))
        criteria = case.evaluate(after)
        said = "\n".join(f"{'ok' if each.passed else 'FAIL'} {each.name}: {each.evidence}" for each in criteria)
        if all(each.passed for each in criteria):
            return Result(case.id, True, "passed", said)
        late = any(each.evidence.startswith("time-out") for each in criteria)
        return Result(case.id, False, "time-out" if late else "tests failed", said)

    def step_batch(self, submissions: Sequence[Submission]) -> list[Result]:
        """Grades many, in the order given."""
        with ThreadPoolExecutor(self.workers) as pool:
            return list(pool.map(self.step, submissions))


def patched(files: Tree, patch: str) -> Tree:
    """The files after a patch, an empty one too; raises PatchFailed, also where it touches the tests or the environment."""
    if not patch.strip():
        return files
    for path in patches.touched(patch):
        if path == RESERVED or path.split("/")[0] == PACKAGES:
            raise patches.PatchFailed(f"{path} belongs to the hidden tests, and no patch may touch it")
    return patches.apply(files, patch)


def own_cases(split: str = "test") -> list[Case]:
    """Our own tasks (`code/repo`)."""
    world, cases = Repositories(), list[Case]()
    for task in world.tasks(split):
        repo = repos.load(task.setup["repo"])
        edit, words = repo.edits[task.setup["edit"]], task.setup["words"]
        before = tree(repo.before(words))
        probes, solution = edit.probes(words), patches.diff(before, tree(repo.after(edit, words)))
        cases.append(Case(task.id, task.instruction.text, before, solution, lambda files, probes=probes: check(files, probes)))
    return cases


def read_records(
    path: str | Path, clones: Mapping[str, str | Path], environments: str | Path | None = None, seconds: float = 60.0
) -> list[Case]:
    """Tasks from the original's JSON file.

    clones: a local clone for each repository's address. environments: the folder in which `build_environment` has put the
    environments. Raises StoreError for a file of another form, SpecError for a missing clone or environment, and for another
    language than Python: a box has no other.
    """
    try:
        points = msgspec.json.decode(Path(path).read_bytes(), type=list[Datapoint])
    except (OSError, msgspec.DecodeError, msgspec.ValidationError) as error:
        raise StoreError(f"{path} is no file of RES-Q's records: {error}") from error
    return [_case(point, clones, environments, seconds) for point in points]


def _case(point: Datapoint, clones: Mapping[str, str | Path], environments: str | Path | None, seconds: float) -> Case:
    if point.language != "python":
        raise SpecError(f"{point.id}: its tests are in {point.language}, and only Python's can be run; leave the record out")
    if point.repo_url not in clones:
        raise SpecError(f"{point.id}: no clone of {point.repo_url} is given")
    packages: Tree = {}
    if wanted := requirements(point.requirements_txt):
        folder = Path(environments or ".") / environment_key(point.requirements_txt)
        if environments is None or not folder.is_dir():
            raise SpecError(f"{point.id} needs {', '.join(wanted)}: build_environment(requirements, folder) first")
        packages = {f"{PACKAGES}/{path}": file for path, file in gather(folder).items()}
    files = at_commit(clones[point.repo_url], point.base_commit)

    def evaluate(after: Tree) -> list[Criterion]:
        return [run_script({**after, **packages}, point.test_script, seconds)]

    return Case(point.id, point.instruction, files, point.solution_patch, evaluate)


def at_commit(clone: str | Path, commit: str) -> dict[str, File]:
    """The files of a repository at a commit; raises SpecError where git has no such thing."""
    said = subprocess.run(["git", "-C", str(clone), "archive", "--format=tar", commit], capture_output=True, check=False)
    if said.returncode:
        raise SpecError(f"{clone} has no commit {commit}: {said.stderr.decode(errors='replace').strip()}")
    found: dict[str, File] = {}
    with tarfile.open(fileobj=io.BytesIO(said.stdout)) as archive:
        for member in archive:
            if member.isreg() and (file := archive.extractfile(member)):
                found[member.name] = File(file.read(), member.mode & 0o777)
    return found


def run_script(files: Tree, script: str, seconds: float = 60.0) -> Criterion:
    """Runs a test script beside the files: passed with exit code 0 and no failing test among all that it holds."""
    expected = count_tests(script)
    finished, _, _ = run({**files, RESERVED: File(script.encode())}, [PYTHON, "-I", "-S", "-c", _SCRIPT], seconds=seconds)
    said = (finished.stdout + finished.stderr)[-3000:]
    last = finished.stdout.rstrip().rpartition("\n")[2]
    ran = last.startswith("ran ") and last.endswith(" tests, all passed") and int(last.split()[1]) >= expected
    passed = finished.ok and (ran or not expected)
    evidence = "time-out" if finished.ended == "time" else f"exit code {finished.code}, {expected} tests expected: {said}"
    return Criterion("test script", passed, float(passed), evidence)


def count_tests(script: str) -> int:
    """How many tests a script holds, by its syntax: functions and methods called test...; 0 where it only asserts."""
    try:
        nodes = list(ast.walk(ast.parse(script)))
    except SyntaxError as error:
        raise StoreError(f"the test script does not parse: {error}") from error
    return sum(isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test") for node in nodes)


def requirements(text: str) -> list[str]:
    """The lines of a requirements text that name a package, sorted."""
    return sorted({line.split("#")[0].strip() for line in text.splitlines()} - {""})


def environment_key(text: str) -> str:
    """The name of an environment: the same requirements, in any order and with any remarks, have the same."""
    wanted = "\n".join(sorted(line.replace(" ", "").lower() for line in requirements(text)))
    return hashlib.sha256(f"{wanted} python{sys.version_info[0]}".encode()).hexdigest()[:16]


def build_environment(text: str, folder: str | Path) -> Path:
    """Installs requirements into a folder of their own below `folder`, once; many tasks share it. This is the only step that
    uses a network, and grading never does it."""
    target = Path(folder) / environment_key(text)
    if not target.is_dir():
        line = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(target), *requirements(text)]
        subprocess.run(line, check=True)
    return target
