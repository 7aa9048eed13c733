"""The house: light to enter, in layers, every part with its test."""

import subprocess
import sys
from pathlib import Path

import pytest

from dutiful.core.parts import KINDS, registry

ROOT = Path(__file__).parent.parent
HEAVY = {"torch", "numpy", "transformers", "minigrid", "gymnasium", "xllamacpp", "httpx", "onnxruntime", "click", "sqlite3"}


def test_importing_the_library_pulls_in_nothing_heavy():
    code = "import sys, dutiful; print(*sorted(name.partition('.')[0] for name in sys.modules))"
    loaded = set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())
    assert not loaded & HEAVY, f"import dutiful loads {sorted(loaded & HEAVY)}"


def test_finding_every_part_pulls_in_no_engine():
    kinds = [kind for kind in KINDS if kind != "claim"]
    code = f"import sys; from dutiful.core.parts import registry\nfor kind in {kinds}: registry(kind)\nprint(*sys.modules)"
    loaded = set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())
    assert not loaded & {"torch", "transformers", "minigrid", "xllamacpp", "httpx", "onnxruntime"}


def test_the_core_stays_small():
    lines = sum(len(file.read_text().splitlines()) for file in (ROOT / "src/dutiful/core").glob("*.py"))
    assert lines <= 1500, f"core/ has {lines} lines"


def test_at_most_five_packages_are_required():
    import tomllib

    required = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert len(required) <= 5


@pytest.mark.parametrize("kind", KINDS)
def test_every_part_is_named_in_a_test(kind):
    tests = "\n".join(file.read_text() for file in (ROOT / "tests").rglob("test_*.py"))
    plain = {"text", "full", "choice", "none", "free", "yes", "one"}
    missing = [name for name in registry(kind) if name not in plain and name not in tests]
    assert not missing, f"no test names {missing}"


def test_nothing_of_this_machine_is_committed():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    for name in listed:
        if name.endswith((".py", ".md", ".toml", ".txt", ".json", "Makefile")) and "test_house" not in name:
            text = (ROOT / name).read_text()
            assert "/root/" not in text and "/work/" not in text, f"{name} names a path of the machine it was written on"
