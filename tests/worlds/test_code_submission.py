"""The submission environment: patches in, results out; the original's records; environments by key."""

import json
import shutil
import subprocess

import pytest

from dutiful.core.errors import DutifulError, SpecError, StoreError
from dutiful.kit.box import backend
from dutiful.worlds.code.probes import Probe, check
from dutiful.worlds.code.submission import (
    Case,
    Submission,
    Submissions,
    count_tests,
    environment_key,
    own_cases,
    read_records,
    requirements,
)
from dutiful.worlds.code.tree import tree

try:
    backend()
except DutifulError as problem:
    pytest.skip(f"no box here: {problem}", allow_module_level=True)

PATCH = "--- a/sums.py\n+++ b/sums.py\n@@ -1,2 +1,2 @@\n def add(a, b):\n-    return a - b\n+    return {}\n"
FILES = {"sums.py": "def add(a, b):\n    return a - b\n"}


def evaluate(files):
    return check(files, [Probe("adds", "from sums import add\nshow(add(2, 3))\nopen('/tmp/left', 'x').close()", (5,))], 1)


@pytest.fixture(scope="module")
def environment():
    return Submissions([Case(name, "make add add", tree(FILES), PATCH.format("a + b"), evaluate) for name in ("one", "two")])


def test_a_patch_passes_fails_or_does_not_fit(environment):
    def message(patch, name="one"):
        result = environment.step(Submission(name, patch))
        assert result.success == (result.message == "passed") and result.feedback
        return result.message

    assert message(PATCH.format("a + b")) == message(PATCH.format("sum([a, b])").replace("\n", "\r\n")) == "passed"
    assert message("") == message(PATCH.format("a * b")) == "tests failed"
    assert message(PATCH.format("next(x for x in iter(int, 1) if x)")) == "time-out"
    assert message(PATCH.format("a + b").replace("a - b", "a")) == "patch failed"
    assert message("--- /dev/null\n+++ b/hidden_test.py\n@@ -0,0 +1 @@\n+x = 1\n") == "patch failed"
    with pytest.raises(SpecError, match="no task 'three'"):
        environment.step(Submission("three", ""))


def test_workers_share_no_files(environment):
    batch = [Submission(name, PATCH.format("a + b")) for name in ("one", "two") * 2] + [Submission("one", "")]
    results = environment.step_batch(batch)  # every evaluation makes a file that must not be there yet
    assert [result.success for result in results] == [True] * 4 + [False]
    assert [result.id for result in results] == [submission.id for submission in batch]


def test_our_own_tasks_are_cases():
    cases = own_cases()
    assert len(cases) == 60 and len({case.id for case in cases}) == 60
    some = [cases[3], cases[44]]
    results = Submissions(some).step_batch([Submission(case.id, case.solution) for case in some])
    assert all(result.success for result in results)


def test_environments_are_named_by_their_requirements():
    key = environment_key("numpy==2.0\nattrs # for records\n")
    assert key == environment_key("# all\nattrs\nNumPy == 2.0") and key != environment_key("numpy==2.1\nattrs")
    assert requirements("# nothing\n\n") == []


@pytest.mark.skipif(not shutil.which("git"), reason="no git")
def test_the_originals_records_are_read(tmp_path):
    clone = tmp_path / "clone"
    clone.mkdir()
    (clone / "sums.py").write_text(FILES["sums.py"])
    git = ["git", "-C", str(clone), "-c", "user.name=a", "-c", "user.email=a@b.c"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
        subprocess.run([*git, *words], check=True)
    commit = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    script = "import unittest\nfrom sums import add\n\n\nclass T(unittest.TestCase):\n    def test_add(self):\n"
    script += "        self.assertEqual(add(2, 3), 5)\n\n\ndef test_plain():\n    assert add(0, 1) == 1\n"
    record = dict(
        id="0_0", repo_url="r", instruction="make add add", base_commit=commit, test_script=script, testbed_environment="p",
        requirements_txt="", solution_commit="x", solution_patch=PATCH.format("a + b"), modified_files=[], language="python",
    )  # fmt: skip
    path = tmp_path / "records.json"

    def read(**changes):
        path.write_text(json.dumps([record | changes]))
        return read_records(path, {"r": clone}, seconds=20)

    (case,) = read()
    environment = Submissions([case])
    assert environment.step(Submission("0_0", case.solution)).success
    assert environment.step(Submission("0_0", "")).message == "tests failed"
    assert not environment.step(Submission("0_0", PATCH.format("exit(0)"))).success
    for changes, why in (
        (dict(language="javascript"), "javascript"),
        (dict(repo_url="other"), "no clone"),
        (dict(base_commit="0" * 40), "no commit"),
        (dict(requirements_txt="attrs==1"), "build_environment"),
    ):
        with pytest.raises(SpecError, match=why):
            read(**changes)
    path.write_text('{"id": 1}')
    with pytest.raises(StoreError, match="RES-Q"):
        read_records(path, {})
    assert count_tests(script) == 2


def test_a_prebuilt_environment_is_found(tmp_path):
    folder = tmp_path / environment_key("tinypackage==1")
    folder.mkdir()
    (folder / "tinypackage.py").write_text("FIVE = 5\n")
    from dutiful.worlds.code.submission import PACKAGES, run_script
    from dutiful.worlds.code.tree import gather

    packages = {f"{PACKAGES}/{path}": file for path, file in gather(folder).items()}
    script = "from tinypackage import FIVE\nassert FIVE == 5\n"
    assert run_script(packages, script, 20).passed and not run_script({}, script, 20).passed
