"""Claim: the sentence of a paper, made executable."""

from collections.abc import Iterator
from typing import Any

from dutiful.core.parts import Part
from dutiful.core.records import Record


class Evidence(Record, frozen=True):
    """One inequality as it came out: `value` with its 95% interval, `relation` (">=" or "<=") to a `bound` fixed before.

    It holds when the whole interval does. A `control` is what must fail: a claim whose control holds is broken.
    """

    name: str
    value: float
    low: float
    high: float
    relation: str
    bound: float
    n: int
    control: bool = False

    @property
    def holds(self) -> bool:
        """Whether the interval lies on the right side of the bound, bound included."""
        return self.low >= self.bound if self.relation == ">=" else self.high <= self.bound


class Claim(Part):
    """The inequality is fixed before measuring, and at least one piece of evidence is a control that must fail.

    The card has the sentence as its summary, and the system. `cost`: "quick" (under a minute), "full" (under 20), "gpu".
    `stands_in`: the scripted model that plays a language model, if one does. `beyond`: what needs more than is measured here.
    """

    cost: str = "quick"
    stands_in: str = ""
    beyond: str = ""

    def measure(self, lab: Any) -> Iterator[Evidence]:
        """Runs the experiment and yields what it shows, control and all. `lab` is a `dutiful.lab.Laboratory`."""
        raise NotImplementedError
