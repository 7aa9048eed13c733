"""026: the claim's card, and its result once measured."""

from dutiful.claims.measuring import RESULTS
from dutiful.testing import check_claim


def test_the_claim():
    check_claim("decrim", RESULTS)
