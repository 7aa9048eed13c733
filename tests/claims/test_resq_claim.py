"""064: the claim's card and result."""

from dutiful.claims.measuring import RESULTS
from dutiful.testing import check_claim


def test_the_claim():
    check_claim("resq", RESULTS)
