"""Our verdicts against if-verifiable's, a small version of bench/constraints.py."""

import importlib.util
import json
from pathlib import Path

import pytest

from dutiful.kit.constraints import TYPES

pytest.importorskip("if_verifiable", reason="if-verifiable is not installed: pip install 'dutiful[dev]'")

ROOT = Path(__file__).parents[3]
spec = importlib.util.spec_from_file_location("bench_constraints", ROOT / "bench/constraints.py")
bench = importlib.util.module_from_spec(spec)
spec.loader.exec_module(bench)
KNOWN = bench.peers()
CAUSES = json.loads((ROOT / "bench/constraints_causes.json").read_text())


@pytest.mark.parametrize("kind", sorted(kind for kind, rule in TYPES.items() if rule.same_as))
def test_same_verdicts_but_for_known_causes(kind):
    assert TYPES[kind].same_as in KNOWN
    if lacks := bench.missing(kind, KNOWN):
        pytest.skip(f"NLTK's {lacks} is not here; set NLTK_DATA to where it is")
    differing = []
    for number in range(2):
        rule = bench.setting(kind, number)
        theirs = bench.peer_of(rule, KNOWN)
        for text in bench.responses(rule, 25, f"{kind} {number} test"):
            try:
                other = bool(theirs(text))
            except Exception as error:  # theirs falls over it: a difference
                other = error
            if rule.check(text).passed != other:
                differing.append((rule.check(text), other, text))
    assert kind in CAUSES or not differing, differing[:3]
