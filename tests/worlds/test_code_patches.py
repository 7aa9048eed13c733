"""Patches: what is made applies, foreign line ends do not matter, and what does not fit is refused whole."""

import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutiful.worlds.code.patches import PatchFailed, apply, diff, parse, render, shorter, touched
from dutiful.worlds.code.tree import texts, tree

LINES = ["a\n", "b\n", "c\r\n", "\n", "  d\n", "--- x\n", "+++ y\n", "@@ -1 +1 @@\n", "\\ no\n", "\x0cq\n", "\x85\n", "end"]
TREES = st.dictionaries(
    st.sampled_from(["a.py", "b/c.py", "b/d.py"]), st.lists(st.sampled_from(LINES), max_size=12).map("".join), max_size=3
).map(tree)
BEFORE = tree({"m.py": "".join(f"line {i}\n" for i in range(30)), "n.py": "x = 1\ny = 2\n"})
AFTER = tree({"m.py": "".join(f"line {i}{'!' * (i in (3, 20))}\n" for i in range(30)), "n.py": "x = 1\ny = 3\n"})


@settings(max_examples=200, deadline=None)
@given(TREES, TREES)
def test_a_patch_leads_where_it_was_made_to(before, after):
    patch = diff(before, after)
    assert patch == "" if before == after else apply(before, patch) == after


@settings(max_examples=60, deadline=None)
@given(TREES, TREES)
def test_changes_written_again_do_the_same(before, after):
    changes = parse(diff(before, after))
    if changes and all(change.hunks for change in changes):
        assert apply(before, render(changes)) == after


@pytest.mark.skipif(not shutil.which("git"), reason="no git")
def test_git_agrees(tmp_path):
    for path, text in texts(BEFORE).items():
        (tmp_path / path).write_text(text)
    run = subprocess.run(["git", "apply", "-"], input=diff(BEFORE, AFTER), text=True, cwd=tmp_path, check=True)
    assert run.returncode == 0 and {path: (tmp_path / path).read_text() for path in AFTER} == texts(AFTER)


def test_windows_line_ends_apply_on_either_side():
    patch = diff(BEFORE, AFTER)
    assert apply(BEFORE, patch.replace("\n", "\r\n")) == AFTER
    windows = tree({path: text.replace("\n", "\r\n") for path, text in texts(BEFORE).items()})
    expected = {path: text.replace("\n", "\r\n") for path, text in texts(AFTER).items()}
    assert texts(apply(windows, patch)) == expected and texts(apply(windows, patch.replace("\n", "\r\n"))) == expected


def test_lines_may_have_moved():
    moved = tree({**texts(BEFORE), "m.py": "# new\n# lines\n" + texts(BEFORE)["m.py"]})
    assert texts(apply(moved, diff(BEFORE, AFTER)))["m.py"] == "# new\n# lines\n" + texts(AFTER)["m.py"]


def test_new_and_deleted_files():
    after = tree({"n.py": "x = 1\ny = 2\n", "new/a.py": "1"})
    assert apply(BEFORE, diff(BEFORE, after)) == after
    assert touched(diff(BEFORE, after)) == ["m.py", "new/a.py"]


@pytest.mark.parametrize(
    "patch, why",
    [
        ("", "no change"),
        ("please", "no change"),
        ("--- a/none.py\n+++ b/none.py\n@@ -1 +1 @@\n-a\n+b\n", "no such file"),
        ("--- a/n.py\n+++ b/n.py\n@@ -1 +1 @@\n-x = 9\n+x = 8\n", "not there"),
        ("--- /dev/null\n+++ b/n.py\n@@ -0,0 +1 @@\n+x\n", "it is there"),
        ("--- a/n.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-x = 1\n", "not all of its lines"),
        ("--- a/../up.py\n+++ b/../up.py\n@@ -1 +1 @@\n-a\n+b\n", "outside"),
        ("--- a/n.py\n+++ b/n.py\n@@ -1,3 +1,1 @@\n-x = 1\n", "begins with|ends early"),
        ("@@ -1 +1 @@\n-a\n+b\n\n", "hunk of no file"),
        ("--- /dev/null\n+++ /dev/null\n", "from /dev/null"),
    ],
)
def test_what_does_not_fit_is_refused(patch, why):
    with pytest.raises(PatchFailed, match=why):
        apply(BEFORE, patch)


def test_shorter_patches_lack_one_hunk_each():
    found = shorter(diff(BEFORE, AFTER))
    assert len(found) == 3 and len({*found}) == 3
    assert all(apply(BEFORE, each) not in (BEFORE, AFTER) for each in found)
