"""043: the claim's card and what was kept of its measurement."""

from dutiful.agents.clerk import FAULTS
from dutiful.claims.measuring import RESULTS
from dutiful.claims.pipa import OWN
from dutiful.judges.pipa import PROFILE
from dutiful.testing import check_claim


def test_the_claim():
    check_claim("pipa", RESULTS)


def test_every_fault_has_its_metric():
    assert set(OWN) == set(FAULTS) - {"", "courtesy"} and set(OWN.values()) == set(PROFILE)
