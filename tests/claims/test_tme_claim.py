"""017: the claim's card, its result once measured, and the curve that it rests on."""

from random import Random

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


def test_an_answer_is_read_as_the_first_value_that_it_names():
    prompt, values, right = tme_curve.question(Random(1), 5)
    wrong = next(value for value in values if value != right)
    assert len(set(values)) == 6 and right in prompt[0].text and right not in prompt[1].text
    assert tme_curve.read(f"The value is a {right.upper()}, not {wrong}.", values) == right
    assert tme_curve.read(f"{wrong} or {right}", values) == wrong and tme_curve.read("nothing of the kind", values) == ""


def test_the_stored_curve_is_read_between_its_points():
    low, high = tme_curve.error(5), tme_curve.error(11)
    assert min(low, high) <= tme_curve.error(8) <= max(low, high) and tme_curve.error(99) == tme_curve.error(23)
