"""017: the claim's card, its result once measured, and the curve that it rests on."""

from dutiful.claims import tme_curve
from dutiful.claims.measuring import RESULTS
from dutiful.models import Scripted
from dutiful.testing import check_claim


def test_the_claim():
    check_claim("tme", RESULTS)


def test_the_curve_is_measured_by_asking():
    def knows(prompt):
        thing = prompt[-1].text.split("?")[0].removeprefix("What is the ")
        return next(line for line in prompt[0].text.splitlines() if f" {thing} is" in line).split()[-1].rstrip(".")

    assert set(tme_curve.measure(Scripted(reply=knows), 3)["errors"].values()) == {0.0}


def test_the_stored_curve_is_read_between_its_points():
    low, high = tme_curve.error(5), tme_curve.error(11)
    assert min(low, high) <= tme_curve.error(8) <= max(low, high) and tme_curve.error(99) == tme_curve.error(23)
